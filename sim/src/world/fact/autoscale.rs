//! What autoscale saw, decided and did.

use super::field::{Field, Fields, Pack, Packed};
use super::row::facts;
use crate::words;
use crate::world::ids::{AutoscaleId, EntryPointId};

facts! {
    /// What happened in the engine of autoscale. Values are what a record of Azure's log would show, and decide nothing: the
    /// engine compares its own numbers. Rules are counted within their profile.
    AutoscaleFact:

    /// The engine ran for the first time.
    140 "autoscaleStarted" Started { setting: AutoscaleId => subject };
    /// Another profile rules from this run on.
    141 "profileChosen" ProfileChosen {
        setting: AutoscaleId => subject, profile: u16 => ["profile" = Field::Profile(setting, profile)],
    } in Scaling Tick "profile" Work;
    /// Demand has become what moves a metric.
    142 "demandSeen" DemandSeen { entry_point: EntryPointId => subject, rps: f32 };
    /// A rule read its metric.
    143 "metricRead" MetricRead {
        setting: AutoscaleId => subject, profile: u16 => _,
        rule: u16 => ["rule" = Field::ScaleRule(setting, profile, rule)], value: f32,
    };
    /// A metric was not delivered.
    144 "metricLost" MetricLost {
        setting: AutoscaleId => subject, profile: u16 => _,
        rule: u16 => ["rule" = Field::ScaleRule(setting, profile, rule)],
    } in Scaling Tick "metric" Bad;
    /// A metric is delivered again.
    145 "metricRecovered" MetricRecovered {
        setting: AutoscaleId => subject, profile: u16 => _,
        rule: u16 => ["rule" = Field::ScaleRule(setting, profile, rule)],
    } in Scaling Tick "metric" Good;
    /// A rule was evaluated, at this capacity.
    146 "scaleRuleEvaluated" Evaluated {
        setting: AutoscaleId => subject, profile: u16 => _,
        rule: u16 => ["rule" = Field::ScaleRule(setting, profile, rule)],
        observed: f32 => ["observed" = Field::from(observed), "threshold" = Field::Threshold(setting, profile, rule)],
        capacity: u16, fires: bool,
    };
    /// The engine decided on another capacity.
    147 "scaleDecided" Decided {
        setting: AutoscaleId => subject, from: u16, to: u16, why: Why,
        reason: Option<Reason> => {Reason::fields(setting, reason)},
    };
    /// An action that is due waits for the end of the cooldown.
    148 "scaleDeferred" Deferred { setting: AutoscaleId => subject, to: u16, left_s: u32 }
        in Scaling Tick "deferred" Wait;
    /// `FlappingOccurred`: a scale-in goes less far than its rule wants.
    149 "flappingOccurred" FlappingOccurred { setting: AutoscaleId => subject, wanted: u16, got: u16, projected: f32 }
        in Scaling Tick "flapping" Bad;
    /// `Flapping`: a scale-in is given up, since at any count this rule would scale out again.
    150 "flapping" Flapping { setting: AutoscaleId => subject, wanted: u16, rule: u16 => _, projected: f32 }
        in Scaling Tick "flapping" Wait;
    /// An action was carried out, but for so many instances.
    151 "scaleActionRecorded" ActionRecorded { setting: AutoscaleId => subject, to: u16, short: u16 };
    /// What was written of a setting counts from its next run on.
    445 "autoscaleWritten" Written { setting: AutoscaleId => subject } in Scaling Tick "setting" Work;
    /// An action failed, and the capacity is what it was.
    102 "scaleActionFailed" ActionFailed { setting: AutoscaleId => subject, to: u16 } in Scaling Tick "failed" Bad;
    /// The forecast has too little history.
    152 "forecastBeingTrained" BeingTrained { setting: AutoscaleId => subject };
    /// There is a forecast.
    153 "forecastTrained" Trained { setting: AutoscaleId => subject } in Scaling Tick "forecast" Good;
    /// The forecast crossed the threshold of a rule, or no longer does.
    154 "forecast" Forecast {
        setting: AutoscaleId => subject, rule: u16 => _, ahead_s: u16, total: f32, each: f32, crosses: bool,
    };
}

words! {
    /// What an action follows from.
    pub enum Why {
        /// A scale-out rule fired.
        Out = 0 => "scaleOut",
        /// Every scale-in rule fired.
        In = 1 => "scaleIn",
        /// The capacity was below the minimum.
        Minimum = 2 => "minimum",
        /// The capacity was above the maximum.
        Maximum = 3 => "maximum",
        /// A metric is missing, and the capacity was below the default.
        Default = 4 => "default",
        /// The forecast fired a scale-out rule.
        Forecast = 5 => "forecast",
    }
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

impl Reason {
    /// What readers see of the reason of a decision.
    fn fields(setting: AutoscaleId, reason: Option<Self>) -> Fields {
        let Some(Self { profile, rule, observed, projected }) = reason else { return Fields::new() };
        vec![
            ("rule", Field::ScaleRule(setting, profile, rule)),
            ("observed", observed.into()),
            ("threshold", Field::Threshold(setting, profile, rule)),
            ("projected", projected.into()),
        ]
    }
}

impl Packed for Reason {
    fn pack(self, into: &mut Pack<'_>) {
        let Self { profile, rule, observed, projected } = self;
        profile.pack(into);
        rule.pack(into);
        observed.pack(into);
        projected.pack(into);
    }
}
