//! The runs in which each measure is least and greatest, of many random ones: every picture of them is drawn and looked at, and
//! so is a comparison of the two.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use support::run;
use windtunnel::experiment::column::Column;
use windtunnel::experiment::compare::compare;
use windtunnel::experiment::replicate::{Done, Replications, Row};
use windtunnel::output::plots::comparison::{Picture, pictures};
use windtunnel::output::plots::png::Renderer;
use windtunnel_sim::generator;
use windtunnel_sim::measure::Stored;
use windtunnel_sim::measure::{Measure, Measures, Scope, Value};
use windtunnel_sim::rules::assumptions::Used;
use windtunnel_sim::world::run::{Options, run as run_plan};

/// So many random scenarios are looked through.
const SCENARIOS: u64 = 400;

fn measured(number: u64) -> Vec<Measure> {
    let plan = generator::scenario(number);
    let mut measures = Measures::new(&plan);
    run_plan(&plan, number, Options::default(), &mut measures);
    measures.measures().into_iter().filter(|one| one.scope == Scope::Fleet).collect()
}

/// By measure: its least value and its greatest, and in which scenario each is.
fn extremes() -> BTreeMap<&'static str, [(f64, u64); 2]> {
    let mut found: BTreeMap<&'static str, [(f64, u64); 2]> = BTreeMap::new();
    for number in 0..SCENARIOS {
        for measure in measured(number) {
            let (Value::Number(value) | Value::AtLeast(value)) = measure.value else { continue };
            let [least, most] = found.entry(measure.name()).or_insert([(value, number); 2]);
            if value < least.0 {
                *least = (value, number);
            }
            if value > most.0 {
                *most = (value, number);
            }
        }
    }
    found
}

/// The values of an attribute of all elements.
fn attributes<'s>(svg: &'s str, name: &str) -> Vec<&'s str> {
    let key = format!(" {name}=\"");
    svg.match_indices(&key).map(|(at, _)| svg[at + key.len()..].split('"').next().unwrap_or_default()).collect()
}

/// Looks at a picture: it has a size, words, something else than words, and nothing of it lies outside or nowhere.
fn look(name: &str, svg: &str) {
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("{name}: `{text}` is no number"));
    // Places are counted in the finer steps of the view.
    let sides: Vec<f64> = attributes(svg, "viewBox")[0].split(' ').map(number).collect();
    let (width, height) = (sides[2], sides[3]);
    assert!(width > 100.0 && height > 100.0, "{name} has a size");
    for (side, keys) in [(width, ["x", "x1", "x2", "cx"]), (height, ["y", "y1", "y2", "cy"])] {
        for text in keys.iter().flat_map(|key| attributes(svg, key)) {
            let at = number(text);
            assert!((-6.0..=side + 6.0).contains(&at), "{name}: {at} lies outside of {side}");
        }
    }
    for points in attributes(svg, "points") {
        for pair in points.split_whitespace() {
            let (x, y) = pair.split_once(',').unwrap_or_else(|| panic!("{name}: `{pair}` is no place"));
            let (x, y) = (number(x), number(y));
            let inside = (-6.0..=width + 6.0).contains(&x) && (-6.0..=height + 6.0).contains(&y);
            assert!(inside, "{name}: {x}, {y} lies outside of {width} × {height}");
        }
    }
    for side in ["width", "height", "r"].iter().flat_map(|side| attributes(svg, side)) {
        assert!(number(side) >= 0.0, "{name}: a size of {side}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name} has a place for everything");
    assert!(svg.matches("<text").count() > 4, "{name} has words");
    assert!(svg.len() < 5_000_000, "{name}: {} bytes", svg.len());
    let shapes: usize = ["<rect", "<path", "<line", "<polyline", "<polygon", "<circle"]
        .iter()
        .map(|shape| svg.matches(shape).count())
        .sum();
    assert!(shapes > 3, "{name} has {shapes} shapes");
}

/// A path or a list of points that was never looked at would make the look blind: a picture with one place far outside, or
/// with a size below zero, is noticed.
#[test]
fn the_look_sees_what_is_wrong() {
    let fine = |more: &str| {
        format!(
            "<svg viewBox=\"0 0 400 300\">{}{}{more}</svg>",
            "<text>a</text>".repeat(5),
            "<rect width=\"2\" height=\"2\"/>".repeat(4)
        )
    };
    look("fine", &fine(""));
    for wrong in [
        "<line x1=\"900\"/>",
        "<circle cy=\"-70\"/>",
        "<polyline points=\"1,1 1,999\"/>",
        "<rect width=\"-1\"/>",
        "<path d=\"M NaN\"/>",
    ] {
        assert!(std::panic::catch_unwind(|| look(wrong, &fine(wrong))).is_err(), "{wrong}");
    }
}

#[test]
fn every_picture_of_the_extremes_of_each_measure_is_drawn() {
    let found = extremes();
    assert!(found.len() > 25, "{} measures have a value in some run", found.len());
    let numbers: BTreeSet<u64> = found.values().flatten().map(|(_, number)| *number).collect();
    let renderer = Renderer::default();
    for number in numbers {
        let plan = generator::scenario(number);
        let ran = run(&plan, number);
        let failed = ran.series.entries.iter().filter_map(|row| row.rates()).any(|rates| rates.failed > 0.0);
        let all = ran.plots(number);
        let kinds = all.len() as u64;
        for (at, (kind, svg)) in all.into_iter().enumerate() {
            let name = format!("scenario {number}, {kind}");
            look(&name, &svg);
            if kind == "harm" && failed {
                assert!(svg.contains("url(#harm)") || svg.contains("#D5410A"), "{name} shows the harm");
            }
            // To fill in every point takes long; each kind of picture has its turn.
            if at as u64 == number % kinds {
                assert!(renderer.png(&svg).is_ok(), "{name} can be drawn");
            }
        }
    }
}

/// Of each measure the least value against the greatest: twelve runs each, the same value in all, in all but one, and with one
/// that is still open.
#[test]
fn a_comparison_of_the_extremes_of_each_measure_is_drawn() {
    let renderer = Renderer::default();
    for (measure, [(least, _), (most, _)]) in extremes() {
        for (kind, odd) in
            [("equal", None), ("but one", Some(Stored::Number(least))), ("one open", Some(Stored::AtLeast(most)))]
        {
            let columns: Arc<[Column]> = [(measure, ""), ("rollout.duration_s", "s"), ("rollout.outcome", "")]
                .map(|(name, unit)| Column::new(name, None, unit))
                .into();
            let mut runs = Replications::new(1, &["as-written", "other"]);
            for (policy, replication) in (0..24).map(|at| (at % 2, at / 2)) {
                let value = match &odd {
                    Some(odd) if (policy, replication) == (1, 3) => odd.clone(),
                    _ => Stored::Number(if policy == 0 { least } else { most }),
                };
                let values = vec![value, Stored::Number(60.0), Stored::Word("completed".into())];
                let row = Row { digest: 0, looped: false, values };
                runs.put(Done { policy, replication, columns: Arc::clone(&columns), row, used: Used::default() })
                    .expect("it fits");
            }
            for (picture, drawn) in pictures("Extremes", &compare(&runs, 0, None)) {
                let Picture::Drawn(svg) = drawn else { continue };
                look(&format!("{measure}, {kind}: {picture}"), &svg);
                assert!(renderer.png(&svg).is_ok(), "{measure}, {kind}: {picture} can be drawn");
            }
        }
    }
}
