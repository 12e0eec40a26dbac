//! What a test measured, in numbers: for programs, beside the sentence for people.

use super::overall::{How, of_infinitely_many};
use super::statistics::{mean, proportion, quantile_ranks};
use super::table::Values;
use std::collections::BTreeMap;
use windtunnel_claims::expect::{Expectation, Over, Sense, Stat, Test};
use windtunnel_sim::measure::Seen;

/// What a test measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// What it is counted in.
    pub unit: String,
    /// The statistic of the runs that is judged: `mean`, `min`, `max`, `p95`; `each` where each run is judged by itself, `share`
    /// where so many of them must pass.
    pub statistic: String,
    /// The statistic; where each run is judged by itself, the value that all of them have. Nothing where there is no such number.
    pub value: Option<f64>,
    /// The lower end of its interval; where each run is judged by itself, the least value.
    pub low: Option<f64>,
    /// The upper end; where each run is judged by itself, the greatest value.
    pub high: Option<f64>,
    /// How sure the interval is, 0 to 1; nothing where the ends are those of the runs.
    pub confidence: Option<f64>,
    /// Runs that were still open at the horizon, so that their value is not known.
    pub open: usize,
    /// Runs in which it was not computed.
    pub not_computed: usize,
    /// Of a measure of words: in how many runs each was seen.
    pub words: BTreeMap<String, usize>,
    /// Where a share of the runs must pass: the share that does, in percent.
    pub held: Option<Held>,
    /// What was asked for.
    pub wanted: Wanted,
}

/// The share of the runs in which an expectation holds, with the interval of that share in all runs, in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// The share of these runs.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The share that is asked for.
    pub least: f64,
}

/// What a test asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Whether it must hold, or must not.
    pub sense: Sense,
    /// The bound.
    pub test: Test,
}

/// How many runs passed by themselves, failed, and cannot be judged.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// All of them.
    pub runs: usize,
    /// Those that do not pass.
    pub missed: usize,
    /// Those that cannot be judged.
    pub open: usize,
}

/// The numbers of an expectation over these runs, of so many seconds.
#[must_use]
pub fn figures(expectation: &Expectation, values: Values<'_>, counts: Counts, horizon_s: f64) -> Figures {
    let how = |confidence| How { confidence, unit: "", most: expectation.subject.most(horizon_s) };
    let seen = |is: fn(&Seen<'_>) -> bool| values.iter().filter(is).count();
    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    for value in values.iter() {
        if let Some(word) = value.word() {
            *words.entry((*word).to_owned()).or_default() += 1;
        }
    }
    let of_runs = Estimate::of_runs(values);
    let (statistic, estimate, confidence) = match expectation.over {
        Over::Each => ("each".to_owned(), of_runs, None),
        Over::Share { .. } => ("share".to_owned(), of_runs, None),
        Over::Stat { stat, confidence } => of_statistic(stat, values, how(confidence)),
    };
    let held = match expectation.over {
        Over::Share { least, confidence } if counts.runs > 0 => Some(held(counts, least, confidence)),
        _ => None,
    };
    Figures {
        unit: expectation.subject.unit().symbol().to_owned(),
        statistic,
        value: estimate.value,
        low: estimate.low,
        high: estimate.high,
        confidence,
        open: seen(|value| matches!(value, Seen::AtLeast(_))),
        not_computed: seen(|value| matches!(value, Seen::NotComputed(_))),
        words,
        held,
        wanted: Wanted { sense: expectation.sense, test: expectation.test.clone() },
    }
}

/// A number and the ends of its interval, as far as they are known.
#[derive(Clone, Copy, Debug, Default)]
struct Estimate {
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

impl Estimate {
    /// The least and the greatest value of the runs; the greatest is not known where a run is open.
    fn of_runs(values: Values<'_>) -> Self {
        let least = values.iter().filter_map(|value| value.least()).reduce(f64::min);
        let greatest = values.iter().filter_map(|value| value.number()).reduce(f64::max);
        let is_closed = values.iter().all(|value| !matches!(value, Seen::AtLeast(_)));
        let all_numbers = values.iter().all(|value| value.number().is_some());
        Self {
            value: least.filter(|_| all_numbers && least == greatest),
            low: least,
            high: greatest.filter(|_| is_closed),
        }
    }
}

fn of_statistic(stat: Stat, values: Values<'_>, how: How<'_>) -> (String, Estimate, Option<f64>) {
    let How { confidence, .. } = how;
    let closed: Vec<f64> = values.iter().filter_map(|value| value.number()).collect();
    let all_closed = closed.len() == values.len();
    let name = stat.to_string();
    match stat {
        Stat::Mean => match mean(&closed, confidence).filter(|_| all_closed) {
            Some(found) => {
                let interval = of_infinitely_many(&found, &closed, how);
                // What has no bound has no number.
                let (low, high) =
                    (interval.map(|of| of.low), interval.map(|of| of.high).filter(|high| high.is_finite()));
                (name, Estimate { value: Some(found.mean), low, high }, low.map(|_| confidence))
            }
            None => (name, Estimate::default(), None),
        },
        Stat::Min | Stat::Max => {
            let of_runs = Estimate::of_runs(values);
            let value = if stat == Stat::Min { of_runs.low } else { of_runs.high };
            (name, Estimate { value: value.filter(|_| all_closed), ..of_runs }, None)
        }
        Stat::Quantile(q) => {
            let (estimate, sure) = of_quantile(f64::from(q) / 100.0, values, confidence);
            (name, estimate, sure.then_some(confidence))
        }
    }
}

/// A quantile, and whether there are enough runs for an interval. An open run is above every closed one, so its rank has no number.
fn of_quantile(share: f64, values: Values<'_>, confidence: f64) -> (Estimate, bool) {
    let all = values.iter().filter_map(|value| value.least()).count();
    if all < values.len() || all == 0 {
        return (Estimate::default(), false);
    }
    let mut closed: Vec<f64> = values.iter().filter_map(|value| value.number()).collect();
    closed.sort_by(f64::total_cmp);
    let at = |rank: usize| closed.get(rank - 1).copied();
    let rank = ((all as f64 * share - 1e-9).ceil() as usize).clamp(1, all);
    let ranks = quantile_ranks(all, share, confidence);
    let estimate = Estimate {
        value: at(rank),
        low: ranks.and_then(|(low, _)| at(low)),
        high: ranks.and_then(|(_, high)| at(high)),
    };
    (estimate, ranks.is_some())
}

fn held(counts: Counts, least: f64, confidence: f64) -> Held {
    let Counts { runs, missed, open } = counts;
    let holds = runs - missed - open;
    let percent = |share: f64| 100.0 * share;
    Held {
        value: percent(holds as f64 / runs as f64),
        low: percent(proportion(holds, runs, confidence).low),
        // A run that cannot be judged may yet hold.
        high: percent(proportion(holds + open, runs, confidence).high),
        least,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;
    use windtunnel_sim::measure::Stored;

    const HOW: How<'_> = How { confidence: 0.95, unit: "%", most: Some(100.0) };

    fn table(values: &[Stored]) -> Table {
        values.iter().map(|value| vec![value.clone()]).collect()
    }

    fn numbers(values: &[f64]) -> Table {
        table(&values.iter().map(|value| Stored::Number(*value)).collect::<Vec<_>>())
    }

    /// 1 … 5: mean 3, and the half-width of `interval.rs`: 1.963.
    #[test]
    fn a_mean_has_its_interval_and_none_where_a_run_is_open() {
        let (name, found, confidence) = of_statistic(Stat::Mean, numbers(&[1.0, 2.0, 3.0, 4.0, 5.0]).column(0), HOW);
        assert_eq!((name.as_str(), found.value, confidence), ("mean", Some(3.0), Some(0.95)));
        assert!(
            (found.low.expect("an end") - 1.037).abs() < 1e-3 && (found.high.expect("an end") - 4.963).abs() < 1e-3
        );
        let open = table(&[Stored::Number(1.0), Stored::AtLeast(7.0)]);
        let (_, found, confidence) = of_statistic(Stat::Mean, open.column(0), HOW);
        assert_eq!((found.value, found.low, confidence), (None, None, None));
    }

    /// Of five runs that are all zero 1 − 2.5 %^(1/5) = 52.18 % of all may be others, of up to 100 each.
    #[test]
    fn a_mean_of_zeros_has_an_upper_end_where_the_measure_has_one() {
        let (_, found, _) = of_statistic(Stat::Mean, numbers(&[0.0; 5]).column(0), HOW);
        assert_eq!((found.value, found.low), (Some(0.0), Some(0.0)));
        assert!((found.high.expect("an end") - 52.18).abs() < 0.01, "{found:?}");
        let (_, found, _) = of_statistic(Stat::Mean, numbers(&[0.0; 5]).column(0), How { most: None, ..HOW });
        assert_eq!((found.low, found.high), (Some(0.0), None));
    }

    /// Of 1 … 9 and an open run the median is the fifth, 5. The interval of 95 % of ten runs is from the 2nd to the 9th; the 90th
    /// percentile is the ninth, 9, and ten runs are too few for its interval.
    #[test]
    fn a_quantile_counts_an_open_run_above_all() {
        let values: Vec<Stored> = (1..10).map(f64::from).map(Stored::Number).chain([Stored::AtLeast(0.5)]).collect();
        let (_, found, confidence) = of_statistic(Stat::Quantile(50), table(&values).column(0), HOW);
        assert_eq!((found.value, found.low, found.high, confidence), (Some(5.0), Some(2.0), Some(9.0), Some(0.95)));
        let (_, found, confidence) = of_statistic(Stat::Quantile(90), table(&values).column(0), HOW);
        assert_eq!((found.value, found.low, found.high, confidence), (Some(9.0), None, None, None));
    }

    #[test]
    fn the_ends_of_the_runs_are_known_as_far_as_the_runs_are() {
        let same = Estimate::of_runs(numbers(&[4.0, 4.0]).column(0));
        assert_eq!((same.value, same.low, same.high), (Some(4.0), Some(4.0), Some(4.0)));
        let open = Estimate::of_runs(table(&[Stored::Number(4.0), Stored::AtLeast(3.0)]).column(0));
        assert_eq!((open.value, open.low, open.high), (None, Some(3.0), None));
    }

    /// 9 of 10 hold: 90 %, and by Clopper and Pearson 55.5 to 99.7 % (tables; 1 of 10 is 0.25 to 44.5 %).
    #[test]
    fn a_share_is_counted_in_percent() {
        let found = held(Counts { runs: 10, missed: 1, open: 0 }, 80.0, 0.95);
        assert!((found.value - 90.0).abs() < 1e-9);
        assert!((found.low - 55.498).abs() < 0.01 && (found.high - 99.747).abs() < 0.01, "{found:?}");
    }
}
