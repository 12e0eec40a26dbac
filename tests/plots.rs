//! The pictures of runs: the same bytes each time, SVG that can be drawn, and files to look at.

mod support;

use std::fs;
use std::path::PathBuf;
use support::{fleet, quiet, run, stale, two_pools};
use windtunnel::output::plots::png::Renderer;
use windtunnel::output::plots::{Caption, capacity, fleet as heat, harm, versions};
use windtunnel_sim::plan::Plan;

fn pictures(plan: &Plan) -> [(&'static str, String); 4] {
    let ran = run(plan, 1);
    let caption = Caption { plan, seed: 1 };
    [
        ("fleet", heat::svg(caption, &ran.names, &ran.lanes)),
        ("capacity", capacity::svg(caption, &ran.names, &ran.series)),
        ("versions", versions::svg(caption, &ran.names, &ran.series)),
        ("harm", harm::svg(caption, &ran.names, &ran.series)),
    ]
}

/// Draws all pictures of a plan into the folder of test files, where people can look at them.
fn check(name: &str, plan: &Plan) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("plots");
    fs::create_dir_all(&folder).unwrap();
    let renderer = Renderer::default();
    for ((kind, svg), (_, again)) in pictures(plan).into_iter().zip(pictures(plan)) {
        assert_eq!(svg, again, "{name}-{kind}: one run, one picture");
        assert!(svg.len() < 2_000_000, "{name}-{kind}: {} bytes", svg.len());
        let png = renderer.png(&svg).unwrap();
        fs::write(folder.join(format!("{name}-{kind}.svg")), &svg).unwrap();
        fs::write(folder.join(format!("{name}-{kind}.png")), png).unwrap();
    }
}

#[test]
fn the_stale_story_is_drawn() {
    check("stale", &stale());
}

#[test]
fn a_hundred_instances_are_drawn() {
    check("hundred", &fleet(100));
}

#[test]
fn a_thousand_instances_are_drawn() {
    check("thousand", &fleet(1000));
}

#[test]
fn one_instance_without_traffic_is_drawn() {
    check("quiet", &quiet());
}

#[test]
fn two_entry_points_are_drawn() {
    check("two", &two_pools());
}
