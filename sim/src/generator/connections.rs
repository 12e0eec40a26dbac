//! How clients connect in a random scenario: which backend a rule gives them, who the users are, what hangs and for how long. Drawn
//! from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, BalancingRule, Connections, Distribution, HostWork, MaintenanceKind, Plan, Users, Which,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 960;

impl Plan {
    /// With rules of the balancers that say how clients connect.
    pub(super) fn with_connections(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        for entry in &mut self.entry_points {
            let distributions = [Distribution::Default, Distribution::SourceIP, Distribution::SourceIPProtocol];
            entry.rule = BalancingRule {
                distribution: distributions[draw.below(3) as usize],
                idle_timeout: SimDuration::from_mins(4 + draw.below(6)),
                tcp_reset: draw.chance(0.5),
            };
            let counted = draw.chance(0.6);
            if let Some(traffic) = &mut entry.traffic {
                traffic.users = counted.then(|| Users { count: 1000.0, rps_each: 0.001 * (1 + draw.below(50)) as f64 });
                if draw.chance(0.2) {
                    traffic.connections = Connections::KeepAlive;
                }
            }
        }
        if draw.chance(0.5) {
            let patience = SimDuration::from_secs(10 + draw.below(400));
            self.set_assumption(A::ClientTcpGivesUp, Value::Time(patience));
            self.set_assumption(A::SpotEvictionIsOrderly, Value::Switch(draw.chance(0.2)));
            self.set_assumption(A::LbTcpResetEndsHung, Value::Switch(draw.chance(0.7)));
            self.set_assumption(A::LbRehashOnProbeDown, Value::Switch(draw.chance(0.3)));
        }
        if draw.chance(0.3) {
            for metric in &mut self.metrics {
                metric.not_sent_by = vec![draw.below(2) as u16];
            }
            self.set_assumption(
                A::AutoscaleCooldown,
                Value::Choice(["of_the_last", "of_the_next"][draw.below(2) as usize]),
            );
            self.set_assumption(A::AutoscaleAverageCountsDeallocated, Value::Switch(draw.chance(0.5)));
            self.set_assumption(A::ScaleInTooFewVictims, Value::Choice(["partial", "refuse"][draw.below(2) as usize]));
            self.set_assumption(
                A::ScaleInDefaultTie,
                Value::Choice(["fullest_cell", "highest_id"][draw.below(2) as usize]),
            );
            self.set_assumption(A::LbDrainOnTerminate, Value::Switch(draw.chance(0.5)));
            self.set_assumption(A::LbAllProbedUpKeepsTcp, Value::Switch(draw.chance(0.5)));
        }
        // Whether guests pass over the events of others, and hosts that are predicted to fail.
        if draw.chance(0.4)
            && let Some(events) = &mut self.application.events
        {
            events.unfiltered = true;
        }
        if draw.chance(0.1) {
            let at = SimTime::ZERO + SimDuration::from_secs(draw.below(200));
            let which = if draw.chance(0.5) { Which::All } else { Which::One(draw.below(4) as u32) };
            let length = Some(SimDuration::from_secs(1 + draw.below(200)));
            let work = HostWork { set: 0, kind: MaintenanceKind::Degraded, which, length };
            self.timeline.push(Action { name: "predicted".into(), at, what: Act::Maintain(work) });
            self.timeline.sort_by_key(|action| action.at);
            self.set_assumption(
                A::HostDegradedNotice,
                Value::Time(SimDuration::from_mins(10) + SimDuration::from_secs(draw.below(60))),
            );
        }
        self
    }
}
