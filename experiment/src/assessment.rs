//! Where the policies of a comparison stand: in how many runs each keeps the scenario's objective, which to take, and which
//! differences matter.
//!
//! The objective is a share of requests that must not be harmed, so what it allows is a line on the axis of
//! `blast_radius.requests_pct`. A policy keeps it in every run, in some or in none; a policy whose rollout was wanted and
//! never began is none of these, since what did not happen harmed nobody.
//!
//! With common random numbers a difference can be sure and too small to matter. One of harm matters if it is sure and more than a
//! tenth of what the objective allows, and more than a tenth of what the reference has: 85 % against 88 % is no reason to
//! change, and neither is 0.0203 % against 0.02 % where 0.1 % is allowed. Of a measure that no objective is about, the
//! second half counts alone.

use super::compare::Comparison;
use super::statistics::{CONFIDENCE, Interval, Mean, Verdict, proportion};
use super::table::Values;
use super::without_harm::{differing, unharmed};
use std::iter::once;
use windtunnel_sim::measure::Seen;
use windtunnel_sim::measure::catalogue::{DURATION, HARMED, OUTCOME, Outcome};
use windtunnel_words::number::{at_least, percent};

/// A difference below this share of what is allowed, or of what the reference has, does not matter.
pub const MATTERS_FROM: f64 = 0.1;

/// How a policy keeps the objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeps {
    /// In every run.
    Always,
    /// In some runs: it depends on chance.
    Sometimes,
    /// In no run.
    Never,
    /// Its rollout was wanted and began in no run: nothing was tried.
    NotStarted,
    /// There is no objective, or harm is not computed.
    Unknown,
}

impl Keeps {
    /// As tables and pages say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Always => "meets",
            Self::Sometimes => "depends on chance",
            Self::Never => "misses",
            Self::NotStarted => "never started",
            Self::Unknown => "not known",
        }
    }

    /// As programs read it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Always => "meets",
            Self::Sometimes => "depends",
            Self::Never => "misses",
            Self::NotStarted => "neverStarted",
            Self::Unknown => "unknown",
        }
    }
}

/// Where a policy stands.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// How it keeps the objective.
    pub keeps: Keeps,
    /// In how many runs it keeps it.
    pub met: usize,
    /// In how many that is still open.
    pub open: usize,
    /// How many runs there are.
    pub runs: usize,
    /// Where the share of runs that keep it lies.
    pub share: Option<Interval>,
    /// Least, mean and greatest harm in percent of requests, where each run has a number.
    pub harm: Option<(f64, f64, f64)>,
    /// How long its rollout takes, where it completes in every run.
    pub length: Option<Mean>,
    /// The rule that kept its rollout from beginning, where nothing began, all of it or that of a set.
    pub rule: Option<String>,
    /// The set that this is about, where the rollouts of others began.
    pub set: Option<String>,
}

/// Where all of them stand.
#[derive(Clone, Debug)]
pub struct Assessments {
    /// What the objective allows, in percent of requests.
    pub allowed: Option<f64>,
    /// A policy each.
    pub of: Vec<Assessment>,
    /// The policy to take, if one keeps the objective in every run.
    pub chosen: Option<usize>,
    /// Those that are exactly as good as the one to take.
    pub alike: Vec<usize>,
}

/// Harm in percent that an objective leaves room for; `None` without one.
#[must_use]
pub fn allowed(objective: Option<f64>) -> Option<f64> {
    // 1 − 0.999 is not 0.001; no objective is written to ten digits.
    objective.map(|share| ((1.0 - share) * 1e12).round() / 1e10)
}

/// Whether harm keeps within what an objective allows, both in percent; the last bit of a sum decides nothing.
#[must_use]
pub fn keeps(harmed: f64, allowed: f64) -> bool {
    harmed <= allowed * (1.0 + 1e-9)
}

impl Assessments {
    /// Where the policies stand.
    #[must_use]
    pub fn of(comparison: &Comparison) -> Self {
        let allowed = allowed(comparison.objective);
        let of: Vec<Assessment> =
            (0..comparison.policies.len()).map(|place| assess(comparison, place, allowed)).collect();
        let (chosen, alike) = chosen(comparison.reference, &of, |place| comparison.policies[place].is_remedy());
        Self { allowed, of, chosen, alike }
    }

    /// The policies in the order in which one reads them: who meets it first, and among equals who harms least.
    #[must_use]
    pub fn ranked(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.of.len()).collect();
        let harm = |place: usize| self.of[place].harm.map_or(f64::INFINITY, |harm| harm.1);
        order.sort_by(|&a, &b| {
            let (one, other) = (&self.of[a], &self.of[b]);
            let by = one.keeps.cmp(&other.keeps).then((Some(b) == self.chosen).cmp(&(Some(a) == self.chosen)));
            by.then(other.met.cmp(&one.met)).then(harm(a).total_cmp(&harm(b))).then(a.cmp(&b))
        });
        order
    }

    /// The places of at most `most` policies to draw, in the order of the comparison: the reference, the one to take, the
    /// worst and the best are always among them.
    #[must_use]
    pub fn shown(&self, reference: usize, most: usize) -> Vec<usize> {
        let ranked = self.ranked();
        if ranked.len() <= most {
            return (0..ranked.len()).collect();
        }
        let by_harm = |place: &usize| self.of[*place].harm.map_or(-1.0, |harm| harm.1);
        let worst = ranked.iter().copied().max_by(|a, b| by_harm(a).total_cmp(&by_harm(b)).then(b.cmp(a)));
        let mut kept = vec![reference];
        for place in self.chosen.into_iter().chain(ranked.first().copied()).chain(worst).chain(ranked) {
            if kept.len() < most && !kept.contains(&place) {
                kept.push(place);
            }
        }
        kept.sort_unstable();
        kept
    }
}

fn words<'c>(comparison: &'c Comparison, place: usize, name: &str) -> Values<'c> {
    let none = Values::same(Seen::NotComputed(""), 0);
    comparison.column(name).map_or(none, |at| comparison.policies[place].values(at))
}

fn assess(comparison: &Comparison, place: usize, allowed: Option<f64>) -> Assessment {
    let runs = comparison.replications;
    let harms = words(comparison, place, HARMED);
    let outcomes = words(comparison, place, OUTCOME);
    let is = |outcome: Seen<'_>, wanted: Outcome| outcome == Seen::Word(wanted.word());
    let all = |wanted: Outcome| runs > 0 && outcomes.len() == runs && outcomes.iter().all(|one| is(one, wanted));
    let kept = comparison.policies[place].never_started.as_ref();
    let rule = kept.map(|kept| kept.rule.clone());
    let set = kept.and_then(|kept| kept.set.clone());
    let not_started = kept.is_some();
    let (mut met, mut open) = (0, 0);
    for harm in harms {
        match (harm, allowed) {
            (Seen::Number(value), Some(allowed)) if keeps(value, allowed) => met += 1,
            (Seen::AtLeast(least), Some(allowed)) if least <= allowed => open += 1,
            _ => {}
        }
    }
    let known = harms.iter().any(|harm| harm.least().is_some());
    let keeps = match () {
        () if not_started => Keeps::NotStarted,
        () if allowed.is_none() || !known => Keeps::Unknown,
        () if met == runs => Keeps::Always,
        () if met + open == 0 => Keeps::Never,
        () => Keeps::Sometimes,
    };
    let numbers: Vec<f64> = harms.iter().filter_map(|harm| harm.number()).collect();
    let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let most = numbers.iter().copied().fold(0.0, f64::max);
    let whole = numbers.len() == runs && runs > 0;
    let mean = || comparison.column(HARMED).and_then(|at| comparison.policies[place].summaries[at].mean);
    let harm = whole.then(|| mean().map(|mean| (least, mean.mean, most))).flatten();
    let length = comparison.column(DURATION).filter(|_| all(Outcome::Completed));
    let length = length.and_then(|at| comparison.policies[place].summaries[at].mean);
    let share = (allowed.is_some() && known && open == 0 && !not_started).then(|| proportion(met, runs, CONFIDENCE));
    Assessment { keeps, met, open, runs, share, harm, length, rule, set }
}

/// Which policy to take: of those that keep the objective in every run the one whose rollout is the shortest, where all of
/// them complete, and else that which harms least; the reference where it is as good, since then nothing has to change. Beside
/// it those that are exactly as good by the same number. What changes the incident is no policy to take.
fn chosen(reference: usize, of: &[Assessment], remedy: impl Fn(usize) -> bool) -> (Option<usize>, Vec<usize>) {
    let able: Vec<usize> = (0..of.len()).filter(|&place| of[place].keeps == Keeps::Always && remedy(place)).collect();
    if able.contains(&reference) {
        return (Some(reference), Vec::new());
    }
    let timed = able.iter().all(|&place| of[place].length.is_some());
    let cost = |place: usize| {
        let harm = of[place].harm.map_or(f64::INFINITY, |harm| harm.1);
        if timed { of[place].length.map_or(f64::INFINITY, |length| length.mean) } else { harm }
    };
    let chosen = able.iter().copied().min_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
    let alike =
        |place: &usize| chosen.is_some_and(|one| one != *place && cost(one) == cost(*place) && cost(one).is_finite());
    (chosen, able.into_iter().filter(alike).collect())
}

/// How much a difference says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It is sure, and large enough to go by.
    Matters,
    /// It is sure, and too small to go by.
    Small,
    /// There is none, or it is not sure.
    Nothing,
}

/// How much the difference of a policy to the reference says, in the measure of a column.
#[must_use]
pub fn weight(comparison: &Comparison, place: usize, at: usize) -> Weight {
    let policy = &comparison.policies[place];
    let Some(paired) = policy.paired.get(at) else { return Weight::Nothing };
    if !matches!(paired.verdict, Verdict::Better | Verdict::Worse | Verdict::More | Verdict::Less) {
        return Weight::Nothing;
    }
    let Some(difference) = paired.difference else { return Weight::Matters };
    let reference = comparison.policies[comparison.reference].summaries[at].mean.map_or(0.0, |mean| mean.mean.abs());
    let room = allowed(comparison.objective).filter(|_| comparison.columns[at].measure == HARMED).unwrap_or(0.0);
    let margin = MATTERS_FROM * reference.max(room);
    if difference.mean.abs() > margin { Weight::Matters } else { Weight::Small }
}

/// Names in a sentence; of many, the first and how many more.
#[must_use]
pub fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if names.len() <= 4 => format!("{} and {last}", first.join(", ")),
        [a, b, ..] => format!("{a}, {b} and {} more", names.len() - 2),
    }
}

/// The comparison in one sentence: what the reference does, and who keeps the objective.
#[must_use]
pub fn finding(comparison: &Comparison, assessments: &Assessments) -> String {
    if let Some(why) = unharmed(comparison) {
        return format!("{why}, so there is no harm to compare");
    }
    let reference = comparison.reference_name();
    let own = &assessments.of[comparison.reference];
    let name = |place: &usize| comparison.policies[*place].name.as_str();
    let harm = own.harm.map(|harm| match harm.1 {
        0.0 => "harms nobody".to_owned(),
        mean => format!("harms {} of requests", percent(mean)),
    });
    let does = match (&harm, own.keeps) {
        (_, Keeps::NotStarted) => format!("the rollout of {reference} never started"),
        (Some(harm), _) => format!("{reference} {harm}"),
        (None, _) => format!("harm under {reference} was still open in some runs"),
    };
    let Some(allowed) = assessments.allowed else {
        return format!("{does}; the scenario has no objective to compare it with{}", least(comparison, assessments));
    };
    let line = percent(allowed);
    let (met, runs) = (own.met, own.runs);
    let own = match own.keeps {
        Keeps::Always => format!("{does} and meets the objective ({line}) in every run"),
        Keeps::Sometimes => format!("{does} and meets the objective ({line}) in {met} of {runs} runs"),
        Keeps::Never => format!("{does} and misses the objective ({line}) in every run"),
        Keeps::NotStarted | Keeps::Unknown => does,
    };
    let others: Vec<usize> = (0..assessments.of.len()).filter(|&place| place != comparison.reference).collect();
    // Of what never began nothing is kept or missed.
    let (others, idle): (Vec<usize>, Vec<usize>) =
        others.into_iter().partition(|&place| assessments.of[place].keeps != Keeps::NotStarted);
    if others.is_empty() && !idle.is_empty() {
        let names: Vec<&str> = idle.iter().map(name).collect();
        return format!("{own}; no rollout started under {}", listed(&names));
    }
    let it = if matches!(assessments.of[comparison.reference].keeps, Keeps::NotStarted | Keeps::Unknown) {
        "the objective"
    } else {
        "it"
    };
    let able: Vec<&str> = others.iter().filter(|&&p| assessments.of[p].keeps == Keeps::Always).map(name).collect();
    let rest = match (others.len(), able.len()) {
        (0, _) => return own,
        (1, 0) => format!("{} does not meet {it} in every run", name(&others[0])),
        (n, 0) => format!("none of the {n} other policies meets {it} in every run"),
        (1, 1) => format!("{} meets {it} in every run", able[0]),
        (n, k) if n == k => format!("all {n} other policies meet {it} in every run"),
        (_, 1) => format!("only {} meets {it} in every run", able[0]),
        (n, k) => format!("{k} of the {n} other policies meet {it} in every run"),
    };
    format!("{own}; {rest}")
}

fn least(comparison: &Comparison, assessments: &Assessments) -> String {
    let known =
        |&place: &usize| assessments.of[place].harm.is_some() && assessments.of[place].keeps != Keeps::NotStarted;
    let harm = |place: usize| assessments.of[place].harm.map_or(f64::INFINITY, |harm| harm.1);
    let best = (0..assessments.of.len()).filter(known).min_by(|&a, &b| harm(a).total_cmp(&harm(b)).then(a.cmp(&b)));
    match best {
        Some(best) if best != comparison.reference && harm(best) < harm(comparison.reference) => {
            format!("; {} harms least ({})", comparison.policies[best].name, percent(harm(best)))
        }
        _ => String::new(),
    }
}

/// What is to be said of policies that are names of one thing, where they are not the ones that are called alike anyhow.
fn same(comparison: &Comparison, assessments: &Assessments) -> String {
    let alike = |place: usize| assessments.chosen == Some(place) || assessments.alike.contains(&place);
    let said =
        |place: usize| comparison.policies[place].twin.as_ref().is_none_or(|twin| alike(place) && alike(twin.of));
    if (0..comparison.policies.len()).all(said) {
        return String::new();
    }
    let sentences = super::twins::sentences(comparison);
    let first = sentences.iter().take(2).map(|one| format!(" {one}.")).collect::<String>();
    match sentences.len().saturating_sub(2) {
        0 => first,
        more => format!("{first} The same holds for {more} more groups of policies."),
    }
}

/// Why the policy to take is that.
fn merit(comparison: &Comparison, assessments: &Assessments, timed: bool) -> &'static str {
    let kept = assessments.of.iter().zip(&comparison.policies).filter(|(one, _)| one.keeps == Keeps::Always);
    let (remedies, others): (Vec<_>, Vec<_>) = kept.partition(|(_, policy)| policy.is_remedy());
    match (remedies.len(), others.len(), timed) {
        (1, 0, _) => "the only one that meets the objective in every run",
        (1, ..) => "the only one that meets the objective in every run and does not change the incident",
        (.., true) => "the fastest that meets the objective in every run",
        (.., false) => "the least harmful of those that meet the objective in every run",
    }
}

/// What to change, in a sentence.
#[must_use]
pub fn advice(comparison: &Comparison, assessments: &Assessments) -> String {
    let name = |place: usize| comparison.policies[place].name.as_str();
    let reference = comparison.reference;
    let never: Vec<&str> =
        (0..assessments.of.len()).filter(|&p| assessments.of[p].keeps == Keeps::NotStarted).map(name).collect();
    let aside = match &never[..] {
        [] => String::new(),
        names => format!(" {} never started a rollout that was wanted, so nothing is known about it.", listed(names)),
    };
    let aside = aside + &same(comparison, assessments);
    if unharmed(comparison).is_some() {
        return differing(comparison) + &aside;
    }
    let Some(allowed) = assessments.allowed else {
        return format!("Add an objective, such as objective: 99.9 %, and each policy is compared with it.{aside}");
    };
    let held = |place: usize| {
        let bound = assessments.of[place].share.map_or(0.0, |share| share.low);
        let runs = assessments.of[place].runs;
        format!(
            "{runs} of {runs} runs meet the objective; with 95 % confidence, at least {} of all runs do",
            at_least(bound)
        )
    };
    let sentence = match assessments.chosen {
        Some(place) if place == reference => format!("No change is needed: {}.", held(place)),
        Some(place) => {
            let harm = assessments.of[place].harm.map_or(0.0, |harm| harm.1);
            let timed = assessments.of[place].length.is_some();
            let why = merit(comparison, assessments, timed);
            if assessments.alike.is_empty() {
                format!("Take {}: it is {why} ({} harmed). {}.", name(place), percent(harm), held(place))
            } else {
                let alike: Vec<&str> = once(place).chain(assessments.alike.iter().copied()).map(name).collect();
                let by = match (timed, harm == 0.0) {
                    (true, _) => "they are equally fast".to_owned(),
                    (false, true) => "none of them harms a request in any run".to_owned(),
                    (false, false) => format!("they do equally little harm ({})", percent(harm)),
                };
                format!(
                    "Take one of these: {}. They are equal for this objective: {by}. {}.",
                    listed(&alike),
                    held(place)
                )
            }
        }
        None => {
            let known = |&place: &usize| {
                matches!(assessments.of[place].keeps, Keeps::Sometimes | Keeps::Never)
                    && comparison.policies[place].is_remedy()
            };
            match assessments.ranked().into_iter().find(known) {
                None => "No policy can be judged.".to_owned(),
                Some(best) => {
                    let (met, runs) = (assessments.of[best].met, assessments.of[best].runs);
                    let harm = assessments.of[best].harm.map_or("open".to_owned(), |harm| percent(harm.1));
                    let kept = assessments.of.iter().any(|one| one.keeps == Keeps::Always);
                    let none = if kept { "No remedy among these policies" } else { "None of these policies" };
                    format!(
                        "{none} keeps harm within {} in every run. The nearest is {}: {met} of {runs} runs, {harm} \
                         harmed on average. You need another policy.",
                        percent(allowed),
                        name(best)
                    )
                }
            }
        }
    };
    sentence + &aside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Column;
    use crate::compare::compare;
    use crate::replicate::{Done, Replications, Row};
    use std::sync::Arc;
    use windtunnel_sim::measure::Stored;
    use windtunnel_sim::measure::catalogue::NEVER_STARTED_BY;
    use windtunnel_sim::rules::assumptions::Used;

    type Run = (f64, &'static str, Option<f64>);

    fn made(policies: &[(&str, &dyn Fn(usize) -> Run)]) -> Comparison {
        let columns: Arc<[Column]> = [(HARMED, "%"), (OUTCOME, ""), (DURATION, "s"), (NEVER_STARTED_BY, "")]
            .map(|(name, unit)| Column::new(name, None, unit))
            .into();
        let names: Vec<&str> = policies.iter().map(|policy| policy.0).collect();
        let mut runs = Replications::new(1, &names);
        for (policy, (_, of)) in policies.iter().enumerate() {
            for replication in 0..20 {
                let (harm, outcome, length) = of(replication);
                let length = length.map_or(Stored::NotComputed("no upgrade started".into()), Stored::Number);
                let rule = match outcome {
                    "neverStarted" => Stored::Word("MS-07".into()),
                    _ => Stored::NotComputed("no rollout that was wanted failed to begin".into()),
                };
                let values = vec![Stored::Number(harm), Stored::Word(outcome.into()), length, rule];
                let row = Row { digest: 0, looped: false, values };
                let done = Done { policy, replication, columns: Arc::clone(&columns), row, used: Used::default() };
                runs.put(done).expect("it fits");
            }
        }
        Comparison { objective: Some(0.999), ..compare(&runs, 0, None) }
    }

    /// 0.1 % is allowed. The first misses it always, `sometimes` keeps it in 5 of 20, `slow` and `fast` always, and of these
    /// `fast` is the shorter; `surge` never began, and its zero is no merit.
    #[test]
    fn the_fastest_that_keeps_the_objective_is_taken_and_what_never_began_is_not() {
        let comparison = made(&[
            ("as-written", &|i| (7.5 + i as f64 * 0.01, "completed", Some(3000.0))),
            ("sometimes", &|i| (if i < 5 { 0.05 } else { 0.5 }, "completed", Some(100.0))),
            ("slow", &|_| (0.02, "completed", Some(9000.0))),
            ("fast", &|_| (0.1, "completed", Some(4500.0))),
            ("surge", &|_| (0.0, "neverStarted", None)),
        ]);
        let assessments = Assessments::of(&comparison);
        assert_eq!(assessments.allowed, Some(0.1));
        let keeps: Vec<Keeps> = assessments.of.iter().map(|one| one.keeps).collect();
        assert_eq!(keeps, [Keeps::Never, Keeps::Sometimes, Keeps::Always, Keeps::Always, Keeps::NotStarted]);
        assert_eq!((assessments.of[1].met, assessments.of[4].rule.as_deref()), (5, Some("MS-07")));
        assert_eq!(assessments.chosen, Some(3));
        // It has the least harm of all in each run, and is not better for it.
        let verdict = |place: usize| comparison.policies[place].paired[0].verdict;
        assert_eq!((verdict(3), verdict(4)), (Verdict::Better, Verdict::NeverStarted));
        assert_eq!(assessments.ranked(), [3, 2, 1, 0, 4]);
        assert_eq!(
            assessments.shown(0, 3),
            [0, 2, 3],
            "the reference, the one to take and the least harm, which is drawn too"
        );
        let finding = finding(&comparison, &assessments);
        assert!(finding.contains("misses the objective (0.1 %) in every run; 2 of the 3 other"), "{finding}");
        let advice = advice(&comparison, &assessments);
        assert!(
            advice.starts_with("Take fast: it is the fastest") && advice.contains("surge never started"),
            "{advice}"
        );
    }

    /// Two harm nobody, and nothing tells them apart: neither is "the one".
    #[test]
    fn policies_that_are_exactly_as_good_are_named_together() {
        let comparison = made(&[
            ("as-written", &|_| (7.5, "completed", None)),
            ("first", &|_| (0.0, "completed", None)),
            ("worse", &|_| (0.05, "completed", None)),
            ("second", &|_| (0.0, "completed", None)),
        ]);
        let assessments = Assessments::of(&comparison);
        assert_eq!((assessments.chosen, &assessments.alike[..]), (Some(1), &[3][..]));
        let advice = advice(&comparison, &assessments);
        assert!(advice.starts_with("Take one of these: first and second."), "{advice}");
        assert!(advice.contains("none of them harms a request"), "{advice}");
        // The reference that is as good needs no other beside it: nothing has to change.
        let comparison =
            made(&[("as-written", &|_| (0.0, "completed", None)), ("other", &|_| (0.0, "completed", None))]);
        assert_eq!(Assessments::of(&comparison).alike, Vec::<usize>::new());
    }

    /// Neither began: nothing is kept, and nothing missed.
    #[test]
    fn of_what_never_began_nothing_is_kept_or_missed() {
        let none = |_: usize| (0.0, "neverStarted", None);
        let comparison = made(&[("as-written", &none), ("other", &none)]);
        let finding = finding(&comparison, &Assessments::of(&comparison));
        assert_eq!(finding, "the rollout of as-written never started; no rollout started under other");
        let some = |_: usize| (7.5, "completed", Some(1.0));
        let comparison = made(&[("as-written", &none), ("other", &some)]);
        let finding = super::finding(&comparison, &Assessments::of(&comparison));
        assert!(finding.ends_with("; other does not meet the objective in every run"), "{finding}");
    }

    /// 88.3 against 85.1 is sure and no reason to change: 3.2 is less than a tenth of 88.3. 0.0203 against 0.02 neither: 0.0003
    /// is less than a tenth of the 0.1 that is allowed. 7.5 against 0.04 is one.
    #[test]
    fn what_is_sure_and_small_does_not_matter() {
        let two = |a: f64, b: f64| {
            let noise = |i: usize| (i % 3) as f64 * 1e-5;
            let comparison = made(&[
                ("as-written", &|i| (a + noise(i), "completed", Some(1.0))),
                ("other", &|i| (b + noise(i + 1), "completed", Some(1.0))),
            ]);
            weight(&comparison, 1, 0)
        };
        assert_eq!(two(88.3, 85.1), Weight::Small);
        assert_eq!(two(0.02, 0.0203), Weight::Small);
        assert_eq!(two(7.5, 0.04), Weight::Matters);
        assert_eq!(two(5.0, 5.0), Weight::Nothing);
    }

    #[test]
    fn shares_have_two_digits_that_count() {
        assert_eq!(
            [0.0, 0.000_2, 0.005, 0.072, 0.1, 8.66, 88.34, 100.0].map(percent),
            ["none", "under 0.001 %", "0.005 %", "0.072 %", "0.1 %", "8.7 %", "88.3 %", "100 %"]
        );
    }
}
