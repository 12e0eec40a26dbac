//! Plans with Octopus for tests. On top of the plain plan: scans are at 0, 30, 60, … s and health checks at 0, 600, 1200, … s;
//! a machine that is created at 100 s is up at 200 s, its script has registered it at 260 s, and its first check finds it
//! healthy at 280 s, Calamari and all, so that triggers fire at 300 s.

use super::*;
use windtunnel_sim::world::fact::{OctopusFact, TargetHealth};

/// A step that runs for this long on every target of the deployment, and installs the release.
pub fn install(seconds: u64) -> Step {
    let on = OnTargets {
        duration: constant(seconds),
        failure: 0.0,
        window: 10,
        installs: true,
        starts_process: false,
        roles: 0,
        of: Of::Deployment,
    };
    Step { name: "install".into(), condition: Condition::Always, what: StepKind::Targets(on) }
}

/// The check of set 0 with the defaults of the step template.
pub fn provision_check() -> ProvisionCheck {
    ProvisionCheck {
        set: 0,
        readable: true,
        roles: 1,
        timeout: s(1800),
        fails_at_timeout: false,
        duplicate_time: s(180),
        cancels_duplicates: false,
        excludes_existing: false,
    }
}

pub fn check_step(check: ProvisionCheck) -> Step {
    Step { name: "check".into(), condition: Condition::Always, what: StepKind::Provision(check) }
}

/// A project `web` with release 1 everywhere, that becomes available and is deployed to by a trigger.
pub fn project(steps: Vec<Step>) -> Project {
    let trigger = DeploymentTrigger { on: TriggerOn::BecomesAvailable, redeploys: false };
    Project { deployed: Some(1), trigger: Some(trigger), ..Project::plain("web", steps) }
}

/// Two machines of `vmss` as targets of one project.
pub fn octopus(steps: Vec<Step>) -> Plan {
    let mut plan = plan();
    for (assumption, value) in [
        (A::OctopusScanPhase, Value::Choice("aligned")),
        (A::OctopusHealthCheckPhase, Value::Choice("aligned")),
        (A::OctopusCalamari, Value::Time(SimDuration::ZERO)),
    ] {
        assume(&mut plan, assumption, value);
    }
    plan.octopus = Octopus {
        policies: vec![MachinePolicy {
            name: "elastic".into(),
            interval: s(600),
            delete_after: Some(s(900)),
            calamari: Calamari::Always,
            warns: 0.0,
            fails: 0.0,
        }],
        targets: vec![TargetGroup {
            name: "web".into(),
            set: 0,
            roles: 1,
            place: 0,
            policy: 0,
            by: Registration::Script,
            after: s(60),
            idempotent: true,
            naming: TargetName::ComputerName,
            prefix: "vmss".into(),
        }],
        places: vec![Place { environment: "production".into(), tenant: None }],
        roles: vec!["web".into()],
        projects: vec![project(steps)],
        lifecycles: Vec::new(),
    };
    plan
}

/// Two machines in staging, which is place 0, and two of a second set in production, which is place 1. Nothing is deployed yet. A
/// lifecycle goes from one to the other; a person deploys to both.
pub fn two_phases(steps: Vec<Step>) -> Plan {
    let mut plan = octopus(steps);
    plan.sets.push(set("vmss-b"));
    let place = |environment: &str| Place { environment: environment.into(), tenant: None };
    plan.octopus.places = vec![place("staging"), place("production")];
    let group = TargetGroup { name: "b".into(), set: 1, place: 1, ..plan.octopus.targets[0].clone() };
    plan.octopus.targets.push(group);
    let phase = |name: &str, place| Phase {
        name: name.into(),
        manual: vec![place],
        automatic: Vec::new(),
        required: Required::All,
    };
    let phases = vec![phase("try", 0), phase("go", 1)];
    plan.octopus.lifecycles = vec![Lifecycle { name: "to production".into(), phases }];
    let project = &mut plan.octopus.projects[0];
    (project.lifecycle, project.deployed) = (Some(0), None);
    plan
}

/// Its environments are deployed to automatically.
pub fn automatic(phase: &mut Phase) {
    phase.automatic = std::mem::take(&mut phase.manual);
}

/// A person deploys release 1 of the first project.
pub fn deploy_to(at_s: u64, place: u16) -> Action {
    let what = OctopusAct::Deploy { project: 0, release: 1, place, skip: 0 };
    action(&format!("deploy to {place} at {at_s}"), at_s, Act::Octopus(what))
}

/// When a lifecycle refused a deployment, and which phase was not complete.
pub fn refused(ledger: &[Record]) -> Vec<(f64, Option<u8>)> {
    timed(ledger, |fact| match *fact {
        Fact::Octopus(OctopusFact::Refused { phase, .. }) => Some(phase),
        _ => None,
    })
}

/// Every instant at which something of Octopus happened.
pub fn when(ledger: &[Record], is: impl Fn(&OctopusFact) -> bool) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::Octopus(what) if is(what)))
}

pub fn queued(ledger: &[Record]) -> Vec<f64> {
    when(ledger, |fact| matches!(fact, OctopusFact::Queued { .. }))
}

pub fn began(ledger: &[Record]) -> Vec<f64> {
    when(ledger, |fact| matches!(fact, OctopusFact::Started { .. }))
}

pub fn ended(ledger: &[Record]) -> Vec<f64> {
    when(ledger, |fact| matches!(fact, OctopusFact::Ended { .. }))
}

/// How many targets each deployment had when it was queued.
pub fn sizes(ledger: &[Record]) -> Vec<u32> {
    let size = |record: &Record| match record.fact {
        Fact::Octopus(OctopusFact::Queued { targets, .. }) => Some(targets),
        _ => None,
    };
    ledger.iter().filter_map(size).collect()
}

/// On which instances a step was done.
pub fn done_on(ledger: &[Record]) -> Vec<(f64, u32)> {
    timed(ledger, |fact| match *fact {
        Fact::Octopus(OctopusFact::Done { instance, .. }) => Some(instance.0),
        _ => None,
    })
}

/// When an instance was found in this state.
pub fn found(ledger: &[Record], state: TargetHealth) -> Vec<(f64, u32)> {
    timed(ledger, |fact| match *fact {
        Fact::Octopus(OctopusFact::Found { instance, to, .. }) if to == state => Some(instance.0),
        _ => None,
    })
}

/// Which instances ceased to be targets, and when.
pub fn removed(ledger: &[Record]) -> Vec<(f64, u32)> {
    timed(ledger, |fact| match *fact {
        Fact::Octopus(OctopusFact::Removed { instance, .. }) => Some(instance.0),
        _ => None,
    })
}
