//! What the storms of all peers share: the list of failures, the phases, and the counting of harm.

use crate::storm_by_hand::{by_hand, failures, phases};
use windtunnel_sim::engine::random::Randomness;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::generator::storm;
use windtunnel_sim::measure::{Measures, Value};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::run::{Options, run};

pub const INTERVAL: u64 = 5_000;
pub const LATENCY: u64 = 5;
pub const DOWN: u64 = 45_000;
const AGENT: u64 = 6_000;
const REPORT: u64 = 10_000;

/// One instance: when it fails, and the phases of who looks at it.
#[derive(Clone)]
pub struct Instance {
    pub failures: Vec<u64>,
    pub balancer: u64,
    pub extension: u64,
    pub agent: u64,
}

pub struct Storm {
    pub instances: Vec<Instance>,
    pub horizon: u64,
    seed: u64,
}

impl Storm {
    pub fn new(instances: u32, seed: u64, horizon: u64) -> Self {
        let one = |(ordinal, failures): (usize, Vec<u64>)| {
            let phases = phases(Randomness::new(seed), ordinal as u32);
            Instance { failures, balancer: phases.balancer, extension: phases.extension, agent: phases.agent }
        };
        let instances = failures(instances, seed).into_iter().enumerate().map(one).collect();
        Self { instances, horizon, seed }
    }

    /// For who cannot call us: a line an instance.
    pub fn print(&self) {
        for instance in &self.instances {
            let failures: Vec<String> = instance.failures.iter().map(u64::to_string).collect();
            println!("{} {} {} {}", instance.balancer, instance.extension, instance.agent, failures.join(" "));
        }
    }

    pub fn by_hand(&self) -> String {
        let list: Vec<Vec<u64>> = self.instances.iter().map(|instance| instance.failures.clone()).collect();
        let storm = by_hand(list.len() as u32, &list, self.horizon, self.seed);
        format!("{:.9} {:.3}", storm.harmed, storm.unhealthy_s)
    }
}

/// The plan of ours: what it is given, as the peers are given the list of failures.
pub fn plan(horizon: u64) -> Plan {
    let mut plan = storm::storm(1_000, 1);
    plan.horizon = SimTime::from_ms(horizon);
    plan
}

/// The whole model.
pub fn ours(plan: &Plan) -> String {
    let mut measures = Measures::new(plan);
    run(plan, 1, Options::default(), &mut measures);
    let harmed = measures.measures().into_iter().find(|measure| measure.name() == "blast_radius.requests_pct");
    let Some(Value::Number(pct)) = harmed.map(|measure| measure.value) else { panic!("it has traffic") };
    format!("{:.9}", pct / 100.0)
}

impl Instance {
    /// What answer a probe sent at this instant gets, after the failure that began last.
    pub fn answers(&self, failed: Option<u64>, now: u64) -> bool {
        failed.is_none_or(|at| now <= at || now > at + DOWN)
    }

    /// How long after `now` it is known what the extension says since then.
    pub fn known_after(&self, now: u64) -> u64 {
        AGENT - (now + AGENT - self.agent) % AGENT + REPORT
    }
}

/// What came of the storm so far.
pub struct Harm {
    rotating: u64,
    broken: u64,
    unhealthy: u64,
    last: u64,
    harmed: f64,
    unhealthy_ms: u64,
}

impl Harm {
    pub fn new(instances: usize) -> Self {
        Self { rotating: instances as u64, broken: 0, unhealthy: 0, last: 0, harmed: 0.0, unhealthy_ms: 0 }
    }

    pub fn advance(&mut self, now: u64) {
        self.harmed += (now - self.last) as f64 * self.broken as f64 / self.rotating as f64;
        self.unhealthy_ms += (now - self.last) * self.unhealthy;
        self.last = now;
    }

    pub fn fail(&mut self, now: u64) {
        self.advance(now);
        self.broken += 1;
    }

    pub fn rotate(&mut self, now: u64, up: bool) {
        self.advance(now);
        if up {
            self.rotating += 1;
        } else {
            self.rotating -= 1;
            self.broken -= 1;
        }
    }

    pub fn know(&mut self, now: u64, healthy: bool) {
        self.advance(now);
        if healthy {
            self.unhealthy -= 1;
        } else {
            self.unhealthy += 1;
        }
    }

    pub fn end(&mut self, horizon: u64) -> String {
        self.advance(horizon);
        format!("{:.9} {:.3}", self.harmed / horizon as f64, self.unhealthy_ms as f64 / 1000.0)
    }
}
