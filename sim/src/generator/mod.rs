//! Random small scenarios, for the oracle: any number of them, each from a seed of its own.
//!
//! A scenario is one or two scale sets of a few instances behind pools whose probes, answers, load steps and faults are
//! all drawn, each kind of trouble switched on or off as a whole (swarm testing), so that rare mixtures come up. Half of
//! them live on a grid of whole seconds with aligned probes, so that many things happen at one instant and every tie is
//! met.

mod acts;
mod autoscale;
mod azure_devops;
mod connections;
mod entry_points;
mod faults;
mod front_doors;
mod gateways;
mod guest;
mod health;
mod images;
mod led;
mod names;
mod octopus;
mod os_upgrade;
mod repairs;
mod rollout;
mod seldom;
mod settings;
mod spot;
mod start;
pub mod storm;
mod upkeep;
mod writes;

use crate::engine::random::{Dist, Purpose, Randomness, Stream, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Answer, AnswerKind, Application, Body, Clause, Connections, Disturbance, Endpoint, EntryPoint,
    Extension, Image, ImageReference, LoadStep, Needs, Number, OrchestrationMode, Pipeline, Plan, Pool, Probe,
    ProbeProtocol, Prober, Requires, ScaleInPolicy, ScaleSet, Segment, Traffic, Trigger, Version, VmProfile, Which,
};
use crate::rules::{A, Assumptions, Value};

/// The random scenario with this number.
#[must_use]
pub fn scenario(number: u64) -> Plan {
    let mut draw = Draw::of(number, 0);
    let (pools, entry_points): (Vec<Pool>, Vec<EntryPoint>) = (0..1 + draw.below(2)).map(|i| draw.pool(i)).unzip();
    let pipelines = if draw.chance(0.6) { vec![draw.pipeline()] } else { Vec::new() };
    let sets: Vec<ScaleSet> = (0..1 + draw.below(2)).map(|i| draw.set(i, pools.len())).collect();
    let application = draw.application();
    let mut timeline = draw.timeline(sets.len(), pools.len(), pipelines.len());
    timeline.sort_by_key(|action| action.at);
    Plan {
        objective: Some(0.99),
        cold_start: draw.chance(0.2),
        assumptions: draw.assumptions(),
        sets,
        pools,
        entry_points,
        application,
        definitions: vec!["app".into()],
        images: vec![draw.image(0), draw.image(1)],
        pipelines,
        timeline,
        ..Plan::plain(&format!("random scenario {number}"), SimTime::from_ms(900_000))
    }
    .on_grid(draw.on_grid)
    .with_health(number)
    .with_images(number)
    .with_spot(number)
    .with_autoscale(number)
    .with_rollouts(number)
    .with_os_upgrades(number)
    .with_faults(number)
    .with_repairs(number)
    .with_guest(number)
    .with_connections(number)
    .with_upkeep(number)
    .with_acts(number)
    .with_seldom(number)
    .with_entry_points(number)
    .with_octopus(number)
    .with_azure_devops(number)
    .with_gateway(number)
    .with_names(number)
    .with_front_doors(number)
    .with_written_settings(number)
    // Its steps stand behind all that have a time.
    .with_writes(number)
    .with_led(number)
    .with_unlike_instances(number)
    .with_choices(number)
}

impl Plan {
    /// With aligned probes, where the scenario lives on a grid.
    fn on_grid(mut self, on_grid: bool) -> Self {
        if on_grid {
            self.set_assumption(A::LbProbePhase, Value::Choice("aligned"));
        }
        self
    }

    fn set_assumption(&mut self, assumption: A, value: Value) {
        self.assumptions.set(assumption, value).expect("the generator stays within the ranges");
    }
}

struct Draw {
    stream: Stream,
    on_grid: bool,
}

impl Draw {
    /// The draws of a part of the scenario with this number; every other scenario lives on a grid of whole seconds.
    fn of(number: u64, part: u64) -> Self {
        let subject = Subject { place: name("generator"), cause: number, ordinal: 0 };
        Self { stream: Randomness::new(number).stream(Purpose::Generator, subject, part), on_grid: number % 2 == 1 }
    }

    fn below(&mut self, n: u64) -> u64 {
        self.stream.below(n)
    }

    fn chance(&mut self, p: f64) -> bool {
        self.stream.chance(p)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// A length between two numbers of seconds; whole seconds on a grid.
    fn length(&mut self, min_s: u64, max_s: u64) -> SimDuration {
        if self.on_grid {
            SimDuration::from_secs(min_s + self.below(max_s - min_s + 1))
        } else {
            SimDuration::from_ms(min_s * 1000 + self.below((max_s - min_s) * 1000 + 1))
        }
    }

    fn dist(&mut self, min_s: u64, max_s: u64) -> Dist {
        let length = self.length(min_s, max_s);
        if self.on_grid || self.chance(0.5) {
            Dist::Constant(length)
        } else {
            Dist::Uniform { min: length, max: length + SimDuration::from_secs(20) }
        }
    }

    /// A pool, and the rule that leads to it.
    fn pool(&mut self, index: u64) -> (Pool, EntryPoint) {
        let protocol = self.pick(&[ProbeProtocol::Http, ProbeProtocol::Http, ProbeProtocol::Tcp]);
        let probe = Probe {
            name: "probe".into(),
            protocol,
            endpoint: if protocol == ProbeProtocol::Tcp { 0 } else { self.pick(&[1, 2]) },
            interval: SimDuration::from_secs(self.pick(&[5, 5, 5, 7, 10, 15, 40])),
            threshold: self.pick(&[1, 1, 1, 2, 3]),
            probes: Probe::PROBES,
        };
        let pool = Pool {
            balancer: format!("lb-{index}"),
            name: format!("pool-{index}"),
            probe: self.chance(0.95).then_some(probe),
            all_probed_up: self.chance(0.2),
            prober: Prober::Balancer,
        };
        let traffic = self.chance(0.8).then(|| self.traffic());
        let entry = EntryPoint { traffic, ..EntryPoint::plain(&pool.balancer, index as u16, 0.0) };
        (pool, entry)
    }

    /// Without connections that are kept: of a gateway, which ends those of its clients, and of a name.
    fn traffic_per_request(&mut self) -> Traffic {
        Traffic { connections: Connections::PerRequest, ..self.traffic() }
    }

    fn traffic(&mut self) -> Traffic {
        let mut demand = Vec::new();
        let mut start = SimTime::ZERO;
        for _ in 0..1 + self.below(4) {
            let rps = self.below(60) as f64 * 10.0;
            let slope = if self.chance(0.5) { 0.0 } else { self.below(40) as f64 / 4.0 - 5.0 };
            demand.push(Segment { start, rps, slope });
            start += self.length(60, 300);
        }
        let connections = self.pick(&[Connections::PerRequest, Connections::PerRequest, Connections::KeepAlive]);
        Traffic { connections, ..Traffic::new(demand) }
    }

    fn answer(&mut self) -> Answer {
        let kind = match self.below(10) {
            0..=5 => AnswerKind::Status(200),
            6 => AnswerKind::Status(204),
            7 => AnswerKind::Status(503),
            8 => AnswerKind::Refused,
            _ => AnswerKind::Silent,
        };
        let after = match self.below(6) {
            0..=2 => SimDuration::ZERO,
            3 => self.length(1, 3),
            4 => self.length(4, 12),
            _ => SimDuration::from_secs(self.pick(&[5, 7, 10, 30])),
        };
        Answer { kind, after, body: Body::default() }
    }

    fn needs(&mut self) -> Needs {
        Needs {
            process: self.chance(0.9),
            warm: self.chance(0.4),
            current: self.chance(0.3),
            code: self.chance(0.1).then_some(1),
            dependencies: self.pick(&[0, 0, 0, 1, 2, 3]),
            draining: false,
            instances: None,
            who: None,
        }
    }

    fn application(&mut self) -> Application {
        let open = Clause {
            when: Needs::PROCESS,
            answer: Answer { kind: AnswerKind::Status(200), after: SimDuration::ZERO, body: Body::default() },
        };
        let mut endpoints = vec![Endpoint { path: String::new(), clauses: vec![open] }];
        for path in ["/healthz", "/ready"] {
            let mut clauses = Vec::new();
            for _ in 0..1 + self.below(3) {
                clauses.push(Clause { when: self.needs(), answer: self.answer() });
            }
            clauses.push(open);
            endpoints.push(Endpoint { path: path.into(), clauses });
        }
        let mut under_load = Vec::new();
        if self.chance(0.4) {
            under_load.push(LoadStep { above: 0.8, delay: self.length(1, 4) });
            under_load.push(LoadStep { above: 1.2, delay: self.length(5, 20) });
        }
        Application {
            releases: vec!["c1".into(), "c2".into(), "c3".into()],
            dependencies: vec!["db".into(), "hsm".into()],
            capacity_rps: self.chance(0.7).then_some(100.0),
            warm_up: self.dist(0, 40),
            endpoints,
            serves: self.needs(),
            requires: self.chance(0.7).then_some(Requires { code: 1, from: SimTime::ZERO, touches: 1.0 }),
            under_load,
            groups: Vec::new(),
            texts: Vec::new(),
            ..Application::plain()
        }
    }

    fn image(&mut self, code: u16) -> Image {
        Image {
            name: format!("app/1.{code}.0"),
            code: Some(code),
            boot: self
                .chance(0.7)
                .then(|| self.dist(5, 40))
                .or(self.on_grid.then_some(Dist::Constant(SimDuration::from_secs(20)))),
            boot_failure: if self.chance(0.1) { 0.3 } else { 0.0 },
            process_start: self.chance(0.3).then(|| self.dist(1, 10)),
            cannot: self.pick(&[0, 0, 0, 1, 2]),
            degrades: None,
            bad: code == 1,
            version: Version::everywhere(0, Number([1, code.into(), 0])),
        }
    }

    fn set(&mut self, index: u64, pools: usize) -> ScaleSet {
        let zones = self.pick(&[&[][..], &[1][..], &[1, 2][..], &[1, 2, 3][..]]).to_vec();
        let mut extensions = Vec::new();
        if self.chance(0.3) {
            for i in 0..1 + self.below(3) as u16 {
                let after = if i > 0 && self.chance(0.5) { vec![i - 1] } else { Vec::new() };
                let plain = Extension::plain(&format!("extension-{i}"), self.dist(5, 60));
                extensions.push(Extension {
                    after,
                    failure: if self.chance(0.2) { 0.3 } else { 0.0 },
                    installs: self.chance(0.3).then_some(1),
                    starts_process: self.chance(0.2),
                    ..plain
                });
            }
        }
        let joins = 1 + self.below(pools as u64) as u16;
        let mut profile = VmProfile { extensions_budget: SimDuration::from_mins(15), ..VmProfile::plain() };
        profile.extensions = extensions;
        ScaleSet {
            mode: self.pick(&[OrchestrationMode::Uniform, OrchestrationMode::Flexible]),
            zone_balance: zones.len() > 1 && self.chance(0.3),
            fault_domains: if zones.is_empty() { self.pick(&[1, 2, 3]) } else { 1 },
            zones,
            single_placement_group: self.chance(0.5),
            capacity: self.below(5) as u32,
            overprovision: self.chance(0.3),
            skip_extensions_on_surplus: self.chance(0.3),
            image: ImageReference::Version(self.below(2) as u16),
            scale_in: self.pick(&[ScaleInPolicy::Default, ScaleInPolicy::NewestVM, ScaleInPolicy::OldestVM]),
            profile,
            pools: (0..joins).collect(),
            ..ScaleSet::plain(&format!("vmss-{index}"), 0)
        }
    }

    fn pipeline(&mut self) -> Pipeline {
        Pipeline {
            name: "deploy".into(),
            sets: vec![0],
            installs: 1,
            deployed: Some(1),
            trigger: self.pick(&[Trigger::Created, Trigger::Running, Trigger::Provisioned, Trigger::Never]),
            delay: Dist::Constant(self.length(0, 60)),
            duration: self.dist(10, 120),
            failure: if self.chance(0.2) { 0.3 } else { 0.0 },
            needs: 0,
            parallel: self.pick(&[1, 2, 10]),
            starts_process: self.chance(0.1),
            admin_down_after: self.chance(0.2).then(|| self.length(0, 5)),
            environment: None,
        }
    }

    fn timeline(&mut self, sets: usize, pools: usize, pipelines: usize) -> Vec<Action> {
        // Swarm: each kind is on or off for the whole scenario.
        let kinds: Vec<u64> = (0..7).filter(|_| self.chance(0.6)).collect();
        let mut timeline = Vec::new();
        for i in 0..self.below(14) {
            let kind = if kinds.is_empty() { 0 } else { self.pick(&kinds) };
            let set = self.below(sets as u64) as u16;
            let what = match kind {
                0 | 1 => Act::SetCapacity { set, capacity: self.below(7) as u32 },
                2 if pipelines > 0 => Act::RunPipeline { pipeline: 0 },
                3 => Act::DependencyDown { dependency: self.below(2) as u16, length: self.lasting() },
                4 => Act::BlockProbes { pool: self.below(pools as u64) as u16, length: self.lasting() },
                5 | 6 => Act::Disturb {
                    set,
                    which: if self.chance(0.5) { Which::All } else { Which::Ordinals(vec![self.below(4) as u32]) },
                    how: self.pick(&[Disturbance::ProcessDown, Disturbance::Freeze]),
                    length: self.lasting(),
                },
                _ => Act::ReleaseCode { code: self.below(3) as u16, pipelines: (0..pipelines as u16).collect() },
            };
            timeline.push(Action { name: format!("action {i}"), at: SimTime::ZERO + self.length(0, 600), what });
        }
        timeline
    }

    fn lasting(&mut self) -> Option<SimDuration> {
        self.chance(0.9).then(|| self.length(1, 90))
    }

    fn assumptions(&mut self) -> Assumptions {
        let mut plan = Assumptions::default();
        let latency = if self.on_grid { self.pick(&[0, 1000]) } else { self.pick(&[0, 5, 5, 400]) };
        let spread = if self.on_grid {
            Dist::Constant(SimDuration::from_secs(self.below(20)))
        } else {
            Dist::Uniform { min: SimDuration::ZERO, max: SimDuration::from_secs(30) }
        };
        let values = [
            (A::AppAnswerLatency, Value::Time(SimDuration::from_ms(latency))),
            (A::LbSilentFailuresDown, Value::Count(1 + self.below(3))),
            (A::LbRefusalImmediate, Value::Switch(self.chance(0.7))),
            (A::LbFlapHoldIntervals, Value::Count(self.below(4))),
            (A::LbFlapChanges, Value::Count(self.below(5))),
            (A::LbPropagation, Value::Time(self.length(0, 6))),
            (A::LbJoinDelay, Value::Time(if self.chance(0.2) { self.length(0, 20) } else { SimDuration::ZERO })),
            (A::LbLeaveDelay, Value::Time(if self.chance(0.2) { self.length(0, 20) } else { SimDuration::ZERO })),
            (A::VmssProvision, Value::Dist(Dist::Constant(self.length(1, 40)))),
            (A::VmssProvisionSpread, Value::Dist(spread)),
            (A::ClientKeepaliveCap, Value::Time(self.length(10, 240))),
            (A::VmDelete, Value::Dist(Dist::Constant(self.length(0, 30)))),
        ];
        for (assumption, value) in values {
            plan.set(assumption, value).expect("the generator stays within the ranges");
        }
        plan
    }
}
