//! The storm and the hold model in other simulators, beside ours: `peers WHAT HOURS` prints one line, `what,benchmark,
//! seconds of processor time,work,check`. `run` beside it runs everything in one sitting and writes the table.
//!
//! The storm of a peer is what its users would write: every instance is a model of its own, which sends every probe of the
//! balancer and of the health extension. What comes of it must be what the loop by hand says, to the millisecond.

mod hold;
mod nexo;
mod score;
mod storm;

use cpu_time::ProcessTime;
use storm::Storm;

#[allow(dead_code)]
#[path = "../../storm_by_hand.rs"]
mod storm_by_hand;

/// How many holds are timed.
pub const HOLDS: u64 = 200_000;

fn least(turns: u32, mut what: impl FnMut() -> String) -> (f64, String) {
    let mut best = (f64::INFINITY, String::new());
    for _ in 0..turns {
        let start = ProcessTime::now();
        let check = what();
        let seconds = start.elapsed().as_secs_f64();
        if seconds < best.0 {
            best = (seconds, check);
        }
    }
    best
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, hours] = &arguments[..] else { panic!("peers WHAT HOURS") };
    let horizon = (hours.parse::<f64>().expect("a number of hours") * 3_600_000.0) as u64;
    let storm = Storm::new(1_000, 1, horizon);
    let print = |benchmark: &str, work: u64, (seconds, check): (f64, String)| {
        println!("{what},{benchmark},{seconds:.6},{work},{check}");
    };
    match what.as_str() {
        "list" => storm.print(),
        "ours" => {
            let plan = storm::plan(horizon);
            print("storm", horizon, least(20, || storm::ours(&plan)));
            for pending in [1_000, 30_000] {
                print(&format!("hold/{pending}"), HOLDS, least(5, || hold::ours(pending)));
            }
        }
        "floor" => print("storm", horizon, least(20, || storm.by_hand())),
        "nexosim" => {
            print("storm", horizon, least(1, || nexo::storm(&storm)));
            for pending in [1_000, 30_000] {
                print(&format!("hold/{pending}"), HOLDS, least(3, || nexo::hold(pending)));
            }
        }
        "simcore" => {
            print("storm", horizon, least(1, || score::storm(&storm)));
            for pending in [1_000, 30_000] {
                print(&format!("hold/{pending}"), HOLDS, least(3, || score::hold(pending)));
            }
        }
        other => panic!("{other} is not a peer"),
    }
}
