//! What `compare` makes of two threads: one process with two of them, against two processes with one each that share the
//! replications, side by side. Both sides by turns, by the clock on the wall, since what is measured is waiting for each other.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const TURNS: usize = 7;
const REPLICATIONS: u32 = 1_000;

fn compare(scenario: &Path, out: &Path, replications: u32, first: u32, jobs: u32) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    command.arg("compare").arg(scenario).arg("--out").arg(out);
    for (key, value) in [("--replications", replications), ("--seed", first), ("--jobs", jobs)] {
        command.arg(key).arg(value.to_string());
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

#[expect(clippy::disallowed_methods, reason = "what takes long is what is measured")]
fn timed(children: impl FnOnce() -> Vec<Child>) -> Duration {
    let start = Instant::now();
    for mut child in children() {
        assert!(child.wait().expect("it runs").success(), "a comparison ends well");
    }
    start.elapsed()
}

pub fn table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("there is room for a folder");
    println!("{REPLICATIONS} replications of every policy, the median of {TURNS} turns:");
    for name in ["stale-image-scale-out", "one-of-four"] {
        let scenario = root.join("scenarios").join(name).with_extension("yaml");
        let (mut one, mut two) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            let out = |nth: &str| folder.path().join(nth);
            one.push(timed(|| vec![compare(&scenario, &out("one"), REPLICATIONS, 1, 2)]));
            two.push(timed(|| {
                let half =
                    |nth: u32| compare(&scenario, &out(&nth.to_string()), REPLICATIONS / 2, 1 + nth * REPLICATIONS, 1);
                vec![half(0), half(1)]
            }));
        }
        one.sort_unstable();
        two.sort_unstable();
        let (one, two) = (one[TURNS / 2].as_secs_f64(), two[TURNS / 2].as_secs_f64());
        println!("  {name}: two threads {one:.2} s, two processes {two:.2} s, throughput {:.2} (to be 0.9)", two / one);
    }
}
