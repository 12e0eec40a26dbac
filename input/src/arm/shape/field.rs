//! One property that is acted on: its key, kind, default and range, and how it is read. `shape!` declares each once, in the table of
//! the object that holds it; whoever reads, checks, writes or documents the property goes by that declaration.

use std::fmt::{Display, Formatter, Result};
use std::marker::PhantomData;

use super::{Kind, REFERENCE, Shape, units};
use crate::quantity;
use crate::tree::{At, Node, Span};
use serde_json::Value as Json;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{self, Reach};
use windtunnel_sim::rules::RuleId;

/// What Azure accepts of a number or a duration, and the rule that says so.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The rule; none where it is a limit of this program.
    pub rule: Option<RuleId>,
    /// The least value; of a duration in milliseconds.
    pub least: i64,
    /// The greatest.
    pub most: i64,
}

/// What a write of a property does in the middle of a run. What is not declared has it from the object around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// It is in the model, and takes this on an instance before it is in force there (UM-08, UM-09).
    Takes(Reach),
    /// It has its own way to the instances: the image, the extensions, the health source.
    Apart,
    /// It is what it was when the run began; a policy may have another.
    AtStart,
}

/// What is wanted of a value: `a whole number from 5 to 100`.
#[derive(Clone, Copy)]
pub struct Wanted(pub Kind, pub Option<Limits>);

impl Display for Wanted {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let bounds = |limits: &Limits, show: &dyn Fn(i64) -> String| match limits.most {
            i64::MAX => format!(" of {} or more", show(limits.least)),
            most if most == limits.least => format!(" of {}", show(most)),
            most => format!(" from {} to {}", show(limits.least), show(most)),
        };
        match (self.0, &self.1) {
            (Kind::Integer, None) => f.write_str("a whole number"),
            (Kind::Integer, Some(limits)) => write!(f, "a whole number{}", bounds(limits, &|value| value.to_string())),
            (Kind::Duration, None) => f.write_str("a duration such as `PT10M`"),
            (Kind::Duration, Some(limits)) => {
                let iso = |ms: i64| SimDuration::from_ms(ms.unsigned_abs()).to_string();
                write!(f, "a duration{}", bounds(limits, &iso))
            }
            (Kind::Word([one]), _) => write!(f, "`{one}`"),
            (Kind::Word(words), _) => {
                let list: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                write!(f, "one of {}", list.join(", "))
            }
            (Kind::Number, _) => f.write_str("a number"),
            (Kind::Boolean, _) => f.write_str("`true` or `false`"),
            (Kind::Text, _) => f.write_str("a text"),
            (Kind::Zones, _) => f.write_str("a zone such as `1`"),
            (Kind::List(_), _) => f.write_str("a list"),
            (Kind::Object(shape), _) => f.write_str(shape.what),
            (Kind::Open, _) => f.write_str("a value"),
        }
    }
}

/// What a property holds.
pub trait Holds: 'static {
    /// Its kind.
    const KIND: Kind;
}

/// A value that a property holds.
pub trait Value: Holds + Copy + Sync {
    /// The value of a text; `None` where it is of another kind.
    fn of(text: &str) -> Option<Self>;
    /// The value as Azure writes it.
    fn show(self) -> String;
}

macro_rules! values {
    ($($T:ty = $kind:expr, $of:expr, $show:expr;)+) => {$(
        impl Holds for $T {
            const KIND: Kind = $kind;
        }

        impl Value for $T {
            fn of(text: &str) -> Option<Self> {
                let of: fn(&str) -> Option<Self> = $of;
                of(&units::canonical(Self::KIND, text)?)
            }

            fn show(self) -> String {
                let show: fn(Self) -> String = $show;
                show(self)
            }
        }
    )+};
}

values! {
    bool = Kind::Boolean, |text| text.parse().ok(), |value| value.to_string();
    i64 = Kind::Integer, |text| text.parse().ok(), |value| value.to_string();
    u32 = Kind::Integer, |text| text.parse().ok(), |value| value.to_string();
    f64 = Kind::Number, |text| text.parse().ok(), |value| value.to_string();
    SimDuration = Kind::Duration, |text| quantity::duration(text).ok(), |value| value.to_string();
}

/// Enums whose variants are Azure's words, by the declaration with `windtunnel_sim::words!`.
macro_rules! of_words {
    ($($T:ty),+ $(,)?) => {$(
        impl Holds for $T {
            const KIND: Kind = Kind::Word(<$T as plan::Word>::WORDS);
        }

        impl Value for $T {
            fn of(text: &str) -> Option<Self> {
                <$T as plan::Word>::ALL.iter().copied().find(|one| one.word().eq_ignore_ascii_case(text.trim()))
            }

            fn show(self) -> String {
                self.word().to_owned()
            }
        }
    )+};
}

of_words!(
    plan::OrchestrationMode,
    plan::ScaleInPolicy,
    plan::UpgradeMode,
    plan::RepairAction,
    plan::StandbyState,
    plan::EvictionPolicy,
    plan::Distribution,
    plan::Statistic,
    plan::Aggregation,
    plan::Operator,
    plan::ScaleDirection,
    super::scale_set::Priority,
    super::scale_set::ServiceState,
    plan::PowerAtStart,
    super::instance::HealthState,
    super::scale_set::OsType,
    super::scale_set::PatchMode,
    super::scale_set::Placement,
    super::scale_set::DiskOption,
    plan::RoutingMethod,
    super::traffic_manager::Switch,
    super::traffic_manager::MonitorProtocol,
    super::front_door::Forwarding,
    super::front_door::ProbeScheme,
    super::load_balancer::Sku,
    super::load_balancer::Protocol,
    super::load_balancer::NoHealthyBackends,
    super::load_balancer::Transport,
    super::gateway::Affinity,
    super::gateway::ListenerProtocol,
    super::gateway::RuleType,
    super::autoscale::ScaleMode,
    super::autoscale::ChangeKind,
    super::autoscale::Frequency,
    super::maintenance::Scope,
);

macro_rules! markers {
    ($($(#[$doc:meta])* $Name:ident = $kind:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $Name;

        impl Holds for $Name {
            const KIND: Kind = $kind;
        }
    )+};
}

markers! {
    /// A text.
    Text = Kind::Text;
    /// A list of texts.
    Texts = super::TEXTS;
    /// Availability zones.
    Zones = Kind::Zones;
    /// A reference to another resource.
    Reference = Kind::Object(&REFERENCE);
    /// References to other resources.
    References = super::REFERENCES;
    /// Whatever the user put there.
    Open = Kind::Open;
    /// A list of objects; its declaration says of which.
    Objects = Kind::List(&Kind::Open);
    /// A list of words; its declaration says of which.
    Words = Kind::List(&Kind::Open);
}

/// What is declared of a property beside its default.
#[derive(Clone, Copy)]
pub struct Declared {
    /// The object that holds it.
    of: Option<&'static Shape>,
    key: &'static str,
    kind: Kind,
    limits: Option<Limits>,
    live: Option<Live>,
    /// The rule by which Azure fixes it when the resource is created, for all resources or for some.
    fixed: Option<RuleId>,
}

impl Declared {
    /// Its key, and the rule by which Azure fixes it.
    ///
    /// # Panics
    ///
    /// The table does not say that Azure fixes it.
    #[must_use]
    pub const fn fixed(&self) -> (&'static str, RuleId) {
        (self.key, self.fixed.expect("the table says that Azure fixes it"))
    }
}

/// A property of an object. `D` is its default: a value, or nothing.
pub struct Field<T: 'static, D = T> {
    /// Its key.
    pub key: &'static str,
    /// What a table knows of it.
    pub declared: Declared,
    /// What it is where it is not written.
    pub default: D,
    value: PhantomData<fn() -> T>,
}

/// A default, as Azure writes it.
pub trait DefaultText: Sync {
    /// Its text; none where there is no default.
    fn text(&self) -> Option<String>;
}

impl DefaultText for () {
    fn text(&self) -> Option<String> {
        None
    }
}

impl<T: Value> DefaultText for T {
    fn text(&self) -> Option<String> {
        Some(self.show())
    }
}

const fn declare<T, D>(key: &'static str, kind: Kind, default: D) -> Field<T, D> {
    Field {
        key,
        declared: Declared { of: None, key, kind, limits: None, live: None, fixed: None },
        default,
        value: PhantomData,
    }
}

/// A property that has no default, or one that depends on others.
pub type Optional<T> = Field<T, ()>;

/// A property with its default.
pub const fn field<T: Value>(key: &'static str, default: T) -> Field<T> {
    declare(key, T::KIND, default)
}

/// A property without a default.
pub const fn optional<T: Holds>(key: &'static str) -> Optional<T> {
    declare(key, T::KIND, ())
}

/// A list of objects.
pub const fn list(key: &'static str, of: &'static Kind) -> Optional<Objects> {
    declare(key, Kind::List(of), ())
}

/// A list of words.
pub const fn word_list(key: &'static str, of: &'static Kind) -> Optional<Words> {
    declare(key, Kind::List(of), ())
}

impl<T: 'static, D: Copy> Field<T, D> {
    /// The same property, of this object.
    pub(super) const fn of(self, shape: &'static Shape) -> Self {
        Self { declared: Declared { of: Some(shape), ..self.declared }, ..self }
    }

    const fn limited(self, rule: Option<RuleId>, least: i64, most: i64) -> Self {
        Self { declared: Declared { limits: Some(Limits { rule, least, most }), ..self.declared }, ..self }
    }

    /// A write of it does this.
    pub(super) const fn live(self, live: Live) -> Self {
        Self { declared: Declared { live: Some(live), ..self.declared }, ..self }
    }

    /// Azure fixes it at creation, by this rule.
    pub(super) const fn fixed_by(self, rule: RuleId) -> Self {
        Self { declared: Declared { fixed: Some(rule), ..self.declared }, ..self }
    }

    /// Azure accepts it from `least` to `most`.
    pub(super) const fn range(self, rule: RuleId, least: i64, most: i64) -> Self {
        self.limited(Some(rule), least, most)
    }

    /// Azure accepts so many minutes.
    pub(super) const fn minutes(self, rule: RuleId, least: i64, most: i64) -> Self {
        self.limited(Some(rule), least * 60_000, most * 60_000)
    }

    /// This program takes it from `least` to `most`.
    pub(super) const fn within(self, least: i64, most: i64) -> Self {
        self.limited(None, least, most)
    }
}

impl<T: 'static, D> Field<T, D> {
    /// Its node in a resource, or in the item of a list that holds it.
    pub fn node<'n>(&self, holder: &'n Node) -> Option<&'n Node> {
        self.declared.of.map_or(Some(holder), |of| of.find(holder))?.arm(self.key)
    }

    /// Where it stands.
    pub fn span(&self, holder: &Node) -> Option<Span> {
        self.node(holder).map(|node| node.span.clone())
    }

    /// Its value in an answer of Azure's, which has the form of the resource; null where it has none.
    pub fn shown<'v>(&self, body: &'v Json) -> &'v Json {
        self.path().into_iter().fold(body, |at, key| &at[key])
    }

    /// Writes its value into an answer.
    pub fn put(&self, body: &mut Json, value: impl Into<Json>) {
        *self.path().into_iter().fold(body, |at, key| &mut at[key]) = value.into();
    }

    /// Writes its value into an answer that has none.
    pub fn put_if_absent(&self, body: &mut Json, value: impl Into<Json>) {
        if self.shown(body).is_null() {
            self.put(body, value);
        }
    }

    fn path(&self) -> Vec<&'static str> {
        let mut path = self.declared.of.map_or_else(Vec::new, Shape::path);
        path.push(self.key);
        path
    }

    /// What is wanted of it: `a whole number from 5 to 100`.
    pub const fn wanted(&self) -> Wanted {
        Wanted(self.declared.kind, self.declared.limits)
    }
}

impl<T: Value, D> Field<T, D> {
    /// Its value, where it is written.
    pub fn get(&self, holder: &Node) -> Option<At<T>> {
        let node = self.node(holder)?;
        Some(At { value: T::of(node.text()?)?, span: node.span.clone(), given: true })
    }

    /// Its value; where it is not written this one, at the name of the holder.
    pub fn or(&self, holder: &Node, default: T) -> At<T> {
        let absent = || At { value: default, span: holder.name_span().clone(), given: false };
        self.get(holder).unwrap_or_else(absent)
    }
}

impl<T: Value> Field<T> {
    /// Its value, or its default.
    pub fn read(&self, holder: &Node) -> At<T> {
        self.or(holder, self.default)
    }

    /// The value alone.
    pub fn value(&self, holder: &Node) -> T {
        self.read(holder).value
    }
}

impl<D> Field<bool, D> {
    /// Where it is switched on.
    pub fn on(&self, holder: &Node) -> Option<Span> {
        self.get(holder).filter(|at| at.value).map(|at| at.span)
    }
}

impl Optional<Text> {
    /// Its text, where it is written.
    pub fn text<'n>(&self, holder: &'n Node) -> Option<&'n str> {
        self.node(holder)?.text()
    }
}

impl Optional<Reference> {
    /// What it refers to: an id or a plain name, and where that is.
    pub fn id<'n>(&self, holder: &'n Node) -> Option<(&'n str, &'n Node)> {
        self.node(holder).and_then(super::reference)
    }
}

/// A property that is a list.
pub trait List {}
impl List for Texts {}
impl List for Zones {}
impl List for References {}
impl List for Objects {}
impl List for Words {}
impl List for Open {}

impl<T: List> Optional<T> {
    /// Its items; none where it is not written.
    pub fn items<'n>(&self, holder: &'n Node) -> &'n [Node] {
        self.node(holder).map_or(&[], Node::items)
    }
}

/// A row of a table.
pub enum Row {
    /// A property that is acted on: its name in this program, what is declared of it, and its default.
    ActedOn(&'static str, &'static Declared, &'static dyn DefaultText),
    /// An object with a table of its own.
    Object(&'static Shape),
    /// What is kept, and acted on by nobody.
    Kept(&'static str, Kind),
}

impl Row {
    /// The key.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::ActedOn(_, declared, _) => declared.key,
            Self::Object(shape) => shape.place.map_or("", |(_, key)| key),
            Self::Kept(key, _) => key,
        }
    }

    /// What it holds.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::ActedOn(_, declared, _) => declared.kind,
            Self::Object(shape) => Kind::Object(shape),
            Self::Kept(_, kind) => *kind,
        }
    }

    /// What Azure accepts of it.
    #[must_use]
    pub const fn limits(&self) -> Option<Limits> {
        if let Self::ActedOn(_, declared, _) = self { declared.limits } else { None }
    }

    /// What a write of it does, where its table or that of its object says so.
    #[must_use]
    pub const fn live(&self) -> Option<Live> {
        match self {
            Self::ActedOn(_, declared, _) => declared.live,
            Self::Object(shape) => shape.live,
            Self::Kept(..) => None,
        }
    }

    /// The rule by which Azure fixes it at creation.
    #[must_use]
    pub const fn fixed(&self) -> Option<RuleId> {
        if let Self::ActedOn(_, declared, _) = self { declared.fixed } else { None }
    }

    /// What is wanted of a value of this kind, in the limits of the property.
    #[must_use]
    pub fn wanted_as(&self, kind: Kind) -> Wanted {
        Wanted(kind, self.limits())
    }

    /// What it is where it is not written.
    #[must_use]
    pub fn default(&self) -> Option<String> {
        if let Self::ActedOn(.., default) = self { default.text() } else { None }
    }
}

/// Words of Azure's that the plan has no enum for.
macro_rules! choice {
    ($(#[$doc:meta])* $Name:ident { $($Word:ident),+ }) => {
        windtunnel_sim::words! {
            $(#[$doc])*
            pub enum $Name { $(#[doc = concat!("`", stringify!($Word), "`.")] $Word => stringify!($Word)),+ }
        }
    };
}

/// The table of an object: its keys in canonical order. `pub` declares a property that is acted on; `object` names the table of an
/// object inside; `kept` has a key that nobody acts on.
macro_rules! shape {
    (
        $(#[$doc:meta])*
        $SHAPE:ident $(in $PARENT:ident at $at:literal)?: $what:literal {
            $($(pub $NAME:ident: $T:ty = )? $row:expr;)*
        }
        $(.$method:ident($($argument:expr)?))*
    ) => {
        $(#[$doc])*
        #[doc = concat!("The table of ", $what, ".")]
        pub static $SHAPE: super::Shape =
            super::Shape::new($what, &[$(shape!(@row $SHAPE $($NAME)?; $row)),*])$(.at(&$PARENT, $at))?$(.$method($($argument)?))*;
        $($(
            #[doc = concat!("`", stringify!($row), "` of ", $what, ".")]
            pub static $NAME: $T = $row.of(&$SHAPE);
        )?)*
    };
    (@row $SHAPE:ident $NAME:ident; $row:expr) => {
        super::field::Row::ActedOn(stringify!($NAME), &$NAME.declared, &$NAME.default)
    };
    (@row $SHAPE:ident; $row:expr) => { $row };
}

/// A row of an object with a table of its own.
pub const fn object(shape: &'static Shape) -> Row {
    Row::Object(shape)
}

/// A row of what is kept.
pub const fn kept(key: &'static str, kind: Kind) -> Row {
    Row::Kept(key, kind)
}
