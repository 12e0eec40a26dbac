//! What is done to a machine is done one after another, and what happens to the machine meanwhile leaves no instance that
//! says one thing and runs another.
//!
//! In these plans a new instance runs 60 s after its creation and is up 40 s later; a swap takes the old disk out for 75 s,
//! and the new one boots for 40 s.

#[path = "support/mod.rs"]
mod support;

use support::rollout::*;
use support::*;
use windtunnel_sim::azure::instances::{Provisioning, Row, is_present};
use windtunnel_sim::demand::application;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::generator;
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Value};
use windtunnel_sim::world::World;
use windtunnel_sim::world::fact::{
    End, Fact, Failure, FaultFact, GuestFact, Operation, PlaceFact, PowerFact, Record, UpgradeError,
};
use windtunnel_sim::world::ids::{ImageId, InstanceId, MemberId};
use windtunnel_sim::world::run::{Options, Run};

/// The run to this second, every invariant checked, and what the ledger says.
fn played(plan: &Plan, until_s: u64) -> (World, Vec<Record>) {
    let mut ledger = Vec::new();
    let options = Options { check_every_instant: true, ..Options::default() };
    let mut run = Run::new(plan, 7, options, &mut ledger);
    run.advance(at(until_s), &mut ledger);
    (run.world, ledger)
}

fn row(world: &World, instance: u32) -> Row {
    world.instances.rows[instance as usize]
}

/// The image and the revision that an instance is said to have, and the image that it runs.
fn has(world: &World, instance: u32) -> (u16, u32, u16) {
    let row = row(world, instance);
    (row.image.0, row.revision, world.application.truths[instance as usize].image.0)
}

fn power(at_s: u64, ordinal: u32, how: PowerAct) -> Action {
    let which = Which::Ordinals(vec![ordinal]);
    action(&format!("{how:?} {ordinal} at {at_s}"), at_s, Act::Power { set: 0, which, how })
}

fn host_dies(at_s: u64, ordinal: u32, away_s: u64) -> Action {
    let which = Which::Ordinals(vec![ordinal]);
    let work = HostWork { set: 0, kind: MaintenanceKind::HostDead, which, length: Some(s(away_s)) };
    action(&format!("host of {ordinal}"), at_s, Act::Maintain(work))
}

fn with(mut plan: Plan, more: impl IntoIterator<Item = Action>) -> Plan {
    plan.timeline.extend(more);
    plan.timeline.sort_by_key(|action| action.at);
    plan
}

fn when(ledger: &[Record], of: u32, is: impl Fn(&Fact) -> Option<InstanceId>) -> Vec<f64> {
    let of = InstanceId(of);
    ledger.iter().filter(|record| is(&record.fact) == Some(of)).map(|record| record.time.seconds()).collect()
}

fn provisioned(ledger: &[Record], of: u32) -> Vec<f64> {
    when(ledger, of, |fact| match fact {
        Fact::InstanceProvisioned { instance } => Some(*instance),
        _ => None,
    })
}

fn began(ledger: &[Record], of: u32) -> Vec<f64> {
    when(ledger, of, |fact| match fact {
        Fact::UpdateStarted { instance, .. } => Some(*instance),
        _ => None,
    })
}

/// Number 0 of two is in hand from 100 s on, and its new disk would be in at 175 s. Deallocated at 150 s, it fails its
/// upgrade there and then, is on its old disk and by its old model, and no disk is put back under it. Of one that was
/// upgraded, that is 100 %. Started at 1,000 s, it is what it was.
#[test]
fn who_is_deallocated_in_the_middle_of_its_upgrade_fails_it_and_keeps_what_it_had() {
    let plan = with(
        rolling(2, 0, RollingPolicy::default()),
        [power(150, 0, PowerAct::Deallocate), power(1000, 0, PowerAct::Start)],
    );
    let (world, ledger) = played(&plan, 2000);
    assert_eq!(failures(&ledger), [(150.0, 0, Failure::ProvisioningFailed)]);
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    assert_eq!(ends(&ledger), [(150.0, End::Faulted { error, measured: 10_000, limit: 20 })]);
    let disks =
        |fact: &Fact| matches!(fact, Fact::DiskSwapped { .. } | Fact::UpdateStarted { how: Operation::Restore, .. });
    assert_eq!(times(&ledger, disks), [0.0; 0]);
    assert_eq!(has(&world, 0), (0, 0, 0));
    assert_eq!(row(&world, 0).state, Provisioning::Succeeded);
    assert!(application::works(&world, InstanceId(0)));
}

/// The same at 190 s, when the new disk is in and boots: the machine is gone, the disk stays. Started at 1,000 s the
/// instance runs the new version, and sets it up from the beginning.
#[test]
fn a_disk_that_is_in_stays_in() {
    let plan = with(
        rolling(2, 0, RollingPolicy::default()),
        [power(190, 0, PowerAct::Deallocate), power(1000, 0, PowerAct::Start)],
    );
    let (world, ledger) = played(&plan, 2000);
    assert_eq!(failures(&ledger), [(190.0, 0, Failure::ProvisioningFailed)]);
    assert_eq!(has(&world, 0), (1, 1, 1));
    assert!(application::works(&world, InstanceId(0)));
}

/// With the health extension and an OS upgrade that restores: the machine is taken at 4,190 s, ten seconds after the swap
/// began; nothing is put back, since nothing was taken out for good.
#[test]
fn nothing_is_put_back_under_a_machine_that_is_gone() {
    let mut plan = rolling(2, 0, RollingPolicy::default());
    plan.timeline.clear();
    (plan.images, plan.sets[0].image) =
        (vec![image("app/1.0.0", 0), absent("app/1.1.0")], ImageReference::Definition(0));
    watch(&mut plan);
    plan.sets[0].upgrade.os.enabled = true;
    assume(&mut plan, windtunnel_sim::rules::A::GalleryReplicationSigma, windtunnel_sim::rules::Value::Number(0.0));
    let publication = Publication { image: 1, targets: vec![Target::new(0)], excluded: None };
    let plan = with(plan, [action("publish", 100, Act::Publish(publication)), power(4190, 0, PowerAct::Deallocate)]);
    let (world, ledger) = played(&plan, 8000);
    assert_eq!(failures(&ledger), [(4190.0, 0, Failure::ProvisioningFailed)]);
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::DiskSwapped { .. })), [0.0; 0]);
    assert_eq!(has(&world, 0), (0, 0, 0));
}

/// The host of number 0 dies at 150 s, while its old disk is out: the machine is back at 350 s with the new one, boots for
/// 40 s, and is upgraded then. The host of number 1 dies at 600 s, 10 s into its swap, with the same end.
#[test]
fn a_machine_whose_host_dies_during_a_swap_comes_back_with_the_new_disk() {
    let plan = with(rolling(2, 0, RollingPolicy::default()), [host_dies(150, 0, 200), host_dies(400, 1, 200)]);
    let (world, ledger) = played(&plan, 2000);
    assert_eq!(upgraded(&ledger), [(390.0, 0), (640.0, 1)]);
    let swapped = |fact: &Fact| matches!(fact, Fact::DiskSwapped { image: ImageId(1), .. });
    assert_eq!(times(&ledger, swapped), [350.0, 600.0]);
    assert_eq!([has(&world, 0), has(&world, 1)], [(1, 1, 1); 2]);
}

fn longer(set: &ScaleSet, name: &str, seconds: u64) -> ModelChange {
    let mut profile = set.profile.clone();
    profile.extensions.push(extension(name, seconds));
    ModelChange { profile: Some(profile), ..ModelChange::default() }
}

/// Number 2 is created at 100 s and is up at 200 s. The model gets an extension of 30 s at 120 s, in mode Automatic: the
/// others have it at 150 s, and number 2 when it is up, which it must be.
#[test]
fn a_change_of_the_model_waits_for_the_end_of_a_creation() {
    let mut plan = plan();
    plan.sets[0].upgrade.mode = UpgradeMode::Automatic;
    let change = change(120, longer(&plan.sets[0], "added", 30));
    let (world, ledger) = played(&with(plan, [scale(100, 3), change]), 1000);
    assert_eq!(provisioned(&ledger, 0), [150.0]);
    assert_eq!((provisioned(&ledger, 2), began(&ledger, 2)), (vec![200.0, 230.0], vec![200.0]));
    assert!(application::works(&world, InstanceId(2)), "its process was started");
    assert_eq!(row(&world, 2).revision, 1);
}

/// Mode Automatic: the disk of number 0 is swapped from 100 s to 215 s; the change of 150 s, an extension of 30 s, and that
/// of 160 s, another image, are done in one from 215 s on, since a new disk takes the extensions with it: 115 s of swap, and
/// 30 s.
#[test]
fn what_waits_is_done_in_one() {
    let mut plan = rolling(1, 0, RollingPolicy::default());
    plan.sets[0].upgrade.mode = UpgradeMode::Automatic;
    plan.images.push(image("app/1.2.0", 1));
    let added = longer(&plan.sets[0], "added", 30);
    let plan = with(plan, [change(150, added), change(160, to_image(2))]);
    let (world, ledger) = played(&plan, 1000);
    assert_eq!(began(&ledger, 0), [100.0, 215.0]);
    assert_eq!(provisioned(&ledger, 0), [215.0, 360.0]);
    assert_eq!(has(&world, 0), (2, 3, 2));
}

/// Number 2 is created at 100 s, runs at 160 s, and is deallocated at 170 s, before its system is up. Started at 300 s it
/// runs at 360 s and is up at 400 s: its extension takes 30 s more, and its process has been started.
#[test]
fn a_creation_that_was_broken_off_goes_on_when_the_machine_is_back() {
    let mut plan = plan();
    plan.sets[0].profile.extensions = vec![extension("set-up", 30)];
    let plan = with(plan, [scale(100, 3), power(170, 2, PowerAct::Deallocate), power(300, 2, PowerAct::Start)]);
    let (world, ledger) = played(&plan, 1000);
    assert_eq!(provisioned(&ledger, 2), [430.0]);
    assert!(application::works(&world, InstanceId(2)));
}

/// A user restarts number 2 at 210 s, while its extension, which is to install code 1, is at work until 230 s: the restart
/// waits for that and takes until 275 s (45 s), and the code is there.
#[test]
fn a_restart_waits_for_the_extensions() {
    let mut plan = plan();
    plan.sets[0].profile.extensions = vec![Extension { installs: Some(1), ..extension("installs", 30) }];
    let plan = with(plan, [scale(100, 3), power(210, 2, PowerAct::Restart)]);
    let (world, ledger) = played(&plan, 1000);
    assert_eq!((began(&ledger, 2), provisioned(&ledger, 2)), (vec![230.0], vec![230.0, 275.0]));
    assert_eq!(world.application.truths[2].code, Some(1));
}

/// Other settings at 100 s, in mode Automatic: the extension stops the process of both at once, installs code 1 for 30 s, and
/// the process runs again. Where it fails, the process stays down, and the instance is Failed.
#[test]
fn an_extension_can_stop_the_process_while_it_works() {
    let stopped = |fact: &Fact| matches!(fact, Fact::ProcessStopped { .. });
    let started = |fact: &Fact| matches!(fact, Fact::ProcessStarted { .. });
    for (failure, starts, code) in [(0.0, vec![130.0, 130.0], Some(1)), (1.0, vec![], Some(0))] {
        let mut plan = plan();
        plan.sets[0].upgrade.mode = UpgradeMode::Automatic;
        let script = |configuration: &str, code| Extension {
            configuration: configuration.into(),
            installs: Some(code),
            stops_process: true,
            failure: if code == 1 { failure } else { 0.0 },
            ..extension("script", 30)
        };
        plan.sets[0].profile.extensions = vec![script("./install c0", 0)];
        let profile = VmProfile { extensions: vec![script("./install c1", 1)], ..plan.sets[0].profile.clone() };
        let change = change(100, ModelChange { profile: Some(profile), ..ModelChange::default() });
        let (world, ledger) = played(&with(plan, [change]), 1000);
        assert_eq!(times(&ledger, stopped), [100.0, 100.0]);
        assert_eq!(times(&ledger, started), starts);
        assert_eq!(
            (world.application.truths[0].code, application::works(&world, InstanceId(0))),
            (code, failure < 0.5)
        );
    }
}

/// The custom data of the model installs code 1, and code 0 by a write at 100 s. The set is brought to another image at 300 s,
/// and grows at 1,000 s. An instance that is upgraded keeps the data that it was created with and runs it on its new disk; a
/// new one has the new data. Number 1 is deallocated while cloud-init works, and it begins anew when the machine is back.
#[test]
fn an_upgraded_instance_keeps_the_custom_data_that_it_was_created_with() {
    let mut plan = rolling(2, 0, RollingPolicy::default());
    plan.timeline.clear();
    plan.images[1].code = Some(0);
    plan.sets[0].upgrade.mode = UpgradeMode::Automatic;
    let data = |code| CustomData {
        duration: constant(60),
        failure: 0.0,
        needs: 0,
        installs: Some(code),
        starts_process: true,
    };
    plan.sets[0].profile.custom_data = Some(data(1));
    let profile = Some(VmProfile { custom_data: Some(data(0)), ..plan.sets[0].profile.clone() });
    let write = change(100, ModelChange { profile, rest: Reach::NextReimage, ..ModelChange::default() });
    let acts = [write, change(300, to_image(1)), power(450, 1, PowerAct::Deallocate), power(500, 1, PowerAct::Start)];
    let (world, ledger) = played(&with(plan, acts.into_iter().chain([scale(1000, 3)])), 2000);
    let codes: Vec<_> = world.application.truths.iter().map(|truth| truth.code).collect();
    assert_eq!(codes, [Some(1), Some(1), Some(0)]);
    assert!((0..3).all(|instance| application::works(&world, InstanceId(instance))));
    let done = |fact: &Fact| match fact {
        Fact::Guest(GuestFact::CustomDataDone { instance }) => Some(*instance),
        _ => None,
    };
    // The new disk is up at 415 s. Number 1 is started at 500 s, runs at 560 s and is up at 600 s.
    assert_eq!(
        (when(&ledger, 0, done), when(&ledger, 1, done), when(&ledger, 2, done)),
        (vec![475.0], vec![660.0], vec![1160.0])
    );
}

/// An extension can do nothing where the system is not up: number 2, whose system is given up, gets one at 3,000 s, which
/// ends with the budget of ten minutes and not as if it were done.
#[test]
fn no_extension_runs_on_a_system_that_is_not_up() {
    let mut plan = plan();
    plan.images[0].boot_failure = 1.0;
    plan.sets[0].upgrade.mode = UpgradeMode::Automatic;
    (plan.horizon, plan.sets[0].profile.extensions_budget) = (at(5000), s(600));
    let change = change(3000, longer(&plan.sets[0], "added", 30));
    let (world, ledger) = played(&with(plan, [scale(100, 3), change]), 4000);
    let out = |fact: &Fact| match fact {
        Fact::ExtensionsTimedOut { instance } => Some(*instance),
        _ => None,
    };
    assert_eq!(when(&ledger, 2, out), [3600.001]);
    assert_eq!(row(&world, 2).state, Provisioning::Failed);
}

/// Nothing hangs: long after the last action of a random scenario, whatever is in hand began a short while ago. No operation
/// takes more than its boot, 40 minutes for a system that is given up, and 90 minutes of extensions.
#[test]
fn nothing_that_was_begun_hangs() {
    let mut operations = 0;
    for number in 0..400 {
        let mut plan = generator::scenario(number);
        plan.horizon = SimTime::ZERO + SimDuration::from_mins(300);
        let (world, ledger) = played(&plan, 300 * 60);
        let mut touched = vec![SimTime::ZERO; world.instances.rows.len()];
        for record in &ledger {
            match record.fact {
                Fact::InstanceCreated { instance, .. }
                | Fact::UpdateStarted { instance, .. }
                | Fact::Power(PowerFact::Starting { instance }) => {
                    touched[instance.index()] = record.time;
                    operations += 1;
                }
                _ => {}
            }
        }
        for (instance, row) in world.instances.rows.iter().enumerate() {
            // What is in a zone that never comes back is never done.
            let dark = application::is_dark(&world, InstanceId(instance as u32));
            let busy = matches!(row.state, Provisioning::Creating | Provisioning::Updating) && !dark;
            let since = plan.horizon.since(touched[instance]);
            assert!(
                !busy || !is_present(row) || since < SimDuration::from_mins(150),
                "random scenario {number}: instance {instance} is {:?} ({:?}) for {since}",
                row.state,
                row.how
            );
        }
    }
    assert!(operations > 1_000, "{operations}");
}

/// The extension is taken from the model at 100 s, and the probe says who is healthy from then on. Number 0, deallocated in
/// the middle of that, has its old model again, and with it the extension that says nothing while the machine is off.
#[test]
fn who_keeps_its_model_keeps_its_health_source() {
    let mut plan = rolling(2, 0, RollingPolicy::default());
    plan.sets[0].profile = watched(plan.sets[0].profile.clone());
    let mut other = plan.sets[0].profile.clone();
    (other.health_source, other.health_extension) = (HealthSource::Probe(0), None);
    other.extensions = vec![extension("slow", 100)];
    plan.timeline = vec![change(100, ModelChange { profile: Some(other), ..ModelChange::default() })];
    let plan = with(plan, [power(150, 0, PowerAct::Deallocate), power(1000, 0, PowerAct::Start)]);
    let (world, _) = played(&plan, 2000);
    assert_eq!(has(&world, 0), (0, 0, 0));
    let knows = windtunnel_sim::azure::app_health::state(&world, InstanceId(0));
    assert_eq!(knows, Some(windtunnel_sim::world::fact::Health::Healthy), "the extension has started again");
}

/// Six over three zones, strictly balanced: 0 and 3 stand in zone 1. Both are deleted by hand, which nothing blocks, and the zones
/// are 2 apart, which is said. Of a set that balances as well as it can nothing is said, nor where one goes of each zone.
#[test]
fn deletes_by_hand_that_break_strict_balance_are_reported() {
    let uneven = |strict, ordinals: &[u32]| {
        let mut plan = plan();
        (plan.sets[0].capacity, plan.sets[0].zones, plan.sets[0].zone_balance) = (6, vec![1, 2, 3], strict);
        let which = Which::Ordinals(ordinals.to_vec());
        plan.timeline = vec![action("delete", 100, Act::Power { set: 0, which, how: PowerAct::Delete })];
        let of = |record: &Record| match record.fact {
            Fact::Place(PlaceFact::ZonesUneven { by, .. }) => Some((record.time.seconds(), by)),
            _ => None,
        };
        played(&plan, 200).1.iter().filter_map(of).collect::<Vec<_>>()
    };
    assert_eq!(uneven(true, &[0, 3]), [(100.0, 2)]);
    assert_eq!(uneven(true, &[0, 1, 2]), []);
    assert_eq!(uneven(false, &[0, 3]), []);
}

/// What is behind the rule of a handshake: up and down of its probe after the start, and when the process hung.
fn over_tcp(mut plan: Plan) -> [Vec<f64>; 3] {
    let probe = plan.pools[0].probe.as_mut().expect("the plan probes");
    (probe.protocol, probe.endpoint) = (ProbeProtocol::Tcp, 0);
    let ledger = played(&plan, 400).1;
    [
        times(&ledger, |fact| matches!(fact, Fact::ProbeUp { .. })),
        times(&ledger, |fact| matches!(fact, Fact::ProbeDown { .. })),
        times(&ledger, |fact| matches!(fact, Fact::Fault(FaultFact::Hung { .. }))),
    ]
}

/// Number 0 hangs from 101 s on, and takes connections. From 111 s to 131 s its process is down besides, and its port refuses: the
/// probe at 115 s says so, and that of 135 s is taken again by what hangs. Number 2, created at 100 s, is up at 200 s and its process
/// would listen at 210 s; a hang that comes at 205 s waits for it. The probe of 210 s sees what is before it, and that of 215 s is taken.
#[test]
fn what_hangs_takes_connections_from_when_it_is_there() {
    let hang = |at_s, ordinal| disturb(at_s, &[ordinal], Disturbance::Hang, 3000);
    let plan = with(plan(), [hang(101, 0), disturb(111, &[0], Disturbance::ProcessDown, 20)]);
    assert_eq!(over_tcp(plan), [vec![135.0], vec![115.0], vec![101.0, 131.0]]);
    let mut plan = with(support::plan(), [scale(100, 3), hang(205, 2)]);
    plan.images[0].process_start = Some(constant(10));
    assert_eq!(over_tcp(plan), [vec![215.0], vec![], vec![210.0]]);
}

/// A freeze that leaves probes alone, from 101 s to 201 s, and from 111 s to 141 s the loss of the zone, which does not: of the probes
/// at 115 s and 120 s nothing is heard by 125 s, and that of 145 s is answered.
#[test]
fn a_lost_zone_silences_what_is_frozen() {
    let zones = vec![1];
    let lost = ZoneOutage {
        region: 0,
        zones,
        share: 1.0,
        allocates: false,
        length: Some(s(30)),
        tail: None,
        autoscale_success: 1.0,
    };
    let zone = action("zone", 111, Act::ZoneOutage(lost));
    let mut plan = with(plan(), [disturb(101, &[0], Disturbance::Freeze, 100), zone]);
    (plan.sets[0].capacity, plan.sets[0].zones) = (1, vec![1]);
    assume(&mut plan, A::VmFreezeSilencesProbes, Value::Switch(false));
    assume(&mut plan, A::ZoneOutageReboots, Value::Switch(false));
    let ledger = played(&plan, 400).1;
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::ProbeDown { .. })), [125.0]);
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::ProbeUp { .. })), [145.0]);
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::Thawed { .. })), [201.0]);
}

/// What serves without its process serves from when its machine runs: 60 s after it is asked for.
#[test]
fn what_needs_no_process_serves_as_soon_as_its_machine_runs() {
    let mut plan = with(plan(), [scale(100, 3)]);
    plan.application.serves = Needs { process: false, ..PROCESS };
    let serves = when(&played(&plan, 400).1, 2, |fact| match *fact {
        Fact::ServiceChanged { instance, .. } => Some(instance),
        _ => None,
    });
    assert_eq!(serves, [160.0]);
}

/// One of two is to be deleted from 100 s on, after a notice of five minutes, and its users stay until then. The database is lost at that
/// very instant: neither is ready at the probe of 105 s.
#[test]
fn who_waits_to_be_deleted_loses_a_dependency_as_the_others_do() {
    let mut plan = plan();
    plan.sets[0].profile.terminate = Some(s(300));
    let answer = Answer { kind: AnswerKind::Status(503), ..OK };
    let needs = Needs { dependencies: 1, ..PROCESS };
    plan.application.endpoints[1].clauses = vec![Clause { when: needs, answer: OK }, Clause { when: PROCESS, answer }];
    let lost = action("db", 100, Act::DependencyDown { dependency: 0, length: None });
    let down = times(&played(&with(plan, [scale(100, 1), lost]), 200).1, |fact| matches!(fact, Fact::ProbeDown { .. }));
    assert_eq!(down, [105.0, 105.0]);
}

/// What the fleet is by its facts alone, against what it is in the engine, every 20 s of many random scenarios: what an instance is and
/// would do with a request, who knows it to be healthy, and what each pool holds of it.
#[test]
fn the_fleet_of_the_ledger_is_that_of_the_engine() {
    let mut compared = 0;
    for number in 0..500 {
        let plan = generator::scenario(number);
        let mut watched = Watched::new(&plan, ());
        let mut run = Run::new(&plan, 7, Options::default(), &mut watched);
        for until in (0..=900).step_by(20) {
            run.advance(at(until), &mut watched);
            let (world, fleet) = (&run.world, &watched.fleet);
            assert_eq!(fleet.required, world.application.required, "random scenario {number} at {until} s");
            assert_eq!(fleet.instances.len(), world.instances.rows.len(), "random scenario {number} at {until} s");
            for (index, (row, unit)) in world.instances.rows.iter().zip(&fleet.instances).enumerate() {
                let instance = InstanceId(index as u32);
                let truth = &world.application.truths[index];
                let pools = &world.load_balancer;
                let is = (row.set, truth.image, truth.code, row.at, truth.service, row.state == Provisioning::Deleted);
                let said = (unit.set, unit.image, unit.code(), unit.at, unit.service(), unit.is_gone());
                assert_eq!(said, is, "random scenario {number}, instance {index} at {until} s");
                let health = windtunnel_sim::azure::app_health::state(world, instance);
                assert!(
                    !application::exists(world, instance) || unit.health == health,
                    "random scenario {number}, instance {index} at {until} s: {:?}, {health:?}",
                    unit.health
                );
                let member = |id: MemberId| {
                    let of = &pools.members[id.index()];
                    let up = pools.probed_up(id).unwrap_or_default();
                    (!of.left).then_some((of.pool, of.in_rotation, up))
                };
                let mut is: Vec<_> = pools.of(instance).filter_map(member).collect();
                let mut said: Vec<_> = fleet.pools(unit).map(|of| (of.pool, of.in_rotation, of.held_up)).collect();
                is.sort_unstable();
                said.sort_unstable();
                assert_eq!(said, is, "random scenario {number}, instance {index} at {until} s");
                compared += 1;
            }
        }
    }
    assert!(compared > 100_000, "{compared}");
}

#[test]
fn the_harm_of_the_ledger_is_that_of_the_measures() {
    let of = |number| harm::is_of_the_measures(&generator::scenario(number), 7, &format!("random scenario {number}"));
    let harmed: usize = (0..500).map(of).sum();
    assert!(harmed > 100_000, "{harmed}");
}
