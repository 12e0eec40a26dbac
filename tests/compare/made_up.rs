//! Comparisons made up to be awkward: how they are shown and drawn.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use windtunnel::experiment::column::Column;
use windtunnel::experiment::compare::{Comparison, compare};
use windtunnel::experiment::replicate::{Done, Replications, Row};
use windtunnel::output::comparison::terminal;
use windtunnel::output::note::Note;
use windtunnel::output::plots::comparison::{Picture, pictures};
use windtunnel::output::plots::png::Renderer;
use windtunnel_sim::measure::Stored;
use windtunnel_sim::rules::assumptions::Used;

/// Runs made up: by policy and replication, the value of each measure.
fn made_up(policies: &[&str], count: usize, value: impl Fn(usize, usize) -> [Stored; 5]) -> Comparison {
    let measures = [
        ("blast_radius.requests_pct", "%"),
        ("downtime.full_s", "s"),
        ("time_to.recover_s", "s"),
        ("cost.regular_h", "instance h"),
        ("rollout.outcome", ""),
    ];
    let columns: Arc<[Column]> = measures.iter().map(|(name, unit)| Column::new(name, None, unit)).collect();
    let mut runs = Replications::new(1, policies);
    for policy in 0..policies.len() {
        for replication in 0..count {
            let row = Row { digest: 0, looped: false, values: value(policy, replication).into() };
            runs.put(Done { policy, replication, columns: Arc::clone(&columns), row, used: Used::default() })
                .expect("it fits");
        }
    }
    compare(&runs, 0, None)
}

/// Mostly-zero harm, open downtime, words: everything that is not a plain number.
fn awkward() -> Comparison {
    let names =
        ["as-written", "canary-first", "small-batches", "no-health-probe", "double-capacity", "as-written-again"];
    made_up(&names, 120, |policy, i| {
        // The last policy is the first under another name.
        let policy = policy % 5;
        let chance = ((i * 7919 + 13) % 120) as f64 / 120.0;
        let factor = [1.0, 0.4, 0.7, 2.4, 0.05][policy];
        let harm = if chance > 0.6 { (chance - 0.6) * 30.0 * factor + 0.02 * (i % (policy + 2)) as f64 } else { 0.0 };
        let open = policy == 3 && i % 9 == 0;
        let down = if open { Stored::AtLeast(2700.0) } else { Stored::Number(harm * 40.0) };
        let back =
            if harm > 0.0 { Stored::Number(harm * 90.0) } else { Stored::NotComputed("nobody was harmed".into()) };
        let cost = [20.0, 23.0, 24.5, 19.5, 40.0][policy] + chance;
        let word = if harm > 5.0 { "halted" } else { "completed" };
        [Stored::Number(harm), down, back, Stored::Number(cost), Stored::Word(word.into())]
    })
}

fn summary(comparison: &Comparison, width: usize, colour: bool) -> String {
    let notes = [Note::Text("intervals cover the randomness of the seeds alone".to_owned())];
    let context = terminal::TerminalContext {
        title: "The rollout that was made up to be awkward",
        notes: &notes,
        folder: "reports/made-up/compare",
        repeat: "windtunnel compare made-up.yaml",
        width,
        colour,
        all: true,
    };
    terminal::render(comparison, None, &context)
}

#[test]
fn the_table_at_eighty_and_at_a_hundred_and_twenty_columns() {
    let comparison = awkward();
    insta::assert_snapshot!("compare_80", summary(&comparison, 80, false));
    insta::assert_snapshot!("compare_120", summary(&comparison, 120, false));
}

#[test]
fn tables_keep_to_the_width_and_colour_is_decoration() {
    let long = "a-policy-with-a-name-that-goes-on-and-on-beyond-all-reason";
    let one = made_up(&[long, "b"], 9, |policy, i| {
        let value = -1234.5 * (policy as f64 + 1.0) + i as f64 * 1e-4;
        let word = Stored::Word("aVeryLongOutcome".into());
        [Stored::Number(value), Stored::Number(value), Stored::AtLeast(3.0), Stored::Number(0.1), word]
    });
    let alone = made_up(&["as-written"], 3, |_, i| std::array::from_fn(|_| Stored::Number(i as f64)));
    for comparison in [&one, &awkward(), &alone] {
        for width in [60, 80, 100, 120] {
            let plain = summary(comparison, width, false);
            let longest = plain.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(longest <= width, "{longest} at {width}:\n{plain}");
            assert!(plain.lines().all(|line| line.trim_end() == line), "no blanks at the end:\n{plain}");
            let coloured = summary(comparison, width, true);
            assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
        }
    }
}

/// Draws all pictures into the folder of test files, where people can look at them.
#[test]
fn pictures_are_drawn_whatever_the_runs() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compare");
    fs::create_dir_all(&folder).expect("it can be made");
    let many: Vec<String> = (0..24).map(|n| format!("policy-{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let number = |value: f64| Stored::Number(value);
    let crowd = made_up(&many, 50, |p, i| {
        let harm = (p as f64 * 1.7) % 5.0 + (i % 10) as f64 * 0.2;
        [number(harm), number(harm), number(harm), number(10.0 + (p * p % 31) as f64), number(0.0)]
    });
    let nothing = made_up(&["as-written"], 2, |_, _| std::array::from_fn(|_| Stored::NotComputed("no traffic".into())));
    // One value, all zero, one run open, and values that only rounding or almost nothing tells apart.
    let same =
        |value: f64| made_up(&["as-written", "b"], 12, move |_, _| std::array::from_fn(|_| Stored::Number(value)));
    let noise = made_up(&["as-written", "b"], 12, |p, i| {
        let off = if p == 1 && i == 3 { 1.1e-19 } else { 0.0 };
        std::array::from_fn(|_| Stored::Number(3.4e-4 + off))
    });
    let tiny =
        made_up(&["as-written", "b"], 12, |p, i| std::array::from_fn(|_| Stored::Number((p * i) as f64 * 1e-19)));
    let huge = made_up(&["as-written", "b"], 12, |p, i| std::array::from_fn(|_| Stored::Number(1e15 * (p + i) as f64)));
    let open = made_up(&["as-written", "b"], 12, |p, i| {
        let one = if p == 1 && i == 0 { Stored::AtLeast(5.0) } else { Stored::Number(1.0) };
        std::array::from_fn(|_| one.clone())
    });
    let renderer = Renderer::default();
    let degenerate = [
        ("awkward", &awkward()),
        ("crowd", &crowd),
        ("nothing", &nothing),
        ("zero", &same(0.0)),
        ("one-value", &same(73.25)),
        ("noise", &noise),
        ("tiny", &tiny),
        ("huge", &huge),
        ("open", &open),
    ];
    for (name, comparison) in degenerate {
        let again = pictures("A title", comparison);
        for ((kind, picture), (_, again)) in pictures("A title", comparison).into_iter().zip(again) {
            match (picture, again) {
                (Picture::Drawn(svg), Picture::Drawn(again)) => {
                    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}-{kind} has a place for everything");
                    assert_eq!(svg, again, "{name}-{kind}: one comparison, one picture");
                    fs::write(folder.join(format!("{name}-{kind}.png")), renderer.png(&svg).expect("it is an SVG"))
                        .expect("written");
                }
                (Picture::Left(why), Picture::Left(_)) => {
                    assert!(name == "nothing" || kind == "length", "{name}-{kind}: {why}");
                }
                _ => panic!("{name}-{kind}: once there and once not"),
            }
        }
    }
}

/// The two differ in the last bit of one run: the sum of the same numbers in another order.
#[test]
fn rounding_is_no_difference() {
    let runs = made_up(&["as-written", "b"], 12, |p, i| {
        let off = if p == 1 && i % 2 == 0 { 1.1e-19 } else { 0.0 };
        std::array::from_fn(|_| Stored::Number(3.4e-4 + off))
    });
    for paired in &runs.policies[1].paired {
        assert_eq!((paired.less, paired.equal, paired.more), (0, 12, 0));
        assert_eq!(paired.verdict, windtunnel::experiment::statistics::Verdict::Same);
    }
}
