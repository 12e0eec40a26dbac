//! Names of Traffic Manager before the entry points of a random scenario, and writes to their profiles. Drawn from a stream of its
//! own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Change, EntryPoint, Judging, LeadsTo, Monitor, Plan, ProbeProtocol, Profile, ProfileEndpoint,
    RoutingMethod, UserGroup, WHOLE, Word, Write, lead_names,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 340;
/// What is written of profiles, beside the pools that are written by their numbers, and the edges.
const PROFILES: u16 = u16::MAX - 8;

impl Plan {
    /// With names that lead to the entry points, some of them to other names.
    pub(super) fn with_names(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if !draw.chance(0.25) {
            return self;
        }
        let roots = self.entry_points.iter().zip(0_u16..).filter(|(entry, _)| entry.is_root());
        let leads: Vec<u16> = roots.map(|(_, at)| at).collect();
        let count = if draw.chance(0.3) { 2 } else { 1 };
        for at in 0..count {
            let profile = draw.name(at, &leads);
            self.profiles.push(profile);
        }
        if count == 2 {
            let target = LeadsTo::Nested { child: 1, least: draw.below(2) as u32 + 1 };
            self.profiles[0].endpoints.push(ProfileEndpoint { target, ..ProfileEndpoint::plain("nested", 0) });
        }
        for at in 0..self.profiles.len() {
            let traffic = draw.traffic_per_request();
            self.profiles[at].entry_point = Some(self.entry_points.len() as u16);
            let name = EntryPoint::name(&self.profiles[at].name, draw.chance(0.8).then_some(traffic));
            self.entry_points.push(name);
            let share = if draw.chance(0.5) { WHOLE } else { WHOLE / 4 };
            let groups = if share == WHOLE { vec![share] } else { vec![share, WHOLE - share] };
            let users = groups.into_iter().map(|share| UserGroup { share, order: draw.orders(&self.profiles) });
            self.profiles[at].users = users.collect();
        }
        lead_names(&mut self.entry_points, &self.profiles, &[]);
        self.name_assumptions(&mut draw);
        self.write_names(&mut draw);
        self
    }

    fn write_names(&mut self, draw: &mut Draw) {
        for nth in 0..draw.pick(&[0, 0, 1, 2, 4]) {
            let at = draw.below(self.profiles.len() as u64) as u16;
            let orders = self.profiles.iter().map(|of| {
                let group = |_: &UserGroup| draw.orders(&self.profiles).swap_remove(at.into());
                of.users.iter().map(group).collect()
            });
            let orders = orders.collect();
            let now = Box::new(draw.written(&self.profiles[usize::from(at)]));
            let changes = vec![Change::Profile { profile: at, now, orders }];
            let what = Act::Write(Write { group: PROFILES + at, ..Write::plain(&format!("name-{at}"), changes) });
            // Some come at the instants of probes and of expiries.
            let length = draw.length(1, 700);
            let length = if draw.chance(0.3) { SimDuration::from_ms(length.ms() / 10_000 * 10_000) } else { length };
            let at = SimTime::ZERO + length;
            self.timeline.push(Action { name: format!("write of a name {nth}"), at, what });
        }
        self.timeline.sort_by_key(|action| action.at);
    }

    fn name_assumptions(&mut self, draw: &mut Draw) {
        if draw.on_grid {
            self.set_assumption(A::TmPhase, Value::Choice("aligned"));
        }
        let places = 1 + draw.below(4);
        self.set_assumption(A::TmPlaces, Value::Count(places));
        self.set_assumption(A::TmPlacesAgree, Value::Count(1 + draw.below(places)));
        self.set_assumption(A::TmCohorts, Value::Count(1 + draw.below(8)));
        self.set_assumption(A::TmNextProbe, Value::Choice(draw.pick(&["sent", "sent", "result"])));
        if draw.chance(0.3) {
            self.set_assumption(A::TmTtlIgnored, Value::Share(0.4));
            self.set_assumption(A::TmTtlIgnoredFor, Value::Time(draw.length(60, 400)));
        }
    }
}

impl Draw {
    fn name(&mut self, at: u64, leads: &[u16]) -> Profile {
        let interval = self.pick(&[10, 10, 30]);
        let tcp = self.chance(0.2);
        let monitor = Monitor {
            protocol: if tcp { ProbeProtocol::Tcp } else { ProbeProtocol::Http },
            interval: SimDuration::from_secs(interval),
            timeout: SimDuration::from_secs(self.pick(&[5, 9])),
            judging: Judging::Tolerated(self.below(3) as u32),
            good: if self.chance(0.3) { vec![(200, 299)] } else { vec![(200, 200)] },
            ..Monitor::plain(if tcp { 0 } else { self.pick(&[1, 2]) })
        };
        let mut endpoints = Vec::new();
        for number in 0..1 + self.below(3) {
            let to = self.pick(leads);
            // Probes may come by another port than users, and find another entry point there, or nobody.
            let probed = match self.below(20) {
                0 => None,
                1 => Some(self.pick(leads)),
                _ => Some(to),
            };
            endpoints.push(ProfileEndpoint {
                probed,
                enabled: self.chance(0.9),
                always_serve: self.chance(0.05),
                weight: 1 + self.below(3) as u32,
                ..ProfileEndpoint::plain(&format!("to-{number}"), to)
            });
        }
        Profile {
            name: format!("name-{at}"),
            enabled: self.chance(0.95),
            method: self.pick(RoutingMethod::ALL),
            monitor,
            ttl: SimDuration::from_secs(self.pick(&[0, 5, 20, 60])),
            max_return: 1 + self.below(3) as u32,
            endpoints,
            users: Vec::new(),
            entry_point: None,
        }
    }

    /// A profile as a write leaves it.
    fn written(&mut self, before: &Profile) -> Profile {
        let mut now = before.clone();
        now.enabled = self.chance(0.9);
        if self.chance(0.4) {
            now.ttl = SimDuration::from_secs(self.pick(&[0, 5, 20, 60]));
        }
        if self.chance(0.3) {
            now.method = self.pick(RoutingMethod::ALL);
        }
        if self.chance(0.3) {
            now.monitor.interval = SimDuration::from_secs(self.pick(&[10, 30]));
        }
        if self.chance(0.4) {
            now.monitor.timeout = SimDuration::from_secs(self.pick(&[5, 9]));
            now.monitor.judging = Judging::Tolerated(self.below(3) as u32);
        }
        if self.chance(0.3) && now.monitor.protocol == ProbeProtocol::Http {
            now.monitor.endpoint = self.pick(&[1, 2]);
            now.monitor.good = vec![(200, self.pick(&[200, 299]))];
        }
        for endpoint in &mut now.endpoints {
            endpoint.enabled = self.chance(0.7);
            endpoint.always_serve = self.chance(0.05);
            endpoint.weight = 1 + self.below(3) as u32;
        }
        now
    }

    /// The order in which a group of users gets the endpoints of each profile.
    fn orders(&mut self, profiles: &[Profile]) -> Vec<Vec<u16>> {
        let mut order = |profile: &Profile| {
            let mut all: Vec<u16> = (0..profile.endpoints.len() as u16).collect();
            if self.chance(0.3) {
                all.reverse();
            }
            all
        };
        profiles.iter().map(&mut order).collect()
    }
}
