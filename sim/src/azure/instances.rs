//! Instances: the life of a virtual machine from its create request to its end.
//!
//! Rules: LC-01, LC-02, LC-04, LC-05, LC-08, EX-01, EX-03, EX-04, EX-06, OR-13, OR-14, OR-18, OP-05. The extensions of
//! the model run one after another once the operating system is up: in sequence where the model says so, else in an order
//! drawn for the instance, the health extension among them. A failed instance stays, and counts to the capacity
//! (LC-08). Left out: reimage, restart, deallocate, resize, billing (LC-03).

use crate::azure::{app_health, capacity, gallery, load_balancer};
use crate::demand::application;
use crate::engine::luck::{Dist, Purpose, Stream, Subject, name};
use crate::engine::queue::Key;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Extension, OrchestrationMode, Plan, ScaleSet};
use crate::rules::{self, A, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Deletion, Fact, Placement};
use crate::world::ids::{Entry, ImageId, InstanceId, PoolId, RegionId, SetId};

/// An instance.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The scale set it belongs to.
    pub set: SetId,
    /// Its number within the set: the instance id of a Uniform set (OR-13, P-30).
    pub ordinal: u32,
    /// The image it was created from.
    pub image: ImageId,
    /// Where it stands.
    pub at: Placement,
    /// Its provisioning state.
    pub state: Provisioning,
    /// It stood there when the run began.
    pub initial: bool,
    /// Its operating system is up.
    pub booted: bool,
    /// It was created beyond the wanted number (OP-01).
    pub surplus: bool,
    /// When its create request was made.
    pub created: SimTime,
}

/// The provisioning state of an instance (LC-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provisioning {
    /// On its way.
    Creating,
    /// Its operating system is up and its extensions are done.
    Succeeded,
    /// Its operating system did not come up, or an extension failed.
    Failed,
    /// Being deleted.
    Deleting,
    /// Gone.
    Deleted,
}

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Every instance there ever was.
    pub rows: Vec<Row>,
}

/// A step in the life of an instance.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The virtual machine runs.
    Running {
        /// The instance.
        instance: InstanceId,
        /// The entry of its creation.
        cause: Entry,
    },
    /// The operating system is up, or is given up.
    Booted {
        /// The instance.
        instance: InstanceId,
        /// The entry at which it began to boot.
        cause: Entry,
    },
    /// An extension is done.
    Extended {
        /// The instance.
        instance: InstanceId,
        /// Which step of its order.
        step: u16,
        /// The entry at which it began.
        cause: Entry,
        /// When the extensions of this instance began.
        since: SimTime,
    },
    /// The deletion is done.
    Gone {
        /// The instance.
        instance: InstanceId,
        /// The entry at which it began.
        cause: Entry,
    },
}

impl Event {
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Running { instance, .. } => Key::new(time, class, instance.0, 0, 0),
            Self::Booted { instance, .. } => Key::new(time, class, instance.0, 1, 0),
            Self::Extended { instance, step, .. } => Key::new(time, class, instance.0, 2, step.into()),
            Self::Gone { instance, .. } => Key::new(time, class, instance.0, 3, 0),
        }
    }
}

/// The name of an instance, as Azure forms it: `{set}_{id}` in a Uniform set, `{set}_` and eight characters in a
/// Flexible one (OR-13). The characters are drawn for the instance, so they do not depend on the order of creation.
#[must_use]
pub fn display_name(set: &ScaleSet, ordinal: u32, subject: Subject) -> String {
    match set.mode {
        OrchestrationMode::Uniform => format!("{}_{ordinal}", set.name),
        OrchestrationMode::Flexible => {
            let mut word = name(&format!("{}/{}/{}", subject.place, subject.cause, subject.ordinal));
            let suffix = std::iter::repeat_with(|| {
                let digit = b"0123456789abcdefghijklmnopqrstuvwxyz"[(word % 36) as usize];
                word /= 36;
                char::from(digit)
            });
            format!("{}_{}", set.name, suffix.take(8).collect::<String>())
        }
    }
}

/// The name of an instance.
#[must_use]
pub fn name_of(world: &World, plan: &Plan, instance: InstanceId) -> String {
    let row = &world.instances.rows[instance.index()];
    display_name(&plan.sets[row.set.index()], row.ordinal, subject(world, instance))
}

/// The names of every instance there ever was, by id.
#[must_use]
pub fn names(world: &World, plan: &Plan) -> Vec<String> {
    let rows = world.instances.rows.iter().zip(&world.application.truths);
    rows.map(|(row, truth)| display_name(&plan.sets[row.set.index()], row.ordinal, truth.subject)).collect()
}

/// Whether an instance is there: not deleted, nor being deleted.
#[must_use]
pub fn stands(row: &Row) -> bool {
    !matches!(row.state, Provisioning::Deleting | Provisioning::Deleted)
}

/// A step falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    let (Event::Running { instance, .. }
    | Event::Booted { instance, .. }
    | Event::Extended { instance, .. }
    | Event::Gone { instance, .. }) = event;
    let row = world.instances.rows[instance.index()];
    match event {
        Event::Gone { cause, .. } => {
            world.instances.rows[instance.index()].state = Provisioning::Deleted;
            cx.say(Fact::InstanceDeleted { instance }, cause, rules::LC_02);
        }
        _ if !stands(&row) => {}
        Event::Running { cause, .. } => running(world, cx, instance, row, cause),
        Event::Booted { cause, .. } => booted(world, cx, instance, row, cause),
        Event::Extended { step, cause, since, .. } => extended(world, cx, instance, row, (step, cause, since)),
    }
}

/// A create that waited for a replica of its image may go on (GA-05).
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if stands(&world.instances.rows[instance.index()]) {
        provision(world, cx, instance, cause);
    }
}

fn subject(world: &World, instance: InstanceId) -> Subject {
    world.application.truths[instance.index()].subject
}

/// The machine runs and boots.
fn running(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: Row, cause: Entry) {
    application::power_on(world, instance);
    let entry = cx.say(Fact::InstanceRunning { instance }, cause, rules::LC_02);
    gallery::release(world, cx, instance, entry);
    let boot = match &cx.plan.images[row.image.index()].boot {
        Some(boot) => *boot,
        None if cx.plan.sets[row.set.index()].windows => cx.plan.assumptions.dist(cx.assume(A::VmBootWindows)),
        None => cx.plan.assumptions.dist(cx.assume(A::VmBootLinux)),
    };
    let length = if boot_fails(world, cx, instance, &row) {
        cx.plan.assumptions.time(cx.assume(A::VmOsProvisioningTimeout))
    } else if cx.on(rules::LC_02) {
        cx.stream(Purpose::Boot, subject(world, instance), 0).duration(&boot)
    } else {
        SimDuration::ZERO
    };
    cx.after(length, Due::Instances(Event::Booted { instance, cause: entry }));
}

/// Whether the operating system of an instance never comes up; the platform gives it up after a while (LC-05, P-03).
fn boot_fails(world: &World, cx: &Cx<'_>, instance: InstanceId, row: &Row) -> bool {
    let failure = cx.plan.images[row.image.index()].boot_failure;
    failure > 0.0 && cx.on(rules::LC_05) && cx.stream(Purpose::BootFailure, subject(world, instance), 0).chance(failure)
}

/// The operating system is up, or did not come up; then the extensions run.
fn booted(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: Row, cause: Entry) {
    if boot_fails(world, cx, instance, &row) {
        world.instances.rows[instance.index()].state = Provisioning::Failed;
        cx.say(Fact::BootFailed { instance }, cause, rules::LC_05);
        return;
    }
    world.instances.rows[instance.index()].booted = true;
    let entry = cx.say(Fact::InstanceBooted { instance }, cause, rules::LC_02);
    let set = &cx.plan.sets[row.set.index()];
    let starts_elsewhere = extensions(cx, set, &row).iter().any(|extension| extension.starts_process)
        || cx.plan.pipelines.iter().any(|pipeline| pipeline.starts_process && pipeline.sets.contains(&row.set.0));
    if !starts_elsewhere && cx.on(rules::WT_02) {
        application::start(world, cx, instance, entry, rules::WT_02);
    }
    extend(world, cx, instance, row, (0, entry, cx.now()));
}

/// The extensions that run on an instance: those of the model, but none on surplus where the model says so (OP-05).
fn extensions<'p>(cx: &Cx<'p>, set: &'p ScaleSet, row: &Row) -> &'p [Extension] {
    if row.surplus && set.skip_extensions_on_surplus && cx.on(rules::OP_05) { &[] } else { &set.profile.extensions }
}

/// Begins the extension at this step, or ends the provisioning if there is none.
fn extend(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: Row, from: (u16, Entry, SimTime)) {
    let (step, cause, since) = from;
    let set = &cx.plan.sets[row.set.index()];
    let list = extensions(cx, set, &row);
    if step as usize == list.len() {
        world.instances.rows[instance.index()].state = Provisioning::Succeeded;
        let skipped = list.len() < set.profile.extensions.len();
        let rule = if skipped { rules::OP_05 } else { rules::LC_02 };
        cx.say(Fact::InstanceProvisioned { instance }, cause, rule);
        return;
    }
    let who = subject(world, instance);
    let _ = cx.assume(A::ExtensionOrder);
    let order = order(cx, set, list, &mut cx.stream(Purpose::ExtensionOrder, who, 0));
    let extension = &list[order[step as usize] as usize];
    let length = cx.stream(Purpose::Extension, who, name(&extension.name)).duration(&extension.duration);
    let health = set.profile.health_extension.as_ref().is_some_and(|health| health.extension == order[step as usize]);
    let length = if health { length + cx.plan.assumptions.time(cx.assume(A::HealthStart)) } else { length };
    // What outlasts the budget is stopped when the budget ends (EX-06).
    let left = (since + set.profile.extensions_budget).since(cx.now());
    let length = if cx.on(rules::EX_06) { length.min(left + SimDuration::from_ms(1)) } else { length };
    cx.after(length, Due::Instances(Event::Extended { instance, step, cause, since }));
}

/// An extension is done, failed, or ran out of the budget.
fn extended(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: Row, done: (u16, Entry, SimTime)) {
    let (step, cause, since) = done;
    let set = &cx.plan.sets[row.set.index()];
    let list = extensions(cx, set, &row);
    let who = subject(world, instance);
    let index = order(cx, set, list, &mut cx.stream(Purpose::ExtensionOrder, who, 0))[step as usize];
    let extension = &list[index as usize];
    if cx.on(rules::EX_06) && cx.now().since(since) > set.profile.extensions_budget {
        world.instances.rows[instance.index()].state = Provisioning::Failed;
        cx.say(Fact::ExtensionsTimedOut { instance }, cause, rules::EX_06);
        return;
    }
    let fails = extension.failure > 0.0
        && cx.stream(Purpose::ExtensionFailure, who, name(&extension.name)).chance(extension.failure);
    if fails && cx.on(rules::LC_04) {
        world.instances.rows[instance.index()].state = Provisioning::Failed;
        cx.say(Fact::ExtensionFailed { instance, extension: index }, cause, rules::LC_04);
        return;
    }
    let health = set.profile.health_extension.as_ref().is_some_and(|health| health.extension == index);
    let rule = if health && !extension.after.is_empty() { rules::EX_04 } else { rules::EX_03 };
    let entry = cx.say(Fact::ExtensionDone { instance, extension: index }, cause, rule);
    if health {
        app_health::start(world, cx, instance, entry);
    }
    if let Some(code) = extension.installs {
        application::install(world, cx, instance, code, entry, rules::EX_03);
    }
    if extension.starts_process {
        application::start(world, cx, instance, entry, rules::WT_02);
    }
    extend(world, cx, instance, row, (step + 1, entry, since));
}

/// The order in which extensions run: each after those it is to follow, else as drawn (EX-03, Q-29).
fn order(cx: &Cx<'_>, set: &ScaleSet, list: &[Extension], stream: &mut Stream) -> Vec<u16> {
    let mut drawn: Vec<u16> = (0..list.len() as u16).collect();
    if cx.plan.assumptions.choice(A::ExtensionOrder) == "seeded" {
        stream.shuffle(&mut drawn);
    }
    if !cx.on(rules::EX_03) {
        return drawn;
    }
    let mut order = Vec::with_capacity(list.len());
    if let (false, Some(health), false) = (cx.on(rules::EX_04), &set.profile.health_extension, list.is_empty()) {
        // A world in which health waits for nothing.
        drawn.retain(|&i| i != health.extension);
        order.push(health.extension);
    }
    while order.len() < list.len() {
        let next = drawn
            .iter()
            .position(|&i| list[i as usize].after.iter().all(|before| order.contains(before)))
            .expect("cyclic sequences are refused when the plan is made");
        order.push(drawn.remove(next));
    }
    order
}

// Verbs.

/// What a new instance is to be.
#[derive(Clone, Copy, Debug)]
pub struct Birth {
    /// Its scale set.
    pub set: SetId,
    /// Its number within the set.
    pub ordinal: u32,
    /// The version that its model means now.
    pub image: ImageId,
    /// Where it stands.
    pub at: Placement,
    /// It is created beyond the wanted number.
    pub surplus: bool,
    /// The cause of its birth, by name.
    pub born_of: u64,
    /// Its ordinal within that cause.
    pub nth: u32,
}

fn add(world: &mut World, cx: &Cx<'_>, birth: &Birth, state: Provisioning) -> InstanceId {
    let instance = InstanceId(u32::try_from(world.instances.rows.len()).expect("fewer than 2³² instances"));
    let set = &cx.plan.sets[birth.set.index()];
    world.instances.rows.push(Row {
        set: birth.set,
        ordinal: birth.ordinal,
        image: birth.image,
        at: birth.at,
        state,
        initial: state == Provisioning::Succeeded,
        booted: state == Provisioning::Succeeded,
        surplus: birth.surplus,
        created: cx.now(),
    });
    let subject = Subject { place: name(&set.name), cause: birth.born_of, ordinal: birth.nth };
    application::create(world, cx, instance, birth.image, subject);
    instance
}

/// Creates an instance from the model (OR-18): its network interface joins its pools at once (LB-16), and its machine
/// runs when the platform has made it.
///
/// Where a pipeline looks after the set, what matters of a new instance is that it is cloned without the pipeline's work
/// (IN-01); else it is the rule that `placed` it.
pub fn create(world: &mut World, cx: &mut Cx<'_>, birth: &Birth, placed: RuleId, cause: Entry) -> InstanceId {
    let instance = add(world, cx, birth, Provisioning::Creating);
    let (set, image, at) = (birth.set, birth.image, birth.at);
    let looked_after = cx.plan.pipelines.iter().any(|pipeline| pipeline.sets.contains(&set.0));
    let rule = if looked_after { rules::IN_01 } else { placed };
    let entry = cx.say(Fact::InstanceCreated { instance, set, image, at }, cause, rule);
    if !cx.on(rules::IN_01) || !cx.on(rules::EX_08) {
        // A world in which what a pipeline did to one instance is there on the next one too.
        if let Some(pipeline) = cx.plan.pipelines.iter().rev().find(|pipeline| pipeline.sets.contains(&set.0)) {
            application::install(world, cx, instance, pipeline.installs, entry, rules::IN_01);
        }
    }
    if cx.on(rules::LB_16) {
        join_pools(world, cx, instance, set, entry);
    }
    app_health::expect(world, cx, instance, entry);
    let region = RegionId(cx.plan.sets[set.index()].region);
    if gallery::admit(world, cx, instance, (image, region), entry) {
        provision(world, cx, instance, entry);
    }
    instance
}

/// The platform makes the machine of an instance.
fn provision(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let base = cx.plan.assumptions.time(cx.assume(A::VmssProvision));
    let spread: Dist = cx.plan.assumptions.dist(cx.assume(A::VmssProvisionSpread));
    let length = base + cx.stream(Purpose::Provision, subject(world, instance), 0).duration(&spread);
    cx.after(length, Due::Instances(Event::Running { instance, cause }));
}

/// Joins an instance to the pools of its model.
pub fn join_pools(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, set: SetId, cause: Entry) {
    for &pool in &cx.plan.sets[set.index()].pools {
        load_balancer::join(world, cx, instance, PoolId(pool), cause);
    }
}

/// An instance stands there when the run begins, in steady state.
pub fn stand(world: &mut World, cx: &mut Cx<'_>, birth: &Birth, cause: Entry) -> InstanceId {
    let instance = add(world, cx, birth, Provisioning::Succeeded);
    let (set, image, at) = (birth.set, birth.image, birth.at);
    let entry = cx.say(Fact::InstanceStood { instance, set, image, at }, cause, rules::WT_08);
    // What the extensions and the pipelines did to it, they did before the run began.
    let plan = cx.plan;
    let by_extension = plan.sets[set.index()].profile.extensions.iter().rev().find_map(|extension| extension.installs);
    let by_pipeline = plan.pipelines.iter().rev().find(|pipeline| pipeline.sets.contains(&set.0));
    let code = by_pipeline.map(|pipeline| pipeline.installs).or(by_extension);
    application::stand(world, cx, instance, code, entry);
    for &pool in &plan.sets[set.index()].pools {
        load_balancer::stand(world, cx, instance, PoolId(pool), entry);
    }
    app_health::stand(world, cx, instance, entry);
    instance
}

/// Deletes an instance that a rule chose: it serves no more from now on, and is gone after the assumed time.
pub fn delete(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, why: Deletion, chosen: RuleId, cause: Entry) {
    let row = &mut world.instances.rows[instance.index()];
    assert!(stands(row), "an instance is deleted once");
    row.state = Provisioning::Deleting;
    let (set, at) = (row.set, row.at);
    let entry = cx.say(Fact::InstanceDeleting { instance, why }, cause, chosen);
    gallery::release(world, cx, instance, entry);
    application::power_off(world, cx, instance, entry);
    load_balancer::leave(world, cx, instance, entry);
    capacity::release(world, cx, set, at);
    let length = cx.plan.assumptions.time(cx.assume(A::VmDelete));
    cx.after(length, Due::Instances(Event::Gone { instance, cause: entry }));
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World) {
    let standing = world.instances.rows.iter().filter(|row| stands(row)).count();
    let listed: usize = world.scale_set.sets.iter().map(|set| set.instances.len()).sum();
    assert_eq!(standing, listed, "instances are conserved: who stands belongs to one set, and nobody else does");
}
