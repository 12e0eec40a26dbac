//! Rules that a write leads elsewhere in a random scenario, of balancers and of a gateway, and addresses that move from one balancer to
//! another. Drawn from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Behind, Change, EntryPoint, HealthSource, ModelChange, Plan, Pool, Prober, Reach, ScaleSet, Write,
    follows,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 969;

impl Plan {
    /// With writes that lead entry points to other pools, some of which nobody leads to before.
    pub(super) fn with_led(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if !draw.chance(0.25) {
            return self;
        }
        let of_gateway: Vec<u16> = (0..self.pools.len() as u16).filter(|at| self.is_of_gateway(*at)).collect();
        for at in 0..self.pools.len() as u16 {
            if !self.is_of_gateway(at) && draw.chance(0.3) {
                self.add_unled(&[at], &mut draw);
            }
        }
        // Every instance of a gateway has each of its pools.
        if !of_gateway.is_empty() && draw.chance(0.6) {
            self.add_unled(&of_gateway, &mut draw);
        }
        self.repoint(&mut draw);
        if draw.chance(0.5) {
            self.add_address(&mut draw);
        }
        let blip = draw.length(0, 20);
        self.set_assumption(A::AppgwUpdateBlip, Value::Time(blip));
        let down = draw.length(0, 60);
        self.set_assumption(A::LbIpSwapDown, Value::Time(down));
        let propagation = draw.length(0, 20);
        self.set_assumption(A::LbPropagation, Value::Time(propagation));
        self.set_assumption(A::ArmWrite, Value::Dist(Dist::Constant(propagation)));
        let mut writes = Vec::new();
        for nth in 0..2 + draw.below(4) {
            let Some(what) = self.lead(&mut draw) else { continue };
            writes.push(Action { name: format!("lead {nth}"), at: SimTime::ZERO + draw.length(1, 900), what });
        }
        self.add_to_timeline(writes);
        self
    }

    /// What is done at an instant comes before the steps, which have none.
    pub(super) fn add_to_timeline(&mut self, acts: Vec<Action>) {
        let steps = self.timeline.iter().position(|action| action.at == SimTime::FAR).unwrap_or(self.timeline.len());
        let steps = self.timeline.split_off(steps);
        let more = acts.len() as u32;
        self.timeline.extend(acts);
        self.timeline.sort_by_key(|action| action.at);
        for action in &mut self.timeline {
            if let Act::Steps(of) = &mut action.what {
                of.first += more;
            }
        }
        self.timeline.extend(steps);
    }

    fn is_of_gateway(&self, pool: u16) -> bool {
        self.pools[usize::from(pool)].prober != Prober::Balancer
    }

    /// A pool like another one, of the same sets or of one of them, that no rule leads to; as each of its probers sees it.
    fn add_unled(&mut self, like: &[u16], draw: &mut Draw) {
        let (endpoint, all, only) = (draw.pick(&[1, 2]), draw.chance(0.6), draw.below(self.sets.len() as u64) as usize);
        for &like in like {
            let at = self.pools.len() as u16;
            let of = &self.pools[usize::from(like)];
            let mut pool = Pool { name: format!("{}-later", of.name), ..of.clone() };
            if let Some(probe) = pool.probe.as_mut().filter(|probe| probe.endpoint > 0) {
                probe.endpoint = endpoint;
            }
            self.pools.push(pool);
            for (nth, set) in self.sets.iter_mut().enumerate().filter(|(_, set)| set.pools.contains(&like)) {
                if all || nth == only {
                    set.pools.push(at);
                }
            }
            for entry in self.entry_points.iter_mut().filter(|entry| entry.behind == Behind::Pool(like)) {
                entry.may_lead(Some(at));
            }
        }
    }

    /// A model of a set that has it in other pools from an instant on, and perhaps in the first ones again later.
    fn repoint(&mut self, draw: &mut Draw) {
        let probed = |set: &ScaleSet| matches!(set.profile.health_source, HealthSource::Probe(_));
        let mut writes = Vec::new();
        for set in 0..self.sets.len() {
            // Azure refuses a model whose health source looks at none of its pools.
            let by_probe =
                probed(&self.sets[set]) || self.profiles().any(|of| matches!(of.health_source, HealthSource::Probe(_)));
            if by_probe || !draw.chance(0.5) {
                continue;
            }
            let first = self.sets[set].pools.clone();
            let mut pools: Vec<u16> = first.iter().copied().filter(|_| draw.chance(0.5)).collect();
            let other = draw.below(self.pools.len() as u64) as u16;
            if !pools.contains(&other) {
                pools.push(other);
            }
            let at = draw.length(1, 600);
            for (nth, pools) in [pools, first].into_iter().take(1 + draw.below(2) as usize).enumerate() {
                let change = ModelChange { pools: Some(pools), rest: Reach::InPlace, ..ModelChange::default() };
                let what = Act::ChangeModel { set: set as u16, change: Box::new(change) };
                let at = SimTime::ZERO + at + SimDuration::from_secs(nth as u64 * (1 + draw.below(90)));
                writes.push(Action { name: format!("repoint {set} {nth}"), at, what });
            }
        }
        self.add_to_timeline(writes);
    }

    /// An address that users come by: of a balancer, of which a write takes it, or of none yet.
    fn add_address(&mut self, draw: &mut Draw) {
        let of_balancer = |at: &u16| self.pools[usize::from(*at)].prober == Prober::Balancer;
        let pools: Vec<u16> = (0..self.pools.len() as u16).filter(of_balancer).collect();
        if pools.is_empty() {
            return;
        }
        let traffic = draw.traffic();
        let behind = if draw.chance(0.2) { Behind::Nobody } else { Behind::Pool(draw.pick(&pools)) };
        let mut address = EntryPoint { is_address: true, behind, ..EntryPoint::name("pip", Some(traffic)) };
        for _ in 0..1 + draw.below(2) {
            address.may_lead(Some(draw.pick(&pools)));
        }
        self.entry_points.push(address);
    }

    /// A write that leads an entry point elsewhere, or turns one off that leads nowhere else: every part of a listener alike.
    fn lead(&mut self, draw: &mut Draw) -> Option<Act> {
        let only_off = draw.chance(0.2);
        let moves = |at: &u16| {
            let entry = &self.entry_points[usize::from(*at)];
            let is = entry.has_one_pool() == only_off && entry.pools().next().is_some();
            is && entry.routed.is_none_or(|of| of.to == *at)
        };
        let all: Vec<u16> = (0..self.entry_points.len() as u16).filter(moves).collect();
        let at = *all.get(draw.below(all.len().max(1) as u64) as usize)?;
        let entry = &self.entry_points[usize::from(at)];
        let gateway = entry.gateway.map(|part| part.tier);
        let off = draw.chance(if only_off { 0.7 } else { 0.25 });
        let nth = (!off).then(|| draw.below(entry.pools().count() as u64) as usize);
        let cuts = entry.is_address;
        // All parts of a listener are led alike.
        let listener = entry.gateway.and(entry.routed).map(|of| of.from);
        let parts = (0..self.entry_points.len() as u16).filter(|of| {
            let routed = self.entry_points[usize::from(*of)].routed;
            *of == at || listener.is_some() && routed.is_some_and(|is| Some(is.from) == listener && is.to == *of)
        });
        let own = |at: u16| Some(self.entry_points[usize::from(at)].pools().nth(nth?)?.0);
        let led: Vec<(u16, Option<u16>)> = parts.map(|at| (at, own(at))).collect();
        let resource = entry.resource.clone();
        // What follows it, as the users of names do, leads where it leads.
        for &(at, to) in &led {
            for own in 0..self.entry_points.len() as u16 {
                if own == at || follows(&self.entry_points, own, at) {
                    self.entry_points[usize::from(own)].may_lead(to);
                }
            }
        }
        let changes = led.into_iter().map(|(entry_point, to)| Change::Rule { entry_point, to, cuts }).collect();
        // Each entry point by itself: what is written of pools has their numbers.
        let group = u16::MAX / 2 + at;
        Some(Act::Write(Write { gateway, group, ..Write::plain(&resource, changes) }))
    }
}
