//! What is shown of a run: the tables, the summary and the chain of causes, held by snapshots of the scenario on a stale image.

mod support;

use support::{fleet, quiet, run, stale, two_pools};
use windtunnel::experiment::judge::Verdict;
use windtunnel::output::highlights::moments::{Moment, moments};
use windtunnel::output::highlights::{Harm, Measured, Tone};
use windtunnel::output::measure_row::MeasureRow;
use windtunnel::output::summary::{ExpectationLine, Screen, Summary, render};
use windtunnel::output::tables;
use windtunnel::output::why::{self, Selector};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::Value;
use windtunnel_sim::measure::lanes::Lanes;
use windtunnel_sim::plan::Zone;
use windtunnel_sim::world::ids::Entry;
use windtunnel_words::clock::Clock;

fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_tables_of_the_stale_scenario() {
    let plan = stale();
    let ran = run(&plan, 1);
    insta::assert_snapshot!("ledger_csv", written(|out| tables::ledger_csv(&ran.names, &ran.ledger, out)));
    insta::assert_snapshot!("ledger_ndjson", written(|out| tables::ledger_ndjson(&ran.names, &ran.ledger, out)));
    insta::assert_snapshot!(
        "timeseries_csv",
        written(|out| tables::timeseries_csv(&ran.names, &ran.series, None, out))
    );
    insta::assert_snapshot!("instances_csv", written(|out| tables::instances_csv(&ran.names, &ran.lanes.lanes, out)));
}

#[test]
fn tables_are_well_formed_whatever_the_plan() {
    for plan in [stale(), fleet(30), quiet(), two_pools()] {
        let ran = run(&plan, 7);
        let csvs = [
            written(|out| tables::ledger_csv(&ran.names, &ran.ledger, out)),
            written(|out| tables::timeseries_csv(&ran.names, &ran.series, None, out)),
            written(|out| tables::instances_csv(&ran.names, &ran.lanes.lanes, out)),
        ];
        for csv in csvs {
            assert!(!csv.contains('\r') && csv.ends_with('\n'));
            // The reader refuses rows of unequal length.
            assert!(csv::Reader::from_reader(csv.as_bytes()).records().all(|row| row.is_ok()));
        }
        let ndjson = written(|out| tables::ledger_ndjson(&ran.names, &ran.ledger, out));
        for line in ndjson.lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, tables::LEDGER);
        }
        assert_eq!(ndjson.lines().count(), ran.ledger.len());
    }
}

#[test]
fn requests_are_conserved_and_lanes_have_no_gaps() {
    for plan in [stale(), fleet(60), quiet(), two_pools()] {
        let ran = run(&plan, 3);
        for row in &ran.series.entries {
            let Some(flow) = row.rates() else { continue };
            let sum = flow.served + flow.failed + flow.stale;
            assert!((sum - flow.demand).abs() < 1e-6, "{row:?}");
        }
        for lane in &ran.lanes.lanes {
            assert!(
                lane.intervals.windows(2).all(|pair| pair[0].until == pair[1].from && pair[0].state != pair[1].state)
            );
            assert!(lane.intervals.iter().all(|interval| interval.from < interval.until));
        }
        for row in &ran.series.fleets {
            assert_eq!(row.present, row.by_code.iter().sum::<u32>());
            assert_eq!(row.present, row.by_image.iter().sum::<u32>());
        }
    }
}

fn measures(count: usize) -> Vec<MeasureRow> {
    let mut rows = vec![
        MeasureRow { name: "blast_radius.requests_pct".into(), value: Value::Number(4.123), unit: "%" },
        MeasureRow { name: "blast_radius.requests_peak_pct".into(), value: Value::Number(33.333), unit: "%" },
        MeasureRow {
            name: "blast_radius.users_pct".into(),
            value: Value::NotComputed("the scenario gives no users"),
            unit: "%",
        },
        MeasureRow { name: "downtime.degraded_s".into(), value: Value::AtLeast(334.0), unit: "s" },
        MeasureRow { name: "rollout.outcome".into(), value: Value::Word("never started"), unit: "" },
    ];
    rows.extend((rows.len()..count).map(|n| MeasureRow {
        name: format!("more.measure_{n}"),
        value: Value::Number(n as f64),
        unit: "s",
    }));
    rows
}

fn expectations(count: usize) -> Vec<ExpectationLine> {
    (0..count)
        .map(|n| ExpectationLine {
            name: format!("expectation number {n} with a name of some length"),
            verdict: [Verdict::Pass, Verdict::Fail(String::new()), Verdict::Inconclusive(String::new())][n % 3].clone(),
            measured: "4.1 %".into(),
            limit: "at least 1 %".into(),
        })
        .collect()
}

fn headline(lanes: &Lanes, measured: Measured) -> String {
    Harm::of(lanes, measured).parts().join("; ")
}

fn rendered(many: usize, screen: Screen) -> String {
    let plan = stale();
    let ran = run(&plan, 1);
    let moments = moments(&ran.names, &ran.ledger, ran.names.plan().horizon);
    let notes =
        ["assumptions used: vm.boot.linux, app.processStart, and the time an interface takes to join".to_owned()];
    let summary = Summary {
        title: &plan.title,
        policy: &plan.policy,
        diff: "",
        accepted: &[],
        seed: 1,
        headline: &headline(&ran.lanes, Measured { harmed_pct: Some(Value::Number(4.123)), ..Measured::default() }),
        objective: "The objective is missed: 4.123 % of requests are harmed, and at most 0.1 % may be.",
        observed: &[],
        tone: Tone::Harmed,
        clock: Clock::of(&plan),
        moments: &moments,
        windows: &[],
        measures: &measures(many),
        expectations: &expectations(many / 2),
        notes: &notes,
        folder: "reports/stale-image-scale-out/as-written-1/",
        repeat: "windtunnel run scenarios/stale-image-scale-out.yaml --policy as-written --seed 1",
    };
    render(&summary, screen)
}

#[test]
fn the_summary_at_eighty_columns() {
    insta::assert_snapshot!(rendered(5, Screen { width: 80, colour: false }));
}

#[test]
fn the_summary_at_a_hundred_and_twenty_columns() {
    insta::assert_snapshot!(rendered(9, Screen { width: 120, colour: false }));
}

#[test]
fn a_summary_fits_a_screen_and_colour_is_decoration() {
    for width in [60, 80, 100, 120, 200] {
        for many in [0, 5, 20, 60] {
            let plain = rendered(many, Screen { width, colour: false });
            assert!(plain.lines().count() <= 40, "{} lines at {width} with {many}", plain.lines().count());
            for line in plain.lines().filter(|line| !line.starts_with("repeat")) {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
            let coloured = rendered(many, Screen { width, colour: true });
            assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
        }
    }
}

/// Sentences and names that are longer than a line go on in the next, with every word.
#[test]
fn what_does_not_fit_in_a_line_is_folded() {
    let name = "a third of the requests at the worst instant and at no other one";
    let verdict = Verdict::Pass;
    let row =
        ExpectationLine { name: name.into(), verdict, measured: "33.333 %".into(), limit: "33.3 to 33.4 %".into() };
    let hint = "windtunnel assumptions KEY says more";
    let notes = [format!("assumptions used: {} ({hint})", vec!["lb.probe_phase"; 60].join(", "))];
    let measures = [("slo.budget_spent_pct", 76_971.737), ("blast_radius.users_pct", 0.000_002)]
        .map(|(name, value)| MeasureRow { name: name.into(), value: Value::Number(value), unit: "%" });
    let sentence =
        "its probe answers and the balancer lb-shop holds it out of rotation since it changed its mind too often";
    let moments =
        [Moment { label: "first harm", at: Some((SimTime::from_ms(60_000), Entry(7))), sentence: sentence.into() }];
    let summary = Summary {
        title: "t",
        policy: "p",
        diff: "",
        accepted: &[],
        seed: 1,
        headline: "no user was harmed",
        objective: "",
        observed: &[],
        tone: Tone::Well,
        clock: Clock::new(0, &Zone::Offset(0)),
        moments: &moments,
        windows: &[],
        measures: &measures,
        expectations: &[row],
        notes: &notes,
        folder: "r",
        repeat: "windtunnel run",
    };
    let text = render(&summary, Screen { width: 80, colour: false });
    let flat = text.split([' ', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    assert!(flat.contains(&format!("pass {name}: 33.333 %, wanted 33.3 to 33.4 %")), "{text}");
    assert!(flat.replace(" [why 7]", "").contains(sentence), "{text}");
    assert!(flat.contains(hint), "{text}");
    assert!(flat.contains("slo.budget_spent_pct 76\u{202f}972 %"), "{text}");
    assert!(flat.contains("blast_radius.users_pct under 0.001 %"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

/// A policy that makes the set larger does not make the scenario so.
#[test]
fn the_brief_of_a_comparison_has_the_size_of_what_there_is_today() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/overload-cascade.yaml");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_windtunnel"))
        .current_dir(folder.path())
        .args(["compare", scenario, "--policies", "two-more", "--replications", "2", "--out", "c"])
        .output()
        .expect("it runs");
    let brief = std::fs::read_to_string(folder.path().join("c/brief.html"));
    let brief = brief.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&done.stderr)));
    assert!(
        brief.contains("The scenario: 10 instances"),
        "{}",
        &brief[brief.find("The scenario").unwrap_or(0)..][..80]
    );
}

#[test]
fn a_run_without_harm_says_so() {
    let plan = quiet();
    let ran = run(&plan, 1);
    // 0.125 is above the 0.1 that the objective allows, and is not rounded to it.
    let missed = Measured { harmed_pct: Some(Value::Number(0.125)), allowed: Some(0.1), ..Measured::default() };
    assert!(headline(&ran.lanes, missed).starts_with("0.125 % of requests harmed"));
    let of = |harmed: Option<Value>| headline(&ran.lanes, Measured { harmed_pct: harmed, ..Measured::default() });
    assert_eq!(of(None), "no instance harmed users");
    assert_eq!(of(Some(Value::Number(0.0))), "no user was harmed");
    assert_eq!(of(Some(Value::AtLeast(12.34))), "at least 12.3 % of requests harmed: nobody was in rotation");
    assert!(moments(&ran.names, &ran.ledger, ran.names.plan().horizon).iter().all(|moment| moment.at.is_none()));
    // Where nobody serves, nobody is ready, and the demand is above that too: it is not said twice.
    for (nobody, short, words) in [
        (0.0, 90.0, "demand was above what the ready ones could serve for 1 min 30 s"),
        (90.0, 0.0, "nobody was served for 1 min 30 s"),
        (90.0, 91.0, "nobody was served for 1 min 30 s"),
        (90.0, 120.0, "nobody was served for 1 min 30 s, and too few could serve for 30 s more"),
    ] {
        let (harmed, nobody, short) = (Value::Number(5.0), Value::Number(nobody), Value::Number(short));
        let measured =
            Measured { harmed_pct: Some(harmed), nobody_s: Some(nobody), short_s: Some(short), ..Measured::default() };
        assert_eq!(headline(&ran.lanes, measured), format!("5 % of requests harmed: {words}"));
    }
    // Of several entry points it is the worst one, and of a name the others were served elsewhere.
    for (nobody, short, is_name, words) in [
        (90.0, 120.0, false, "no user of shop was served for 1 min 30 s, and too few could serve for 30 s more"),
        (90.0, 120.0, true, "no user of shop was served for 1 min 30 s, and some were not for 30 s more"),
        (0.0, 90.0, false, "demand of shop was above what the ready ones could serve for 1 min 30 s"),
        (0.0, 90.0, true, "some users of shop were not served for 1 min 30 s"),
    ] {
        let measured = Measured {
            allowed: None,
            harmed_pct: Some(Value::Number(5.0)),
            nobody_s: Some(Value::Number(nobody)),
            short_s: Some(Value::Number(short)),
            worst: Some("shop".into()),
            is_name,
            jobs: None,
        };
        assert_eq!(headline(&ran.lanes, measured), format!("5 % of requests harmed: {words}"));
    }
    // Where there are jobs and no users it is they who count.
    for (harmed, lost, words) in [
        (None, 0.0, "no job was lost"),
        (None, 1.0, "1 of 12 jobs was lost"),
        (Some(Value::Number(0.0)), 0.0, "no user was harmed"),
        (Some(Value::Number(0.0)), 3.0, "no user was harmed; 3 of 12 jobs were lost"),
    ] {
        let measured = Measured { harmed_pct: harmed, jobs: Some([lost, 12.0]), ..Measured::default() };
        assert_eq!(headline(&ran.lanes, measured), words);
    }
}

#[test]
fn why_users_were_harmed() {
    let plan = stale();
    let ran = run(&plan, 1);
    let found = why::find(&ran.names, &ran.ledger, &Selector::parse("lb-web@PT15M").unwrap()).unwrap();
    let chain = why::chain(&ran.ledger, found);
    insta::assert_snapshot!("why_80", why::text(&ran.names, &chain, 80, false));
    insta::assert_json_snapshot!("why_json", why::json(&ran.names, &chain));
    for width in [60, 80, 120] {
        for line in why::text(&ran.names, &chain, width, false).lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn a_question_without_an_answer_gets_what_there_is() {
    let plan = stale();
    let ran = run(&plan, 1);
    let error = |text: &str| {
        let selector = Selector::parse(text).unwrap();
        why::find(&ran.names, &ran.ledger, &selector).unwrap_err().to_string()
    };
    let last = ran.ledger.len();
    assert_eq!(error("9999"), format!("the ledger has no entry 9999: they are numbered from 1 to {last}"));
    assert_eq!(
        error("vmss-web3@PT14M"),
        "no entry of the ledger is about `vmss-web3`; did you mean vmss-web, vmss-web_0 or vmss-web_1?"
    );
    assert!(
        error("vmss-web_2@PT9M")
            .starts_with("nothing is on record about vmss-web_2 at or before 09:09:00 UTC, +9 min: its first")
    );
}
