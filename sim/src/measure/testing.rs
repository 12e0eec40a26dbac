//! A small plan and facts written by hand, for the tests of the measures.

use super::fleet::{Observer, Watched};
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Application, EntryPoint, Image, Plan, Pool, Requires, ScaleSet};
use crate::rules;
use crate::world::fact::{CapacityBy, Fact, Placement, Record, Service};
use crate::world::ids::{Entry, EntryPointId, ImageId, InstanceId, PipelineId, PoolId, SetId};
use crate::world::run::Sink;

/// `m` minutes after the start.
pub fn minutes(m: u64) -> SimTime {
    SimTime::from_ms(m * 60_000)
}

/// The facts `(minute, fact)` as records.
pub fn records(facts: &[(u64, Fact)]) -> Vec<Record> {
    let record = |(index, &(minute, fact)): (usize, &(u64, Fact))| {
        let rule = rules::WT_08;
        Record { entry: Entry(index as u32 + 1), time: minutes(minute), cause: Entry(index as u32), rule, fact }
    };
    facts.iter().enumerate().map(record).collect()
}

/// Plays `records` into `sink` and ends at 45 minutes.
pub fn play<O: Observer>(plan: &Plan, observer: O, records: &[Record]) -> O {
    let mut sink = Watched::new(plan, observer);
    for record in records {
        sink.record(record);
    }
    sink.end(minutes(45));
    sink.observers
}

/// One set of two with a pool at 300 requests a second; users need c42, the image holds c41, a pipeline installs c42.
pub fn stale_plan() -> Plan {
    let image = |name: &str, code| Image {
        name: name.into(),
        code: Some(code),
        boot: None,
        boot_failure: 0.0,
        process_start: None,
        cannot: 0,
        degrades: None,
        bad: false,
        version: crate::plan::Version::everywhere(0, crate::plan::Number([1, 0, 0])),
    };
    let pool = Pool { name: "web".into(), probe: None, ..Pool::plain("lb-web") };
    Plan {
        sets: vec![ScaleSet::plain("vmss-web", 2)],
        pools: vec![pool],
        entry_points: vec![EntryPoint::plain("lb-web", 0, 300.0)],
        application: Application {
            releases: vec!["c41".into(), "c42".into()],
            capacity_rps: Some(250.0),
            requires: Some(Requires { code: 1, from: SimTime::ZERO, touches: 1.0 }),
            ..Application::plain()
        },
        definitions: vec!["web-image".into()],
        images: vec![image("web-image/1.0.0", 0)],
        pipelines: vec![crate::plan::Pipeline {
            name: "deploy".into(),
            sets: vec![0],
            installs: 1,
            deployed: Some(1),
            trigger: crate::plan::Trigger::Running,
            delay: Dist::Constant(SimDuration::from_mins(2)),
            duration: Dist::Constant(SimDuration::from_mins(4)),
            failure: 0.0,
            needs: 0,
            parallel: 1,
            starts_process: false,
            admin_down_after: None,
            environment: None,
        }],
        ..Plan::plain("stale", minutes(45))
    }
}

/// Two instances stand; a third is created at 10 min, runs at 11, is booted and serves stale at 12, in rotation at 13, and
/// has the new code at 18.
pub fn stale_ledger() -> Vec<Record> {
    let (set, image, at, pool) = (SetId(0), ImageId(0), Placement::default(), PoolId(0));
    let [a, b, c] = [0, 1, 2].map(InstanceId);
    records(&[
        (0, Fact::RunStarted),
        (0, Fact::InstancePresent { instance: a, set, image, at }),
        (0, Fact::CodeInstalled { instance: a, code: 1 }),
        (0, Fact::ServiceChanged { instance: a, to: Service::Ready }),
        (0, Fact::JoinedPool { instance: a, pool }),
        (0, Fact::InRotation { instance: a, pool, probed_up: true }),
        (0, Fact::InstancePresent { instance: b, set, image, at }),
        (0, Fact::CodeInstalled { instance: b, code: 1 }),
        (0, Fact::ServiceChanged { instance: b, to: Service::Ready }),
        (0, Fact::JoinedPool { instance: b, pool }),
        (0, Fact::InRotation { instance: b, pool, probed_up: true }),
        (10, Fact::CapacitySet { set, from: 2, to: 3, by: CapacityBy::Request }),
        (10, Fact::InstanceCreated { instance: c, set, image, at, surges: false }),
        (10, Fact::JoinedPool { instance: c, pool }),
        (11, Fact::InstanceRunning { instance: c }),
        (12, Fact::InstanceBooted { instance: c }),
        (12, Fact::ProcessStarted { instance: c }),
        (12, Fact::ServiceChanged { instance: c, to: Service::Stale }),
        (13, Fact::ProbeUp { instance: c, pool }),
        (13, Fact::InRotation { instance: c, pool, probed_up: true }),
        (13, Fact::HarmStarted { entry_point: EntryPointId(0) }),
        (18, Fact::PipelineSucceeded { pipeline: PipelineId(0), instance: c }),
        (18, Fact::CodeInstalled { instance: c, code: 1 }),
        (18, Fact::ServiceChanged { instance: c, to: Service::Ready }),
        (18, Fact::HarmEnded { entry_point: EntryPointId(0) }),
    ])
}
