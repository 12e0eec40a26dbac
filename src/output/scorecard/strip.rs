//! A fleet over one run as a strip: instances stacked by what they are, from those that serve to those that harm.

use crate::experiment::replay::Replay;
use std::fmt::Write as _;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::fleet::LaneState;

/// So many slices of time; also the width of the drawing.
const SLICES: usize = 250;
/// Its height.
const HIGH: f64 = 30.0;

/// A kind of instance in the strip, from the bottom to the top: class, what it is called, and the states that it has.
pub const KINDS: [(&str, &str, &[LaneState]); 8] = [
    ("serving", "serving", &[LaneState::Serving]),
    ("ready", "ready, not in rotation", &[LaneState::Ready]),
    ("up", "coming up", &[LaneState::Creating, LaneState::Booting, LaneState::Starting]),
    ("del", "being deleted", &[LaneState::Deleting]),
    ("out", "out of rotation, cannot serve", &[LaneState::Out]),
    ("fail", "failed to come up", &[LaneState::Failed]),
    ("stale", "in rotation with old code", &[LaneState::StaleServing]),
    ("harm", "in rotation, cannot serve", &[LaneState::NotServing]),
];
/// From this kind on instances harm users.
const HARMS: usize = 6;

/// A strip, and which kinds are in it.
pub struct Strip {
    /// The drawing.
    pub svg: String,
    /// The kinds that it shows.
    pub shows: [bool; KINDS.len()],
}

/// Draws the instances of a set, with a mark where what it is about begins.
pub fn draw(replay: &Replay<'_>, set: &str, title: &str, begins: Option<SimDuration>) -> Strip {
    let plan = replay.plan();
    let horizon = plan.horizon.ms().max(1);
    let slice = |ms: u64| (u128::from(ms) * SLICES as u128 / u128::from(horizon)).min(SLICES as u128) as usize;
    // Of what harms, the most of each slice, so that seconds of it stay seen; of all else what there is when the slice begins.
    let mut counts = [[0_u32; SLICES]; KINDS.len()];
    for lane in
        replay.lanes.lanes.iter().filter(|lane| plan.sets.get(lane.set.index()).is_some_and(|of| of.name == set))
    {
        let mut seen = [usize::MAX; SLICES];
        for one in &lane.intervals {
            let kind = KINDS.iter().position(|(.., states)| states.contains(&one.state)).unwrap_or(0);
            let (from, until) = (slice(one.from.ms()), slice(one.until.ms().min(horizon)));
            for known in &mut seen[from.min(SLICES - 1)..until.max(from + 1).min(SLICES).max(from.min(SLICES - 1))] {
                // An instance is one thing in each slice: the last that begins in it, or what harms.
                if *known == usize::MAX || *known < HARMS || kind > *known {
                    *known = kind;
                }
            }
        }
        for (at, kind) in seen.iter().enumerate().filter(|(_, kind)| **kind < KINDS.len()) {
            counts[*kind][at] += 1;
        }
    }
    let most = (0..SLICES).map(|at| counts.iter().map(|kind| kind[at]).sum::<u32>()).max().unwrap_or(0).max(1);
    let mut below = [0_u32; SLICES];
    let mut svg = format!(
        "<svg class=\"strip\" viewBox=\"0 0 {SLICES} {HIGH}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}: instances over one run\">",
        crate::output::html::escaped(title)
    );
    let mut shows = [false; KINDS.len()];
    for (kind, of) in counts.iter().enumerate() {
        let path = layer(of, &below, most);
        for (low, own) in below.iter_mut().zip(of) {
            *low += own;
        }
        if !path.is_empty() {
            shows[kind] = true;
            let _ = write!(svg, "<path class=\"st-{}\" d=\"{path}\"/>", KINDS[kind].0);
        }
    }
    if let Some(begins) = begins.map(|begins| slice(begins.ms())) {
        let _ = write!(svg, "<path class=\"mk\" d=\"M{begins} 0V{HIGH}\" vector-effect=\"non-scaling-stroke\"/>");
    }
    svg += "</svg>";
    Strip { svg, shows }
}

/// A layer of the stack: a piece for each run of slices that are alike.
fn layer(of: &[u32; SLICES], below: &[u32; SLICES], most: u32) -> String {
    let high = |count: u32| HIGH - HIGH * f64::from(count) / f64::from(most);
    let mut path = String::new();
    let mut at = 0;
    while at < SLICES {
        let end = (at..SLICES).find(|&n| (of[n], below[n]) != (of[at], below[at])).unwrap_or(SLICES);
        if of[at] > 0 {
            let (bottom, top) = (high(below[at]), high(below[at] + of[at]));
            let _ = write!(path, "M{at} {bottom:.2}V{top:.2}H{end}V{bottom:.2}Z");
        }
        at = end;
    }
    path
}
