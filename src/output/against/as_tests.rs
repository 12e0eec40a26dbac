//! A comparison as tests, so that every output of tests says it: one for each measure that is judged, one for the rollout that must still
//! begin, the expectations, and what is no longer tested.

use super::{Sheet, difference, how_often, margin, value};
use crate::experiment::against::{Became, Before, Gone, Incident, Reach, Test, judged, reach};
use crate::experiment::filter::Name;
use crate::experiment::suite::{Case, File, Held, Met, Tested};
use crate::input::{AS_WRITTEN, Planned};
use std::time::Duration;
use windtunnel_words::number::count;

/// So many changes are named beside a test.
const CHANGES: usize = 3;
/// What the rollout must still do.
const BEGINS: &str = "no worse: the rollout begins";
/// What must be so before anything can be compared.
const RUNS: &str = "no worse: it could be run before";

/// What a test of a comparison is of.
enum Of {
    Measure(&'static str),
    Rollout,
    /// With the files of before it cannot be run: why.
    Unreadable(String),
    Expectation,
    Gone,
}

/// What is compared.
#[derive(Clone, Copy)]
pub struct Compared<'s> {
    /// The scenarios with the files of now.
    pub files: &'s [File],
    /// Those with the files of before.
    pub before: &'s Before,
    /// The expectations that are asked for.
    pub expected: &'s [Case<'s>],
    /// What is no longer tested.
    pub gone: &'s [Gone],
}

/// The tests of a comparison, those of a file together.
pub fn cases<'s>(of: Compared<'s>) -> Vec<Case<'s>> {
    all(of).into_iter().map(|(case, _)| case).collect()
}

fn all(of: Compared<'_>) -> Vec<(Case<'_>, Of)> {
    let mut all = Vec::new();
    for file in of.files {
        let policies = match &file.baseline {
            Held::Compared(policies) => &policies[..],
            Held::No | Held::To { .. } | Held::Becomes => &[],
        };
        for policy in policies {
            let planned = file.loaded.plan(policy).expect("it is one of its policies");
            for (name, about) in own(of.before, file, policy) {
                all.push((case(file, planned, &name), about));
            }
            let expected = of.expected.iter().filter(|case| std::ptr::eq(case.planned, planned));
            all.extend(expected.map(|case| (case.clone(), Of::Expectation)));
        }
        all.extend(of.gone.iter().filter(|gone| gone.scenario == file.loaded.name).map(|gone| of_gone(file, gone)));
    }
    for file in &of.before.files {
        let is_there = of.files.iter().any(|now| now.loaded.name == file.loaded.name);
        let gone = of.gone.iter().filter(|gone| !is_there && gone.scenario == file.loaded.name);
        all.extend(gone.map(|gone| of_gone(file, gone)));
    }
    all
}

/// What of a policy is compared with before: the name of each test, and what it is of.
fn own(before: &Before, file: &File, policy: &str) -> Vec<(String, Of)> {
    match reach(before, file, policy) {
        Reach::New => Vec::new(),
        Reach::Unreadable(why) => vec![(RUNS.to_owned(), Of::Unreadable(why))],
        Reach::Changed(_) | Reach::Same(_) => {
            let measures = judged(file).map(|row| (format!("no worse: {}", row.name), Of::Measure(row.name)));
            measures.chain([(BEGINS.to_owned(), Of::Rollout)]).collect()
        }
    }
}

fn case<'s>(file: &'s File, planned: &'s Planned, test: &str) -> Case<'s> {
    let (scenario, policy) = (file.loaded.name.clone(), planned.plan.policy.clone());
    Case { name: Name { scenario, policy, test: test.to_owned() }, file, planned, expectation: None }
}

fn of_gone<'s>(file: &'s File, gone: &'s Gone) -> (Case<'s>, Of) {
    let planned = file.loaded.plan(AS_WRITTEN).expect("every scenario has it");
    let mut case = case(file, planned, &gone.what);
    if let Some(policy) = &gone.policy {
        case.name.policy.clone_from(policy);
    }
    (case, Of::Gone)
}

/// What came of each of them.
pub fn tested<'s>(sheet: &Sheet<'s>, of: Compared<'s>) -> Vec<Tested<'s>> {
    let all = all(of);
    let tests_of = |planned: &Planned| {
        let is_own =
            |(case, about): &&(Case<'_>, Of)| std::ptr::eq(case.planned, planned) && !matches!(about, Of::Gone);
        u32::try_from(all.iter().filter(is_own).count()).unwrap_or(1).max(1)
    };
    let of_one = |(case, about): &(Case<'s>, Of)| {
        let incident = sheet.incidents.iter().find(|one| std::ptr::eq(one.now, case.planned));
        let Some(incident) = incident.filter(|_| !matches!(about, Of::Gone)) else { return gone(sheet, case) };
        let took = incident.took / tests_of(case.planned);
        Tested { took, ..of_incident(sheet, incident, case, about) }
    };
    all.iter().map(of_one).collect()
}

/// A test of which nothing is known yet.
fn blank<'s>(sheet: &Sheet<'_>, case: &Case<'s>) -> Tested<'s> {
    Tested {
        case: case.clone(),
        at: None,
        met: Met::Pass,
        measured: "as before".to_owned(),
        figures: None,
        wanted: "no worse than before".to_owned(),
        rows: Vec::new(),
        why: Vec::new(),
        missed: 0,
        runs: case.file.replications,
        seed: None,
        moment: None,
        // Alone it is judged among fewer, so that its verdict may be another one.
        repeat: sheet.command.to_owned(),
        replay: None,
        took: Duration::ZERO,
    }
}

fn gone<'s>(sheet: &Sheet<'_>, case: &Case<'s>) -> Tested<'s> {
    let (measured, wanted) = ("it was tested before".to_owned(), "still tested, and as strictly".to_owned());
    Tested { met: Met::Gone, measured, wanted, why: vec![case.name.test.clone()], runs: 0, ..blank(sheet, case) }
}

fn of_incident<'s>(sheet: &Sheet<'s>, incident: &'s Incident<'s>, case: &Case<'s>, about: &Of) -> Tested<'s> {
    let blank = blank(sheet, case);
    let mut tested = match about {
        Of::Measure(name) => of_measure(incident, name, blank),
        Of::Rollout => match &incident.stopped {
            None => blank,
            Some(kept) => {
                let why = format!("{}, and before one did: that nobody is harmed then says nothing", kept.sentence());
                Tested { met: Met::Worse, measured: "it does not begin".to_owned(), why: vec![why], ..blank }
            }
        },
        Of::Unreadable(why) => {
            let why = format!("with the files of before it cannot be run: {why}");
            Tested { met: Met::Inconclusive, measured: "nothing to compare with".to_owned(), why: vec![why], ..blank }
        }
        Of::Expectation => {
            let own = incident.tests.iter().find(|test| test.now.case.name == case.name);
            own.map_or_else(|| blank.clone(), |test| of_expectation(test, &blank))
        }
        Of::Gone => return gone(sheet, case),
    };
    if tested.met == Met::Pass {
        return tested;
    }
    if let Some(first) = sheet.first(incident).filter(|_| tested.case.expectation.is_none()) {
        tested.why.push(format!("seed {}: {}", first.seed, first.headline));
        (tested.seed, tested.replay) = (Some(first.seed), Some(first.replay.clone()));
    }
    let lines: Vec<_> = sheet.lines_of(incident).collect();
    tested.at = lines.iter().find_map(|line| line.now().cloned());
    tested.why.extend(lines.iter().take(CHANGES).map(|line| format!("changed at {}", line.sentence())));
    if lines.len() > CHANGES {
        tested.why.push(format!("and {} changed", count(lines.len() - CHANGES, "other value")));
    }
    tested
}

fn of_measure<'s>(incident: &Incident<'_>, name: &str, blank: Tested<'s>) -> Tested<'s> {
    let row = incident.rows.iter().find(|row| row.column.measure == name);
    let Some(row) = row else {
        return Tested { measured: "it has no value in any run, before or now".to_owned(), ..blank };
    };
    let met = match row.became {
        Became::Worse => Met::Worse,
        Became::Unclear => Met::Inconclusive,
        Became::Better | Became::Close | Became::Same => Met::Pass,
    };
    let unit = &row.column.unit;
    let (before, now, by) = (value(&row.before, unit), value(&row.now, unit), difference(row));
    let by = if by.is_empty() { by } else { format!(" ({by})") };
    let wanted = match margin(row) {
        Some(margin) => format!("no worse than before by more than {margin}"),
        None => blank.wanted.clone(),
    };
    let (seed, missed) = if met == Met::Pass { (None, 0) } else { (row.first, row.worse() + row.unlike) };
    Tested {
        met, measured: format!("{before} → {now}{by}"), wanted, why: vec![how_often(row)], missed, seed, ..blank
    }
}

/// An expectation that did not hold before either is no fault of the change.
fn of_expectation<'s>(test: &Test<'s>, blank: &Tested<'s>) -> Tested<'s> {
    let mut tested = Tested { repeat: blank.repeat.clone(), ..test.now.clone() };
    tested.met = match test.became() {
        Became::Worse => Met::Fail,
        Became::Unclear => Met::Inconclusive,
        Became::Better | Became::Close | Became::Same => Met::Pass,
    };
    match (tested.met, test.now.met) {
        (Met::Pass, Met::Pass) => {}
        (Met::Pass, _) => tested.why.push("it did not hold before either".to_owned()),
        _ => tested.why.push(if test.before.is_none() { "it is new" } else { "it held before" }.to_owned()),
    }
    tested
}
