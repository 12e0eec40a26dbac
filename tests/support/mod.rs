//! Plans made by hand, and their runs, for the tests of what is shown and written.
#![allow(dead_code, missing_docs, reason = "each test uses a part of it")]

use windtunnel::output::plots::{Caption, PLOTS, Scene};
use windtunnel::words::describe::Names;
use windtunnel_sim::azure::instances;
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::measure::lanes::Lanes;
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::plan::*;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::run::{Options, Run};

pub const fn minutes(m: u64) -> SimTime {
    SimTime::from_ms(m * 60_000)
}

fn lasting(m: u64) -> Option<SimDuration> {
    Some(SimDuration::from_mins(m))
}

/// A run with everything that is taken from it.
pub struct Ran<'p> {
    pub ledger: Vec<Record>,
    pub series: Series<'p>,
    pub lanes: Lanes,
    pub names: Names<'p>,
}

impl Ran<'_> {
    /// The plots of the run, each with its name.
    pub fn plots(&self, seed: u64) -> Vec<(&'static str, String)> {
        let Self { series, lanes, names, .. } = self;
        let caption = Caption { plan: names.plan(), seed, refused: &[] };
        let scene = Scene { caption, names, lanes, series, observed: None };
        PLOTS.iter().map(|plot| (plot.name, (plot.svg)(scene))).collect()
    }
}

pub fn run(plan: &Plan, seed: u64) -> Ran<'_> {
    let mut sinks = (Vec::new(), Watched::new(plan, (Series::new(plan), Lanes::new(plan))));
    let mut run = Run::new(plan, seed, Options::default(), &mut sinks);
    run.advance(plan.horizon, &mut sinks);
    let names = Names::new(plan, instances::names(&run.world, plan));
    run.finish(&mut sinks);
    let (ledger, Watched { observers: (series, lanes), .. }) = sinks;
    Ran { ledger, series, lanes, names }
}

fn answers(path: &str, when: Needs, otherwise: Option<u16>) -> Endpoint {
    let answer = |status| Answer { kind: AnswerKind::Status(status), after: SimDuration::ZERO, body: Body::default() };
    let mut clauses = vec![Clause { when, answer: answer(200) }];
    clauses.extend(otherwise.map(|status| Clause { when: Needs::PROCESS, answer: answer(status) }));
    Endpoint { path: path.into(), clauses }
}

fn image(name: &str, code: Code) -> Image {
    Image {
        name: name.into(),
        code: Some(code),
        boot: None,
        boot_failure: 0.0,
        process_start: None,
        cannot: 0,
        degrades: None,
        bad: false,
        version: Version::everywhere(0, Number([1, code.into(), 0])),
    }
}

fn pool(balancer: &str) -> Pool {
    Pool { name: "web".into(), ..Pool::plain(balancer) }
}

fn rule(balancer: &str, pool: u16, demand: Vec<Segment>) -> EntryPoint {
    let mut entry = EntryPoint::plain(balancer, pool, 0.0);
    entry.traffic.as_mut().expect("plain rules have traffic").demand = demand;
    entry
}

pub fn segment(start: u64, rps: f64, slope: f64) -> Segment {
    Segment { start: minutes(start), rps, slope }
}

fn action(name: &str, at: u64, what: Act) -> Action {
    Action { name: name.into(), at: minutes(at), what }
}

/// The founding incident: two steady instances, a third that scales out with old code, and a pipeline later.
pub fn stale() -> Plan {
    Plan {
        start_unix_ms: 1_773_133_200_000,
        zone: Zone::Offset(0),
        objective: Some(0.999),
        sets: vec![ScaleSet::plain("vmss-web", 2)],
        pools: vec![pool("lb-web")],
        entry_points: vec![rule("lb-web", 0, vec![segment(0, 300.0, 0.0)])],
        application: Application {
            releases: vec!["c41".into(), "c42".into()],
            capacity_rps: Some(250.0),
            endpoints: vec![
                Endpoint { path: String::new(), clauses: Vec::new() },
                answers("/healthz", Needs::PROCESS, None),
                answers("/version", Needs { current: true, ..Needs::PROCESS }, Some(503)),
            ],
            requires: Some(Requires { code: 1, from: SimTime::ZERO, touches: 1.0 }),
            ..Application::plain()
        },
        definitions: vec!["web-image".into()],
        images: vec![image("web-image/1.0.0", 0), image("web-image/1.1.0", 1)],
        pipelines: vec![Pipeline {
            name: "deploy".into(),
            sets: vec![0],
            installs: 1,
            deployed: Some(1),
            trigger: Trigger::Running,
            delay: Dist::Constant(SimDuration::from_mins(2)),
            duration: Dist::Uniform { min: SimDuration::from_mins(3), max: SimDuration::from_mins(5) },
            failure: 0.0,
            needs: 0,
            parallel: 4,
            starts_process: false,
            admin_down_after: None,
            environment: None,
        }],
        timeline: vec![action("scale out", 10, Act::SetCapacity { set: 0, capacity: 3 })],
        ..Plan::plain("The scale-out that served stale code", minutes(45))
    }
}

/// A hundred instances in three zones and five fault domains through a bad day: slow probes, a freeze, processes down, a
/// dependency, a release, a scale-out with failing boots, a scale-in.
pub fn fleet(capacity: u32) -> Plan {
    let mut plan = stale();
    plan.title = "A bad day for a fleet in three zones".into();
    plan.horizon = minutes(360);
    plan.sets[0].capacity = capacity;
    plan.sets[0].zones = vec![1, 2, 3];
    plan.sets[0].fault_domains = 5;
    plan.images[0].boot_failure = 0.2;
    plan.application.dependencies = vec!["database".into()];
    plan.application.serves.dependencies = 1;
    plan.application.requires = Some(Requires { code: 0, from: SimTime::ZERO, touches: 1.0 });
    plan.application.releases.push("c43".into());
    plan.pipelines[0].parallel = (capacity / 5).max(1);
    let each = 250.0 * f64::from(capacity);
    plan.entry_points[0].traffic.as_mut().unwrap().demand =
        vec![segment(0, 0.4 * each, 0.0), segment(120, 0.4 * each, 0.6 * each / 7200.0), segment(240, each, 0.0)];
    let third: Vec<u32> = (0..capacity).filter(|n| n % 3 == 0).collect();
    let tenth: Vec<u32> = (0..capacity).filter(|n| n % 10 == 0).collect();
    plan.timeline = vec![
        action(
            "rack frozen",
            20,
            Act::Disturb { set: 0, which: Which::Ordinals(tenth), how: Disturbance::Freeze, length: lasting(15) },
        ),
        action("database down", 60, Act::DependencyDown { dependency: 0, length: lasting(12) }),
        action("release c43", 100, Act::ReleaseCode { code: 2, pipelines: vec![0] }),
        action("run deploy", 104, Act::RunPipeline { pipeline: 0 }),
        action("scale out", 200, Act::SetCapacity { set: 0, capacity: capacity + capacity / 5 }),
        action(
            "zone 1 loses its processes",
            270,
            Act::Disturb { set: 0, which: Which::Ordinals(third), how: Disturbance::ProcessDown, length: None },
        ),
        action("scale in", 320, Act::SetCapacity { set: 0, capacity: capacity / 2 }),
    ];
    plan
}

/// One instance, which nobody asks for anything.
pub fn quiet() -> Plan {
    let mut plan = stale();
    plan.title = "One instance without traffic".into();
    plan.sets[0].capacity = 1;
    plan.entry_points[0].traffic = None;
    plan.timeline.clear();
    plan
}

/// Two entry points, no capacity declared, a cold start.
pub fn two_pools() -> Plan {
    let mut plan = stale();
    plan.title =
        "Two entry points, a cold start & a title so long that it does not fit on the slide beside the policy \
                  and the seed, and so has to be cut somewhere near its end, wherever that is"
            .into();
    plan.cold_start = true;
    plan.application.capacity_rps = None;
    plan.pools.push(pool("lb-api"));
    plan.entry_points.push(rule("lb-api", 1, vec![segment(0, 50.0, 0.05), segment(30, 20.0, 0.0)]));
    let mut api = ScaleSet::plain("vmss-api", 3);
    api.pools = vec![1];
    api.mode = OrchestrationMode::Flexible;
    plan.sets.push(api);
    plan
}
