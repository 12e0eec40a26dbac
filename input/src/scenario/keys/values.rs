//! Values that are one thing or another, and how each is read.

use super::*;
use crate::scenario::shape::DefaultValue;
use crate::tree::Node;
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::plan::{AnswerKind, Failing, MaintenanceKind, Which};
use windtunnel_sim::rules::published::{Published, figure_named};

/// Credits.
pub type Price = Number<0, 1_000_000>;
/// What a metric reads; beyond its range a value has lost its digits.
pub type Reading = Number<0, 1_000_000_000_000_000>;
/// Cores of a quota.
pub type Cores = Whole<u32, 0, 1_000_000>;
/// Replicas of a version in a region (GA-03).
pub type Replicas = Whole<u32, 1, 50>;

/// A default that a table has for a value of its own type.
macro_rules! own_default {
    ($type:ty, $held:ty, |$value:ident| $default:expr) => {
        impl Preset<$type> {
            /// A key that has this value where it is absent.
            pub const fn default(key: &'static str, $value: $held, doc: &'static str) -> Self {
                Self::of(key, $default, $value, doc)
            }
        }
    };
}

/// What the figure is that a node names under `published`.
pub fn published(node: &Node) -> Option<Published> {
    figure_named(node.get("published")?.text()?).map(|figure| figure.what)
}

impl Reads for Length {
    const KIND: Kind = Either(&[Kind::Duration, distribution::MAPPING]);
    type Value<'n> = Dist;

    fn of(node: &Node) -> Option<Dist> {
        let dist = distribution_of(node)?;
        let turned = matches!(dist,
            Dist::Uniform { min, max } | Dist::LogUniform { min, max } | Dist::SlowTail { min, max, .. } if min > max);
        (!turned).then_some(dist)
    }
}

fn distribution_of(node: &Node) -> Option<Dist> {
    if node.text().is_some() {
        return Time::of(node).map(Dist::Constant);
    }
    if let Some(of) = distribution::UNIFORM.node(node) {
        return Some(Dist::Uniform { min: uniform::MIN.given(of)?, max: uniform::MAX.given(of)? });
    }
    if let Some(of) = distribution::EXPONENTIAL.node(node) {
        return Some(Dist::Exponential { mean: exponential::MEAN.given(of)? });
    }
    if let Some(of) = distribution::LOG_UNIFORM.node(node) {
        return Some(Dist::LogUniform { min: log_uniform::MIN.given(of)?, max: log_uniform::MAX.given(of)? });
    }
    if let Some(of) = distribution::SLOW_TAIL.node(node) {
        return Some(Dist::SlowTail {
            median: slow_tail::MEDIAN.given(of)?,
            sigma: slow_tail::SIGMA.given(of)?,
            share: slow_tail::SHARE.given(of)?,
            min: slow_tail::MIN.given(of)?,
            max: slow_tail::MAX.given(of)?,
        });
    }
    if let Some(of) = distribution::TWO_MODES.node(node) {
        return Some(Dist::TwoModes {
            first: (two_modes::MEDIAN.given(of)?, two_modes::SIGMA.given(of)?),
            second: (two_modes::SECOND_MEDIAN.given(of)?, two_modes::SECOND_SIGMA.given(of)?),
            share: two_modes::SHARE.given(of)?,
        });
    }
    if let Some(Published::Length(length)) = published(node) {
        return Some(length);
    }
    let of = distribution::LOGNORMAL.node(node)?;
    Some(Dist::LogNormal { median: lognormal::MEDIAN.given(of)?, sigma: lognormal::SIGMA.given(of)? })
}

/// The chance of an eviction within an hour, in so many words or as it was published (SP-06, DI-14).
#[derive(Debug)]
pub struct EvictionRate;

impl Reads for EvictionRate {
    const KIND: Kind = Either(&[Kind::Percent(0.0, 99.0), published_rate::MAPPING]);
    type Value<'n> = f64;

    fn of(node: &Node) -> Option<f64> {
        match published(node) {
            Some(Published::Hourly(rate)) => Some(rate),
            _ => Share::of(node),
        }
    }
}

impl Presets for EvictionRate {
    type Held = f64;

    fn preset<'n>(held: f64) -> Self::Value<'n> {
        held
    }
}

own_default! { EvictionRate, f64, |value| DefaultValue::Share(value) }

/// Zones.
#[derive(Debug)]
pub struct Zones;
/// Zones, one at least.
#[derive(Debug)]
pub struct SomeZones;

impl Reads for Zones {
    const KIND: Kind = List(&Integer(1, 3));
    type Value<'n> = Vec<u8>;

    fn of(node: &Node) -> Option<Vec<u8>> {
        Some(node.items().iter().filter_map(Whole::<u8, 1, 3>::of).collect())
    }
}

impl Reads for SomeZones {
    const KIND: Kind = Kind::NonEmpty(&Integer(1, 3));
    type Value<'n> = Vec<u8>;

    /// In order, each once.
    fn of(node: &Node) -> Option<Vec<u8>> {
        let mut zones = Zones::of(node)?;
        zones.sort_unstable();
        zones.dedup();
        (!zones.is_empty()).then_some(zones)
    }
}

/// What happens to hosts at random, which is any maintenance but that of a host that is predicted to fail.
#[derive(Debug)]
pub struct HostTrouble;

impl Reads for HostTrouble {
    const KIND: Kind = Word(&[
        MaintenanceKind::HostFault.word(),
        MaintenanceKind::HostDead.word(),
        MaintenanceKind::StorageOut.word(),
        MaintenanceKind::Freeze.word(),
        MaintenanceKind::LiveMigration.word(),
        MaintenanceKind::Reboot.word(),
    ]);
    type Value<'n> = MaintenanceKind;

    fn of(node: &Node) -> Option<MaintenanceKind> {
        MaintenanceKind::named(node.text()?).filter(|kind| *kind != MaintenanceKind::Degraded)
    }
}

/// Which instances of a set are meant.
#[derive(Debug)]
pub struct Instances;

impl Reads for Instances {
    const KIND: Kind = Either(&[
        Word(Extent::WORDS),
        Kind::Percent(0.0, 100.0),
        Kind::NonEmpty(&Integer(0, u32::MAX as i64)),
        place::MAPPING,
    ]);
    type Value<'n> = Which;

    fn of(node: &Node) -> Option<Which> {
        if let Some(text) = node.text() {
            let extent = Extent::named(text).map(Self::preset);
            return extent.or_else(|| Share::of(node).map(Which::Share));
        }
        if !node.entries().is_empty() {
            return Some(Which::In { zone: place::ZONE.given(node), fault_domain: place::FAULT_DOMAIN.given(node) });
        }
        let mut named: Vec<u32> = Vec::new();
        for ordinal in node.items().iter().filter_map(ordinal) {
            // Named twice, it is meant once.
            if !named.contains(&ordinal) {
                named.push(ordinal);
            }
        }
        match named[..] {
            [] => None,
            [one] => Some(Which::One(one)),
            _ => Some(Which::Ordinals(named)),
        }
    }
}

/// The number of an instance within its set.
pub fn ordinal(node: &Node) -> Option<u32> {
    Whole::<u32, 0, { u32::MAX as i64 }>::of(node)
}

impl Presets for Instances {
    type Held = Extent;

    fn preset<'n>(held: Extent) -> Self::Value<'n> {
        match held {
            Extent::All => Which::All,
            Extent::One => Which::Drawn,
        }
    }
}

own_default! { Instances, Extent, |value| DefaultValue::Text(value.word()) }

/// How a step of a template fails.
#[derive(Debug)]
pub struct Fails;

/// The word for a failure that the step does not notice.
const SWALLOWED: &str = "swallowed";

impl Reads for Fails {
    const KIND: Kind = Either(&[Kind::Bool, Word(&[SWALLOWED])]);
    type Value<'n> = Failing;

    fn of(node: &Node) -> Option<Failing> {
        match Flag::of(node) {
            Some(fails) => Some(Self::preset(fails)),
            None => (node.text() == Some(SWALLOWED)).then_some(Failing::Swallowed),
        }
    }
}

impl Presets for Fails {
    type Held = bool;

    fn preset<'n>(held: bool) -> Self::Value<'n> {
        if held { Failing::Stops } else { Failing::Never }
    }
}

own_default! { Fails, bool, |value| DefaultValue::Flag(value) }

/// An HTTP status, or that there is no answer.
#[derive(Debug)]
pub struct Status;

impl Reads for Status {
    const KIND: Kind = Either(&[Integer(100, 599), Word(NoAnswer::WORDS)]);
    type Value<'n> = AnswerKind;

    fn of(node: &Node) -> Option<AnswerKind> {
        match NoAnswer::named(node.text()?) {
            Some(NoAnswer::Refused) => Some(AnswerKind::Refused),
            Some(NoAnswer::Silent) => Some(AnswerKind::Silent),
            None => Whole::<u16, 100, 599>::of(node).map(AnswerKind::Status),
        }
    }
}

/// One condition, or all of a list.
#[derive(Debug)]
pub struct Conditions;

/// A condition on an instance.
#[derive(Debug)]
pub enum Condition<'n> {
    /// One of those that there are for every application.
    Is(Standard),
    /// Its code is at least this release.
    Code(&'n Node),
    /// It is one of these.
    Instances(Vec<u32>),
    /// The query has all of this.
    Query(&'n Node),
    /// The query asks for what is its own.
    AsksForOwn(Own),
    /// It is of this scale set.
    ScaleSet(&'n Node),
    /// It is of this slot.
    Slot(&'n Node),
    /// It is in this zone.
    Zone(u8),
    /// It runs this image, or this version of one.
    Image(&'n str),
    /// What this names is up, and it can be reached.
    Reaches(&'n Node),
}

const CONDITION: Kind = Either(&[Kind::Text, code_condition::MAPPING]);

impl Reads for Conditions {
    const KIND: Kind = Either(&[CONDITION, List(&CONDITION)]);
    type Value<'n> = Vec<Condition<'n>>;

    fn of(node: &Node) -> Option<Vec<Condition<'_>>> {
        let items = if node.items().is_empty() { std::slice::from_ref(node) } else { node.items() };
        Some(items.iter().filter_map(condition).collect())
    }
}

fn condition(node: &Node) -> Option<Condition<'_>> {
    if let Some(code) = code_condition::CODE.node(node) {
        return Some(Condition::Code(code));
    }
    if let Some(list) = code_condition::INSTANCES.node(node) {
        return Some(Condition::Instances(list.items().iter().filter_map(ordinal).collect()));
    }
    let who = [
        code_condition::QUERY.node(node).map(Condition::Query),
        code_condition::ASKS_FOR_OWN.given(node).map(Condition::AsksForOwn),
        code_condition::SCALE_SET.node(node).map(Condition::ScaleSet),
        code_condition::SLOT.node(node).map(Condition::Slot),
        code_condition::ZONE.given(node).map(Condition::Zone),
        code_condition::IMAGE.given(node).map(Condition::Image),
    ];
    if let Some(who) = who.into_iter().flatten().next() {
        return Some(who);
    }
    Some(Standard::named(node.text()?).map_or(Condition::Reaches(node), Condition::Is))
}

impl Presets for Conditions {
    type Held = Standard;

    fn preset<'n>(held: Standard) -> Self::Value<'n> {
        vec![Condition::Is(held)]
    }
}

own_default! { Conditions, Standard, |value| DefaultValue::Text(value.word()) }

/// A policy, several, or all.
#[derive(Debug)]
pub struct Policies;

impl Reads for Policies {
    const KIND: Kind = Either(&[Kind::Text, Kind::List(&Kind::Text)]);
    /// The names, unless it is the empty patch that is meant since nothing is said.
    type Value<'n> = Option<Vec<&'n Node>>;

    fn of(node: &Node) -> Option<Self::Value<'_>> {
        Some(Some(if node.text().is_some() { vec![node] } else { node.items().iter().collect() }))
    }
}

impl Presets for Policies {
    type Held = ();

    fn preset<'n>((): ()) -> Self::Value<'n> {
        None
    }
}

impl Preset<Policies> {
    /// A key that means the scenario as written where it is absent.
    pub const fn default(key: &'static str, doc: &'static str) -> Self {
        Self::of(key, DefaultValue::Text(crate::AS_WRITTEN), (), doc)
    }
}
