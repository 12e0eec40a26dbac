//! Varied assumptions: how often a verdict holds when the numbers that Azure does not publish are not what we took them for.
//!
//! Replication *i* of every policy gets the same draw of every assumption that the comparison used, each from its range.
//! A range is what a scenario may give, so it is wide, but where the platform was recorded only what was seen is drawn; and
//! its ends are not as likely as its middle: half of the draws lie
//! below the default, spread evenly, and half above it, spread evenly in their ratio to it (10 times as long is as likely
//! as another 10 times). Switches and words are drawn evenly; a distribution keeps its shape and is scaled. What a scenario
//! states itself is not an assumption any more, and is left as it is.

use super::compare::Comparison;
use super::replicate::Replications;
use super::replicate::seed_of;
use super::statistics::{CONFIDENCE, Direction, Interval, SAME_WITHIN, Verdict, paired, proportion};
use super::table::Values;
use windtunnel_sim::engine::random::{Dist, Purpose, Randomness, Subject, name};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::Seen;
use windtunnel_sim::measure::catalogue::{BATCHES, HARMED};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::assumptions::Used;
use windtunnel_sim::rules::{A, Range, Value};

/// Which assumptions are drawn, and by which stream.
#[derive(Clone, Debug)]
pub struct Variation {
    first_seed: u64,
    /// The assumptions that are drawn, in the order of the table.
    pub drawn: Vec<A>,
    /// Those that were used and are left as the scenario states them.
    pub stated: Vec<A>,
}

impl Variation {
    /// Draws what `used` names, but for what a scenario states.
    #[must_use]
    pub fn of(plans: &[&Plan], used: &Used, first_seed: u64) -> Self {
        let is_stated = |a: &A| plans.iter().any(|plan| plan.assumptions.value(*a) != a.row().default);
        let (stated, drawn) = used.iter().partition(is_stated);
        Self { first_seed, drawn, stated }
    }

    /// What an assumption is in one replication, for every policy.
    #[must_use]
    pub fn value(&self, assumption: A, replication: usize) -> Value {
        let row = assumption.row();
        let subject = Subject { place: name(row.key), cause: name("vary-assumptions"), ordinal: 0 };
        let random = Randomness::new(seed_of(self.first_seed, replication));
        let mut stream = random.stream(Purpose::Generator, subject, 0);
        let u = stream.unit();
        let value = draw(row.default, row.range, u);
        if row.range.allows(value) { value } else { row.default }
    }

    /// The plan of one replication.
    #[must_use]
    pub fn plan(&self, plan: &Plan, replication: usize) -> Plan {
        let mut plan = plan.clone();
        for &assumption in &self.drawn {
            let drawn = plan.assumptions.set(assumption, self.value(assumption, replication));
            drawn.expect("it was drawn from its range");
        }
        plan
    }
}

/// The value at `u`, from 0 to 1, of the way through a range: half of it below the default.
fn draw(default: Value, range: Range, u: f64) -> Value {
    let time = |min: SimDuration, max: SimDuration, middle: SimDuration| {
        let ms = about(min.ms() as f64, middle.ms() as f64, max.ms() as f64, u);
        // Nobody reads milliseconds of minutes.
        let step = if ms >= 60_000.0 { 1000.0 } else { 1.0 };
        SimDuration::from_ms(((libm::round(ms / step) * step) as u64).clamp(min.ms(), max.ms()))
    };
    match (default, range) {
        (Value::Count(middle), Range::Count { min, max }) => {
            let drawn = libm::round(about(min as f64, middle as f64, max as f64, u)) as u64;
            Value::Count(drawn.clamp(min, max))
        }
        (Value::Time(middle), Range::Time { min, max }) => Value::Time(time(min, max, middle)),
        // A share has no scale: both halves are even.
        (Value::Share(middle), Range::Share) => Value::Share(even(0.0, middle, 1.0, u)),
        (Value::Number(middle), Range::Number { min, max }) => Value::Number(about(min, middle, max, u)),
        (Value::Switch(_), Range::Switch) => Value::Switch(u < 0.5),
        (Value::Choice(_), Range::Words(words)) => {
            Value::Choice(words[((u * words.len() as f64) as usize).min(words.len() - 1)])
        }
        (Value::Dist(dist), Range::Dist { min, max, recorded }) => {
            let (from, to) = recorded.unwrap_or((min, max));
            let scaled = |middle: SimDuration| time(from, to, middle);
            Value::Dist(match dist {
                Dist::Constant(middle) => Dist::Constant(scaled(middle)),
                Dist::Exponential { mean } => Dist::Exponential { mean: scaled(mean) },
                Dist::LogNormal { median, sigma } => Dist::LogNormal { median: scaled(median), sigma },
                Dist::Uniform { min: from, max: to } => {
                    let end = scaled(to);
                    Dist::Uniform { min: in_proportion(from, to, end).max(min), max: end }
                }
                Dist::LogUniform { min: from, max: to } => {
                    let end = scaled(to);
                    Dist::LogUniform { min: in_proportion(from, to, end).max(min), max: end }
                }
                Dist::SlowTail { median, sigma, share, min: from, max: to } => {
                    let drawn = scaled(median);
                    let tail = |of: SimDuration| in_proportion(of, median, drawn).max(min).min(max);
                    Dist::SlowTail { median: drawn, sigma, share, min: tail(from), max: tail(to) }
                }
                Dist::TwoModes { first: (median, sigma), second: (other, spread), share } => {
                    let drawn = scaled(median);
                    let other = in_proportion(other, median, drawn).max(min).min(max);
                    Dist::TwoModes { first: (drawn, sigma), second: (other, spread), share }
                }
            })
        }
        (default, _) => default,
    }
}

/// What `part` is to `whole`, of `drawn`.
fn in_proportion(part: SimDuration, whole: SimDuration, drawn: SimDuration) -> SimDuration {
    let share = if whole.ms() == 0 { 0.0 } else { part.ms() as f64 / whole.ms() as f64 };
    SimDuration::from_ms(libm::round(drawn.ms() as f64 * share) as u64)
}

fn even(min: f64, middle: f64, max: f64, u: f64) -> f64 {
    if u < 0.5 { min + (middle - min) * 2.0 * u } else { middle + (max - middle) * (2.0 * u - 1.0) }
}

/// Even below the middle, and even in the ratio above it. Above a middle of zero the ratios begin at a thousandth of the
/// range.
fn about(min: f64, middle: f64, max: f64, u: f64) -> f64 {
    if u < 0.5 || middle >= max {
        return even(min, middle, max, u.min(0.5));
    }
    let start = if middle > 0.0 { middle } else { max / 1000.0 };
    start * libm::pow(max / start, 2.0 * u - 1.0)
}

/// What came of a comparison under varied assumptions.
#[derive(Clone, Debug)]
pub struct Varied {
    /// What was drawn.
    pub variation: Variation,
    /// How many replications.
    pub replications: usize,
    /// Each verdict that says something, by policy and then by measure.
    pub verdicts: Vec<Robustness>,
}

/// How often a verdict holds.
#[derive(Clone, Debug)]
pub struct Robustness {
    /// The policy, by place.
    pub policy: usize,
    /// The measure, by place among the columns of the comparison.
    pub column: usize,
    /// The verdict without variation.
    pub verdict: Verdict,
    /// The verdict of the same rule over all replications with variation.
    pub varied: Verdict,
    /// The share of pairs without variation that are on the side of the verdict: randomness alone makes some of them differ.
    pub without: f64,
    /// Replications in which the policy was on the side that the verdict says.
    pub holds: usize,
    /// In which both were the same, where the verdict says that they are not, although what happens without variation happened.
    pub same: usize,
    /// In which it was the other way round; for no difference, in which there was one.
    pub turned: usize,
    /// In which one of them was not computed.
    pub missing: usize,
    /// In which there was nothing to compare: nobody was harmed, or no rollout began, under both, although without variation
    /// it was so under one. They are none of the above.
    pub nothing: usize,
    /// Where the share of the replications lies, of those in which there was something to compare, in which it holds.
    pub share: Interval,
    /// What goes with its not holding, if one thing clearly does.
    pub leans: Option<Lean>,
}

impl Robustness {
    /// The replications in which there was something to compare.
    #[must_use]
    pub const fn runs(&self) -> usize {
        self.holds + self.same + self.turned + self.missing
    }
}

/// An assumption that decides whether a verdict holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Lean {
    /// The assumption.
    pub assumption: A,
    /// Which of its values make the verdict hold less often, in words: `from PT31M on`.
    pub when: String,
    /// With these values: how often it holds, of how many.
    pub then: Share,
    /// With the others.
    pub otherwise: Share,
}

/// Looks how often each verdict of a comparison holds in runs under varied assumptions.
#[must_use]
pub fn robustness(comparison: &Comparison, runs: &Replications, variation: Variation) -> Varied {
    let replications = runs.complete();
    let absent = || Values::same(Seen::NotComputed("this policy has no such part"), replications);
    let values = |policy: usize, column: &str| {
        runs.policies[policy].values(column).map_or_else(absent, |values| values.first(replications))
    };
    let mut verdicts = Vec::new();
    for (policy, result) in comparison.policies.iter().enumerate() {
        let idle = idle(comparison, policy, replications, &values);
        for (column, paired) in result.paired.iter().enumerate() {
            if matches!(paired.verdict, Verdict::Inconclusive | Verdict::NeverStarted) {
                continue;
            }
            let of = &comparison.columns[column];
            let mean = comparison.policies[comparison.reference].summaries[column].mean;
            let margin = match paired.verdict {
                Verdict::NoDifference => SAME_WITHIN * mean.map_or(0.0, |mean| mean.mean.abs()),
                _ => 0.0,
            };
            let sides = |reference: Values<'_>, own: Values<'_>| -> Vec<Option<Verdict>> {
                let side = |(reference, own)| side(reference, own, of.direction(), margin);
                reference.iter().zip(own.iter()).map(side).collect()
            };
            let (reference, own) = (values(comparison.reference, &of.name), values(policy, &of.name));
            let before = sides(comparison.policies[comparison.reference].values(column), result.values(column));
            let over_all = compare_all(reference, own, of.direction());
            let sides = Sides { before: &before, varied: &sides(reference, own), idle: &idle };
            let known = Known { policy, column, verdict: paired.verdict, varied: over_all };
            verdicts.push(held(&known, &sides, &variation));
        }
    }
    Varied { variation, replications, verdicts }
}

/// The verdict over all replications, by the rule of the verdict without variation.
fn compare_all(reference: Values<'_>, own: Values<'_>, direction: Direction) -> Verdict {
    paired(reference, own, direction, CONFIDENCE).verdict
}

/// In which replications nothing happened under a policy and the reference that happened under one of them without variation.
fn idle<'v>(
    comparison: &'v Comparison,
    policy: usize,
    replications: usize,
    varied: &impl Fn(usize, &str) -> Values<'v>,
) -> Vec<bool> {
    let both = [comparison.reference, policy];
    let happens = |value: Option<Seen<'_>>| value.and_then(|value| value.least()).is_some_and(|least| least > 0.0);
    let went = |measure: &str, at: usize| {
        let Some(column) = comparison.column(measure) else { return false };
        let before = both.iter().any(|place| happens(comparison.policies[*place].values(column).get(at)));
        before && !both.iter().any(|place| happens(varied(*place, measure).get(at)))
    };
    (0..replications).map(|at| went(HARMED, at) || went(BATCHES, at)).collect()
}

/// On which side of the reference a policy is in one replication; within the margin it is the same.
fn side(reference: Seen<'_>, own: Seen<'_>, direction: Direction, margin: f64) -> Option<Verdict> {
    let pair = paired([reference], [own], direction, CONFIDENCE);
    if pair.difference.is_some_and(|difference| difference.mean.abs() <= margin) {
        return Some(Verdict::Same);
    }
    use Direction::{Higher, Lower, Neutral};
    match (pair.pairs, pair.less, pair.more, pair.equal, direction) {
        (0, ..) => None,
        (_, _, _, 1, _) => Some(Verdict::Same),
        (_, 1, _, _, Lower) | (_, _, 1, _, Higher) => Some(Verdict::Better),
        (_, _, 1, _, Lower) | (_, 1, _, _, Higher) => Some(Verdict::Worse),
        (_, 1, _, _, Neutral) => Some(Verdict::Less),
        (_, _, 1, _, Neutral) => Some(Verdict::More),
        _ => Some(Verdict::Other),
    }
}

/// What is known of a verdict before its replications are counted.
struct Known {
    policy: usize,
    column: usize,
    verdict: Verdict,
    varied: Verdict,
}

/// The sides on which a policy was.
struct Sides<'s> {
    /// Without variation.
    before: &'s [Option<Verdict>],
    varied: &'s [Option<Verdict>],
    /// Where there was nothing to compare.
    idle: &'s [bool],
}

fn held(known: &Known, sides: &Sides<'_>, variation: &Variation) -> Robustness {
    let Known { policy, column, verdict, varied } = *known;
    let wanted = if verdict == Verdict::NoDifference { Verdict::Same } else { verdict };
    let (mut holds, mut same, mut turned, mut missing, mut nothing) = (0, 0, 0, 0, 0);
    for (side, idle) in sides.varied.iter().zip(sides.idle) {
        let count = match side {
            Some(side) if *side == wanted && (!idle || wanted != Verdict::Same) => &mut holds,
            None | Some(Verdict::Same) if *idle => &mut nothing,
            None => &mut missing,
            Some(Verdict::Same) => &mut same,
            Some(_) => &mut turned,
        };
        *count += 1;
    }
    let outcomes: Vec<bool> = sides.varied.iter().map(|side| *side == Some(wanted)).collect();
    let before = sides.before.iter().filter(|side| **side == Some(wanted)).count();
    let without = before as f64 / sides.before.len().max(1) as f64;
    let share = proportion(holds, holds + same + turned + missing, CONFIDENCE);
    let leans = leans(&outcomes, variation);
    Robustness { policy, column, verdict, varied, without, holds, same, turned, missing, nothing, share, leans }
}

/// Fewer replications than this on one side of a border show nothing.
const LEAST: usize = 8;
/// How sure both sides must be, since many borders are tried.
const SURE: f64 = 0.999;

/// The border in the values of one assumption that parts best the replications in which a verdict holds from the others,
/// if the shares on its sides lie apart beyond doubt.
fn leans(holds: &[bool], variation: &Variation) -> Option<Lean> {
    let all = holds.iter().filter(|held| **held).count();
    if all == holds.len() || all == 0 {
        return None;
    }
    let mut best: Option<(f64, Lean)> = None;
    let mut offer = |lean: Lean| {
        let spread = |(held, of): (usize, usize)| held as f64 * (of - held) as f64 / of as f64;
        let gain = spread((all, holds.len())) - spread(lean.then) - spread(lean.otherwise);
        if best.as_ref().is_none_or(|(known, _)| gain > *known) {
            best = Some((gain, lean));
        }
    };
    for &assumption in &variation.drawn {
        let values: Vec<Value> = (0..holds.len()).map(|at| variation.value(assumption, at)).collect();
        match assumption.row().range {
            Range::Switch | Range::Words(_) => {
                let mut seen: Vec<Value> = Vec::new();
                for &value in &values {
                    if !seen.contains(&value) {
                        seen.push(value);
                    }
                }
                for value in seen {
                    let is: Vec<bool> = values.iter().map(|other| *other == value).collect();
                    split(assumption, holds, &is, format!("where it is {value}")).into_iter().for_each(&mut offer);
                }
            }
            _ => borders(assumption, holds, &values).into_iter().for_each(&mut offer),
        }
    }
    let (_, lean) = best?;
    let share = |(held, of): (usize, usize)| proportion(held, of, SURE);
    (share(lean.then).high < share(lean.otherwise).low).then_some(lean)
}

/// The two sides of a set of replications; the side that holds less often is the one that is reported.
fn split(assumption: A, holds: &[bool], is: &[bool], when: String) -> Option<Lean> {
    let of = |side: bool| {
        let these = holds.iter().zip(is).filter(|(_, is)| **is == side);
        these.fold((0, 0), |(held, of), (holds, _)| (held + usize::from(*holds), of + 1))
    };
    let (then, otherwise) = (of(true), of(false));
    let rate = |(held, of): (usize, usize)| held as f64 / of as f64;
    (then.1 >= LEAST && otherwise.1 >= LEAST && rate(then) < rate(otherwise)).then_some(Lean {
        assumption,
        when,
        then,
        otherwise,
    })
}

/// In how many it holds, of how many.
pub type Share = (usize, usize);

/// The best border in values that have an order, on either side.
fn borders(assumption: A, holds: &[bool], values: &[Value]) -> Vec<Lean> {
    let mut order: Vec<usize> = (0..holds.len()).collect();
    order.sort_by(|a, b| size(values[*a]).total_cmp(&size(values[*b])));
    let all = holds.iter().filter(|held| **held).count();
    let mut below = 0;
    let mut best: Option<(f64, Share, Share, usize)> = None;
    for (at, &place) in order.iter().enumerate() {
        let above_count = holds.len() - at;
        // The border lies before this value, if it is another one than the last.
        if at >= LEAST && above_count >= LEAST && size(values[place]) > size(values[order[at - 1]]) {
            let (low, high) = ((below, at), (all - below, above_count));
            let spread = |(held, of): (usize, usize)| held as f64 * (of - held) as f64 / of as f64;
            let left = spread(low) + spread(high);
            if best.as_ref().is_none_or(|(known, ..)| left < *known) {
                best = Some((left, low, high, at));
            }
        }
        below += usize::from(holds[place]);
    }
    let Some((_, low, high, at)) = best else { return Vec::new() };
    let rate = |(held, of): (usize, usize)| held as f64 / of as f64;
    let lean = if rate(high) < rate(low) {
        Lean { assumption, when: format!("from {} on", said(values[order[at]])), then: high, otherwise: low }
    } else {
        Lean { assumption, when: format!("up to {}", said(values[order[at - 1]])), then: low, otherwise: high }
    };
    vec![lean]
}

/// A value as a number, for its order.
fn size(value: Value) -> f64 {
    match value {
        Value::Count(count) => count as f64,
        Value::Time(time) => time.seconds(),
        Value::Share(share) => share,
        Value::Number(number) => number,
        Value::Dist(dist) => middle(dist).seconds(),
        Value::Switch(_) | Value::Choice(_) => 0.0,
    }
}

const fn middle(dist: Dist) -> SimDuration {
    match dist {
        Dist::Constant(value) => value,
        Dist::Uniform { max, .. } | Dist::LogUniform { max, .. } => max,
        Dist::Exponential { mean } => mean,
        Dist::LogNormal { median, .. } | Dist::SlowTail { median, .. } | Dist::TwoModes { first: (median, _), .. } => {
            median
        }
    }
}

/// A border for people.
fn said(value: Value) -> String {
    match value {
        Value::Dist(Dist::Uniform { max, .. } | Dist::LogUniform { max, .. }) => format!("at most {max}"),
        Value::Dist(Dist::Exponential { mean }) => format!("mean {mean}"),
        Value::Dist(Dist::LogNormal { median, .. } | Dist::SlowTail { median, .. }) => format!("median {median}"),
        Value::Dist(Dist::TwoModes { first: (median, _), .. }) => format!("median {median}"),
        Value::Dist(Dist::Constant(value)) => value.to_string(),
        Value::Number(number) => windtunnel_words::number::number(number),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::rules::ASSUMPTIONS;

    fn all() -> Variation {
        Variation { first_seed: 1, drawn: ASSUMPTIONS.iter().map(|row| row.id).collect(), stated: Vec::new() }
    }

    #[test]
    fn every_draw_lies_in_its_range_and_the_default_in_its_middle() {
        for row in ASSUMPTIONS {
            for step in 0..=100 {
                let value = draw(row.default, row.range, f64::from(step) / 100.0 * 0.999_999);
                assert!(row.range.allows(value), "{}: {value}", row.key);
            }
            let ordered = !matches!(row.range, Range::Switch | Range::Words(_));
            let middle = draw(row.default, row.range, 0.499_999_999);
            if ordered && size(row.default) > 0.0 {
                assert!((size(middle) - size(row.default)).abs() <= 1e-3 * size(row.default), "{}: {middle}", row.key);
            }
        }
    }

    /// From 0 to 2 h, default 60 s. A quarter of the way: half of 60 s. Three quarters: 60 s × √120 = 657.3 s.
    #[test]
    fn draws_are_even_below_the_default_and_even_in_ratio_above() {
        let secs = SimDuration::from_secs;
        let (default, range) = (Value::Time(secs(60)), Range::Time { min: secs(0), max: secs(7200) });
        let at = |u: f64| match draw(default, range, u) {
            Value::Time(time) => time.ms(),
            other => panic!("{other}"),
        };
        assert_eq!([at(0.0), at(0.25), at(0.5), at(0.75)], [0, 30_000, 60_000, 657_000]);
    }

    #[test]
    fn draws_depend_on_the_replication_and_the_key_alone() {
        let (one, other) = (all(), Variation { drawn: vec![A::VmBootLinux], ..all() });
        assert_eq!(one.value(A::VmBootLinux, 3), other.value(A::VmBootLinux, 3));
        assert_ne!(one.value(A::VmBootLinux, 3), one.value(A::VmBootLinux, 4));
        let later = Variation { first_seed: 4, ..all() };
        assert_eq!(one.value(A::LbPropagation, 5), later.value(A::LbPropagation, 2), "keyed by the seed");
    }

    /// A verdict that holds unless provisioning takes longer than 100 s leans on that, and on nothing else. Some 50 of 300 draws
    /// lie from there to the longest recorded, 150 s, and the first of them within 10 s.
    #[test]
    fn what_goes_with_a_flip_is_found() {
        let variation = Variation { drawn: vec![A::LbPropagation, A::VmssProvision, A::VmBootLinux], ..all() };
        let slow = |at: usize| size(variation.value(A::VmssProvision, at)) > 100.0;
        let holds: Vec<bool> = (0..300).map(|at| !slow(at)).collect();
        let lean = leans(&holds, &variation).expect("it leans");
        let count = holds.iter().filter(|held| !**held).count();
        assert_eq!(
            (lean.assumption, lean.then, lean.otherwise),
            (A::VmssProvision, (0, count), (300 - count, 300 - count))
        );
        assert!(lean.when.starts_with("from median PT1M4"), "{}", lean.when);
        // A coin has nothing to lean on: the parity of the digest of the place.
        let coin = |at: u32| blake3::hash(&at.to_le_bytes()).as_bytes()[0].is_multiple_of(2);
        let coin: Vec<bool> = (0..300).map(coin).collect();
        assert_eq!(leans(&coin, &variation), None);
        assert_eq!(leans(&[true; 300], &variation), None);
    }

    #[test]
    fn a_switch_that_decides_is_found() {
        let variation = Variation { drawn: vec![A::LbRefusalImmediate, A::VmssProvision], ..all() };
        let holds: Vec<bool> =
            (0..200).map(|at| variation.value(A::LbRefusalImmediate, at) == Value::Switch(true)).collect();
        let lean = leans(&holds, &variation).expect("it leans");
        assert_eq!((lean.assumption, lean.when.as_str(), lean.then.0), (A::LbRefusalImmediate, "where it is false", 0));
    }
}
