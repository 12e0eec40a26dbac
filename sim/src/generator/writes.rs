//! Writes to load balancers in a random scenario: probes that are other ones from an instant on, by one write or by steps of which the
//! last may not be done, and writes that are refused. Drawn from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Action, Change, Plan, ProbeProtocol, Prober, Refusal, Steps, Write};
use crate::rules::{self, A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 962;

impl Plan {
    /// With writes to the probes of pools.
    pub(super) fn with_writes(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if draw.chance(0.6) {
            return self;
        }
        let (write, propagation) = (draw.length(0, 30), draw.length(0, 20));
        self.set_assumption(A::ArmWrite, Value::Dist(Dist::Constant(write)));
        self.set_assumption(A::LbPropagation, Value::Time(propagation));
        for nth in 0..1 + draw.below(3) {
            let Some(what) = self.draw_write(&mut draw) else { continue };
            let at = SimTime::ZERO + draw.length(1, 800);
            self.timeline.push(Action { name: format!("write {nth}"), at, what });
        }
        let steps = if draw.chance(0.5) { self.draw_steps(&mut draw) } else { Vec::new() };
        let dies_after = draw.chance(0.4).then(|| draw.below(3) as u32);
        if !steps.is_empty() {
            // Where the first is, is known when the timeline is in order.
            let what = Act::Steps(Steps { first: 0, count: steps.len() as u32, dies_after });
            self.timeline.push(Action { name: "steps".into(), at: SimTime::ZERO + draw.length(1, 700), what });
        }
        self.timeline.sort_by_key(|action| action.at);
        let place = self.timeline.len() as u32;
        for action in &mut self.timeline {
            if let Act::Steps(of) = &mut action.what {
                of.first = place;
            }
        }
        self.timeline.extend(steps);
        self
    }

    fn draw_steps(&mut self, draw: &mut Draw) -> Vec<Action> {
        let mut steps = Vec::new();
        for nth in 0..2 + draw.below(3) {
            let what = if draw.chance(0.3) { Some(Act::Wait(draw.length(1, 40))) } else { self.draw_write(draw) };
            steps.extend(what.map(|what| Action { name: format!("step {nth}"), at: SimTime::FAR, what }));
        }
        steps
    }

    /// A write of the probe of a pool, if any has one.
    fn draw_write(&mut self, draw: &mut Draw) -> Option<Act> {
        let balanced = |at: &usize| self.pools[*at].probe.is_some() && self.pools[*at].prober == Prober::Balancer;
        let probed: Vec<usize> = (0..self.pools.len()).filter(balanced).collect();
        let at = *probed.get(draw.below(probed.len().max(1) as u64) as usize)?;
        let pool = &self.pools[at];
        let mut probe = pool.probe.clone()?;
        if draw.chance(0.7) && probe.protocol == ProbeProtocol::Http {
            probe.endpoint = draw.pick(&[1, 2]);
        }
        if draw.chance(0.3) {
            probe.threshold = draw.pick(&[1, 2, 3]);
        }
        if draw.chance(0.3) {
            probe.interval = SimDuration::from_secs(draw.pick(&[5, 7, 15]));
        }
        let resource = pool.balancer.clone();
        let refusal = draw.chance(0.15).then(|| {
            self.refusals.push(Refusal { rule: rules::LB_02, code: None, text: "an interval of 4 s".into() });
            self.refusals.len() as u16 - 1
        });
        let all_probed_up = draw.chance(0.2);
        let change = Change::Probe {
            pool: at as u16,
            probe: Box::new(probe),
            prober: Box::new(pool.prober.clone()),
            all_probed_up,
        };
        let changes = if refusal.is_some() || draw.chance(0.1) { Vec::new() } else { vec![change] };
        Some(Act::Write(Write { resource, gateway: None, changes, refusal }))
    }
}
