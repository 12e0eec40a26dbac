//! The test that holds a policy to its baseline.

use super::{Case, Held, Met, Tested};
use crate::again::{repeat, replay};
use crate::against::{Became, Row, said, worst};
use crate::baseline::Compared;
use crate::rows::Rows;
use std::time::Duration;
use windtunnel_input::identity::simulated;

/// Holds the runs of a policy to what is kept of it.
pub(super) fn of_baseline<'f>(case: &Case<'f>, now: &Rows) -> Tested<'f> {
    let runs = case.file.replications;
    let compared = match &case.file.baseline {
        Held::To { read, error, .. } => read.as_ref().as_ref().map_err(String::clone).and_then(|baseline| {
            let (margins, plan) = (&case.file.loaded.margins, &case.planned.plan);
            baseline.compare(now, &simulated(plan), (margins, plan.objective), *error)
        }),
        Held::No | Held::Becomes | Held::Compared(_) => Err("nobody asked for a baseline".to_owned()),
    };
    let blank = Tested {
        case: case.clone(),
        at: None,
        met: Met::Unusable,
        measured: "nothing to compare with".to_owned(),
        figures: None,
        wanted: "no worse than the baseline".to_owned(),
        rows: Vec::new(),
        why: Vec::new(),
        missed: runs,
        runs,
        seed: None,
        moment: None,
        repeat: repeat(case, now.first_seed, runs),
        replay: None,
        took: Duration::ZERO,
    };
    match compared {
        Ok(compared) => beside_the_baseline(blank, compared),
        Err(why) => Tested { why: vec![why], ..blank },
    }
}

/// What came of it that the measures of a policy are beside those of the baseline.
fn beside_the_baseline<'f>(blank: Tested<'f>, Compared { rows, stopped, .. }: Compared) -> Tested<'f> {
    let met = match worst(&rows, stopped.as_ref()) {
        Became::Worse => Met::Worse,
        Became::Unclear => Met::Inconclusive,
        Became::Better | Became::Close | Became::Same => Met::Pass,
    };
    let judged = || rows.iter().filter(|row| row.margin.is_some());
    let spoken_against = || judged().filter(|row| matches!(row.became, Became::Worse | Became::Unclear));
    let why = stopped.iter().map(|kept| format!("{}, and in the baseline one did", kept.sentence()));
    let why: Vec<String> = why.chain(spoken_against().map(said::sentence)).collect();
    let runs = judged().map(|row| row.paired.pairs + row.paired.missing).max().unwrap_or(blank.runs);
    let seed = spoken_against().find_map(|row| row.first);
    Tested {
        met,
        measured: match judged().count() {
            0 => "no measure is judged".to_owned(),
            judged => format!("{}, of {judged} measures that are judged", said::tally(&rows)),
        },
        missed: if met == Met::Pass { 0 } else { spoken_against().map(Row::worse).max().unwrap_or(runs) },
        runs,
        seed,
        replay: seed.map(|seed| replay(&blank.case, seed)),
        why,
        rows,
        ..blank
    }
}
