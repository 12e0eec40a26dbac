//! The VIP swap by probe path in closed form, over 20,000 seeds each: how often a swap leaves a moment without any backend, for how
//! long in the mean, and for how long at most (VS-05, VS-06, VS-07).
//!
//! `WINDTUNNEL_RANDOM=200000` takes as many seeds.

mod support;

use support::*;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::Measures;
use windtunnel_sim::measure::fleet::LaneState::{Ready, Serving};
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::measure::lanes::{Lane, Lanes};
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, Record, RepairsFact};
use windtunnel_sim::world::run::{Options, Sink, run};

/// I, in milliseconds: what a probe without `intervalInSeconds` has (VS-04).
const INTERVAL: f64 = 15_000.0;
const SWAPPED: u64 = 20;

/// When the swap back of some tests begins: no whole number of intervals after the swap.
const BACK: u64 = 87;

/// The backends of each pool that are in rotation, and for how long it had none, before the swap back and after it.
struct Gaps {
    up: Vec<i32>,
    empty_since: Vec<Option<SimTime>>,
    length: Vec<u64>,
    back: Vec<u64>,
}

impl Gaps {
    fn of(pools: usize) -> Self {
        Self { up: vec![0; pools], empty_since: vec![None; pools], length: vec![0; pools], back: vec![0; pools] }
    }

    fn turn(&mut self, pool: u16, by: i32, now: SimTime) {
        let at = usize::from(pool);
        if let Some(since) = self.empty_since[at].take() {
            let lengths = if since < self::at(BACK) { &mut self.length } else { &mut self.back };
            lengths[at] += now.ms() - since.ms();
        }
        self.up[at] += by;
        if self.up[at] == 0 {
            self.empty_since[at] = Some(now);
        }
    }
}

impl Sink for Gaps {
    fn record(&mut self, record: &Record) {
        match record.fact {
            Fact::InRotation { pool, .. } => self.turn(pool.0, 1, record.time),
            Fact::OutOfRotation { pool, .. } => self.turn(pool.0, -1, record.time),
            _ => {}
        }
    }
    fn end(&mut self, _: SimTime) {
        assert!(self.empty_since.iter().all(Option::is_none), "a swap ends with the other slot in rotation");
    }
}

/// Two slots of `k` instances in one pool, at which one probe a threshold looks, each by phases of its own. At 20 s the path of every
/// probe is written, from slot 0 to slot 1, and has its effect at once.
fn swap(k: u32, thresholds: &[u32]) -> Plan {
    let mut plan = slots::two_slots(RuleSet::all());
    (plan.horizon, plan.entry_points) = (at(90), Vec::new());
    for set in &mut plan.sets {
        (set.capacity, set.pools) = (k, (0..thresholds.len() as u16).collect());
    }
    let probe = plan.pools[0].probe.clone().expect("a plain pool has one");
    let seen = |(at, &threshold): (usize, &u32)| {
        let probe = Probe { name: format!("probe-{at}"), endpoint: 2, interval: s(15), threshold, ..probe.clone() };
        Pool { probe: Some(probe), ..plan.pools[0].clone() }
    };
    plan.pools = thresholds.iter().enumerate().map(seen).collect();
    plan.timeline = vec![action("swap", SWAPPED, to_slot(&plan, 1))];
    assume(&mut plan, A::LbProbePhase, Value::Choice("seeded"));
    assume(&mut plan, A::LbPropagation, Value::Time(s(0)));
    plan
}

/// The path of every probe is written: it asks for this slot.
fn to_slot(plan: &Plan, slot: u16) -> Act {
    write("lb", (0..plan.pools.len() as u16).map(|pool| slots::asks(plan, pool, slot)).collect())
}

fn seeds() -> u64 {
    std::env::var("WINDTUNNEL_RANDOM").ok().and_then(|number| number.parse().ok()).unwrap_or(20_000)
}

/// What many swaps by one probe came to, lengths in intervals.
#[derive(Clone, Copy)]
struct Swaps {
    with_a_gap: f64,
    sum: f64,
    longest: f64,
    shortest: f64,
}

impl Swaps {
    const NONE: Self = Self { with_a_gap: 0.0, sum: 0.0, longest: 0.0, shortest: f64::MAX };

    fn take_in(&mut self, length: u64) {
        let length = length as f64 / INTERVAL;
        self.with_a_gap += f64::from(u8::from(length > 0.0));
        self.sum += length;
        (self.longest, self.shortest) = (self.longest.max(length), self.shortest.min(length));
    }
}

/// The swaps of a plan and the swaps back by each of its probes, one a seed.
fn swaps(plan: &Plan) -> (Vec<Swaps>, Vec<Swaps>) {
    let mut all = vec![Swaps::NONE; plan.pools.len()];
    let mut back = all.clone();
    for seed in 0..seeds() {
        let mut gaps = Gaps::of(plan.pools.len());
        run(plan, seed, Options::default(), &mut gaps);
        all.iter_mut().zip(&gaps.length).for_each(|(of, &length)| of.take_in(length));
        back.iter_mut().zip(&gaps.back).for_each(|(of, &length)| of.take_in(length));
    }
    (all, back)
}

/// Whether a mean over the seeds is within four standard errors of what it should be.
fn close(what: &str, sum: f64, mean: f64, variance: f64) {
    let n = seeds() as f64;
    let bound = 4.0 * libm::sqrt(variance / n);
    assert!((sum / n - mean).abs() <= bound, "{what}: {} is not {mean} ± {bound}", sum / n);
}

/// C(2k, k): in how many ways `k` of `2k` can be chosen.
fn choose(k: u32) -> f64 {
    [1.0, 2.0, 6.0, 20.0][k as usize]
}

/// By threshold 1. After the write each backend is asked at its own phase, and the 2k phases are independent and uniform in [0, I).
/// An old backend leaves at its phase, a new one enters at its own. Nobody is there from the last of the old to the first of the new,
/// which is a gap if all k old are asked before any new: of the C(2k, k) orders of old and new, which are equally likely, that is
/// one. Then the gap is the step from the k-th to the (k+1)-th of 2k uniform phases. The 2k phases cut the interval into 2k + 1 steps
/// of one law, of mean I/(2k+1), whatever the order; so the mean over all swaps is I/((2k+1)·C(2k,k)). A step is as Beta(1, 2k), of
/// mean square 2/((2k+1)(2k+2)), which gives the variance. Both ends lie within one interval: no gap is as long as I.
fn holds_for_threshold_1(k: u32, swaps: &Swaps) {
    let (odds, steps) = (1.0 / choose(k), f64::from(2 * k + 1));
    let mean = odds / steps;
    close(&format!("share of swaps with a gap, k = {k}"), swaps.with_a_gap, odds, odds * (1.0 - odds));
    close(&format!("mean gap, k = {k}"), swaps.sum, mean, odds * 2.0 / (steps * (steps + 1.0)) - mean * mean);
    assert!(swaps.longest < 1.0, "k = {k}: {}", swaps.longest);
    // The longest of so many comes near: with k = 1 it exceeds 1 - x in x²/2 of all swaps, 0.5 % of them for x = 0.1.
    assert!(k > 1 || swaps.longest > 0.9, "k = {k}: {}", swaps.longest);
}

/// By threshold t ≥ 2: an old backend still leaves at its first 404 (LB-05), at its phase; a new one enters at its t-th 200, t - 1
/// intervals after its phase. With M the last phase of the old and m the first of the new the gap is m + (t-1)·I - M, which is above
/// (t-2)·I, since M < I, and below t·I, since m < I: there always is one. The first of k uniform phases is I/(k+1) in the mean, the last
/// k·I/(k+1), so the mean is I·((t-1) - (k-1)/(k+1)). m and M are independent, each of variance k/((k+1)²(k+2)).
fn holds_for_threshold(t: u32, k: u32, swaps: &Swaps) {
    let (n, of) = (f64::from(t), f64::from(k));
    assert_eq!(swaps.with_a_gap, seeds() as f64, "t = {t}, k = {k}");
    let variance = 2.0 * of / ((of + 1.0) * (of + 1.0) * (of + 2.0));
    close(&format!("mean gap, t = {t}, k = {k}"), swaps.sum, (n - 1.0) - (of - 1.0) / (of + 1.0), variance);
    assert!(swaps.shortest > n - 2.0 && swaps.longest < n, "t = {t}, k = {k}: {}, {}", swaps.shortest, swaps.longest);
}

#[test]
fn with_one_instance_a_slot_one_swap_in_two_leaves_nobody() {
    holds_for_threshold_1(1, &swaps(&swap(1, &[1])).0[0]);
}

#[test]
fn with_two_instances_a_slot_one_swap_in_six_leaves_nobody() {
    holds_for_threshold_1(2, &swaps(&swap(2, &[1])).0[0]);
}

#[test]
fn with_three_instances_a_slot_one_swap_in_twenty_leaves_nobody() {
    holds_for_threshold_1(3, &swaps(&swap(3, &[1])).0[0]);
}

#[test]
fn with_a_threshold_every_swap_leaves_nobody() {
    for k in [1, 2, 3] {
        let (swaps, _) = swaps(&swap(k, &[2, 3]));
        holds_for_threshold(2, k, &swaps[0]);
        holds_for_threshold(3, k, &swaps[1]);
    }
}

/// Where a 404 counts as any failure does (`lb.refusal_immediate` false), the old leave t - 1 intervals after their phases, as the new
/// come: the threshold shifts both, and the odds and the gaps are those of threshold 1.
#[test]
fn a_threshold_that_counts_refusals_too_costs_nothing() {
    let mut plan = swap(2, &[2]);
    assume(&mut plan, A::LbRefusalImmediate, Value::Switch(false));
    holds_for_threshold_1(2, &swaps(&plan).0[0]);
}

/// The other set-up of the sample: the instances have two network interfaces, each in a backend pool of its own, so that both rules are at
/// port 80. Each pool has both slots, and the path of a probe decides: the odds and the gaps of either pool are those of the one.
#[test]
fn by_two_network_interfaces_the_odds_are_those_of_one() {
    let mut plan = swap(2, &[1, 1]);
    plan.pools[1].name = "pool1".into();
    for of in swaps(&plan).0 {
        holds_for_threshold_1(2, &of);
    }
}

/// VS-15: the way back is the same swap again, with the same odds and the same gaps.
#[test]
fn the_way_back_has_the_same_odds() {
    let mut plan = swap(2, &[1, 2]);
    plan.horizon = at(BACK + 60);
    plan.timeline.push(action("swap back", BACK, to_slot(&plan, 0)));
    let (there, back) = swaps(&plan);
    for of in [there, back] {
        holds_for_threshold_1(2, &of[0]);
        holds_for_threshold(2, 2, &of[1]);
    }
}

/// Two slots of two instances, probed every 5 s in step; pool 0 is that of the probe of production, which asks for slot 0, pool 1 that
/// of stage, which asks for slot 1.
fn two_slots() -> Plan {
    Plan { horizon: at(3600), ..slots::two_slots(RuleSet::all()) }
}

fn rotations(ledger: &[Record], of: u16) -> Vec<(f64, u32, bool)> {
    let turn = |record: &Record| match record.fact {
        Fact::InRotation { pool, instance, .. } if pool.0 == of => Some((record.time.seconds(), instance.0, true)),
        Fact::OutOfRotation { pool, instance, .. } if pool.0 == of => Some((record.time.seconds(), instance.0, false)),
        _ => None,
    };
    ledger.iter().filter_map(turn).collect()
}

/// VS-14: new code for a slot is another image in mode Automatic, which all its instances get at 100 s. Nothing answers the probes of
/// 105 s and 110 s, each of which waits for its interval of 5 s: both are out at 115 s. The new disk is in after 75 s, the boot takes
/// 40 s; a probe at 215 s sees the instant before, that of 220 s is good. So for 105 s the slot has nobody: testers if it is the idle
/// one, users if it is the live one. The other slot does not notice.
#[test]
fn new_code_restarts_a_slot_as_a_whole() {
    for slot in [0, 1] {
        let mut plan = two_slots();
        plan.images.push(image("app/1.1.0", 1));
        plan.sets[usize::from(slot)].upgrade.mode = UpgradeMode::Automatic;
        let change = ModelChange { image: Some(ImageReference::Version(1)), ..ModelChange::default() };
        plan.timeline = vec![action("code", 100, Act::ChangeModel { set: slot, change: Box::new(change) })];
        let ledger = ledger(&plan);
        let [first, second] = [2 * u32::from(slot), 2 * u32::from(slot) + 1];
        let turns = [(0.0, true), (115.0, false), (220.0, true)];
        let expected: Vec<_> = turns.iter().flat_map(|&(at, is)| [(at, first, is), (at, second, is)]).collect();
        assert_eq!(rotations(&ledger, slot), expected);
        let other = 1 - slot;
        assert_eq!(
            rotations(&ledger, other),
            [(0.0, 2 * u32::from(other), true), (0.0, 2 * u32::from(other) + 1, true)]
        );
    }
}

/// VS-09: both sets take the probe of production as their health, which the idle slot fails as it must. Repairs look at whole minutes,
/// at one instance at a time (AR-07), first without a grace period (AR-09). A repair takes 130 s and is followed by 600 s of grace:
/// 60 → 190 → 790, looked at at 840 → 970 → 1570, at 1620 → 1750 → 2350. The other instance has to wait for the first: 240 → 370 → 970,
/// at 1020 → 1150 → 1750, at 1800. At 2400 the third replacement of the first place is as unhealthy as those before it, and the
/// repairs are suspended (AR-12). The live slot is never touched, and production never lacks anybody.
#[test]
fn the_idle_slot_is_repaired_until_repairs_are_suspended() {
    let mut plan = two_slots();
    for set in &mut plan.sets {
        set.profile.health_source = HealthSource::Probe(0);
        set.repairs = Some(RepairsPolicy { enabled: true, action: RepairAction::Replace, ..RepairsPolicy::default() });
    }
    let found = ledger(&plan);
    assert_eq!(repairs::started(&found), [(60.0, 2), (240.0, 3), (840.0, 4), (1020.0, 5), (1620.0, 6), (1800.0, 7)]);
    let suspended =
        |fact: &Fact| matches!(fact, Fact::Repairs(RepairsFact::SuspendedThemselves { set, .. }) if set.0 == 1);
    assert_eq!(times(&found, suspended), [2400.0]);
    assert_eq!(rotations(&found, 0), [(0.0, 0, true), (0.0, 1, true)]);

    // The probe of stage, which the slot passes, is one that it can be judged by, until the swap.
    plan.sets[1].profile.health_source = HealthSource::Probe(1);
    assert_eq!(repairs::started(&ledger(&plan)), []);
}

/// The seconds of a measure, which may go on at the end of the run.
fn seconds(of: &windtunnel_sim::measure::Value) -> Option<f64> {
    use windtunnel_sim::measure::Value::{AtLeast, Number};
    match of {
        Number(seconds) | AtLeast(seconds) => Some(*seconds),
        _ => None,
    }
}

/// Whoever comes by the rule of stage to try the idle slot is not a user: an instance is in rotation, in the colours of the fleet and in
/// the count of releases, if users of production meet it. With traffic at both rules each of the four is in rotation all the time.
#[test]
fn the_idle_slot_is_not_in_rotation_for_users() {
    let states = |testers: bool| {
        let mut plan = Plan { horizon: at(200), ..two_slots() };
        plan.images.push(image("app/1.1.0", 1));
        plan.sets[1].image = ImageReference::Version(1);
        if !testers {
            plan.entry_points[1].traffic = None;
        }
        plan.timeline = [(0, 1), (1, 0)].map(|(pool, slot)| action("swap", 100, slots::ask(&plan, pool, slot))).into();
        let mut lanes = Watched::new(&plan, Lanes::new(&plan));
        run(&plan, 7, Options::default(), &mut lanes);
        let of = |lane: &Lane| lane.intervals.iter().map(|of| of.state).collect::<Vec<_>>();
        (lanes.observers.lanes.iter().map(of).collect::<Vec<_>>(), seconds(&measured(&plan, "versions.mixed_s")))
    };
    let (live, idle) = (vec![Serving, Ready], vec![Ready, Serving]);
    assert_eq!(states(false), (vec![live.clone(), live, idle.clone(), idle], Some(0.0)));
    assert_eq!(states(true), (vec![vec![Serving]; 4], Some(200.0)));
}

/// VS-08: users keep their connections, of a mean life of 60 s; slot 1 has the code that they need from the swap on. With probes in step
/// all of slot 0 leave and all of slot 1 enter at one instant, 30 s: the path is written at 20 s, and probes go out at 15 s and 30 s.
/// Until then every answer is of the old code, of 100 a second 1,000; from then on those on connections that were not made anew,
/// 100·60·(1 - exp(-(90 - 30)/60)) = 3,792.7. Users who connect for each request get no old answer after 30 s, and nobody is refused.
#[test]
fn kept_connections_show_the_old_version_after_the_swap() {
    for (connections, after) in
        [(Connections::PerRequest, 0.0), (Connections::KeepAlive, 6000.0 * (1.0 - libm::exp(-1.0)))]
    {
        let mut plan = swap(2, &[1]);
        plan.images.push(image("app/1.1.0", 1));
        plan.sets[1].image = ImageReference::Version(1);
        plan.application.requires = Some(Requires { code: 1, from: at(SWAPPED), touches: 1.0 });
        plan.entry_points = vec![EntryPoint::plain("lb", 0, 100.0)];
        plan.entry_points[0].traffic.as_mut().expect("it has some").connections = connections;
        assume(&mut plan, A::LbProbePhase, Value::Choice("aligned"));
        assume(&mut plan, A::ClientKeepalive, Value::Time(s(60)));
        let mut measures = Measures::new(&plan);
        run(&plan, 7, Options::default(), &mut measures);
        let totals = measures.totals()[0].1;
        assert!((totals.stale - 1000.0 - after).abs() < 1e-6, "{connections:?}: {}", totals.stale);
        assert_eq!(totals.failed, 0.0, "{connections:?}");
    }
}

/// Slot 0 behind pool 0, slot 1 behind pool 1, each by a rule of its own; what users come by is a third entry point, which leads to pool 0.
/// At 20 s a write leads it to the others: to pool 1, or to nobody and 10 s later to pool 1. Slot 1 has the code that users need then.
fn led(connections: Connections, is_address: bool) -> Plan {
    let mut plan = slots::two_slots(RuleSet::all());
    plan.horizon = at(90);
    (plan.sets[0].pools, plan.sets[1].pools) = (vec![0], vec![1]);
    plan.images.push(image("app/1.1.0", 1));
    plan.sets[1].image = ImageReference::Version(1);
    plan.application.requires = Some(Requires { code: 1, from: at(SWAPPED), touches: 1.0 });
    let silent = |pool: u16| EntryPoint { traffic: None, ..EntryPoint::plain("lb", pool, 0.0) };
    let mut users = EntryPoint { later: vec![None, Some(1)], is_address, ..EntryPoint::plain("users", 0, 100.0) };
    users.traffic.as_mut().expect("it has some").connections = connections;
    plan.entry_points = vec![silent(0), silent(1), users];
    let to = |to: Option<u16>| write("lb", vec![Change::Rule { entry_point: 2, to, cuts: is_address }]);
    plan.timeline = match is_address {
        false => vec![action("rule", SWAPPED, to(Some(1)))],
        true => vec![action("off", SWAPPED, to(None)), action("on", SWAPPED + 10, to(Some(1)))],
    };
    assume(&mut plan, A::LbPropagation, Value::Time(s(0)));
    assume(&mut plan, A::LbIpSwapDown, Value::Time(s(30)));
    assume(&mut plan, A::ClientKeepalive, Value::Time(s(60)));
    plan
}

/// LB-25: who is connected stays on slot 0 as the rule leads elsewhere, until the connection ends: of 100 requests a second those on
/// connections that were not made anew get the old code, 100·60·(1 - exp(-(90 - 20)/60)). Who connects anew for each request gets none.
/// VS-10: an address cuts what is open. Nobody is answered from 20 s to 50 s, 3,000 requests, and everybody by slot 1 from then on.
#[test]
fn what_is_open_stays_as_a_rule_leads_elsewhere_and_is_cut_as_an_address_moves() {
    let open = 6000.0 * (1.0 - libm::exp(-70.0 / 60.0));
    for (connections, is_address, stale, failed) in [
        (Connections::PerRequest, false, 0.0, 0.0),
        (Connections::KeepAlive, false, open, 0.0),
        (Connections::PerRequest, true, 0.0, 3000.0),
        (Connections::KeepAlive, true, 0.0, 3000.0),
    ] {
        let plan = led(connections, is_address);
        let mut measures = Measures::new(&plan);
        run(&plan, 7, Options { check_every_instant: true, ..Options::default() }, &mut measures);
        let totals = measures.totals()[0].1;
        let is = |value: f64, expected: f64| (value - expected).abs() < 1e-6;
        assert!(is(totals.stale, stale), "{connections:?}, {is_address}: {} stale, not {stale}", totals.stale);
        assert!(is(totals.failed, failed), "{connections:?}, {is_address}: {} failed, not {failed}", totals.failed);
    }
}

/// Both slots are in rotation where they are all the time, and users come to slot 0 until 20 s and to slot 1 after it: whoever connects
/// for each request never meets both versions at once. Who keeps his connection meets the old one until the last connection has gone:
/// after 30 s where none lives longer, and by default after 10 min, when the 70 s that are left of the run are over. An address cuts what
/// is open.
#[test]
fn users_meet_both_versions_only_while_they_keep_connections_to_the_old() {
    for (connections, is_address, cap, mixed) in [
        (Connections::PerRequest, false, 30, 0.0),
        (Connections::KeepAlive, false, 30, 30.0),
        (Connections::KeepAlive, false, 600, 70.0),
        (Connections::PerRequest, true, 30, 0.0),
        (Connections::KeepAlive, true, 30, 0.0),
    ] {
        let mut plan = led(connections, is_address);
        assume(&mut plan, A::ClientKeepaliveCap, Value::Time(s(cap)));
        let what = format!("{connections:?}, {is_address}, {cap}");
        assert_eq!(seconds(&measured(&plan, "versions.mixed_s")), Some(mixed), "{what}");
        // In rotation for users the old one is until they are led elsewhere, which is when they need the new one.
        assert_eq!(measured(&plan, "versions.stale_instance_s").number(), Some(0.0), "{what}");
        let mut seen = Watched::new(&plan, (Lanes::new(&plan), Series::new(&plan)));
        run(&plan, 7, Options::default(), &mut seen);
        let (lanes, series) = &seen.observers;
        let of = |lane: &Lane| lane.intervals.iter().map(|of| (of.from, of.state)).collect::<Vec<_>>();
        let led_at = at(if is_address { SWAPPED + 30 } else { SWAPPED });
        let [old, new] = [[(at(0), Serving), (at(SWAPPED), Ready)], [(at(0), Ready), (led_at, Serving)]].map(Vec::from);
        let found: Vec<_> = lanes.lanes.iter().map(of).collect();
        assert_eq!(found, [old.clone(), old, new.clone(), new], "{what}");
        let rotation = |time| series.fleets.iter().rfind(|row| row.time <= at(time)).map(|row| row.rotation_by_code[1]);
        assert_eq!([rotation(SWAPPED - 1), rotation(80)], [Some(0), Some(2)], "{what}");
    }
}
