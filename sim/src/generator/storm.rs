//! The storm: the yardstick of speed. Many instances whose processes fail again and again, probed every 5 s for a day by
//! their balancer and by the health extension, which reports what it sees.

use crate::engine::random::{Dist, Purpose, Randomness, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Answer, AnswerKind, Application, Body, Clause, Disturbance, Endpoint, EntryPoint, Extension,
    HealthExtension, HealthSource, HealthVersion, HealthWord, Image, Needs, Number, Plan, Pool, ProbeProtocol, Said,
    ScaleSet, Version, VmProfile, Which,
};

/// Mean time from one failure of an instance to the next.
pub const MEAN_TIME_TO_FAILURE: SimDuration = SimDuration::from_mins(360);
/// How long a process is down.
pub const DOWN: SimDuration = SimDuration::from_secs(45);
/// The least time from the end of one failure to the next: longer than detection, the way of a report and the window of
/// flap damping, so that one failure is over before the next begins, and the storm can be worked out by hand.
pub const RESPITE: SimDuration = SimDuration::from_secs(90);
/// Length of the storm.
pub const DAY: SimDuration = SimDuration::from_mins(1440);

/// The failures of instance `ordinal`, as offsets from the start: a renewal process with exponential gaps
/// after a respite.
#[must_use]
pub fn failures(seed: u64, ordinal: u32) -> Vec<SimTime> {
    let subject = Subject { place: name("storm"), cause: 0, ordinal };
    let mut stream = Randomness::new(seed).stream(Purpose::Generator, subject, 1);
    let (mut at, mut all) = (SimTime::ZERO, Vec::new());
    loop {
        at = at + DOWN + RESPITE + stream.duration(&Dist::Exponential { mean: MEAN_TIME_TO_FAILURE });
        if at >= SimTime::ZERO + DAY {
            return all;
        }
        all.push(at);
    }
}

/// The most instances of a scale set, and so of each entry point of the storm.
const SET_SIZE: u32 = 1_000;

/// The storm over `instances` instances: one scale set behind one entry point for each thousand of them.
#[must_use]
pub fn storm(instances: u32, seed: u64) -> Plan {
    let sets = instances.div_ceil(SET_SIZE);
    let sizes: Vec<u32> = (0..sets).map(|set| SET_SIZE.min(instances - set * SET_SIZE)).collect();
    let of_one =
        |ordinal| failures(seed, ordinal).into_iter().enumerate().map(move |(nth, at)| (at, ordinal, nth as u32));
    let mut all: Vec<(SimTime, u32, u32)> = (0..instances).flat_map(of_one).collect();
    all.sort_unstable();
    let timeline = all.into_iter().map(|(at, ordinal, nth)| {
        let what = Act::Disturb {
            set: (ordinal / SET_SIZE) as u16,
            which: Which::One(ordinal % SET_SIZE),
            how: Disturbance::ProcessDown,
            length: Some(DOWN),
        };
        Action { name: format!("failure {nth} of {ordinal}"), at, what }
    });
    let timeline = timeline.collect();
    let body = Body { state: Some(HealthWord::Exact(Said::Healthy)), ..Body::default() };
    let ok = Answer { kind: AnswerKind::Status(200), after: SimDuration::ZERO, body };
    let endpoint =
        |path: &str| Endpoint { path: path.into(), clauses: vec![Clause { when: Needs::PROCESS, answer: ok }] };
    Plan {
        objective: Some(0.999),
        sets: sizes.iter().enumerate().map(|(nth, &size)| set(nth, size)).collect(),
        pools: (0..sizes.len()).map(|nth| Pool::plain(&balancer(nth))).collect(),
        entry_points: sizes.iter().enumerate().map(|(nth, &size)| rule(nth, size)).collect(),
        application: Application {
            capacity_rps: Some(10.0),
            endpoints: vec![endpoint(""), endpoint("/healthz")],
            ..Application::plain()
        },
        definitions: vec!["app".into()],
        images: vec![Image::plain("app/1.0.0".into(), Version::everywhere(0, Number([1, 0, 0])))],
        timeline,
        ..Plan::plain(&format!("the storm over {instances} instances"), SimTime::ZERO + DAY)
    }
}

fn set(nth: usize, instances: u32) -> ScaleSet {
    let name = if nth == 0 { "vmss".into() } else { format!("vmss-{nth}") };
    ScaleSet {
        zones: vec![1, 2, 3],
        pools: vec![nth as u16],
        profile: VmProfile {
            extensions: vec![Extension::plain("health", Dist::Constant(SimDuration::ZERO))],
            health_extension: Some(HealthExtension {
                extension: 0,
                version: HealthVersion::Rich,
                protocol: Some(ProbeProtocol::Http),
                endpoint: 1,
                interval: SimDuration::from_secs(5),
                probes: 1,
                grace: None,
            }),
            health_source: HealthSource::Extension,
            ..VmProfile::plain()
        },
        ..ScaleSet::plain(&name, instances)
    }
}

fn balancer(nth: usize) -> String {
    if nth == 0 { "lb".into() } else { format!("lb-{nth}") }
}

fn rule(nth: usize, instances: u32) -> EntryPoint {
    EntryPoint::plain(&balancer(nth), nth as u16, f64::from(instances) * 5.0)
}
