//! What a change does beside: rollouts that do not come to their end, acts of which nothing comes, a fleet without room, another measure of
//! harm that is worse. It is looked for in one run, that of the first seed.

use crate::experiment::limits::Stopped;
use crate::experiment::prevent::{Prevented, Tried, Worth};
use crate::experiment::replay::Replay;
use crate::output::highlights::{Highlights, Rollout, UpgradeState};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::world::fact::{Fact, RolloutFact};
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_words::clock::civil;
use windtunnel_words::number::{amount, decimals};

/// A fleet has no room whose ready instances can serve less than this, in shares of the greatest demand.
const ROOM: f64 = 1.05;
/// A rollout takes long beside that of before from so much on.
const LATER: SimDuration = SimDuration::from_mins(10);

/// Of each of what was tried what it does beside; nothing of what does not help.
#[must_use]
pub fn all(found: &Prevented) -> Vec<Vec<String>> {
    let seed = found.first_seed;
    let own = Replay::new(&found.own.plan, seed);
    let own = Highlights::of(&own);
    let of = |tried: &Tried| {
        let is_shown = tried.worth.helps() || matches!(tried.worth, Worth::Undecided | Worth::Worse);
        if !is_shown {
            return Vec::new();
        }
        let replay = Replay::new(&tried.planned.plan, seed);
        if Stopped::check(&tried.planned.plan, seed, &replay.outcome).is_err() {
            return vec!["a run of it comes to more than it may".to_owned()];
        }
        beside(&own, &Highlights::of(&replay), tried)
    };
    found.tried.iter().map(of).collect()
}

/// What a run has that the run without the change has not.
fn beside(own: &Highlights<'_>, with: &Highlights<'_>, tried: &Tried) -> Vec<String> {
    let names = &with.replay.names;
    let own_words: Vec<String> = own.headline.rollouts.iter().map(|one| one.words(&own.replay.names)).collect();
    let mut all: Vec<String> = with
        .headline
        .rollouts
        .iter()
        .filter(|one| is_unfinished(one))
        .map(|one| one.words(names))
        .filter(|words| !own_words.contains(words))
        .collect();
    let was = |name: &str| {
        own.headline.acts.iter().any(|act| act.fate.is_vain() && own.replay.names.action(act.action) == name)
    };
    let vain = with.headline.acts.iter().filter(|act| act.fate.is_vain() && !was(names.action(act.action)));
    all.extend(vain.filter_map(|act| act.words(names)));
    all.extend(late(own, with));
    let down = with.headline.at_end.down;
    if down > own.headline.at_end.down {
        all.push(format!("at the end {down} of {} machines cannot serve", with.headline.at_end.machines));
    }
    all.extend(room(with));
    all.extend(tried.worse.iter().map(|(column, paired)| {
        let by = paired.difference.map_or_else(String::new, |by| format!(" by {}", amount(by.mean, &column.unit)));
        format!("{} is worse{by}", column.name)
    }));
    all
}

fn is_unfinished(rollout: &Rollout) -> bool {
    match rollout {
        Rollout::NeverStarted { .. } => true,
        Rollout::Upgrade { state, before, .. } => {
            let stopped = |state: &UpgradeState| !matches!(state, UpgradeState::Completed | UpgradeState::Cancelled);
            stopped(state) || matches!(before, Some((_, UpgradeState::Halted)))
        }
    }
}

/// That the last batch of all comes much later than before.
fn late(own: &Highlights<'_>, with: &Highlights<'_>) -> Option<String> {
    let last = |of: &Highlights<'_>| {
        let mut batches = of.replay.ledger.iter().rev();
        batches
            .find(|record| matches!(record.fact, Fact::Rollout(RolloutFact::BatchStarted { .. })))
            .map(|one| one.time)
    };
    let (before, after) = (last(own)?, last(with)?);
    let at = civil(with.replay.plan(), after);
    (after.since(before) >= LATER && after > before).then(|| format!("the last batch begins at {at}"))
}

/// That those who are ready have no room at the greatest demand.
fn room(with: &Highlights<'_>) -> Vec<String> {
    let plan = with.replay.plan();
    let places = (0..plan.entry_points.len()).map(|at| EntryPointId(at as u16)).filter(|at| !plan.is_part(*at));
    let most = |place: EntryPointId| {
        let mut most: Option<(f64, f64, _)> = None;
        for (row, until) in with.replay.series.spans(place) {
            let Some(stretch) = row.requests else { continue };
            for at in [row.time, until] {
                let demand = stretch.at(at).demand;
                if most.is_none_or(|(known, ..)| demand > known + 1e-9) {
                    most = Some((demand, stretch.ready_room(), at));
                }
            }
        }
        let (demand, room, at) = most.filter(|(demand, ..)| *demand > 0.0)?;
        let (name, at) = (with.replay.names.entry_point(place), civil(plan, at));
        (room <= ROOM * demand).then(|| {
            format!(
                "at the greatest demand of {name}, {} rps at {at}, those that are ready can serve {} rps",
                decimals(demand, 0),
                decimals(room, 0)
            )
        })
    };
    places.filter_map(most).collect()
}
