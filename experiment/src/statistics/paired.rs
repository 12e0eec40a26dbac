//! Differences between two policies with the same random numbers.

use super::interval::{Interval, Mean, mean, proportion};
use std::cmp::Ordering;
use windtunnel_sim::measure::catalogue::Direction;
use windtunnel_sim::measure::{Seen, Value};
use windtunnel_words::number::at_least;

/// Fewer pairs that differ than this decide nothing: even if all lie on one side, chance does that more often than one
/// time in twenty (2 ÷ 2⁵ = 1 ÷ 16), and a mean over so few values has no interval worth the name.
pub const LEAST_DIFFERING: usize = 6;

/// A difference whose interval holds zero and stays within this share of the reference's mean is none.
pub const SAME_WITHIN: f64 = 0.01;

/// Two numbers that differ by less than this share of them, or of one, are the same number summed in another order: both
/// have errors of rounding of about 10⁻¹⁶ a term, and no measure is read to twelve digits.
const ROUNDING: f64 = 1e-12;

/// How much more the policy has than the reference, zero where only rounding tells them apart.
#[must_use]
pub fn difference(reference: f64, policy: f64) -> f64 {
    let difference = policy - reference;
    let scale = reference.abs().max(policy.abs()).max(1.0);
    if difference.abs() <= ROUNDING * scale { 0.0 } else { difference }
}

/// What became of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The policy is better than the reference.
    Better,
    /// It is worse.
    Worse,
    /// More of a measure that is neither good nor bad.
    More,
    /// Less of it.
    Less,
    /// Other words, which have no order.
    Other,
    /// The same in every run that was made; of how many others, the reason says.
    Same,
    /// As good as the same in the mean: the interval of the difference leaves no room for one that matters.
    NoDifference,
    /// It cannot be judged.
    Inconclusive,
    /// A rollout that was wanted never began, under the policy or under the reference: nothing was tried that could be
    /// better or worse.
    NeverStarted,
}

impl Verdict {
    /// As tables say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::More => "more",
            Self::Less => "less",
            Self::Other => "different",
            Self::Same => "the same",
            Self::NoDifference => "no difference",
            Self::Inconclusive => "inconclusive",
            Self::NeverStarted => "never started",
        }
    }

    /// Of a policy whose values are greater or less than those of the reference.
    const fn of(order: Ordering, direction: Direction) -> Self {
        match (order, direction) {
            (Ordering::Equal, _) => Self::Same,
            (Ordering::Less, Direction::Lower) | (Ordering::Greater, Direction::Higher) => Self::Better,
            (Ordering::Greater, Direction::Lower) | (Ordering::Less, Direction::Higher) => Self::Worse,
            (Ordering::Greater, Direction::Neutral) => Self::More,
            (Ordering::Less, Direction::Neutral) => Self::Less,
        }
    }
}

/// What the verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The mean of the paired differences, by Student's t.
    Mean,
    /// Which of the two is ahead in each pair, as a proportion: where runs are open there is no mean.
    Sign,
    /// The mean of the paired differences, by a confidence sequence, since it was looked at while the runs went on.
    Sequence,
    /// Words, pair by pair.
    Words,
    /// Nothing: there is no pair in which both are computed.
    Nothing,
}

impl Method {
    /// As tables say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Mean => "student-t",
            Self::Sign => "sign",
            Self::Sequence => "robbins-mixture",
            Self::Words => "words",
            Self::Nothing => "none",
        }
    }
}

/// A policy against the reference, in one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Paired {
    /// Pairs in which both have a value.
    pub pairs: usize,
    /// Pairs in which one of them, or both, was not computed.
    pub missing: usize,
    /// Pairs in which one of them, or both, was still open.
    pub open: usize,
    /// Pairs in which the policy has less.
    pub less: usize,
    /// Pairs in which both have the same, or cannot be ordered.
    pub equal: usize,
    /// Pairs in which the policy has more.
    pub more: usize,
    /// The mean of policy − reference; `None` where a run is open.
    pub difference: Option<Mean>,
    /// Where the difference lies; of the share of pairs in which the policy has more, for [`Method::Sign`].
    pub interval: Option<Interval>,
    /// What the verdict rests on.
    pub method: Method,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it cannot be judged; of the same in every run, how far that reaches.
    pub why: Option<String>,
    /// By what the common random numbers divide the variance of the difference: what two independent samples would have over
    /// what the pairs have. `None` where a run is open, where fewer than two pairs have numbers, and where no pair varies.
    pub reduction: Option<f64>,
}

impl Paired {
    /// Whether the difference is surely greater than a margin, to whichever side it is. Where runs are open there is no size to ask for.
    #[must_use]
    pub fn exceeds(&self, margin: f64) -> bool {
        let means = matches!(self.method, Method::Mean | Method::Sequence);
        let sized = self.difference.zip(self.interval).filter(|_| means);
        sized.is_none_or(|(difference, interval)| difference.mean.abs() - interval.half() > margin)
    }

    /// The same where a rollout never began: what is better or worse then is no merit and no fault of the policy.
    #[must_use]
    pub fn without_rollout(self, why: String) -> Self {
        match self.verdict {
            Verdict::Better | Verdict::Worse => Self { verdict: Verdict::NeverStarted, why: Some(why), ..self },
            _ => self,
        }
    }
}

/// Compares a policy with the reference in one measure; the two are in the same order of seeds.
#[must_use]
pub fn paired<'o, A: Into<Seen<'o>>, B: Into<Seen<'o>>>(
    reference: impl IntoIterator<Item = A>,
    policy: impl IntoIterator<Item = B>,
    direction: Direction,
    confidence: f64,
) -> Paired {
    let mut pairs = Pairs::default();
    let (mut reference, mut policy) = (reference.into_iter(), policy.into_iter());
    loop {
        match (reference.next(), policy.next()) {
            (Some(reference), Some(policy)) => pairs.add(reference.into(), policy.into()),
            (None, None) => break,
            (Some(_), None) | (None, Some(_)) => panic!("policies share seeds"),
        }
    }
    let result = Paired {
        pairs: pairs.less + pairs.equal + pairs.more + pairs.other,
        missing: pairs.missing,
        open: pairs.open,
        less: pairs.less,
        equal: pairs.equal,
        more: pairs.more,
        difference: None,
        interval: None,
        method: Method::Nothing,
        verdict: Verdict::Inconclusive,
        why: None,
        reduction: None,
    };
    if result.pairs == 0 {
        let why = match (&pairs.why_missing, pairs.missing == 0) {
            (_, true) => "there are no runs".to_owned(),
            (Some(why), _) => format!("not computed: {why}"),
            (None, _) => "the two have values of different kinds".to_owned(),
        };
        return Paired { why: Some(why), ..result };
    }
    let decided = if pairs.words > 0 {
        of_words(&pairs, result)
    } else if pairs.open > 0 {
        of_signs(result, direction, confidence)
    } else {
        of_means(&pairs, result, direction, confidence)
    };
    let decided = match decided.verdict {
        Verdict::Same => Paired { why: Some(same_in_all(decided.pairs, confidence)), ..decided },
        _ => decided,
    };
    if decided.missing > 0 {
        // Where one of the two is not computed in some runs, the rest is a choice that chance did not make.
        let why = format!("not computed in {} of {} pairs", decided.missing, decided.missing + decided.pairs);
        return Paired { verdict: Verdict::Inconclusive, why: Some(why), ..decided };
    }
    decided
}

#[derive(Default)]
struct Pairs {
    differences: Vec<f64>,
    references: Vec<f64>,
    policies: Vec<f64>,
    less: usize,
    equal: usize,
    more: usize,
    /// Words that are not the same.
    other: usize,
    words: usize,
    open: usize,
    missing: usize,
    why_missing: Option<String>,
}

impl Pairs {
    fn add(&mut self, reference: Seen<'_>, policy: Seen<'_>) {
        use Value::{AtLeast, NotComputed, Number, Word};
        match (reference, policy) {
            (Number(a), Number(b)) => {
                let difference = difference(a, b);
                self.differences.push(difference);
                self.references.push(a);
                self.policies.push(b);
                self.count(difference.total_cmp(&0.0));
            }
            // What is open is ranked beyond every number; two that are open have no order.
            (AtLeast(_), Number(_)) => self.count_open(Ordering::Less),
            (Number(_), AtLeast(_)) => self.count_open(Ordering::Greater),
            (AtLeast(_), AtLeast(_)) => self.count_open(Ordering::Equal),
            (Word(a), Word(b)) => {
                self.words += 1;
                *(if a == b { &mut self.equal } else { &mut self.other }) += 1;
            }
            (NotComputed(why), _) | (_, NotComputed(why)) => {
                self.missing += 1;
                self.why_missing.get_or_insert_with(|| why.to_string());
            }
            (Word(_), Number(_) | AtLeast(_)) | (Number(_) | AtLeast(_), Word(_)) => self.missing += 1,
        }
    }

    const fn count(&mut self, order: Ordering) {
        match order {
            Ordering::Less => self.less += 1,
            Ordering::Equal => self.equal += 1,
            Ordering::Greater => self.more += 1,
        }
    }

    const fn count_open(&mut self, order: Ordering) {
        self.open += 1;
        self.count(order);
    }
}

fn of_words(pairs: &Pairs, result: Paired) -> Paired {
    let verdict = match pairs.other {
        0 => Verdict::Same,
        few if few < LEAST_DIFFERING => Verdict::Inconclusive,
        _ => Verdict::Other,
    };
    let why = (verdict == Verdict::Inconclusive).then(|| too_few(pairs.other));
    Paired { method: Method::Words, verdict, why, ..result }
}

/// What is the same in so many runs is not the same in all: a proportion of which none was seen has an upper end.
fn same_in_all(runs: usize, confidence: f64) -> String {
    let least = at_least(proportion(runs, runs, confidence).low);
    let those = if runs == 1 { "in the one run" } else { &format!("in all {runs} runs") };
    format!("{those}, so in at least {least} of all")
}

/// What two independent samples would have as variance of the difference, over what the pairs have.
fn reduction(pairs: &Pairs, difference: Option<Mean>) -> Option<f64> {
    let sd = difference.filter(|difference| difference.count > 1)?.sd;
    let of = |values: &[f64]| mean(values, 0.95).map_or(0.0, |mean| mean.sd * mean.sd);
    let apart = of(&pairs.references) + of(&pairs.policies);
    (sd > 0.0).then(|| apart / (sd * sd))
}

fn too_few(differing: usize) -> String {
    let pairs = if differing == 1 { "1 pair differs" } else { &format!("{differing} pairs differ") };
    format!("only {pairs}, and at least {LEAST_DIFFERING} are needed")
}

/// Where runs are open there is no mean; which one is ahead can still be counted, pair by pair.
fn of_signs(result: Paired, direction: Direction, confidence: f64) -> Paired {
    let differing = result.less + result.more;
    let result = Paired { method: Method::Sign, ..result };
    if differing == 0 {
        let why = "open in every pair that could decide".to_owned();
        return Paired { why: Some(why), ..result };
    }
    let share = proportion(result.more, differing, confidence);
    let (verdict, why) = if differing < LEAST_DIFFERING {
        (Verdict::Inconclusive, Some(too_few(differing)))
    } else if share.high < 0.5 {
        (Verdict::of(Ordering::Less, direction), None)
    } else if share.low > 0.5 {
        (Verdict::of(Ordering::Greater, direction), None)
    } else {
        (Verdict::Inconclusive, Some("neither is ahead often enough".to_owned()))
    };
    Paired { interval: Some(share), verdict, why, ..result }
}

fn of_means(pairs: &Pairs, result: Paired, direction: Direction, confidence: f64) -> Paired {
    let difference = mean(&pairs.differences, confidence);
    let interval = difference.and_then(|difference| difference.interval);
    let reduction = reduction(pairs, difference);
    let result = Paired { difference, interval, method: Method::Mean, reduction, ..result };
    let differing = result.less + result.more;
    if differing == 0 {
        return Paired { verdict: Verdict::Same, ..result };
    }
    if differing < LEAST_DIFFERING {
        return Paired { why: Some(too_few(differing)), ..result };
    }
    let scale = mean(&pairs.references, confidence).map_or(0.0, |reference| reference.mean.abs());
    judge(result, direction, SAME_WITHIN * scale)
}

/// The verdict of an interval: decided where it leaves out zero, none where it stays within `margin` of it.
fn judge(result: Paired, direction: Direction, margin: f64) -> Paired {
    let Some(interval) = result.interval else { return result };
    let verdict = if interval.high < 0.0 {
        Verdict::of(Ordering::Less, direction)
    } else if interval.low > 0.0 {
        Verdict::of(Ordering::Greater, direction)
    } else if interval.low >= -margin && interval.high <= margin {
        Verdict::NoDifference
    } else {
        let why = Some("the interval contains zero and also differences that matter".to_owned());
        return Paired { verdict: Verdict::Inconclusive, why, ..result };
    };
    Paired { verdict, why: None, ..result }
}

impl Paired {
    /// The same comparison with the interval of a confidence sequence in place of Student's, since the number of runs
    /// was chosen by looking; a difference within `margin` of zero is none.
    #[must_use]
    pub fn by_sequence(self, interval: Interval, margin: f64, direction: Direction) -> Self {
        if self.missing > 0 || self.open > 0 {
            return self;
        }
        let differing = self.less + self.more;
        let result = Self { interval: Some(interval), method: Method::Sequence, ..self };
        // What holds of the same in every run, and of too few that differ, holds however the number of runs was chosen.
        if differing < LEAST_DIFFERING { result } else { judge(result, direction, margin) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::measure::Stored;
    use windtunnel_sim::measure::Value::{AtLeast, NotComputed, Number, Word};

    fn numbers(values: &[f64]) -> Vec<Stored> {
        values.iter().copied().map(Number).collect()
    }

    fn compare(reference: &[Stored], policy: &[Stored]) -> Paired {
        paired(reference, policy, Direction::Lower, 0.95)
    }

    #[test]
    fn a_policy_against_itself_is_exactly_zero_and_no_difference() {
        let values = numbers(&[0.1, 7.3, 0.0, 1e-9, 4.4]);
        let found = compare(&values, &values);
        let difference = found.difference.expect("there are pairs");
        assert_eq!((difference.mean, difference.sd, found.verdict), (0.0, 0.0, Verdict::Same));
        assert_eq!(found.interval, Some(Interval { low: 0.0, high: 0.0 }));
    }

    #[test]
    fn common_random_numbers_make_a_small_difference_plain() {
        let reference: Vec<f64> = (0..20).map(|n| f64::from(n * n % 17)).collect();
        let lower: Vec<f64> = reference.iter().enumerate().map(|(n, v)| v - 0.5 - 0.01 * n as f64).collect();
        let found = compare(&numbers(&reference), &numbers(&lower));
        assert_eq!((found.verdict, found.less), (Verdict::Better, 20));
        let found = paired(&numbers(&reference), &numbers(&lower), Direction::Higher, 0.95);
        assert_eq!(found.verdict, Verdict::Worse);
        let found = paired(&numbers(&reference), &numbers(&lower), Direction::Neutral, 0.95);
        assert_eq!(found.verdict, Verdict::Less);
        assert_eq!(compare(&numbers(&lower), &numbers(&reference)).verdict, Verdict::Worse);
    }

    #[test]
    fn a_few_pairs_that_differ_decide_nothing() {
        let (mut zeros, mut some) = (vec![0.0; 200], vec![0.0; 200]);
        some[3] = 5.0;
        let found = compare(&numbers(&zeros), &numbers(&some));
        assert_eq!((found.verdict, found.equal, found.more), (Verdict::Inconclusive, 199, 1));
        assert!(found.why.is_some_and(|why| why.starts_with("only 1 pair differs")));
        let five = numbers(&[1.0; 5]);
        assert_eq!(compare(&numbers(&[0.0; 5]), &five).verdict, Verdict::Inconclusive);
        assert_eq!(compare(&numbers(&[0.0; 6]), &numbers(&[1.0; 6])).verdict, Verdict::Worse);
        (zeros, some) = (vec![100.0; 60], vec![100.0; 60]);
        for (n, value) in some.iter_mut().enumerate() {
            *value += if n % 2 == 0 { 0.3 } else { -0.3 };
        }
        assert_eq!(compare(&numbers(&zeros), &numbers(&some)).verdict, Verdict::NoDifference, "within one percent");
    }

    #[test]
    fn an_open_run_is_worse_than_any_number_and_leaves_no_mean() {
        let reference: Vec<Stored> = (0..10).map(|_| AtLeast(10.0)).collect();
        let found = compare(&reference, &numbers(&[900.0; 10]));
        assert_eq!((found.verdict, found.difference, found.method), (Verdict::Better, None, Method::Sign));
        let found = compare(&reference, &reference);
        assert_eq!((found.verdict, found.open), (Verdict::Inconclusive, 10));
    }

    #[test]
    fn missing_pairs_are_counted_and_never_decide() {
        let reference = numbers(&[5.0; 20]);
        let mut policy = numbers(&[1.0; 20]);
        policy[7] = NotComputed("nobody was harmed".into());
        let found = compare(&reference, &policy);
        assert_eq!((found.pairs, found.missing, found.verdict), (19, 1, Verdict::Inconclusive));
        assert_eq!(found.difference.map(|difference| difference.mean), Some(-4.0));
        let nothing: Vec<Stored> = (0..20).map(|_| NotComputed("nobody was harmed".into())).collect();
        let found = compare(&reference, &nothing);
        assert_eq!((found.method, found.why.as_deref()), (Method::Nothing, Some("not computed: nobody was harmed")));
    }

    #[test]
    fn words_are_the_same_or_not() {
        let all = |word: &'static str| (0..8).map(|_| Word(word.into())).collect::<Vec<_>>();
        assert_eq!(compare(&all("halted"), &all("halted")).verdict, Verdict::Same);
        assert_eq!(compare(&all("halted"), &all("completed")).verdict, Verdict::Other);
    }
}
