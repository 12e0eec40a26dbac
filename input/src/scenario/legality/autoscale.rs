//! What Azure Monitor refuses of an autoscale setting, and what surprises in one: one row a rule.

use super::{Check, Legality};
use crate::arm::shape::autoscale::Frequency;
use crate::tree::{At, Span};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::rules;

/// What the rules want to know about a setting.
#[derive(Clone, Debug)]
pub struct SettingFacts {
    /// The setting itself.
    pub span: Span,
    /// How many profiles it has.
    pub profiles: usize,
    /// The rules of each profile: where they stand, and how many they are.
    pub rules: Vec<(Span, usize)>,
    /// `scaleMode`, unless it is Disabled.
    pub predictive: Option<Span>,
    /// `scaleLookAheadTime`.
    pub look_ahead: Option<At<SimDuration>>,
    /// Some profile scales out on the average processor.
    pub predictable: bool,
    /// A scale-out rule on something else.
    pub unpredicted: Option<Span>,
    /// Frequencies of recurrences.
    pub frequencies: Vec<At<Frequency>>,
    /// Lengths of fixed dates.
    pub spans: Vec<At<SimDuration>>,
}

/// Profiles of a setting, at most (AS-03).
const PROFILES_MAX: usize = 20;
/// Rules of a profile, at most (AS-03).
const RULES_MAX: usize = 10;

/// Two settings that are enabled scale one set.
pub fn second_setting(span: &Span, set: &str, say: &mut Legality<'_>) {
    let message = format!("`{set}` already has an autoscale setting, and a resource can have only one");
    say.refuse(rules::AS_03, span, &message, "merge their profiles, or write `enabled: false` in one");
}

/// The rules about one setting, in the order of the rulebook.
pub static SETTING_RULES: &[Check<SettingFacts>] = &[
    (rules::AS_03, |rule, setting, say| {
        if setting.profiles > PROFILES_MAX {
            let message = format!("a setting has at most {PROFILES_MAX} profiles, not {}", setting.profiles);
            say.refuse(rule, &setting.span, &message, "join profiles");
        }
        for (span, count) in setting.rules.iter().filter(|(_, count)| *count > RULES_MAX) {
            let message = format!("a profile has at most {RULES_MAX} rules, not {count}");
            say.refuse(
                rule,
                span,
                &message,
                "the page on scale sets says 20 for the whole set; ten is within both \
                limits",
            );
        }
    }),
    (rules::AS_05, |rule, setting, say| {
        for frequency in setting.frequencies.iter().filter(|frequency| frequency.value != Frequency::Week) {
            say.refuse(
                rule,
                &frequency.span,
                "the frequency of a recurrence can only be Week",
                "write `frequency: Week`",
            );
        }
        let most = SimDuration::from_mins(365 * 24 * 60);
        for span in setting.spans.iter().filter(|span| span.value > most) {
            let message = "a fixed date spans at most 365 days";
            say.refuse(rule, &span.span, message, "use a recurrence, or the default profile");
        }
    }),
    (rules::PA_01, |rule, setting, say| {
        if let (Some(_), Some(other)) = (&setting.predictive, &setting.unpredicted) {
            let message = "predictive autoscale predicts only the average of `Percentage CPU`, not this metric";
            say.warn(rule, other, message, "this rule uses measured values");
        }
    }),
    (rules::PA_04, |rule, setting, say| {
        if let (Some(mode), false) = (&setting.predictive, setting.predictable) {
            let message = "predictive autoscale needs a scale-out rule on the average of `Percentage CPU`";
            say.refuse(rule, mode, message, "its threshold and step are used for the forecast too");
        }
    }),
    (rules::PA_07, |rule, setting, say| {
        let short =
            |ahead: &&At<SimDuration>| (SimDuration::from_mins(1)..SimDuration::from_mins(5)).contains(&ahead.value);
        if let Some(ahead) = setting.look_ahead.as_ref().filter(short) {
            let message = format!("scaleLookAheadTime is {}, and the portal takes 5 to 60 minutes", ahead.value);
            say.warn(rule, &ahead.span, &message, "PT5M or more is within both limits");
        }
    }),
];

/// `timeGrain` of a rule of a profile (AS-08).
pub fn grain(grain: &At<SimDuration>, say: &mut Legality<'_>) {
    if !grain.value.ms().is_multiple_of(60_000) {
        let message = format!("no metric has the timeGrain {}", grain.value);
        say.refuse(rules::AS_08, &grain.span, &message, "write whole minutes");
    }
}
