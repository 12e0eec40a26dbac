//! Plans for tests, small and with fixed timings: what is not set by a test is as plain as can be, so that the expected
//! instants can be worked out by hand.
//!
//! A new instance runs 60 s after its creation and its system is up 40 s later (at 100 s); its process listens at once,
//! and an answer takes no time. A new disk is in after 75 s and a restart comes to the boot after 5 s; a machine stops at once,
//! and is deleted within 30 s. Probes go out every 5 s from the moment of joining (aligned), the first after 5 s.

#![allow(dead_code, reason = "each test uses some of it")]

pub mod agents;
pub mod autoscale;
pub mod features;
pub mod harm;
pub mod health;
pub mod kinds;
pub mod names;
pub mod octopus;
pub mod renewal;
pub mod repairs;
pub mod rollout;
pub mod shares;
pub mod slots;

use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::{Measures, Scope, Value as Measured};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Assumptions, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::run::{Options, Outcome, Run, run};

pub const fn s(seconds: u64) -> SimDuration {
    SimDuration::from_secs(seconds)
}

pub const fn at(seconds: u64) -> SimTime {
    SimTime::from_ms(seconds * 1000)
}

pub const PROCESS: Needs = Needs::PROCESS;

pub const fn answers(kind: AnswerKind) -> Answer {
    Answer {
        kind,
        after: SimDuration::ZERO,
        body: Body { state: None, rolling: None, metrics_object: false, text: None },
    }
}

pub const OK: Answer = answers(AnswerKind::Status(200));

/// One Uniform set `vmss` of two instances behind one pool with an HTTP probe of `/healthz`; one image with code 0.
pub fn plan() -> Plan {
    let clause = |when, answer| Clause { when, answer };
    let endpoint = |path: &str, clauses| Endpoint { path: path.into(), clauses };
    let mut assumptions = Assumptions::default();
    for (assumption, value) in [
        (A::LbProbePhase, Value::Choice("aligned")),
        (A::AppAnswerLatency, Value::Time(SimDuration::ZERO)),
        (A::VmssProvision, Value::Dist(Dist::Constant(s(60)))),
        (A::VmssProvisionFlexible, Value::Dist(Dist::Constant(s(60)))),
        (A::ExtensionWindowsWait, Value::Dist(Dist::Constant(s(0)))),
        (A::VmssOverprovisionSmall, Value::Choice("share")),
        (A::HealthStart, Value::Time(SimDuration::ZERO)),
        (A::HealthAgentPeriod, Value::Time(SimDuration::ZERO)),
        (A::HealthPlatformDelay, Value::Time(SimDuration::ZERO)),
        (A::VmssProvisionSpread, Value::Dist(constant(0))),
        (A::VmDelete, Value::Dist(constant(30))),
        (A::VmDeleteDeallocated, Value::Dist(constant(30))),
        (A::VmDeallocateLinux, Value::Dist(constant(0))),
        (A::VmDeallocateWindows, Value::Dist(constant(0))),
        (A::VmPowerOffLinux, Value::Dist(constant(0))),
        (A::VmPowerOffWindows, Value::Dist(constant(0))),
        (A::VmPowerOnLinux, Value::Dist(constant(0))),
        (A::VmPowerOnWindows, Value::Dist(constant(0))),
        (A::VmRestart, Value::Dist(constant(5))),
        // Nobody is watched longer than it takes to be healthy, but where a test says so (RU-41).
        (A::RollingWatchUnsourced, Value::Time(s(0))),
        (A::ExtensionUpgradeWork, Value::Dist(constant(0))),
        (A::VmReimage, Value::Dist(constant(75))),
        (A::VmOsDiskSwap, Value::Dist(constant(75))),
        (A::VmOsDiskRestore, Value::Dist(constant(75))),
    ] {
        assumptions.set(assumption, value).expect("within the range");
    }
    Plan {
        objective: Some(0.999),
        assumptions,
        sets: vec![set("vmss")],
        pools: vec![Pool::plain("lb")],
        entry_points: vec![EntryPoint::plain("lb", 0, 100.0)],
        application: Application {
            releases: vec!["c0".into(), "c1".into()],
            dependencies: vec!["db".into()],
            endpoints: vec![endpoint("", vec![clause(PROCESS, OK)]), endpoint("/healthz", vec![clause(PROCESS, OK)])],
            ..Application::plain()
        },
        definitions: vec!["app".into()],
        images: vec![image("app/1.0.0", 0)],
        ..Plan::plain("a test", at(3600))
    }
}

pub fn set(name: &str) -> ScaleSet {
    ScaleSet::plain(name, 2)
}

pub fn image(name: &str, code: Code) -> Image {
    Image {
        name: name.into(),
        code: Some(code),
        boot: Some(Dist::Constant(s(40))),
        boot_failure: 0.0,
        process_start: None,
        cannot: 0,
        degrades: None,
        bad: false,
        version: Version::everywhere(0, name.rsplit('/').next().and_then(Number::parse).expect("image/1.0.0")),
    }
}

/// A pipeline over set 0 that installs code 1: it notices an instance when it runs, waits 100 s, and works for 200 s.
pub fn pipeline() -> Pipeline {
    Pipeline {
        name: "deploy".into(),
        sets: vec![0],
        installs: 1,
        deployed: Some(1),
        trigger: Trigger::Running,
        delay: constant(100),
        duration: Dist::Constant(s(200)),
        failure: 0.0,
        needs: 0,
        parallel: 10,
        starts_process: false,
        admin_down_after: None,
        environment: None,
    }
}

pub fn action(name: &str, at_s: u64, what: Act) -> Action {
    Action { name: name.into(), at: at(at_s), what }
}

pub fn scale(at_s: u64, capacity: u32) -> Action {
    action(&format!("scale to {capacity}"), at_s, Act::SetCapacity { set: 0, capacity })
}

pub fn disturb(at_s: u64, ordinals: &[u32], how: Disturbance, length_s: u64) -> Action {
    let which = Which::Ordinals(ordinals.to_vec());
    action(&format!("{how:?} at {at_s}"), at_s, Act::Disturb { set: 0, which, how, length: Some(s(length_s)) })
}

/// A write of these changes to a load balancer or a profile.
pub fn write(resource: &str, changes: Vec<Change>) -> Act {
    Act::Write(Write::plain(resource, changes))
}

pub fn assume(plan: &mut Plan, assumption: A, value: Value) {
    plan.assumptions.set(assumption, value).expect("within the range");
}

/// Runs a plan with seed 7, every invariant checked at every instant.
pub fn ledger(plan: &Plan) -> Vec<Record> {
    outcome(plan).1
}

pub fn outcome(plan: &Plan) -> (Outcome, Vec<Record>) {
    let mut ledger = Vec::new();
    let options = Options { check_every_instant: true, ..Options::default() };
    let outcome = run(plan, 7, options, &mut ledger);
    (outcome, ledger)
}

/// A measure of the whole fleet, of the same run.
pub fn measured(plan: &Plan, name: &str) -> Measured {
    measured_at(plan, name, Scope::Fleet)
}

/// The same of what a scope is about.
pub fn measured_at(plan: &Plan, name: &str, scope: Scope) -> Measured {
    let mut measures = Measures::new(plan);
    run(plan, 7, Options::default(), &mut measures);
    let all = measures.measures();
    all.iter().find(|of| of.name() == name && of.scope == scope).expect("it is computed").value
}

/// When a fact that `is` matches first happened, in seconds.
pub fn first(ledger: &[Record], is: impl Fn(&Fact) -> bool) -> Option<f64> {
    ledger.iter().find(|record| is(&record.fact)).map(|record| record.time.seconds())
}

/// Every instant at which a fact that `is` matches happened, in seconds.
pub fn times(ledger: &[Record], is: impl Fn(&Fact) -> bool) -> Vec<f64> {
    ledger.iter().filter(|record| is(&record.fact)).map(|record| record.time.seconds()).collect()
}

/// What `of` makes of the facts that it knows, each with its instant in seconds.
pub fn timed<T>(ledger: &[Record], of: impl Fn(&Fact) -> Option<T>) -> Vec<(f64, T)> {
    ledger.iter().filter_map(|record| Some((record.time.seconds(), of(&record.fact)?))).collect()
}

pub const fn constant(seconds: u64) -> Dist {
    Dist::Constant(s(seconds))
}

/// An extension that takes this many seconds, and does nothing.
pub fn extension(name: &str, seconds: u64) -> Extension {
    Extension::plain(name, constant(seconds))
}

/// The spread of the worked table of SI-04 in zones {3,4,5,10}, {2,6,9,11} and {1,7,8}, lowered from 11 to 5 at 1,000 s
/// by this policy under these rules: the ledger, and the victims by the numbers of the table.
///
/// The spread is built by scale actions under `OldestVM`. Zone 3 is full but for what the set `filler` gives back; a new
/// instance goes to the poorest zone with room, and of equals to the first; what is too much is older than the rest. With
/// j for such an instance and the counts of zones 1, 2, 3 behind each step:
pub fn worked_spread(policy: ScaleInPolicy, rules: RuleSet) -> (Vec<Record>, Vec<u32>) {
    let steps = [
        (0, 5),  // j j j in zone 1, j j in zone 2: 3 2 0
        (0, 6),  // number 1 in zone 2: 3 3 0
        (0, 7),  // number 2 in zone 1: 4 3 0
        (1, 17), // room for three in zone 3
        (0, 10), // numbers 3, 4, 5 in zone 3: 4 3 3
        (0, 9),  // less a j of zone 1: 3 3 3
        (0, 10), // number 6 in zone 1: 4 3 3
        (0, 11), // number 7 in zone 2: 4 4 3
        (0, 10), // less the oldest j, of zone 2: 4 3 3
        (0, 11), // number 8 in zone 2: 4 4 3
        (0, 12), // number 9 in zone 1: 5 4 3
        (1, 16), // room for one in zone 3
        (0, 13), // number 10 in zone 3: 5 4 4
        (0, 12), // less a j of zone 1: 4 4 4
        (0, 13), // number 11 in zone 1: 5 4 4
        (0, 12), // less the last j of zone 1: 4 4 4
        (0, 11), // less the last j, of zone 2: 4 3 4
    ];
    let step = |(i, &(set, capacity)): (usize, &(u16, u32))| {
        action(&format!("step {i}"), 10 * (i as u64 + 1), Act::SetCapacity { set, capacity })
    };
    let mut building = plan();
    building.horizon = at(1001);
    building.regions[0].free[3] = Some(0);
    building.timeline = steps.iter().enumerate().map(step).chain([scale(1000, 5)]).collect();
    building.sets[0] = ScaleSet { capacity: 0, zones: vec![1, 2, 3], scale_in: ScaleInPolicy::OldestVM, ..set("vmss") };
    building.sets.push(ScaleSet { capacity: 20, zones: vec![3], pools: vec![], ..set("filler") });
    let mut tested = building.clone();
    (tested.sets[0].scale_in, tested.rules) = (policy, rules);

    let mut ledger = Vec::new();
    let mut run = Run::new(&building, 7, Options::default(), &mut ledger);
    run.advance(at(999), &mut ledger);
    let mut run = run.under(&tested);
    run.advance(tested.horizon, &mut ledger);
    run.finish(&mut ledger);
    // The 20 of `filler` are instances 0 to 19, and the five j are 20 to 24.
    let victim = |record: &Record| match record.fact {
        Fact::InstanceDeleting { instance, .. } if record.time == at(1000) => Some(instance.0 - 24),
        _ => None,
    };
    let victims = ledger.iter().filter_map(victim).collect();
    (ledger, victims)
}

/// A version with code 1 that is nowhere when the run begins.
pub fn absent(name: &str) -> Image {
    let image = image(name, 1);
    let version = Version { availability: Availability::In(Vec::new()), ..image.version };
    Image { version, ..image }
}

/// The plan over two regions, `vmss` of two instances in the east and `west` of one in the west, both of which follow
/// `latest` of `app`. 1.0.0 stands in both, 1.1.0 in neither; a replication has no spread.
pub fn two_regions() -> Plan {
    let mut plan = plan();
    plan.regions.push(Region::plain("westus"));
    plan.images = vec![image("app/1.0.0", 0), absent("app/1.1.0")];
    plan.sets[0].image = ImageReference::Definition(0);
    let latest = ImageReference::Definition(0);
    plan.sets.push(ScaleSet { region: 1, capacity: 1, image: latest, pools: vec![], ..set("west") });
    assume(&mut plan, A::GalleryReplicationSigma, Value::Number(0.0));
    assume(&mut plan, A::GalleryReplicationSlowShare, Value::Share(0.0));
    plan
}
