//! An application gateway in front of the sets of a random scenario, beside their balancers. Drawn from a stream of its own, so that it
//! moves no other draw of the scenario.

use super::Draw;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Change, Connections, EntryPoint, GATEWAY_CODES, GatewayProber, Plan, Pool, Probe, Prober,
    ScalingGateway, Tier, Write,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 962;
/// The same for its autoscale.
const ITEM_SCALES: u64 = 975;
/// The same for the bodies of answers.
const ITEM_BODIES: u64 = 977;
/// The same for the writes of its settings.
const ITEM_WRITES: u64 = 978;
/// The same for the writes of how many instances it has.
const ITEM_BOUNDS: u64 = 986;
/// The number of what is written of it, beside those of pools and of entry points.
const GROUP: u16 = u16::MAX - 1;

impl Plan {
    /// With a gateway of one to three instances, each a prober with its own part of the requests.
    pub(super) fn with_gateway(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if !draw.chance(0.25) {
            return self;
        }
        let tier = draw.pick(&[Tier::V1, Tier::V2]);
        let instances = 1 + draw.below(3) as u16;
        // Of a stream of its own: what else the gateway is stays what it is.
        let mut scales = Draw::of(number, ITEM_SCALES);
        let more = if tier == Tier::V2 && scales.chance(0.7) { 1 + scales.below(3) as u16 } else { 0 };
        let (least, instances) = (instances, instances + more);
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
        let text = self.with_bodies(number);
        let (first, at) = (self.pools.len() as u16, self.entry_points.len() as u16);
        for instance in 0..instances {
            let prober = GatewayProber {
                tier,
                setting: "setting".into(),
                instance,
                timeout,
                codes: codes.into_iter().collect(),
                text: text.clone(),
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
            part.scales = (more > 0).then_some(0);
        }
        self.entry_points.extend(listener);
        self.write_settings(number, first..first + instances, tier);
        if more > 0 {
            self.with_scaling(least, instances, &mut scales);
            self.write_bounds(number);
        }
        self.set_assumption(A::AppgwDrainOnUnhealthy, Value::Switch(draw.chance(0.3)));
        let session = draw.length(30, 1800);
        self.set_assumption(A::AppgwSession, Value::Time(session));
        for update in [A::AppgwUpdateV1, A::AppgwUpdateV2] {
            let dist = draw.dist(0, 60);
            self.set_assumption(update, Value::Dist(dist));
        }
        self
    }

    /// A write, or two, of how long the gateway waits and drains, with another probe now and then.
    fn write_settings(&mut self, number: u64, pools: std::ops::Range<u16>, tier: Tier) {
        let mut draw = Draw::of(number, ITEM_WRITES);
        if !draw.chance(0.6) {
            return;
        }
        let mut writes = Vec::new();
        for nth in 0..1 + draw.below(2) {
            let (drain, patience) = (draw.pick(&[1, 10, 30, 120]), draw.pick(&[1, 1, 2, 20]));
            let timeout = draw.chance(0.2).then(|| draw.length(1, 5));
            let change = |pool: u16| {
                let Pool { probe, prober, all_probed_up, .. } = self.pools[usize::from(pool)].clone();
                let Prober::Gateway(mut of) = prober else { unreachable!("of a gateway") };
                (of.drain, of.patience) = (SimDuration::from_secs(drain), SimDuration::from_secs(patience));
                of.timeout = timeout.unwrap_or(of.timeout);
                let probe = Box::new(probe.expect("every pool of a gateway is probed"));
                Change::Probe { pool, probe, prober: Box::new(Prober::Gateway(of)), all_probed_up }
            };
            let changes = pools.clone().map(change).collect();
            let what = Act::Write(Write { gateway: Some(tier), group: GROUP, ..Write::plain("gw", changes) });
            let at = SimTime::ZERO + draw.length(1, 800);
            writes.push(Action { name: format!("setting {nth}"), at, what });
        }
        self.add_to_timeline(writes);
    }

    /// Up to three writes of how many instances the gateway may have, the same number or a range: fewer than it has, or more than it could
    /// have before.
    fn write_bounds(&mut self, number: u64) {
        let mut draw = Draw::of(number, ITEM_BOUNDS);
        if !draw.chance(0.6) {
            return;
        }
        let (least, ever) = (self.gateways[0].least, self.gateways[0].ever);
        let up_to = |draw: &mut Draw, from: u16| from + draw.below(u64::from(ever - from) + 1) as u16;
        self.gateways[0].most = up_to(&mut draw, least);
        let mut writes = Vec::new();
        for nth in 0..1 + draw.below(3) {
            let least = up_to(&mut draw, 1);
            let most = if draw.chance(0.4) { least } else { up_to(&mut draw, least) };
            let change = Change::Gateway { gateway: 0, least, most };
            let write = Write { gateway: Some(Tier::V2), group: GROUP, ..Write::plain("gw", vec![change]) };
            let at = SimTime::ZERO + draw.length(1, 800);
            writes.push(Action { name: format!("count {nth}"), at, what: Act::Write(write) });
        }
        self.add_to_timeline(writes);
    }

    /// Bodies of answers, and the text that the probe of a gateway wants in them: some have it, some have another, and of some it is not
    /// said.
    fn with_bodies(&mut self, number: u64) -> String {
        let mut draw = Draw::of(number, ITEM_BODIES);
        if !draw.chance(0.4) {
            return String::new();
        }
        self.application.texts = ["status: ok", "status: starting", ""].map(str::to_owned).to_vec();
        let endpoints = self.application.endpoints.iter_mut().skip(1);
        for answer in endpoints.flat_map(|endpoint| &mut endpoint.clauses).map(|clause| &mut clause.answer) {
            answer.body.text = draw.pick(&[None, Some(0), Some(0), Some(1), Some(2)]);
        }
        draw.pick(&["ok", "status", "ok"]).to_owned()
    }

    /// The gateway scales by itself between these counts, often enough for a run of 15 minutes.
    fn with_scaling(&mut self, least: u16, most: u16, draw: &mut Draw) {
        let waf = draw.chance(0.3);
        self.gateways.push(ScalingGateway { name: "gw".into(), least, most, ever: most, waf });
        // Demand of a random scenario is some hundreds a second.
        let rps = f64::from(draw.pick(&[1, 2, 5, 10]));
        self.set_assumption(if waf { A::AppgwUnitRpsWaf } else { A::AppgwUnitRps }, Value::Number(rps));
        let scale_out = draw.dist(0, 240);
        self.set_assumption(A::AppgwScaleOut, Value::Dist(scale_out));
        let after = draw.length(0, 240);
        self.set_assumption(A::AppgwScaleInAfter, Value::Time(after));
        let at = self.entry_points.iter().position(|of| of.gateway.is_some());
        if let Some(at) = at.filter(|_| draw.chance(0.5)) {
            self.bill.bytes_per_request.resize(self.entry_points.len(), None);
            self.bill.bytes_per_request[at] = Some(draw.pick(&[1e3, 1e5, 1e6]));
        }
    }
}
