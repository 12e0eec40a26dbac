//! Why an entry of the ledger happened, beyond the one cause that it has: what else it takes, and what did not happen that would
//! have kept it off. All of it is derived from the ledger and the plan, so that no digest moves.
//!
//! Harm is asked for by entry point and instant ([`harm_at`]): who does not serve users well then and where each comes from, why
//! nothing takes them out of rotation, which instances lack, and why nothing adds any.

mod gates;
mod lack;
mod standing;
mod unfit;

use super::acts;
use super::harm;
use super::replay::Replay;
use standing::Standing;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::rules::{self, RuleId};
use windtunnel_sim::world::fact::{Fact, Record, RolloutFact};
use windtunnel_sim::world::ids::{Entry, EntryPointId, InstanceId};
use windtunnel_words::clock::civil;
use windtunnel_words::describe::Names;
use windtunnel_words::number::percent;

/// How a reason stands to what it is a reason of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One more cause.
    Cause,
    /// What did not happen, and would have kept it off or ended it.
    Absent,
    /// What became of it.
    Outcome,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cause => "cause",
            Self::Absent => "absent",
            Self::Outcome => "outcome",
        }
    }

    /// What stands before its sentence.
    #[must_use]
    pub const fn lead(self) -> &'static str {
        match self {
            Self::Cause => "and because ",
            Self::Absent => "and ",
            Self::Outcome => "",
        }
    }
}

/// A reason, as a sentence with the rule that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// How it stands to what it is a reason of.
    pub kind: Kind,
    /// The sentence, after [`Kind::lead`].
    pub text: String,
    /// The entry of the ledger that says so, where one does.
    pub entry: Option<(SimTime, Entry)>,
    /// The rule.
    pub rule: RuleId,
}

impl Reason {
    fn new(kind: Kind, text: String, rule: RuleId) -> Self {
        Self { kind, text, entry: None, rule }
    }

    fn by(self, record: &Record) -> Self {
        Self { entry: Some((record.time, record.entry)), ..self }
    }
}

/// The harm at an entry point at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct HarmAt {
    /// The entry point.
    pub entry_point: EntryPointId,
    /// The instant.
    pub at: SimTime,
    /// The harmed share of its requests then, 0 to 1.
    pub share: f64,
    /// Who harms and why, what lacks, and what did not happen.
    pub reasons: Vec<Reason>,
}

impl HarmAt {
    /// It in a sentence.
    #[must_use]
    pub fn words(&self, names: &Names<'_>) -> String {
        let at = civil(names.plan(), self.at);
        let share = percent(100.0 * self.share);
        format!("{share} of the requests to {} are harmed at {at}", names.entry_point(self.entry_point))
    }
}

/// Why users of an entry point are harmed at an instant; `None` where they are not.
#[must_use]
pub fn harm_at(replay: &Replay<'_>, entry_point: EntryPointId, at: SimTime) -> Option<HarmAt> {
    let row = replay.series.of(entry_point).take_while(|row| row.time <= at).last()?;
    let stretch = row.requests?;
    let share = stretch.at(at).harmed_share();
    if share <= 0.0 {
        return None;
    }
    let standing = Standing::at(replay, at);
    let mut reasons = unfit::reasons(replay, &standing, entry_point);
    // Where those who fail take their share of the requests, the others have room enough.
    if row.capacity.is_some_and(|room| stretch.at(at).demand > room) {
        reasons.extend(lack::reasons(replay, &standing, entry_point, &stretch));
    }
    Some(HarmAt { entry_point, at, share, reasons })
}

/// What an entry follows from beside its cause, what did not happen, and what became of it.
#[must_use]
pub fn of(replay: &Replay<'_>, record: &Record) -> Vec<Reason> {
    let mut reasons = match record.fact {
        Fact::HarmStarted { entry_point } | Fact::OutageStarted { entry_point } => {
            harm_at(replay, entry_point, record.time).map(|harm| harm.reasons).unwrap_or_default()
        }
        Fact::Rollout(RolloutFact::BatchStarted { set, batch, .. }) if batch > 1 => {
            gates::reasons(replay, set, record).into_iter().collect()
        }
        Fact::ActionTaken { .. } => {
            let act = acts::of(replay).into_iter().find(|act| act.entry == record.entry);
            let words = act.and_then(|act| Some((act, act.words(&replay.names)?)));
            let reason = words.map(|(act, words)| {
                let by = act.fate.by();
                let reason = Reason::new(Kind::Outcome, words, by.map_or(record.rule, |by| by.rule));
                by.map_or(reason.clone(), |by| reason.by(&by))
            });
            reason.into_iter().collect()
        }
        _ => Vec::new(),
    };
    reasons.extend(grows(replay, record));
    reasons
}

/// That harm grows with an entry.
fn grows(replay: &Replay<'_>, record: &Record) -> Vec<Reason> {
    let windows = harm::windows(replay);
    let steps = windows.iter().flat_map(|window| window.extent.steps.iter().map(move |step| (window, step)));
    let with = steps.filter(|(_, step)| step.entry == Some(record.entry) && step.from > 0.0);
    let reason = |(window, step): (&harm::HarmWindow, &harm::Step)| {
        let who = replay.names.entry_point(window.course.entry_point);
        let (from, to) = (percent(100.0 * step.from), percent(100.0 * step.to));
        let text = format!("with it the harm at {who} grows from {from} to {to} of requests");
        Reason::new(Kind::Outcome, text, rules::WT_06)
    };
    with.map(reason).collect()
}

/// Instances by name: all of a few, the first of many.
fn who(names: &Names<'_>, instances: &[InstanceId]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = instances.iter().take(SHOWN).map(|instance| names.instance(*instance)).collect();
    match (instances.len(), shown.split_last()) {
        (all, _) if all > SHOWN => format!("{} and {} more", shown.join(", "), all - SHOWN),
        (_, Some((last, rest))) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => shown.concat(),
    }
}
