//! Routes of Front Door before the entry points of a random scenario, and writes to their origins. Drawn from a stream of its own, so
//! that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Change, EdgeUsers, EntryPoint, FrontDoor, Judging, Monitor, Origin, OriginSetting, Plan, WHOLE, Write,
    lead_names,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 380;
/// What is written at the edge, beside the pools that are written by their numbers.
const EDGES: u16 = u16::MAX;

impl Plan {
    /// With routes that lead to the entry points.
    pub(super) fn with_front_doors(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if !draw.chance(0.25) {
            return self;
        }
        let routes = if draw.chance(0.2) { 2 } else { 1 };
        for at in 0..routes {
            let traffic = draw.traffic_per_request();
            let front_door = draw.front_door(at, &self.entry_points);
            let door = EntryPoint { name: front_door.route.clone(), ..EntryPoint::name("edge", Some(traffic)) };
            self.entry_points.push(door);
            self.front_doors.push(front_door);
        }
        lead_names(&mut self.entry_points, &[], &self.front_doors);
        self.write_origins(&mut draw);
        self.front_door_assumptions(&mut draw);
        self
    }

    fn write_origins(&mut self, draw: &mut Draw) {
        for nth in 0..draw.below(4) {
            let at = draw.below(self.front_doors.len() as u64) as u16;
            let origins = &self.front_doors[usize::from(at)].origins;
            let origin = draw.below(origins.len() as u64) as u16;
            let setting = OriginSetting { enabled: draw.chance(0.6), ..draw.origin_setting() };
            let changes = vec![Change::Origin { front_door: at, origin, setting }];
            let what = Act::Write(Write { group: EDGES, ..Write::plain("edge", changes) });
            let at = SimTime::ZERO + draw.length(1, 700);
            self.timeline.push(Action { name: format!("write of an origin {nth}"), at, what });
        }
        self.timeline.sort_by_key(|action| action.at);
    }

    fn front_door_assumptions(&mut self, draw: &mut Draw) {
        if draw.on_grid {
            self.set_assumption(A::FrontDoorPhase, Value::Choice("aligned"));
        }
        self.set_assumption(A::FrontDoorEdges, Value::Count(1 + draw.below(5)));
        self.set_assumption(A::FrontDoorProbeTimeout, Value::Time(SimDuration::from_secs(draw.pick(&[2, 5, 10]))));
        self.set_assumption(A::FrontDoorFailOpen, Value::Choice(draw.pick(&["round_robin", "priority"])));
        let [min, more] = [0, 100].map(|most| draw.length(0, 20 + most));
        let spread = if draw.on_grid { Dist::Constant(more) } else { Dist::Uniform { min, max: min + more } };
        self.set_assumption(A::FrontDoorPropagation, Value::Dist(spread));
    }
}

impl Draw {
    fn front_door(&mut self, at: u64, entry_points: &[EntryPoint]) -> FrontDoor {
        let is_leaf = |of: &EntryPoint| of.is_root() && (of.pool().is_some() || of.gateway.is_some());
        let leads: Vec<u16> = (0_u16..).zip(entry_points).filter(|(_, of)| is_leaf(of)).map(|(at, _)| at).collect();
        let size = 1 + self.below(6) as u8;
        let judging = Judging::Window { size, required: self.below(u64::from(size) + 1) as u8 };
        let interval = SimDuration::from_secs(self.pick(&[5, 10, 30]));
        let timeout = SimDuration::from_secs(10);
        let monitor = Monitor { interval, timeout, judging, ..Monitor::plain(self.pick(&[1, 2])) };
        let count = self.pick(&[1, 2, 2, 2, 3]);
        let mut origins: Vec<Origin> = Vec::new();
        for number in 0..count {
            let to = self.pick(&leads);
            let setting = self.origin_setting();
            origins.push(Origin { to, setting, probed: count > 1, ..Origin::plain(&format!("origin-{number}"), 0) });
        }
        let share = if self.chance(0.5) { WHOLE } else { WHOLE / 3 };
        let groups = if share == WHOLE { vec![share] } else { vec![share, WHOLE - share] };
        let mut group = |share| EdgeUsers {
            share,
            latency: origins.iter().map(|_| self.chance(0.6).then(|| self.latency())).collect(),
        };
        let users = groups.into_iter().map(&mut group).collect();
        FrontDoor {
            profile: "front-door".into(),
            endpoint: "edge".into(),
            route: format!("route-{at}"),
            group: format!("group-{at}"),
            monitor,
            sensitivity: SimDuration::from_ms(self.pick(&[0, 50, 50, 1000])),
            origins,
            users,
            entry_point: entry_points.len() as u16,
        }
    }

    fn latency(&mut self) -> SimDuration {
        SimDuration::from_ms(self.pick(&[5, 20, 60, 120]))
    }

    fn origin_setting(&mut self) -> OriginSetting {
        let [priority, weight] = [self.pick(&[1, 1, 2, 3]), self.pick(&[1, 50, 50, 200])];
        OriginSetting { enabled: self.chance(0.9), priority, weight }
    }
}
