//! Several rules and probes a pool in a random scenario, and pools of one name that a set joins by two balancers. Drawn from a stream
//! of its own, so that it moves no other draw of the scenario. And answers that depend on who is asked.

use super::Draw;
use crate::engine::time::SimDuration;
use crate::plan::{
    BalancingRule, Behind, Clause, Code, Distribution, EntryPoint, HealthSource, Needs, Plan, Pool, Probe, Prober, Who,
};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 961;

impl Plan {
    /// With rules beside the first of a pool: by the same probe, by another one, by none, or of another balancer.
    pub(super) fn with_entry_points(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if draw.chance(0.3) {
            self.ask_who(&mut draw);
        }
        for at in 0..self.pools.len() as u16 {
            if draw.chance(0.3) {
                self.add_rule(at, at, &mut draw);
            }
            if draw.chance(0.3) {
                let again = self.another_probe(at, &mut draw);
                for _ in 0..=draw.below(2) {
                    self.add_rule(at, again, &mut draw);
                }
            }
        }
        self
    }

    /// An endpoint answers some instances otherwise: those of a set, a zone, an image, a version or a release, or all of these at once.
    fn ask_who(&mut self, draw: &mut Draw) {
        let version = &self.images[draw.below(2) as usize].version;
        let who = match draw.below(6) {
            0 => Who { zones: Some(vec![draw.pick(&[0, 1, 2])]), ..Who::default() },
            1 => Who { image: Some(self.definitions[usize::from(version.definition)].clone()), ..Who::default() },
            2 => Who { version: version.number, ..Who::default() },
            3 => Who { code: Some(draw.below(2) as Code), ..Who::default() },
            _ => Who { sets: Some(vec![self.sets[0].name.clone()]), ..Who::default() },
        };
        let at = self.application.who.len() as u16;
        self.application.who.push(who);
        let endpoint = draw.pick(&[1, 2]);
        let clauses = &mut self.application.endpoints[endpoint].clauses;
        let answer = draw.answer();
        clauses.insert(0, Clause { when: Needs { who: Some(at), ..Needs::PROCESS }, answer });
    }

    /// A rule that leads to `pool`, like one of the balancer that leads to `like`.
    fn add_rule(&mut self, like: u16, pool: u16, draw: &mut Draw) {
        let distribution = draw.pick(&[Distribution::Default, Distribution::Default, Distribution::SourceIP]);
        let idle_timeout = SimDuration::from_mins(4 + draw.below(6));
        let of = &self.entry_points[usize::from(like)];
        let mut traffic = draw.chance(0.8).then(|| draw.traffic());
        if let (Some(traffic), Some(other)) = (&mut traffic, &of.traffic) {
            traffic.users = other.users;
        }
        self.entry_points.push(EntryPoint {
            name: format!("rule-{}", self.entry_points.len()),
            behind: Behind::Pool(pool),
            rule: BalancingRule { distribution, idle_timeout, tcp_reset: draw.chance(0.5) },
            traffic,
            ..of.clone()
        });
    }

    /// The same pool as another probe sees it, which may be the health source; or another balancer's of the same name.
    fn another_probe(&mut self, at: u16, draw: &mut Draw) -> u16 {
        let first = &self.pools[usize::from(at)];
        let probe = draw.chance(0.9).then(|| Probe {
            name: "probe-2".into(),
            endpoint: draw.pick(&[1, 2]),
            interval: SimDuration::from_secs(draw.pick(&[5, 6, 11, 15])),
            threshold: draw.pick(&[1, 1, 2]),
            ..draw.pool(0).0.probe.unwrap_or_else(|| Pool::plain("").probe.expect("a plain pool has one"))
        });
        let balancer = if draw.chance(0.3) { format!("{}-internal", first.balancer) } else { first.balancer.clone() };
        let again = self.pools.len() as u16;
        let is_source = probe.is_some() && draw.chance(0.4);
        self.pools.push(Pool {
            balancer,
            name: first.name.clone(),
            probe,
            all_probed_up: draw.chance(0.2),
            prober: Prober::Balancer,
        });
        for set in self.sets.iter_mut().filter(|set| set.pools.contains(&at)) {
            set.pools.push(again);
            if is_source && set.profile.health_source == HealthSource::Probe(at) {
                set.profile.health_source = HealthSource::Probe(again);
            }
        }
        again
    }
}
