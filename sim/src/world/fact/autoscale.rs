//! What autoscale saw, decided and did.

use crate::world::ids::{AutoscaleId, PoolId};

/// What happened in the engine of autoscale. Values are what a record of Azure's log would show, and decide nothing: the
/// engine compares its own numbers. Rules are counted within their profile.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum AutoscaleFact {
    /// The engine ran for the first time.
    Began { setting: AutoscaleId },
    /// Another profile rules from this run on.
    ProfileChosen { setting: AutoscaleId, profile: u16 },
    /// Demand has become what moves a metric.
    DemandSeen { pool: PoolId, rps: f32 },
    /// A rule read its metric.
    MetricRead { setting: AutoscaleId, profile: u16, rule: u16, value: f32 },
    /// A metric was not delivered.
    MetricLost { setting: AutoscaleId, profile: u16, rule: u16 },
    /// A metric is delivered again.
    MetricRecovered { setting: AutoscaleId, profile: u16, rule: u16 },
    /// A rule was evaluated, at this capacity.
    Evaluated { setting: AutoscaleId, profile: u16, rule: u16, observed: f32, capacity: u16, fires: bool },
    /// The engine decided on another capacity.
    Decided { setting: AutoscaleId, from: u16, to: u16, why: Why, reason: Option<Reason> },
    /// An action that is due waits for the end of the cooldown.
    Deferred { setting: AutoscaleId, to: u16, left_s: u32 },
    /// `FlappingOccurred`: a scale-in goes less far than its rule wants.
    FlappingOccurred { setting: AutoscaleId, wanted: u16, got: u16, projected: f32 },
    /// `Flapping`: a scale-in is given up, since at any count this rule would scale out again.
    Flapping { setting: AutoscaleId, wanted: u16, rule: u16, projected: f32 },
    /// An action was carried out, but for so many instances.
    ActionRecorded { setting: AutoscaleId, to: u16, short: u16 },
    /// An action failed, and the capacity is what it was.
    ActionFailed { setting: AutoscaleId, to: u16 },
    /// The forecast has too little history.
    BeingTrained { setting: AutoscaleId },
    /// There is a forecast.
    Trained { setting: AutoscaleId },
    /// The forecast crossed the threshold of a rule, or no longer does.
    Forecast { setting: AutoscaleId, rule: u16, ahead_s: u16, total: f32, each: f32, crosses: bool },
}

/// What an action follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Why {
    /// A scale-out rule fired.
    Out = 0,
    /// Every scale-in rule fired.
    In = 1,
    /// The capacity was below the minimum.
    Minimum = 2,
    /// The capacity was above the maximum.
    Maximum = 3,
    /// A metric is missing, and the capacity was below the default.
    Default = 4,
    /// The forecast fired a scale-out rule.
    Forecast = 5,
}

/// The rule that decided, with what it saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reason {
    /// The profile that rules.
    pub profile: u16,
    /// The rule, by its place in the profile.
    pub rule: u16,
    /// Its value, or that of the forecast.
    pub observed: f32,
    /// The same at the capacity decided on.
    pub projected: f32,
}

impl AutoscaleFact {
    /// The setting it concerns; none for what users do.
    #[must_use]
    pub const fn setting(&self) -> Option<AutoscaleId> {
        match *self {
            Self::DemandSeen { .. } => None,
            Self::Began { setting }
            | Self::ProfileChosen { setting, .. }
            | Self::MetricRead { setting, .. }
            | Self::MetricLost { setting, .. }
            | Self::MetricRecovered { setting, .. }
            | Self::Evaluated { setting, .. }
            | Self::Decided { setting, .. }
            | Self::Deferred { setting, .. }
            | Self::FlappingOccurred { setting, .. }
            | Self::Flapping { setting, .. }
            | Self::ActionRecorded { setting, .. }
            | Self::ActionFailed { setting, .. }
            | Self::BeingTrained { setting }
            | Self::Trained { setting }
            | Self::Forecast { setting, .. } => Some(setting),
        }
    }

    /// The words of the digest; the kinds are 140 to 154, and 102.
    pub(super) fn words(self) -> [u64; 3] {
        let setting = self.setting().map_or(0, |setting| u64::from(setting.0));
        let w = |kind: u64, rest: u64| [kind, setting, rest];
        let bits = |value: f32| u64::from(value.to_bits());
        // The kind takes the top byte; 56 bits are left.
        let rule = |profile: u16, rule: u16| u64::from(profile & 0x1f) << 4 ^ u64::from(rule & 0xf);
        match self {
            Self::Began { .. } => w(140, 0),
            Self::ActionFailed { to, .. } => w(102, to.into()),
            Self::ProfileChosen { profile, .. } => w(141, profile.into()),
            Self::DemandSeen { pool, rps } => [142, pool.0.into(), bits(rps)],
            Self::MetricRead { profile, rule: at, value, .. } => w(143, rule(profile, at) << 32 | bits(value)),
            Self::MetricLost { profile, rule: at, .. } => w(144, rule(profile, at)),
            Self::MetricRecovered { profile, rule: at, .. } => w(145, rule(profile, at)),
            Self::Evaluated { profile, rule: at, observed, capacity, fires, .. } => {
                let at = rule(profile, at) << 1 | u64::from(fires);
                w(146, at << 42 ^ u64::from(capacity) << 32 ^ bits(observed))
            }
            Self::Decided { from, to, why, reason, .. } => {
                let reason = reason.map_or(0, |reason| {
                    rule(reason.profile, reason.rule) << 24 ^ bits(reason.observed) >> 8 ^ bits(reason.projected) >> 4
                });
                w(147, (why as u64) << 52 ^ u64::from(from) << 42 ^ u64::from(to) << 32 ^ reason)
            }
            Self::Deferred { to, left_s, .. } => w(148, u64::from(to) << 32 | u64::from(left_s)),
            Self::FlappingOccurred { wanted, got, projected, .. } => {
                w(149, u64::from(wanted) << 42 ^ u64::from(got) << 32 ^ bits(projected))
            }
            Self::Flapping { wanted, rule, projected, .. } => {
                w(150, u64::from(rule & 0xf) << 48 ^ u64::from(wanted) << 32 ^ bits(projected))
            }
            Self::ActionRecorded { to, short, .. } => w(151, u64::from(to) << 16 | u64::from(short)),
            Self::BeingTrained { .. } => w(152, 0),
            Self::Trained { .. } => w(153, 0),
            Self::Forecast { rule, ahead_s, total, each, crosses, .. } => {
                let at = u64::from(rule & 0xf) << 1 | u64::from(crosses);
                w(154, at << 48 ^ u64::from(ahead_s) << 32 ^ bits(total) ^ bits(each) << 8)
            }
        }
    }
}
