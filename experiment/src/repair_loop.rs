//! Repair loops, and the smallest grace periods that end them.
//!
//! The loop is found in the facts of the run (`windtunnel_sim::measure::repairs`). What ends it is found by replaying the same
//! plan with the same random numbers under other grace periods of the scale set, and no formula is leaned on: a formula would have to know
//! what makes the instance slow. The search halves the range that Azure accepts until the period is known to the second: at
//! the answer there is no loop, and a second below it there is. A longer period usually ends a loop as well, but need not:
//! a probe may then fall on another second. So some longer ones are replayed too, and where one loops, the search goes on
//! above it. A longer grace makes the loop slower, so that fewer repairs fit into the horizon; the horizon grows by as much.

use super::replay::Replay;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::measure::repairs::{RepairLoop, Repairs};
use windtunnel_sim::plan::{Act, HealthExtension, HealthVersion, Plan, RepairsPolicy, ScaleSet, VmProfile};
use windtunnel_sim::rules::key;
use windtunnel_sim::world::ids::SetId;
use windtunnel_sim::world::run::{Options, Sink, run};

/// Azure takes no longer grace of repairs (AR-08).
const REPAIRS_MOST: SimDuration = SimDuration::from_mins(90);
/// Nor a longer one of the health extension (HD-06).
const EXTENSION_MOST: SimDuration = SimDuration::from_secs(14_400);
/// The search replays no more events than this, which is some seconds of work.
const EVENTS_MOST: u64 = 30_000_000;
/// Replays of a search, at most, for the guess of its work.
const REPLAYS: u64 = 60;

/// What a search for a grace period came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// From this period on there is no loop, as far as it was tried; with a second less there is.
    From(SimDuration),
    /// There is a loop with the longest period that Azure accepts.
    No,
    /// There is no such setting.
    NotThere,
    /// The run is too large to be replayed so often.
    NotComputed,
}

/// A loop, and what ends it.
#[derive(Clone, Debug)]
pub struct Found {
    /// The loop.
    pub of: RepairLoop,
    /// The smallest `gracePeriod` of `automaticRepairsPolicy` that ends it.
    pub repairs: Ends,
    /// The smallest `gracePeriod` of the health extension that ends it; rich states only.
    pub extension: Ends,
}

/// Which grace period is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Repairs,
    Extension,
}

/// The loops of a run, each with what ends it.
#[must_use]
pub fn find(replay: &Replay<'_>) -> Vec<Found> {
    let plan = replay.plan();
    let mut repairs = Watched::new(plan, Repairs::new(plan));
    replay.ledger.iter().for_each(|record| repairs.record(record));
    let small = replay.outcome.events.saturating_mul(REPLAYS) <= EVENTS_MOST;
    let found = |of: RepairLoop| {
        let search = |which| {
            let Some((now, most)) = setting(plan, of.set, which) else { return Ends::NotThere };
            if small { search(plan, replay.seed, &of, (which, now, most)) } else { Ends::NotComputed }
        };
        Found { repairs: search(Which::Repairs), extension: search(Which::Extension), of }
    };
    repairs.observers.loops().into_iter().map(found).collect()
}

/// The longest such period that a set has at any time of the run, and the longest that Azure accepts; `None` where it has
/// none.
fn setting(plan: &Plan, set: SetId, which: Which) -> Option<(SimDuration, SimDuration)> {
    match which {
        Which::Repairs => {
            let policies = policies(plan, set).map(|policy| policy.grace);
            policies.max().map(|grace| (grace, REPAIRS_MOST))
        }
        Which::Extension => {
            let graces = profiles(plan, set).filter_map(|profile| profile.health_extension.as_ref());
            let rich = graces.filter(|of| of.version == HealthVersion::Rich && of.protocol.is_some());
            rich.map(initializing).max().map(|grace| (grace, EXTENSION_MOST))
        }
    }
}

/// How long Initializing can last: by default the interval times the number of probes (HD-06).
fn initializing(of: &HealthExtension) -> SimDuration {
    of.grace.unwrap_or_else(|| of.interval.times(of.probes.into()))
}

fn changes(plan: &Plan, set: SetId) -> impl Iterator<Item = &windtunnel_sim::plan::ModelChange> {
    plan.timeline.iter().filter_map(move |action| match &action.what {
        Act::ChangeModel { set: other, change } if *other == set.0 => Some(change.as_ref()),
        _ => None,
    })
}

fn policies(plan: &Plan, set: SetId) -> impl Iterator<Item = RepairsPolicy> {
    let own = plan.sets[set.index()].repairs;
    own.into_iter().chain(changes(plan, set).filter_map(|change| change.repairs)).filter(|policy| policy.enabled)
}

fn profiles(plan: &Plan, set: SetId) -> impl Iterator<Item = &VmProfile> {
    let own = &plan.sets[set.index()].profile;
    std::iter::once(own).chain(changes(plan, set).filter_map(|change| change.profile.as_ref()))
}

/// The plan with this period in the place of every other of its kind on the set.
fn with(plan: &Plan, set: SetId, (which, grace): (Which, SimDuration)) -> Plan {
    let mut plan = plan.clone();
    let policy = |policy: &mut Option<RepairsPolicy>| {
        if let Some(policy) = policy {
            policy.grace = grace;
        }
    };
    let profile = |profile: &mut VmProfile| {
        if let Some(of) = profile.health_extension.as_mut().filter(|of| of.version == HealthVersion::Rich) {
            of.grace = Some(grace);
        }
    };
    let ScaleSet { repairs: own_policy, profile: own_profile, .. } = &mut plan.sets[set.index()];
    match which {
        Which::Repairs => policy(own_policy),
        Which::Extension => profile(own_profile),
    }
    for action in &mut plan.timeline {
        let Act::ChangeModel { set: other, change } = &mut action.what else { continue };
        match which {
            _ if *other != set.0 => {}
            Which::Repairs => policy(&mut change.repairs),
            Which::Extension => change.profile.iter_mut().for_each(profile),
        }
    }
    plan
}

/// The smallest period, to the second, from which on there is no loop on the set.
fn search(plan: &Plan, seed: u64, of: &RepairLoop, (which, now, most): (Which, SimDuration, SimDuration)) -> Ends {
    // A loop of three repairs takes two periods, each longer by what the grace is longer, and by a look at most.
    let look = plan.assumptions.get(key::RepairScanPeriod);
    let loops = |seconds: u64| {
        let grace = SimDuration::from_secs(seconds);
        let mut plan = with(plan, of.set, (which, grace));
        plan.horizon += (grace.less(now) + look).times(2);
        let mut watch = Watched::new(&plan, Repairs::new(&plan));
        run(&plan, seed, Options::default(), &mut watch);
        watch.observers.loops().iter().any(|found| found.set == of.set)
    };
    let longer = longer(plan, of.set, (which, look));
    let most = most.ms() / 1000;
    let mut below = now.ms() / 1000;
    if below >= most || loops(most) {
        return Ends::No;
    }
    loop {
        let mut ends = most;
        while ends - below > 1 {
            let middle = below + (ends - below) / 2;
            if loops(middle) {
                below = middle;
            } else {
                ends = middle;
            }
        }
        let longer = longer.iter().map(|more| ends + more).filter(|&seconds| seconds < most);
        match longer.filter(|&seconds| loops(seconds)).max() {
            Some(again) => below = again,
            None => return Ends::From(SimDuration::from_secs(ends)),
        }
    }
}

/// By how many seconds longer periods are tried as well. What the extension says changes from probe to probe: there, all
/// probes of the time between two looks have their turn.
fn longer(plan: &Plan, set: SetId, (which, look): (Which, SimDuration)) -> Vec<u64> {
    let mut longer = vec![1, 2, 5, 10, 15, 30, 60, 90, 120, 300, 600, 1200, 2400];
    let interval = profiles(plan, set).filter_map(|profile| Some(profile.health_extension.as_ref()?.interval)).min();
    if let (Which::Extension, Some(interval)) = (which, interval) {
        let (interval, probes) = (interval.ms().max(1000).div_ceil(1000), look.ms() / interval.ms().max(1) + 2);
        longer.extend((1..=probes.min(60)).map(|probe| probe * interval));
    }
    longer
}
