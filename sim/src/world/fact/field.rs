//! What facts are made of: how a field goes into the digest, and what readers see of it.

use crate::engine::digest::Digest;
use crate::engine::time::SimDuration;
use crate::plan::{Code, ExtensionNumber, Number, Word};
use crate::world::fact::{Placement, QuotaPool};
use crate::world::ids::{
    ActionId, AgentPoolId, AutoscaleId, BuilderId, DefinitionId, Entry, EntryPointId, FaultId, FrontDoorId, GatewayId,
    ImageId, InstanceId, PipelineId, PoolId, ProfileId, ProjectId, RegionId, SetId, TargetId,
};

/// The value of a field, as readers see it: an id whose name they look up, or a value that they write down.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "ids by their types, and values by what they are")]
pub enum Field {
    Instance(InstanceId),
    Set(SetId),
    Pool(PoolId),
    /// Where requests arrive.
    EntryPoint(EntryPointId),
    Pipeline(PipelineId),
    Project(ProjectId),
    Action(ActionId),
    Fault(FaultId),
    Image(ImageId),
    Definition(DefinitionId),
    Region(RegionId),
    Builder(BuilderId),
    Setting(AutoscaleId),
    AgentPool(AgentPoolId),
    /// A stream of jobs of one.
    JobStream(AgentPoolId, u16),
    /// A gateway whose count of instances moves.
    Gateway(GatewayId),
    /// A profile of Traffic Manager.
    TrafficProfile(ProfileId),
    /// An endpoint of one.
    Target(TargetId),
    /// A route of Front Door.
    FrontDoor(FrontDoorId),
    Code(Code),
    /// A dependency of the application.
    Dependency(u16),
    Number(u64),
    Flag(bool),
    Decimal(f32),
    /// A word of the program or of Azure.
    Word(&'static str),
    Length(SimDuration),
    /// Milliseconds, shown in seconds.
    Seconds(u64),
    /// Hundredths of a percent.
    Percent(u32),
    /// Millionths of a credit, shown in credits.
    Price(u64),
    /// The number of a version.
    Version(Number),
    /// What an entry of the timeline does.
    Act(ActionId),
    /// What a random fault does.
    FaultAct(FaultId),
    /// An endpoint of the application; `None` for all.
    Endpoint(Option<u16>),
    /// An extension of the model of an instance.
    ExtensionOn(InstanceId, ExtensionNumber),
    /// An extension of a set.
    ExtensionOf(SetId, ExtensionNumber),
    /// The extension of which an entry of the timeline published a release.
    PublishedExtension(ActionId),
    /// The version of that release.
    PublishedVersion(ActionId),
    /// A quota of the region of a set.
    Quota(SetId, QuotaPool),
    /// The standby pool of a set.
    Standby(SetId),
    /// The size of machines that an entry of the timeline gave a set; `None` for the one of the beginning.
    Size(SetId, Option<ActionId>),
    /// A customizer of an image template.
    Customizer(BuilderId, u16),
    /// A validator of an image template.
    Validator(BuilderId, u16),
    /// A profile of an autoscale setting.
    Profile(AutoscaleId, u16),
    /// A rule of a profile.
    ScaleRule(AutoscaleId, u16, u16),
    /// The threshold of a rule.
    Threshold(AutoscaleId, u16, u16),
    /// How long a rolling upgrade may take.
    RollingTimeout,
    /// A step of a project.
    Step(ProjectId, u8),
    /// A phase of the lifecycle of a project.
    Phase(ProjectId, u8),
    /// The error code of an answer of the plan with which Azure refuses a write.
    RefusalCode(u16),
    /// Its text.
    RefusalText(u16),
}

/// The named fields of a fact.
pub type Fields = Vec<(&'static str, Field)>;

/// Facts into words for the digest: fields side by side, low bits first, each whole in one word.
#[derive(Debug)]
pub struct Pack<'d> {
    digest: &'d mut Digest,
    word: u64,
    used: u32,
}

impl<'d> Pack<'d> {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "where a field comes to be is a constant only where this is inlined")]
    pub(super) const fn new(digest: &'d mut Digest, cause: Entry, number: u16) -> Self {
        Self { digest, word: (number as u64) << u32::BITS | cause.0 as u64, used: u32::BITS + u16::BITS }
    }

    /// Takes in a value of so many bits. They are constants where a fact is hashed, so that nothing is left of the question.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the width is a constant only where this is inlined")]
    fn put(&mut self, value: u64, bits: u32) {
        if self.used + bits > u64::BITS {
            self.digest.word(self.word);
            (self.word, self.used) = (0, 0);
        }
        self.word |= value << self.used;
        self.used += bits;
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    pub(super) fn end(self) {
        self.digest.word(self.word);
    }
}

/// What goes into the digest.
pub trait Packed: Copy {
    /// Takes the value in.
    fn pack(self, into: &mut Pack<'_>);
}

/// What readers see by itself. For a value that has a name only within another, the row of the fact says what they see.
pub trait Shown: Copy {
    /// Adds what they see, by default under `name`.
    fn show(self, name: &'static str, fields: &mut Fields);
}

impl Field {
    /// The set, if it is one.
    #[must_use]
    pub const fn set(self) -> Option<SetId> {
        if let Self::Set(set) = self { Some(set) } else { None }
    }
}

/// What a fact may be about.
pub(super) trait Subject: Into<Field> {
    /// The instance, if it is one.
    #[inline]
    fn instance(&self) -> Option<InstanceId> {
        None
    }
}

impl Subject for Field {}

macro_rules! data {
    ($($type:ty: $bits:literal, |$value:ident| $word:expr, $field:expr;)+) => { $(
        impl From<$type> for Field {
            fn from($value: $type) -> Self {
                $field
            }
        }

        impl Packed for $type {
            #[inline(always)]
            fn pack(self, into: &mut Pack<'_>) {
                let $value = self;
                into.put($word, $bits);
            }
        }

        impl Shown for $type {
            fn show(self, name: &'static str, fields: &mut Fields) {
                fields.push((name, self.into()));
            }
        }
    )+ };
}

data! {
    u8: 8, |it| it.into(), Self::Number(it.into());
    u16: 16, |it| it.into(), Self::Number(it.into());
    u32: 32, |it| it.into(), Self::Number(it.into());
    u64: 64, |it| it, Self::Number(it);
    f32: 32, |it| it.to_bits().into(), Self::Decimal(it);
    bool: 1, |it| it.into(), Self::Flag(it);
    SimDuration: 64, |it| it.ms(), Self::Length(it);
    InstanceId: 32, |it| it.0.into(), Self::Instance(it);
    SetId: 16, |it| it.0.into(), Self::Set(it);
    PoolId: 16, |it| it.0.into(), Self::Pool(it);
    EntryPointId: 16, |it| it.0.into(), Self::EntryPoint(it);
    PipelineId: 16, |it| it.0.into(), Self::Pipeline(it);
    ProjectId: 16, |it| it.0.into(), Self::Project(it);
    ActionId: 32, |it| it.0.into(), Self::Action(it);
    FaultId: 16, |it| it.0.into(), Self::Fault(it);
    ImageId: 16, |it| it.0.into(), Self::Image(it);
    DefinitionId: 16, |it| it.0.into(), Self::Definition(it);
    RegionId: 16, |it| it.0.into(), Self::Region(it);
    BuilderId: 16, |it| it.0.into(), Self::Builder(it);
    AutoscaleId: 16, |it| it.0.into(), Self::Setting(it);
    AgentPoolId: 16, |it| it.0.into(), Self::AgentPool(it);
    GatewayId: 16, |it| it.0.into(), Self::Gateway(it);
    ProfileId: 16, |it| it.0.into(), Self::TrafficProfile(it);
    TargetId: 16, |it| it.0.into(), Self::Target(it);
    FrontDoorId: 16, |it| it.0.into(), Self::FrontDoor(it);
}

impl Subject for InstanceId {
    #[inline]
    fn instance(&self) -> Option<InstanceId> {
        Some(*self)
    }
}

macro_rules! subjects {
    ($($type:ty),+) => { $(impl Subject for $type {})+ };
}

subjects!(
    SetId,
    PoolId,
    EntryPointId,
    ProjectId,
    ActionId,
    FaultId,
    ImageId,
    DefinitionId,
    RegionId,
    BuilderId,
    AutoscaleId,
    AgentPoolId,
    PipelineId,
    GatewayId,
    ProfileId,
    TargetId,
    FrontDoorId
);

impl<T: Word> Packed for T {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    fn pack(self, into: &mut Pack<'_>) {
        into.put(self.number().into(), 8);
    }
}

impl<T: Word> Shown for T {
    fn show(self, name: &'static str, fields: &mut Fields) {
        fields.push((name, Field::Word(self.spelled())));
    }
}

/// Without a value there is nothing to see.
impl<T: Packed> Packed for Option<T> {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    fn pack(self, into: &mut Pack<'_>) {
        into.put(u64::from(self.is_some()), 1);
        if let Some(value) = self {
            value.pack(into);
        }
    }
}

impl<T: Shown> Shown for Option<T> {
    fn show(self, name: &'static str, fields: &mut Fields) {
        if let Some(value) = self {
            value.show(name, fields);
        }
    }
}

impl Packed for ExtensionNumber {
    #[inline]
    fn pack(self, into: &mut Pack<'_>) {
        self.0.pack(into);
    }
}

impl Packed for Number {
    fn pack(self, into: &mut Pack<'_>) {
        let Self(parts) = self;
        parts.into_iter().for_each(|part| part.pack(into));
    }
}

impl Shown for Number {
    fn show(self, name: &'static str, fields: &mut Fields) {
        fields.push((name, Field::Version(self)));
    }
}

/// It has names of its own.
impl Packed for Placement {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    fn pack(self, into: &mut Pack<'_>) {
        let Self { zone, fault_domain, group } = self;
        zone.pack(into);
        fault_domain.pack(into);
        group.pack(into);
    }
}

impl Shown for Placement {
    fn show(self, _: &'static str, fields: &mut Fields) {
        let Self { zone, fault_domain, group } = self;
        fields.extend([("zone", zone.into()), ("faultDomain", fault_domain.into()), ("placementGroup", group.into())]);
    }
}
