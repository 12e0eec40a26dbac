//! How far long work is: a line on standard error, where that is a terminal, and nothing elsewhere.
//!
//! It comes when the work takes longer than a second, and goes when it is done. How fast it goes and how long it will take is
//! said as people say it.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_words::clock::spoken_s;

/// Work that is done sooner shows nothing.
const SOON: Duration = Duration::from_secs(1);
/// A run is asked so often how far it is.
const STEPS: u64 = 1_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Runs of a comparison or of tests.
    Runs,
    /// Random scenarios.
    Scenarios,
    /// Simulated time, in milliseconds.
    Time,
}

/// How far some work is.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    began: Instant,
    shown: AtomicBool,
}

impl Progress {
    /// Begins work of so many parts, `done` of which are done already.
    #[expect(clippy::disallowed_methods, reason = "how long the work takes; no result depends on it")]
    pub fn of(work: Work, all: u64, done: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(all), ProgressDrawTarget::hidden()).with_position(done);
        let what = match work {
            Work::Runs => "{human_pos} of {human_len} runs",
            Work::Scenarios => "{human_pos} of {human_len} scenarios",
            Work::Time => "{percent} % simulated",
        };
        let style =
            ProgressStyle::with_template(&format!("{{bar:32}} {what}, {{rate}}, {{left}}")).expect("it is a template");
        let rate = move |state: &ProgressState, out: &mut dyn Write| {
            let _ = out.write_str(&rate(work, state.per_sec()));
        };
        let left = |state: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{} left", spoken_s(state.eta().as_secs_f64().round()));
        };
        bar.set_style(style.with_key("rate", rate).with_key("left", left).progress_chars("━╸ "));
        bar.reset_eta();
        Self { bar, began: Instant::now(), shown: AtomicBool::new(false) }
    }

    /// So many parts more are done.
    pub fn add(&self, parts: u64) {
        if !self.shown.load(Ordering::Relaxed) && self.began.elapsed() >= SOON {
            self.shown.store(true, Ordering::Relaxed);
            // Hidden where standard error is no terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(parts);
    }

    /// There are so many parts in all.
    pub fn set_all(&self, all: u64) {
        self.bar.set_length(all);
    }

    /// Begins again at another number of parts.
    pub fn begin_at(&self, done: u64) {
        self.bar.set_position(done);
        self.bar.reset_eta();
    }

    /// Does something that writes lines, with the line of this out of the way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// It is done, and nothing is left of the line.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// Simulated time up to this instant is done; for work of one run.
    pub fn come_to(&self, at: SimTime) {
        if at == SimTime::ZERO {
            // Building a large fleet takes time, and says nothing of what comes then.
            self.bar.reset_eta();
        }
        self.add(at.ms().saturating_sub(self.bar.position()));
    }

    /// The instants at which a run up to `horizon` is asked how far it is: many, the last of them the horizon.
    pub fn steps(horizon: SimTime) -> impl Iterator<Item = SimTime> {
        let (ms, steps) = (horizon.ms(), STEPS.min(horizon.ms().max(1)));
        // In this order no product overflows.
        (1..=steps).map(move |step| SimTime::from_ms(ms / steps * step + ms % steps * step / steps))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

/// How fast it goes, as people say it: three digits at most, and a longer unit for what is slow.
fn rate(work: Work, each_second: f64) -> String {
    let what = match work {
        Work::Time => return format!("{} a second", spoken_s(each_second / 1000.0)),
        Work::Runs => "runs",
        Work::Scenarios => "scenarios",
    };
    let three = |value: f64| {
        let digits = if value < 9.95 { 1.0_f64 } else { 0.0 };
        let size = if value >= 1000.0 {
            libm::pow(10.0, libm::floor(libm::log10(value)) - 2.0)
        } else {
            libm::pow(10.0, -digits)
        };
        let value = (value / size).round() * size;
        if value.fract() == 0.0 { indicatif::HumanCount(value as u64).to_string() } else { format!("{value:.1}") }
    };
    match each_second {
        fast if fast >= 1.0 => format!("{} {what} a second", three(fast)),
        slow if slow * 60.0 >= 1.0 => format!("{} {what} a minute", three(slow * 60.0)),
        slow => format!("{} {what} an hour", three(slow * 3600.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_said_as_people_say_it() {
        let runs = [71.1544, 1547.2828, 2.04, 0.5, 0.001, 123_456.0, 0.0].map(|each| rate(Work::Runs, each));
        let wanted = [
            "71 runs a second",
            "1,550 runs a second",
            "2 runs a second",
            "30 runs a minute",
            "3.6 runs an hour",
            "123,000 runs a second",
            "0 runs an hour",
        ];
        assert_eq!(runs, wanted);
        assert_eq!(rate(Work::Time, 7_800_000.0), "2 h 10 min a second");
    }

    #[test]
    fn steps_end_at_the_horizon_and_never_go_back() {
        for ms in [0, 1, 7, 999, 1_000, 1_001, 86_400_000, (1 << 48) - 1] {
            let steps: Vec<u64> = Progress::steps(SimTime::from_ms(ms)).map(SimTime::ms).collect();
            assert!(steps.is_sorted() && steps.len() <= 1_000, "{ms}");
            assert_eq!(steps.last(), Some(&ms));
        }
    }
}
