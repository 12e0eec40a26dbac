//! Writes to load balancers in a random scenario: probes that are other ones from an instant on, by one write or by steps of which the
//! last may not be done, and writes that are refused, always or where they find one thing. Drawn from a stream of its own, so that it
//! moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Action, Change, Outcome, Plan, Probe, ProbeProtocol, Prober, Refusal, Steps, Write};
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
        let (write, propagation) = (draw.length(0, 60), draw.length(0, 20));
        // By lengths that vary, steps come before writes that they would come after, and after others.
        let length = if draw.on_grid { Dist::Constant(write) } else { Dist::Exponential { mean: write } };
        self.set_assumption(A::ArmWrite, Value::Dist(length));
        self.set_assumption(A::LbPropagation, Value::Time(propagation));
        let [plain, steps] = [1 + draw.below(3), if draw.chance(0.5) { 2 + draw.below(3) } else { 0 }];
        let sets: Vec<Sets> = (0..plain + steps).filter_map(|_| self.draw_sets(&mut draw)).collect();
        let mut acts = self.writes(&sets).into_iter();
        for (nth, what) in acts.by_ref().take(plain as usize).enumerate() {
            let at = SimTime::ZERO + draw.length(1, 800);
            self.timeline.push(Action { name: format!("write {nth}"), at, what });
        }
        let step = |(nth, what)| {
            let what = if draw.chance(0.3) { Act::Wait(draw.length(1, 40)) } else { what };
            Action { name: format!("step {nth}"), at: SimTime::FAR, what }
        };
        let steps: Vec<Action> = acts.enumerate().map(step).collect();
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

    /// What a write sets of the probe of a pool, if any has one.
    fn draw_sets(&mut self, draw: &mut Draw) -> Option<Sets> {
        let balanced = |at: &usize| self.pools[*at].probe.is_some() && self.pools[*at].prober == Prober::Balancer;
        let probed: Vec<usize> = (0..self.pools.len()).filter(balanced).collect();
        let pool = *probed.get(draw.below(probed.len().max(1) as u64) as usize)?;
        let is_http = self.pools[pool].probe.as_ref().is_some_and(|probe| probe.protocol == ProbeProtocol::Http);
        let endpoint = draw.chance(0.6).then(|| draw.pick(&[1, 2])).filter(|_| is_http);
        let refusal = draw.chance(0.25).then(|| {
            self.refusals.push(Refusal { rule: rules::LB_02, code: None, text: "an interval of 4 s".into() });
            self.refusals.len() as u16 - 1
        });
        Some(Sets {
            pool,
            endpoint,
            threshold: draw.chance(0.3).then(|| draw.pick(&[1, 2, 3])),
            interval: draw.chance(0.3).then(|| SimDuration::from_secs(draw.pick(&[5, 7, 15]))),
            all_probed_up: draw.chance(0.2).then(|| draw.chance(0.5)),
            refusal,
            refuses: draw.pick(&[1, 1, 2, 3]),
        })
    }

    /// What comes of these writes in each version of a pool that some order of them makes.
    fn writes(&self, all: &[Sets]) -> Vec<Act> {
        let first = |at: usize| (self.pools[at].probe.clone(), self.pools[at].all_probed_up);
        let write = |sets: &Sets| {
            let of = || all.iter().filter(|other| other.pool == sets.pool);
            let mut versions = vec![first(sets.pool)];
            let mut outcomes = Vec::new();
            let mut finds = 0;
            while let Some(found) = versions.get(finds).cloned() {
                for other in of() {
                    let after = other.applied(&found);
                    let known = versions.iter().position(|version| *version == after);
                    let leaves = known.unwrap_or(versions.len());
                    if known.is_none() {
                        versions.push(after);
                    }
                    if std::ptr::eq(other, sets) {
                        outcomes.push((finds as u16, leaves as u16));
                    }
                }
                finds += 1;
            }
            let outcome = |(finds, leaves): (u16, u16)| {
                let refusal = sets.refusal.filter(|_| sets.is_refused(&versions[usize::from(finds)]));
                let (probe, all_probed_up) = versions[usize::from(leaves)].clone();
                let prober = Box::new(Prober::Balancer);
                let change =
                    |probe| Change::Probe { pool: sets.pool as u16, probe: Box::new(probe), prober, all_probed_up };
                let changes = probe.filter(|_| finds != leaves).map(change).into_iter().collect();
                Outcome { finds, leaves, changes, refusal }
            };
            let outcomes = outcomes.into_iter().map(outcome).collect();
            let resource = self.pools[sets.pool].balancer.clone();
            Act::Write(Write { resource, gateway: None, group: sets.pool as u16, outcomes })
        };
        all.iter().map(write).collect()
    }
}

/// What a write sets of the probe of a pool; what it does not name stays as it is then.
struct Sets {
    pool: usize,
    endpoint: Option<u16>,
    threshold: Option<u32>,
    interval: Option<SimDuration>,
    all_probed_up: Option<bool>,
    /// It is refused where it finds a threshold of this much.
    refusal: Option<u16>,
    refuses: u32,
}

/// The probe of a pool, and whether all down is all up.
type Version = (Option<Probe>, bool);

impl Sets {
    fn is_refused(&self, found: &Version) -> bool {
        self.refusal.is_some() && found.0.as_ref().is_some_and(|probe| probe.threshold == self.refuses)
    }

    fn applied(&self, found: &Version) -> Version {
        if self.is_refused(found) {
            return found.clone();
        }
        let (mut probe, all_probed_up) = found.clone();
        if let Some(probe) = probe.as_mut() {
            probe.endpoint = self.endpoint.unwrap_or(probe.endpoint);
            probe.threshold = self.threshold.unwrap_or(probe.threshold);
            probe.interval = self.interval.unwrap_or(probe.interval);
        }
        (probe, self.all_probed_up.unwrap_or(all_probed_up))
    }
}
