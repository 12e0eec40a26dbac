//! The measures against sums done by hand.

#[path = "measures/bill.rs"]
mod bill;
#[path = "measures/harm.rs"]
mod harm;
#[path = "measures/jobs.rs"]
mod jobs;
#[path = "measures/octopus.rs"]
mod octopus;
#[path = "measures/retries.rs"]
mod retries;
#[path = "measures/slots.rs"]
mod slots;
mod support;

use support::rollout::{change, rolling};
use support::*;
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::generator;
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::measure::lanes::Lanes;
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::measure::{Measures, Scope, Value};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{self, A, RuleSet};
use windtunnel_sim::world::run::{Options, Run, Sink, run};

/// Measures of a run, by name, for the whole fleet.
struct Of(Vec<windtunnel_sim::measure::Measure>);

impl Of {
    fn run(plan: &Plan) -> Self {
        let mut measures = Measures::new(plan);
        run(plan, 7, Options { check_every_instant: true, ..Options::default() }, &mut measures);
        Self(measures.measures())
    }

    fn value(&self, name: &str) -> &Value {
        &self
            .0
            .iter()
            .find(|m| m.name() == name && m.scope == Scope::Fleet)
            .unwrap_or_else(|| panic!("no {name}"))
            .value
    }

    /// Harm goes on at the horizon: so far it came to this.
    #[track_caller]
    fn is_so_far(&self, name: &str, expected: f64) {
        let Value::AtLeast(is) = *self.value(name) else { panic!("{name} is {:?}, not open", self.value(name)) };
        assert!((is - expected).abs() < 1e-6 * expected.abs().max(1.0), "{name} is at least {is}, not {expected}");
    }

    #[track_caller]
    fn is(&self, name: &str, expected: f64) {
        match self.value(name) {
            Value::Number(is) => {
                assert!((is - expected).abs() < 1e-6 * expected.abs().max(1.0), "{name} is {is}, not {expected}")
            }
            other => panic!("{name} is {other:?}, not {expected}"),
        }
    }
}

/// Code 1 is bad, whatever brings it. One of three gets it by an extension at 100 s, in 30 s, and is hit. Where users need the
/// database, which that code cannot reach and for which the probe does not ask, a third of them is harmed from 130 s on.
#[test]
fn a_bad_release_is_counted_whatever_brings_it() {
    let mut plan = plan();
    plan.sets[0].capacity = 3;
    plan.application.flaws = vec![Flaw::default(), Flaw { cannot: 1, bad: true, degrades: None }];
    let profile = VmProfile {
        extensions: vec![Extension { installs: Some(1), ..extension("script", 30) }],
        ..plan.sets[0].profile.clone()
    };
    let change = ModelChange { profile: Some(profile), ..ModelChange::default() };
    plan.timeline = vec![
        action("change", 100, Act::ChangeModel { set: 0, change: Box::new(change) }),
        action("one", 100, Act::UpgradeInstances { set: 0, which: Which::One(1) }),
    ];
    let fine = Of::run(&plan);
    fine.is("blast_radius.instances", 1.0);
    fine.is("downtime.equivalent_s", 0.0);
    plan.application.serves = Needs { dependencies: 1, ..PROCESS };
    Of::run(&plan).is_so_far("downtime.equivalent_s", (3600.0 - 130.0) / 3.0);
}

/// Random rollouts swap disks, put them back and install code on them. What the lanes and the time series say at the end is
/// what the instances have.
#[test]
fn images_and_code_by_the_measures_are_those_on_the_disks() {
    let (mut swapped, mut put_back) = (0, 0);
    for number in 0..600 {
        let plan = generator::scenario(number);
        let mut sinks = Watched::new(&plan, (Lanes::new(&plan), Series::new(&plan)));
        let mut run = Run::new(&plan, number, Options::default(), &mut sinks);
        run.advance(plan.horizon, &mut sinks);
        sinks.end(plan.horizon);
        let (lanes, series) = &sinks.observers;
        let mut by_image = vec![0; plan.images.len()];
        for lane in &lanes.lanes {
            let (row, truth) = (&run.world.instances.rows[lane.instance.index()], &run.world.application);
            let truth = &truth.truths[lane.instance.index()];
            if lane.deletion.is_some() {
                continue;
            }
            let last = (lane.images.last().map(|one| one.1), lane.codes.last().and_then(|one| one.1));
            assert_eq!(last, (Some(truth.image), truth.code), "scenario {number}, {:?}", lane.instance);
            by_image[truth.image.index()] += 1;
            swapped += u32::from(lane.images.len() > 1);
            put_back += u32::from(lane.images.len() > 2 && lane.images[0].1 == row.image);
        }
        assert_eq!(series.fleets.last().expect("a last row").by_image, by_image, "scenario {number}");
    }
    assert!(swapped > 100 && put_back > 5, "{swapped} swapped, {put_back} put back");
}

/// The incident: two instances with code 1 from the pipeline, an image with code 0, a third instance at 600 s.
///
/// It runs at 660 s and is up at 700 s. Its probes go out at 605, 610, …; that of 700 s still sees the truth just before,
/// so the first good one is that of 705 s. The pipeline notices it at 700 s, begins at 800 s and is done at 1,000 s. So
/// it serves old code for 295 s, to one user in three.
fn incident() -> Plan {
    let mut plan = plan();
    plan.application.requires = Some(Requires { code: 1, from: at(0), touches: 1.0 });
    plan.pipelines = vec![pipeline()];
    plan.timeline = vec![scale(600, 3)];
    plan
}

#[test]
fn the_stale_image_incident_comes_to_what_the_arithmetic_says() {
    let of = Of::run(&incident());
    of.is("blast_radius.requests_pct", 100.0 * (295.0 / 3.0) / 3600.0);
    of.is("blast_radius.requests_peak_pct", 100.0 / 3.0);
    of.is("blast_radius.instances", 1.0);
    of.is("blast_radius.instances_pct", 100.0 / 3.0);
    of.is("downtime.equivalent_s", 295.0 / 3.0);
    of.is("downtime.degraded_s", 295.0);
    of.is("downtime.full_s", 0.0);
    of.is("versions.stale_instance_s", 295.0);
    of.is("versions.mixed_s", 295.0);
    of.is("time_to.recover_s", 295.0);
    of.is("capacity.peak_instances", 3.0);
    // Two instances for an hour, and one from 660 s to the end.
    of.is("cost.regular_h", (2.0 * 3600.0 + 2940.0) / 3600.0);
    // 100 rps × 3,600 s × 0.1 % are tolerated, 100 × 295 ÷ 3 were harmed.
    of.is("slo.budget_spent_pct", 100.0 * (100.0 * 295.0 / 3.0) / 360.0);
    assert_eq!(*of.value("time_to.detect_s"), Value::NotComputed("no probe went down before the harm was over"));
    assert_eq!(*of.value("blast_radius.users_pct"), Value::NotComputed("the scenario gives no users"));
}

/// An instance leaves its pool at the instant at which its deletion begins: nobody meets it in between. With five seconds
/// until the pool knows, it is hit.
#[test]
fn who_could_not_serve_for_no_time_harmed_nobody() {
    let mut plan = plan();
    plan.timeline = vec![scale(600, 1)];
    let of = Of::run(&plan);
    of.is("blast_radius.instances", 0.0);
    of.is("blast_radius.fault_domains", 0.0);
    assume(&mut plan, A::LbLeaveDelay, rules::Value::Time(s(5)));
    let of = Of::run(&plan);
    of.is("blast_radius.instances", 1.0);
    // One in two requests for five seconds.
    of.is("downtime.equivalent_s", 2.5);
}

#[test]
fn only_the_requests_that_touch_the_difference_are_harmed() {
    let mut plan = incident();
    plan.application.requires = Some(Requires { code: 1, from: at(0), touches: 0.25 });
    let of = Of::run(&plan);
    of.is("blast_radius.requests_pct", 100.0 * 0.25 * (295.0 / 3.0) / 3600.0);
    of.is("blast_radius.requests_peak_pct", 25.0 / 3.0);
}

#[test]
fn users_are_harmed_by_at_least_one_request() {
    let mut plan = incident();
    plan.entry_points[0].traffic.as_mut().unwrap().users = Some(Users { count: 1000.0, rps_each: 0.02 });
    // ∫h dt = 295 ÷ 3; each user makes 0.02 requests a second.
    Of::run(&plan).is("blast_radius.users_pct", 100.0 * (1.0 - (-0.02_f64 * 295.0 / 3.0).exp_of()));
}

trait ExpOf {
    fn exp_of(self) -> f64;
}

impl ExpOf for f64 {
    /// e to this power, by its series: independent of the library that the simulator uses.
    fn exp_of(self) -> f64 {
        (1..60).rev().fold(1.0, |sum, n| 1.0 + self / f64::from(n) * sum)
    }
}

/// Both processes down from 100 s for 30 s: the probes of 105 s take both out; they are up again at 130 s, seen at 135 s.
#[test]
fn a_full_outage_lasts_from_the_fault_to_the_first_good_probe() {
    let mut plan = plan();
    plan.timeline = vec![disturb(100, &[0, 1], Disturbance::ProcessDown, 30)];
    let of = Of::run(&plan);
    of.is("downtime.full_s", 35.0);
    of.is("blast_radius.requests_pct", 100.0 * 35.0 / 3600.0);
    of.is("time_to.detect_s", 5.0);
    of.is("time_to.recover_s", 35.0);
    of.is("capacity.min_pct", 0.0);
}

/// Demand rises from 100 rps by 1 rps a second; two instances serve 150 rps each. It crosses 300 rps at 200 s and what
/// is above is shed until the horizon at 400 s: a triangle of 200 s × 200 rps ÷ 2.
#[test]
fn demand_above_capacity_is_shed_exactly() {
    let mut plan = plan();
    plan.horizon = at(400);
    plan.application.capacity_rps = Some(150.0);
    plan.entry_points[0].traffic.as_mut().unwrap().demand = vec![Segment { start: at(0), rps: 100.0, slope: 1.0 }];
    let of = Of::run(&plan);
    let offered = 400.0 * (100.0 + 500.0) / 2.0;
    of.is("blast_radius.requests_pct", 100.0 * 20_000.0 / offered);
    of.is("blast_radius.requests_peak_pct", 100.0 * (500.0 - 300.0) / 500.0);
    of.is_so_far("capacity.shortfall_s", 200.0);
    // ∫ (1 − 300 ÷ d) dt for d from 300 to 500 in 200 s is 200 − 300 × ln(5 ÷ 3), and ln(5 ÷ 3) = 0.510825623765990…
    of.is_so_far("downtime.equivalent_s", 200.0 - 300.0 * 0.510_825_623_765_990_7);
    // Above 0.1 % harmed: d above 300 ÷ 0.999 = 300.3003…, which is 99.6997 s before the end but for the rest.
    of.is_so_far("downtime.degraded_s", 200.0 - (300.0 / 0.999 - 300.0));
}

/// One of two backends freezes for good at 100 s. Its probes of 105 s and 110 s get no answer within their 5 s, so it is
/// out of rotation at 115 s. Requests that make their own connections fail by halves until then.
#[test]
fn a_frozen_backend_harms_half_of_the_users_until_two_probes_have_timed_out() {
    let mut plan = plan();
    plan.horizon = at(1000);
    plan.timeline = vec![disturb(100, &[0], Disturbance::Freeze, 3600)];
    Of::run(&plan).is("downtime.equivalent_s", 15.0 / 2.0);
}

/// The same with kept connections of a mean life of 60 s: half of the users are stuck on the frozen backend (LB-28), and until
/// 115 s, of those whose connection ends elsewhere, half get stuck on it too. Nothing leaves it before the client gives up,
/// 924.6 s later; it takes new connections until 115 s, so that the last give up at 1039.6 s.
///
/// The share elsewhere is ½ e^(−t/120) until 115 s and stays what it is then. Where the client gives up after 300 s, at 415 s
/// all are made anew at the other.
#[test]
fn kept_connections_hang_on_the_frozen_backend() {
    let mut plan = plan();
    plan.horizon = at(1000);
    plan.entry_points[0].traffic.as_mut().unwrap().connections = Connections::KeepAlive;
    plan.timeline = vec![disturb(100, &[0], Disturbance::Freeze, 3600)];
    let faded = (-0.125_f64).exp_of();
    let until_out = 15.0 - 60.0 * (1.0 - faded);
    Of::run(&plan).is_so_far("downtime.equivalent_s", until_out + 885.0 * (1.0 - 0.5 * faded));
    assume(&mut plan, A::ClientTcpGivesUp, rules::Value::Time(s(300)));
    let of = Of::run(&plan);
    of.is("downtime.equivalent_s", until_out + 300.0 * (1.0 - 0.5 * faded));
    of.is("time_to.recover_s", 315.0);
}

/// A backend that is up and cannot serve: its process goes down at 100 s and is probed down at 105 s. Until then half of the
/// users are on it; afterwards their connections end and are made anew elsewhere, until the last closes 10 min later.
///
/// Until 105 s both backends take connections, so the share stays 1/2: 5 s × 1/2. Then 1/2 e^(−t/60) for 600 s.
#[test]
fn kept_connections_stay_on_a_backend_until_they_end() {
    let mut plan = plan();
    plan.horizon = at(1000);
    plan.entry_points[0].traffic.as_mut().unwrap().connections = Connections::KeepAlive;
    plan.timeline = vec![disturb(100, &[0], Disturbance::ProcessDown, 3600)];
    let tail = 0.5 * 60.0 * (1.0 - (-10.0_f64).exp_of());
    let of = Of::run(&plan);
    of.is("downtime.equivalent_s", 2.5 + tail);
    of.is("time_to.recover_s", 5.0 + 600.0);
}

/// The process of one of two is down from 101 s, and its probe takes it out at 105 s. Each user makes 0.02 requests a second.
/// By five fields everybody meets it half of the time for 4 s: 1 − e^(−0.04). By two its own half meets it all of the time and
/// the other half never: ½ (1 − e^(−0.08)). Of the requests it is the same 2 s.
#[test]
fn users_who_stay_on_one_backend_are_harmed_by_it_alone() {
    let mut plan = plan();
    plan.entry_points[0].traffic.as_mut().unwrap().users = Some(Users { count: 1000.0, rps_each: 0.02 });
    plan.timeline = vec![disturb(101, &[0], Disturbance::ProcessDown, 1000)];
    let alike = 100.0 * (1.0 - (-0.04_f64).exp_of());
    Of::run(&plan).is("blast_radius.users_pct", alike);
    plan.entry_points[0].rule.distribution = Distribution::SourceIP;
    let of = Of::run(&plan);
    of.is("blast_radius.users_pct", 50.0 * (1.0 - (-0.08_f64).exp_of()));
    of.is("downtime.equivalent_s", 2.0);
    plan.rules = RuleSet::without(rules::LB_25);
    Of::run(&plan).is("blast_radius.users_pct", alike);
}

/// The worst that affinity does and the best: a backend that serves nobody for an hour and is never probed down. Each user makes
/// one request in 1,000 s. By five fields e^(−1.8) of them are spared; by two, e^(−3.6) of those on it, and the others whole.
#[test]
fn a_backend_that_nobody_takes_out_hits_every_user_or_its_own_half() {
    let mut plan = plan();
    plan.application.requires = Some(Requires { code: 1, from: at(0), touches: 1.0 });
    plan.images.push(image("app/2.0.0", 1));
    plan.sets[0].capacity = 1;
    plan.sets.push(ScaleSet { capacity: 1, image: ImageReference::Version(1), ..set("newer") });
    plan.entry_points[0].traffic.as_mut().unwrap().users = Some(Users { count: 1000.0, rps_each: 0.001 });
    Of::run(&plan).is("blast_radius.users_pct", 100.0 * (1.0 - (-1.8_f64).exp_of()));
    plan.entry_points[0].rule.distribution = Distribution::SourceIPProtocol;
    Of::run(&plan).is("blast_radius.users_pct", 50.0 * (1.0 - (-3.6_f64).exp_of()));
}

/// The same pool for 1,200 s, and each user makes one request in 1,000 s. At 600 s a third backend with newer code joins and
/// everybody is mapped anew. It is in rotation from 705 s; until then its third is spread over the two others.
///
/// Unharmed of the first spell: ½ (e^(−0.6) + 1). Of the second: ⅓ (e^(−0.6) + 1 + ½ (e^(−0.105) + 1)). Which users the first harmed does
/// not say which the second does, so the product is unharmed by both. Without LB-26 nobody moves: ½ (e^(−1.2) + 1).
#[test]
fn users_are_mapped_anew_when_a_backend_joins() {
    let mut plan = Plan { horizon: at(1200), ..plan() };
    plan.application.requires = Some(Requires { code: 1, from: at(0), touches: 1.0 });
    plan.images.push(image("app/2.0.0", 1));
    plan.sets[0].capacity = 1;
    plan.sets.push(ScaleSet { capacity: 1, image: ImageReference::Version(1), ..set("newer") });
    plan.entry_points[0].rule.distribution = Distribution::SourceIP;
    plan.entry_points[0].traffic.as_mut().unwrap().users = Some(Users { count: 1000.0, rps_each: 0.001 });
    plan.timeline = vec![action("one more", 600, Act::SetCapacity { set: 1, capacity: 2 })];
    let first = 0.5 * ((-0.6_f64).exp_of() + 1.0);
    let second = ((-0.6_f64).exp_of() + 1.0 + 0.5 * ((-0.105_f64).exp_of() + 1.0)) / 3.0;
    Of::run(&plan).is("blast_radius.users_pct", 100.0 * (1.0 - first * second));
    plan.rules = RuleSet::without(rules::LB_26);
    Of::run(&plan).is("blast_radius.users_pct", 50.0 * (1.0 - (-1.2_f64).exp_of()));
}

/// Connections live 120 s on average, a user makes one request in 200 s, and the idle timeout is 4 min. A request meets a dropped
/// connection where the pause before it was longer than that and the client still held the connection: for a rate r and a mean
/// life L that is r ÷ (r + 1/L) × e^(−(r + 1/L) × 240) = 0.375 × e^(−3.2).
#[test]
fn an_idle_connection_is_dropped_in_silence() {
    let mut plan = plan();
    let traffic = plan.entry_points[0].traffic.as_mut().unwrap();
    (traffic.connections, traffic.users) = (Connections::KeepAlive, Some(Users { count: 1000.0, rps_each: 0.005 }));
    assume(&mut plan, A::ClientKeepalive, rules::Value::Time(s(120)));
    Of::run(&plan).is("connections.idle_dropped_pct", 37.5 * (-3.2_f64).exp_of());
    let reset = BalancingRule { tcp_reset: true, ..plan.entry_points[0].rule };
    let entry_points = vec![EntryPoint { rule: reset, ..plan.entry_points[0].clone() }];
    let shown = Plan { entry_points, ..plan.clone() };
    Of::run(&shown).is("connections.idle_dropped_pct", 0.0);
    plan.rules = RuleSet::without(rules::LB_27);
    Of::run(&plan).is("connections.idle_dropped_pct", 0.0);
    plan.entry_points[0].traffic.as_mut().unwrap().connections = Connections::PerRequest;
    assert_eq!(
        *Of::run(&plan).value("connections.idle_dropped_pct"),
        Value::NotComputed("no client keeps its connections")
    );
}

#[test]
fn a_run_without_traffic_computes_no_share_of_it() {
    let mut plan = plan();
    plan.entry_points[0].traffic = None;
    let of = Of::run(&plan);
    assert_eq!(*of.value("blast_radius.requests_pct"), Value::NotComputed("the scenario gives no traffic"));
    assert_eq!(*of.value("downtime.full_s"), Value::NotComputed("the scenario gives no traffic"));
}

#[test]
fn a_cold_start_is_an_outage_until_the_first_instance_is_probed() {
    let mut plan = plan();
    plan.cold_start = true;
    plan.images[0].boot = Some(Dist::Constant(s(42)));
    // Up at 60 + 42 = 102 s; probes every 5 s from joining at 0.
    Of::run(&plan).is("downtime.full_s", 105.0);
}

/// Two hours. One of two is deallocated at 1 h, and a third is asked for at 1 h and runs 60 s later: 2 h, 1 h and 3540 s. In a
/// world without LC-03 it is billed from its creation.
#[test]
fn what_runs_is_billed_from_running_to_deallocation() {
    let off = Act::Power { set: 0, which: Which::One(1), how: PowerAct::Deallocate };
    let mut plan = Plan { horizon: at(7200), timeline: vec![action("off", 3600, off), scale(3600, 3)], ..plan() };
    Of::run(&plan).is("cost.regular_h", 3.0 + 3540.0 / 3600.0);
    plan.rules = RuleSet::without(rules::LC_03);
    Of::run(&plan).is("cost.regular_h", 4.0);
}

/// Five more are wanted of two at 100 s, and one is surplus until all six are up at 200 s. They run at 160 s: 2 × 1000 s and 5 ×
/// 840 s are billed. Without the rule the surplus is, from 160 s to 200 s.
#[test]
fn surplus_is_not_billed() {
    let mut plan = Plan { horizon: at(1000), timeline: vec![scale(100, 7)], ..plan() };
    plan.sets[0].overprovision = true;
    Of::run(&plan).is("cost.regular_h", 6200.0 / 3600.0);
    plan.rules = RuleSet::without(rules::CO_09);
    Of::run(&plan).is("cost.regular_h", 6240.0 / 3600.0);
}

/// Two run for an hour and a half: 3 h. In a world without the rule each hour begun is billed, and that is 4 h.
#[test]
fn what_runs_is_billed_by_the_second() {
    let mut plan = Plan { horizon: at(5400), ..plan() };
    Of::run(&plan).is("cost.regular_h", 3.0);
    plan.rules = RuleSet::without(rules::CO_01);
    Of::run(&plan).is("cost.regular_h", 4.0);
}

/// Three are replaced one by one: each new one runs 60 s after it was asked for and 40 s before the old one goes. That is 3 ×
/// 1000 s, and 3 × 40 s for which both are billed.
#[test]
fn a_surge_is_billed_beside_what_it_replaces() {
    let policy = RollingPolicy { max_surge: true, ..RollingPolicy::default() };
    let mut plan = Plan { horizon: at(1000), ..rolling(3, 0, policy) };
    Of::run(&plan).is("cost.regular_h", 3120.0 / 3600.0);
    plan.rules = RuleSet::without(rules::CO_08);
    Of::run(&plan).is("cost.regular_h", 3000.0 / 3600.0);
}

/// Two Spot instances for an hour at a price of 3, where a regular one costs 1: no more than that. Without the rule, 6.
#[test]
fn a_spot_instance_costs_no_more_than_a_regular_one() {
    let mut plan = Plan { horizon: at(3600), ..plan() };
    plan.sets[0].spot = SpotPolicy { spot: true, ..SpotPolicy::default() };
    plan.sets[0].prices = Some(Prices { regular: 1.0, spot: 0.5 });
    plan.markets = vec![SpotMarket { region: 0, hourly: 0.0, prices: vec![(at(0), 3.0)] }];
    Of::run(&plan).is("cost.credits", 2.0);
    plan.rules = RuleSet::without(rules::CO_02);
    Of::run(&plan).is("cost.credits", 6.0);
}

/// Two for half an hour at 0.1 credits an hour, and for half an hour in a size at 0.4: 0.1 + 0.4. A size without a price leaves
/// the sum unknown.
#[test]
fn an_instance_costs_what_its_size_costs() {
    let run = |prices| {
        let mut plan = Plan { horizon: at(3600), ..plan() };
        plan.sets[0].upgrade.mode = UpgradeMode::Automatic;
        plan.sets[0].prices = Some(Prices { regular: 0.1, spot: 0.1 });
        let size = Some(Size { name: "Standard_D8as_v5".into(), cores: 8, prices });
        plan.timeline = vec![change(1800, ModelChange { size, rest: Reach::Restart, ..ModelChange::default() })];
        Of::run(&plan)
    };
    run(Some(Prices { regular: 0.4, spot: 0.4 })).is("cost.credits", 0.5);
    assert!(matches!(run(None).value("cost.credits"), Value::NotComputed(_)));
}

/// One regular instance below, and nothing but Spot above: of two that are present the second is one, and so is a third.
#[test]
fn lanes_distinguish_spot_from_regular() {
    let mut plan = Plan { horizon: at(600), timeline: vec![scale(100, 3)], ..plan() };
    let mix = Some(PriorityMix { base: 1, percent: 0 });
    plan.sets[0].spot = SpotPolicy { spot: true, mix, ..SpotPolicy::default() };
    let mut sink = Watched::new(&plan, Lanes::new(&plan));
    run(&plan, 7, Options::default(), &mut sink);
    let lanes = &sink.observers;
    assert_eq!(lanes.lanes.iter().map(|lane| lane.spot).collect::<Vec<_>>(), [false, true, true]);
}

/// Two of them for half an hour, at a credit an hour, and nothing for the rest of it.
#[test]
fn an_empty_set_costs_nothing() {
    let mut plan = Plan { horizon: at(3600), timeline: vec![scale(1800, 0)], ..plan() };
    plan.sets[0].prices = Some(Prices { regular: 1.0, spot: 0.5 });
    Of::run(&plan).is("cost.credits", 1.0);
    plan.rules = RuleSet::without(rules::OR_06);
    let Value::Number(without) = *Of::run(&plan).value("cost.credits") else { panic!("it has prices") };
    assert!(without > 1.1, "{without}");
}

/// All three stand in one rack, where those of a regular set stand in three.
#[test]
fn a_spot_set_is_hit_in_one_fault_domain() {
    let mut plan = plan();
    plan.sets[0].capacity = 3;
    plan.images[0].bad = true;
    plan.sets[0].spot = SpotPolicy { spot: true, ..SpotPolicy::default() };
    Of::run(&plan).is("blast_radius.fault_domains", 1.0);
    plan.rules = RuleSet::without(rules::FD_14);
    Of::run(&plan).is("blast_radius.fault_domains", 3.0);
}

/// A minute of freeze on each of three, one fault domain after another: somebody is served all the time. All at once, nobody
/// is for a minute.
#[test]
fn routine_maintenance_takes_one_fault_domain_at_a_time() {
    let mut plan = Plan { horizon: at(7200), ..plan() };
    (plan.sets[0].fault_domains, plan.sets[0].capacity) = (3, 3);
    let work = HostWork { set: 0, kind: MaintenanceKind::Freeze, which: Which::All, length: Some(s(60)) };
    plan.timeline = vec![action("the platform", 100, Act::Maintain(work))];
    Of::run(&plan).is("downtime.full_s", 0.0);
    plan.rules = RuleSet::without(rules::FD_13);
    let Value::Number(without) = *Of::run(&plan).value("downtime.full_s") else { panic!("there is traffic") };
    assert!(without >= 60.0, "{without}");
}

/// One of two is frozen for a minute. Two probes at 5 s get no answer, and the second times out with its interval: 10 to 15 s.
#[test]
fn a_frozen_backend_is_noticed_after_two_probes() {
    let mut plan = Plan { horizon: at(7200), ..plan() };
    let which = Which::Ordinals(vec![0]);
    let work = HostWork { set: 0, kind: MaintenanceKind::Freeze, which, length: Some(s(60)) };
    plan.timeline = vec![action("the platform", 100, Act::Maintain(work))];
    let of = Of::run(&plan);
    let Value::Number(noticed) = *of.value("time_to.detect_s") else { panic!("{:?}", of.value("time_to.detect_s")) };
    assert!((10.0..=15.0).contains(&noticed), "{noticed}");
    plan.rules = RuleSet::without(rules::DI_12);
    assert!(matches!(Of::run(&plan).value("time_to.detect_s"), Value::NotComputed(_)));
}

/// The pipeline had brought both to code 1, and looks at nobody again. Their disks are swapped at 100 s for others with code 0,
/// on which they are up 115 s later and probed up within 5 s: from then on they serve code that is too old.
#[test]
fn what_a_pipeline_did_is_lost_with_the_disk() {
    let mut plan = Plan { horizon: at(1000), ..rolling(2, 0, RollingPolicy::default()) };
    plan.sets[0].upgrade.mode = UpgradeMode::Automatic;
    plan.images[1].code = Some(0);
    plan.pipelines = vec![Pipeline { trigger: Trigger::Never, ..pipeline() }];
    plan.application.requires = Some(Requires { code: 1, from: at(0), touches: 1.0 });
    let of = Of::run(&plan);
    let Value::AtLeast(stale) = *of.value("versions.stale_instance_s") else { panic!("a number of seconds, and more") };
    assert!((2.0 * 780.0..=2.0 * 785.0).contains(&stale), "{stale}");
    plan.rules = RuleSet::without(rules::EX_08);
    Of::run(&plan).is("versions.stale_instance_s", 0.0);
}

/// Two instances at 1 credit an hour for an hour, and a pool of one machine that runs. It is taken at 600 s, when the set grows to
/// three, and runs as an instance from 610 s on (10 s for the move); a fourth is created at 600 s and runs from 660 s on. So
/// the pool ran for 600 s, and billed are 2 · 3,600 + 2,990 + 2,940 + 600 = 13,730 s.
#[test]
fn a_standby_pool_that_runs_is_billed() {
    let mut plan = plan();
    plan.sets[0].mode = OrchestrationMode::Flexible;
    plan.sets[0].prices = Some(Prices { regular: 1.0, spot: 0.1 });
    let pool = StandbyPool::new("pool".into(), (3, 0), StandbyState::Running);
    plan.sets[0].upkeep.standby = Some(pool);
    plan.timeline = vec![scale(600, 4)];
    let of = Of::run(&plan);
    of.is("standby.taken", 1.0);
    of.is("standby.cold", 1.0);
    of.is("standby.running_h", 600.0 / 3600.0);
    of.is("cost.credits", 13_730.0 / 3600.0);
}

/// A hundred and one stand in two placement groups, the last alone in the second. A hundred are spread over five fault domains,
/// and the first of the second group is another.
#[test]
fn a_fault_domain_is_one_of_its_placement_group() {
    let mut plan = Plan { horizon: at(60), ..plan() };
    plan.sets[0].capacity = 101;
    plan.images[0].bad = true;
    Of::run(&plan).is("blast_radius.fault_domains", 6.0);
    plan.rules = RuleSet::without(rules::FD_10);
    Of::run(&plan).is("blast_radius.fault_domains", 5.0);
}

/// Three sets of two: the first has a bad image, the second another one that is bad, the third a good one. Four instances of two
/// sets are hit, in one region.
#[test]
fn a_scale_set_is_hit_by_one_of_its_instances() {
    let mut plan = Plan { horizon: at(60), ..plan() };
    plan.images[0].bad = true;
    plan.images.extend([plan.images[0].clone(), Image { bad: false, ..plan.images[0].clone() }]);
    let set = |at| ScaleSet { image: ImageReference::Version(at), name: format!("vmss-{at}"), ..plan.sets[0].clone() };
    plan.sets = (0..3).map(set).collect();
    let of = Of::run(&plan);
    of.is("blast_radius.scale_sets", 2.0);
    of.is("blast_radius.instances", 4.0);
    of.is("blast_radius.regions", 1.0);
}

/// Six in zones 1, 2 and 3 are two each. Zone 3 has room for no more: three more are two in zone 1 and 2 each at most one more than
/// the other, so 4, 3 and 2; nobody in one zone alone has a gap.
#[test]
fn the_widest_gap_between_two_zones_is_counted() {
    let mut plan = Plan { horizon: at(1000), timeline: vec![scale(100, 9)], ..plan() };
    let alone = Value::NotComputed("no set is spread over zones");
    assert_eq!(*Of::run(&plan).value("capacity.zone_gap_max"), alone);
    (plan.sets[0].zones, plan.sets[0].capacity) = (vec![1, 2, 3], 6);
    Of::run(&plan).is("capacity.zone_gap_max", 0.0);
    plan.regions[0].free[3] = Some(0);
    Of::run(&plan).is("capacity.zone_gap_max", 2.0);
}

/// A set that is in no pool takes no users: how much of its capacity serves is nothing that can be said, and not 0 %. With a set
/// in a pool beside it, that one alone is meant: both of its instances serve throughout.
#[test]
fn of_a_set_in_no_pool_no_capacity_in_rotation_is_computed() {
    let mut plan = plan();
    plan.pools.clear();
    plan.entry_points.clear();
    plan.sets[0].pools.clear();
    let of = Of::run(&plan);
    assert_eq!(*of.value("capacity.min_pct"), Value::NotComputed("no set that is in a pool has capacity"));
    let mut plan = self::plan();
    let beside = ScaleSet { name: "jobs".into(), pools: Vec::new(), ..plan.sets[0].clone() };
    plan.sets.push(beside);
    Of::run(&plan).is("capacity.min_pct", 100.0);
}
