//! The defaults of durations are what the project's own fit makes of the recorded seconds in `src/reality/figures.csv`: a default
//! that was put in by hand and does not fit fails here.

use std::fs;
use std::path::Path;
use windtunnel::experiment::statistics::fit::{Longest, deviance, of_longest};
use windtunnel_sim::engine::random::{Dist, Purpose, Randomness, Stream, Subject};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::rules::{A, Range, Value};

/// One of twenty samples lies farther than this from what it was drawn of: χ² of two degrees, the median and σ.
const FAR: f64 = 5.991;

/// The seconds of a case from a year on, as the table has them.
fn seconds(case: &str, from: u16) -> Vec<f64> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reality/figures.csv");
    let table = fs::read_to_string(path).expect("the figures are there");
    let mut found = Vec::new();
    for line in table.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        if let ["duration", of, _, _, values, ..] = cells[..]
            && of == case
        {
            for value in values.split_whitespace() {
                let (year, seconds) = value.split_once(':').expect("a year and seconds");
                if year.parse::<u16>().expect("a year") >= from {
                    // Behind them stands which half of the recordings they are of.
                    let seconds = seconds.trim_end_matches(|one: char| one.is_ascii_alphabetic());
                    found.push(seconds.parse().expect("seconds"));
                }
            }
        }
    }
    assert!(!found.is_empty(), "`{case}` is in the table from {from} on");
    found
}

fn default(of: A) -> Dist {
    match of.row().default {
        Value::Dist(dist) => dist,
        other => panic!("`{}` is {other}", of.row().key),
    }
}

/// A duration that one operation consists of: its assumption, the year that counts from, and the cases with how many instances
/// each is about.
type Single = (A, u16, &'static [(&'static str, u32)]);

const SINGLE: &[Single] = &[
    (A::VmDeallocateLinux, 2022, &[("deallocate Linux Uniform 2 2", 2)]),
    (A::VmDeallocateWindows, 2022, &[("deallocate Windows Uniform 1 1", 1), ("deallocate Windows Uniform 2 2", 2)]),
    (A::VmPowerOffLinux, 2020, &[("power-off Linux Uniform 2 2", 2)]),
    (A::VmPowerOffWindows, 2022, &[("power-off Windows Uniform 1 1", 1), ("power-off Windows Uniform 5 5", 5)]),
    (A::VmPowerOnLinux, 2022, &[("start Linux Uniform 2 2 stopped", 2)]),
    (A::VmPowerOnWindows, 2022, &[("start Windows Uniform 1 1 stopped", 1), ("start Windows Uniform 5 5 stopped", 5)]),
    (
        A::VmRestart,
        2022,
        &[("restart Linux Uniform 2 2", 2), ("restart Windows Uniform 1 1", 1), ("restart Windows Uniform 5 5", 5)],
    ),
    (A::VmRedeploy, 2022, &[("redeploy Windows Uniform 1 1", 1)]),
    (
        A::VmDelete,
        2022,
        &[
            ("scale-in Windows Uniform 5 4 surplus", 1),
            ("delete Windows Uniform 4 2", 2),
            ("delete-set Windows Uniform 1 1", 1),
        ],
    ),
    (
        A::VmDeleteDeallocated,
        2022,
        &[("delete Linux Uniform 2 2 deallocated", 2), ("delete Windows Uniform 1 1 deallocated", 1)],
    ),
];

fn sample(from: u16, cases: &[(&str, u32)]) -> Vec<Longest> {
    let of = |(case, n): &(&str, u32)| seconds(case, from).into_iter().map(|value| (value, *n)).collect::<Vec<_>>();
    cases.iter().flat_map(of).collect()
}

/// The same distribution, with every length so many times as long.
fn scaled(dist: &Dist, by: f64) -> Dist {
    let of = |time: SimDuration| SimDuration::from_ms(libm::round(time.ms() as f64 * by) as u64);
    match *dist {
        Dist::LogNormal { median, sigma } => Dist::LogNormal { median: of(median), sigma },
        Dist::TwoModes { first, second, share } => {
            Dist::TwoModes { first: (of(first.0), first.1), second: (of(second.0), second.1), share }
        }
        Dist::SlowTail { median, sigma, share, min, max } => {
            Dist::SlowTail { median: of(median), sigma, share, min: of(min), max: of(max) }
        }
        other => other,
    }
}

/// A default lies within the region of 95 % about the likeliest lognormal, and half of it and twice as much do not: the seconds
/// say what it is.
#[test]
fn a_default_is_the_fit_of_what_was_recorded() {
    let mut wrong = Vec::new();
    for (assumption, from, cases) in SINGLE {
        let (key, dist) = (assumption.row().key, default(*assumption));
        let sample = sample(*from, cases);
        let fit = of_longest(&sample).expect("several values");
        let far = deviance(&sample, &dist).expect("a lognormal, with a tail or two modes");
        let said = format!(
            "{key} is {}, and the fit of {} is {:.1} s, σ {:.2}",
            assumption.row().default,
            sample.len(),
            fit.median,
            fit.sigma
        );
        if far > FAR {
            wrong.push(format!("{said}: {far:.1} away"));
        }
        for by in [0.5, 2.0] {
            let other = deviance(&sample, &scaled(&dist, by)).expect("the same kind");
            if other <= FAR {
                wrong.push(format!("{said}, and {by} times as long would do as well: {other:.1} away"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where a row says between which lengths recordings lie, its middle is between them, and so are the middle halves of the
/// seconds.
#[test]
fn a_range_is_what_was_recorded() {
    for (assumption, from, cases) in SINGLE {
        let row = assumption.row();
        let Range::Dist { recorded: Some((low, high)), .. } = row.range else { panic!("`{}` was recorded", row.key) };
        let fit = of_longest(&sample(*from, cases)).expect("several values");
        assert!(low.seconds() < fit.median && fit.median < high.seconds(), "`{}`: {low} to {high}", row.key);
        let mut all: Vec<f64> = cases.iter().flat_map(|(case, _)| seconds(case, *from)).collect();
        all.sort_by(f64::total_cmp);
        let (quarter, rest) = (all[all.len() / 4], all[all.len() * 3 / 4]);
        assert!(low.seconds() <= quarter && rest <= high.seconds(), "`{}`: {quarter} to {rest}", row.key);
    }
}

/// A total that is made of several: the call, and of so many machines that are made the first so many, each with its spread, its
/// boot, and its extensions.
struct Total {
    case: &'static str,
    from: u16,
    call: A,
    boot: A,
    made: usize,
    wanted: usize,
    extensions: usize,
    network_s: f64,
}

const TOTALS: &[Total] = &[
    Total {
        case: "create Linux Uniform 2 2 surplus network",
        from: 2023,
        call: A::VmssProvision,
        boot: A::VmBootLinux,
        made: 4,
        wanted: 2,
        extensions: 0,
        network_s: 14.0,
    },
    Total {
        case: "create Linux Flexible 2 2 network",
        from: 2023,
        call: A::VmssProvisionFlexible,
        boot: A::VmBootLinux,
        made: 2,
        wanted: 2,
        extensions: 0,
        network_s: 14.0,
    },
    Total {
        case: "create Windows Uniform 1 1 surplus network",
        from: 2022,
        call: A::VmssProvision,
        boot: A::VmBootWindows,
        made: 2,
        wanted: 1,
        extensions: 0,
        network_s: 14.0,
    },
    Total {
        case: "create Windows Uniform 1 1 surplus extensions=2",
        from: 2022,
        call: A::VmssProvision,
        boot: A::VmBootWindows,
        made: 2,
        wanted: 1,
        extensions: 2,
        network_s: 0.0,
    },
    Total {
        case: "reimage Linux Uniform 2 2",
        from: 2020,
        call: A::VmReimage,
        boot: A::VmBootLinux,
        made: 2,
        wanted: 2,
        extensions: 0,
        network_s: 0.0,
    },
    Total {
        case: "reimage Windows Uniform 2 2",
        from: 2020,
        call: A::VmReimage,
        boot: A::VmBootWindows,
        made: 2,
        wanted: 2,
        extensions: 0,
        network_s: 0.0,
    },
];

impl Total {
    /// Draws one, as the platform of the model takes that long.
    fn draw(&self, stream: &mut Stream) -> f64 {
        let mut seconds = |of: A| stream.duration(&default(of)).seconds();
        let of_a_call = self.call != A::VmReimage;
        let call = if of_a_call { seconds(self.call) } else { 0.0 };
        let mut ends: Vec<f64> = Vec::new();
        for _ in 0..self.made {
            let own = if of_a_call { seconds(A::VmssProvisionSpread) } else { seconds(self.call) };
            let wait = if self.extensions > 0 { seconds(A::ExtensionWindowsWait) } else { 0.0 };
            let work: f64 = (0..self.extensions).map(|_| seconds(A::ExtensionDuration)).sum();
            ends.push(call + own + seconds(self.boot) + wait + work);
        }
        ends.sort_by(f64::total_cmp);
        ends[self.wanted - 1] + self.network_s
    }
}

/// How much of a sample lies below the model's median is a matter of coins: for 95 of 100 samples within 1.96 × ½ ÷ √n of the half.
/// The composition of a total is a choice, and this is what holds it to the total.
#[test]
fn the_totals_have_the_median_that_was_recorded() {
    let mut wrong = Vec::new();
    for total in TOTALS {
        let subject = Subject { place: 0, cause: 0, ordinal: 0 };
        let mut stream = Randomness::new(11).stream(Purpose::Generator, subject, 0);
        let mut drawn: Vec<f64> = (0..4001).map(|_| total.draw(&mut stream)).collect();
        drawn.sort_by(f64::total_cmp);
        let (median, recorded) = (drawn[2000], seconds(total.case, total.from));
        let below = recorded.iter().filter(|value| **value < median).count() as f64 / recorded.len() as f64;
        let within = 0.98 / libm::sqrt(recorded.len() as f64);
        if (below - 0.5).abs() > within {
            wrong.push(format!(
                "{}: {median:.1} s has {:.0} % of {} below it",
                total.case,
                100.0 * below,
                recorded.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn time(of: A) -> f64 {
    match of.row().default {
        Value::Time(time) => time.seconds(),
        other => panic!("`{}` is {other}", of.row().key),
    }
}

/// How long 30 GB take to one region, as the defaults have it.
fn replication() -> Dist {
    let of = |a: A| match a.row().default {
        Value::Number(number) | Value::Share(number) => number,
        other => panic!("`{}` is {other}", a.row().key),
    };
    let median = time(A::GalleryReplicationBase) + 30.0 * time(A::GalleryReplicationPerGb);
    let seconds = |seconds: f64| SimDuration::from_ms(libm::round(seconds * 1000.0) as u64);
    Dist::SlowTail {
        median: seconds(median),
        sigma: of(A::GalleryReplicationSigma),
        share: of(A::GalleryReplicationSlowShare),
        min: seconds(time(A::GalleryReplicationSlowFrom)),
        max: seconds(time(A::GalleryReplicationCap)),
    }
}

/// Of all years since 2020: those since 2022 are some 440 s and alike to a few per cent, and those before it up to 781.
#[test]
fn a_replication_is_the_fit_of_the_years_since_2020() {
    let sample = sample(2020, &[("replicate Linux Uniform 1 1", 1)]);
    let dist = replication();
    let far = deviance(&sample, &dist).expect("a lognormal with a tail");
    assert!(far <= FAR, "{far:.1} away from {:?}", of_longest(&sample));
    for by in [0.5, 2.0] {
        assert!(deviance(&sample, &scaled(&dist, by)).expect("the same kind") > FAR);
    }
}

/// A build waits, makes its machine and takes its image; a customizer of 5 s, and to a gallery a replication come on top. Not all of
/// four recorded ones lie on one side of the median that the model has.
#[test]
fn image_builds_lie_on_both_sides_of_the_median() {
    let subject = Subject { place: 1, cause: 0, ordinal: 0 };
    for (case, replicates) in
        [("image-build Linux Uniform 1 1", true), ("image-build-unreplicated Linux Uniform 1 1", false)]
    {
        let mut stream = Randomness::new(11).stream(Purpose::Generator, subject, 0);
        let mut draw = || {
            let own = stream.duration(&default(A::AibQueue)) + stream.duration(&default(A::AibBuildVm));
            let copy = stream.duration(&replication()).seconds();
            own.seconds() + 5.0 + if replicates { copy } else { 0.0 }
        };
        let mut drawn: Vec<f64> = (0..4001).map(|_| draw()).collect();
        drawn.sort_by(f64::total_cmp);
        let recorded = seconds(case, 2018);
        let (low, high) = (drawn[100], drawn[3900]);
        assert!(
            recorded.iter().all(|value| (low..=high).contains(value)) || !replicates,
            "{recorded:?}: {low} to {high}"
        );
        let below = recorded.iter().filter(|value| **value < drawn[2000]).count();
        assert!(!replicates || (1..recorded.len()).contains(&below), "{recorded:?} about {}", drawn[2000]);
        assert!(recorded.iter().all(|value| *value > drawn[40]), "{recorded:?} from {}", drawn[40]);
    }
}
