//! An application gateway in front of the sets of a random scenario, beside their balancers. Drawn from a stream of its own, so that it
//! moves no other draw of the scenario.

use super::Draw;
use crate::engine::time::SimDuration;
use crate::plan::{Connections, EntryPoint, GATEWAY_CODES, GatewayProber, Plan, Pool, Probe, Prober, Tier};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 962;

impl Plan {
    /// With a gateway of one to three instances, each a prober with its own part of the requests.
    pub(super) fn with_gateway(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if !draw.chance(0.25) {
            return self;
        }
        let tier = draw.pick(&[Tier::V1, Tier::V2]);
        let instances = 1 + draw.below(3) as u16;
        let interval = SimDuration::from_secs(draw.pick(&[5, 10, 15, 30]));
        let timeout = SimDuration::from_secs(draw.pick(&[1, 3, 5, 10, 30])).min(interval);
        let codes = draw.pick(&[None, None, Some((200, 299)), Some((500, 503)), Some(GATEWAY_CODES)]);
        let plain = Pool::plain_gateway("gw", tier, 0);
        let probe = plain.probe.clone().map(|probe| Probe {
            endpoint: draw.pick(&[1, 2]),
            interval,
            threshold: draw.pick(&[0, 1, 2, 3, 3, 5]),
            ..probe
        });
        let mut traffic = draw.chance(0.9).then(|| draw.traffic_per_request());
        let drain = SimDuration::from_secs(draw.pick(&[1, 10, 30, 30, 120]));
        let cookie = draw.chance(0.3);
        let patience = SimDuration::from_secs(draw.pick(&[1, 1, 2, 20]));
        if let Some(traffic) = traffic.as_mut().filter(|_| draw.chance(0.4)) {
            traffic.connections = Connections::WebSocket;
        }
        let (first, at) = (self.pools.len() as u16, self.entry_points.len() as u16);
        for instance in 0..instances {
            let prober = GatewayProber {
                tier,
                setting: "setting".into(),
                instance,
                timeout,
                codes: codes.into_iter().collect(),
                drain,
                patience,
            };
            let pool = first + instance;
            self.pools.push(Pool { probe: probe.clone(), prober: Prober::Gateway(prober), ..plain.clone() });
            for set in &mut self.sets {
                set.pools.push(pool);
            }
        }
        let mut listener = EntryPoint::plain_gateway("gw", (tier, instances), at, first, traffic);
        for part in listener.iter_mut().filter_map(|entry| entry.gateway.as_mut()) {
            part.cookie = cookie;
        }
        self.entry_points.extend(listener);
        self.set_assumption(A::AppgwDrainOnUnhealthy, Value::Switch(draw.chance(0.3)));
        let session = draw.length(30, 1800);
        self.set_assumption(A::AppgwSession, Value::Time(session));
        for update in [A::AppgwUpdateV1, A::AppgwUpdateV2] {
            let dist = draw.dist(0, 60);
            self.set_assumption(update, Value::Dist(dist));
        }
        self
    }
}
