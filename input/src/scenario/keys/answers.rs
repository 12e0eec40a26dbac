//! The keys of the application: what it answers, and what its users need.

use super::*;
use windtunnel_sim::plan::Cpu;

object! {
    /// The truth about an instance, which every probe sees late.
    mod application "Application";
    /// releases of the code, oldest first: names, or what is wrong with one
    RELEASES: Tree = optional("releases", List(&RELEASE));
    /// what the application depends on, at most 32 names
    DEPENDENCIES: Texts = optional("dependencies");
    /// what one instance serves; no limit where absent
    CAPACITY: SomeRate = optional("capacity");
    /// from process start to warm
    WARM_UP: Length = default("warmUp", SimDuration::ZERO);
    /// what a probe of this path gets; the first clause that holds, and otherwise the port refuses. `tcp` is the
    /// bare port
    ENDPOINTS: Tree = optional("endpoints", MapOf(Names::Paths, &List(&clause::MAPPING)));
    /// what must hold for a user's request to succeed
    SERVES: Conditions = default("serves", Standard::Process);
    /// the code users need; absent, nothing is ever stale
    REQUIRES: Tree = optional("requires", requires::MAPPING);
    /// the slot of each scale set, as an instance learns it when it starts (VS-02): `{ vmss-slot0: slot0, vmss-slot1: slot1 }`
    SLOTS: Tree = optional("slots", MapOf(Names::Of("scale set"), &Kind::Text));
    /// load makes answers slow: steps, rising
    UNDER_LOAD: Tree = optional("underLoad", List(&load_step::MAPPING));
    /// what the extensions of the models do
    EXTENSIONS: Tree = optional("extensions", MapOf(Names::Of("extension"), &extension_effect::MAPPING));
    /// what cloud-init does with the custom data of the models
    CUSTOM_DATA: Tree = optional("customData", MapOf(Names::Of("scale set"), &custom_data_effect::MAPPING));
    /// it asks for scheduled events; absent, it never does
    SCHEDULED_EVENTS: Tree = optional("scheduledEvents", scheduled_events::MAPPING);
    /// long-running work, which is lost with its instance
    JOBS: Tree = optional("jobs", jobs::MAPPING);
    /// how the processor follows the load, for the metric that autoscale reads
    CPU: Tree = optional("cpu", cpu::MAPPING);
}

object! {
    /// When these conditions hold, this is the answer.
    mod clause "Clause";
    /// `process`, `warm`, `current`, `draining`, a dependency, or a mapping such as `{ code: c42 }` or `{ asksForOwn: slot }`; of a
    /// list, all
    WHEN: Conditions = required("when");
    /// an HTTP status, `refused` or `silent`
    ANSWER: Tree = required("answer", Either(&[Integer(100, 599), Word(NoAnswer::WORDS), answer::MAPPING]));
}

object! {
    /// An answer in full.
    mod answer "Answer";
    /// an HTTP status, `refused` or `silent`
    STATUS: Status = required("status");
    /// how long the answer takes
    AFTER: Time = default("after", SimDuration::ZERO);
    /// the body, all of it, in which the probe of an application gateway looks for the text of its `match`
    BODY: Text = optional("body");
    /// `ApplicationHealthState` in the body: `Healthy` or `Unhealthy`; whatever else it is, health is Unknown (HD-23)
    HEALTH_STATE: Text = optional("healthState");
    /// `customMetrics` in the body: a string that holds JSON; an object makes the body unreadable (HD-36)
    CUSTOM_METRICS: Tree = optional("customMetrics", Any);
}

object! {
    /// A condition on who is asked, or on what is asked for.
    mod code_condition "CodeCondition";
    /// the code is at least this release
    CODE: Text = choice("code");
    /// instances by their number within their scale set
    INSTANCES: Tree = choice("instances", List(&Integer(0, u32::MAX as i64)));
    /// the path is asked for with this in its query: `{ slot: slot0 }`
    QUERY: Tree = choice("query", MapOf(Names::Of("key of a query"), &Kind::Text));
    /// the path is asked for with this key in its query, and what it asks for is the instance's own: its slot, scale set, zone, image,
    /// version or code
    ASKS_FOR_OWN: Words<Own> = choice("asksForOwn");
    /// it is of this scale set
    SCALE_SET: Text = choice("scaleSet");
    /// it is of this slot, by `slots` of the application
    SLOT: Text = choice("slot");
    /// it is in this zone
    ZONE: Whole<u8, 1, 3> = choice("zone");
    /// it runs a version of this image, or this one: `web` or `web/1.2.0`
    IMAGE: Text = choice("image");
}

object! {
    /// Users need at least this code.
    mod requires "Requires";
    /// older code harms
    CODE: Text = required("code");
    /// from this instant on
    FROM: Moment = default("from", SimDuration::ZERO);
    /// share of requests that touch the difference (IN-04)
    TOUCHES: Share = default("touches", 1.0);
}

object! {
    /// Above this load, answers take longer.
    mod load_step "LoadStep";
    /// load as a share of the capacity
    ABOVE: AnyShare = required("above");
    /// added to every answer
    AFTER: Time = required("after");
}

object! {
    /// The application asks for scheduled events, drains for them, and approves them.
    mod scheduled_events "ScheduledEvents";
    /// how often it asks
    POLL_EVERY: Time = simulated("pollEvery", A::AppEventsPoll);
    /// the events it acts on: it drains, which the condition `draining` tells
    ON: WordList<EventKind> = default("on", &[EventKind::Preempt.word(), EventKind::Terminate.word()]);
    /// it writes this admin state for its backends while it drains
    ADMIN_STATE: Words<DrainState> = optional("adminState");
    /// how long after it saw an event it approves it; absent, never
    APPROVE_AFTER: Time = optional("approveAfter");
    /// it approves only once no job runs on it
    WHEN_IDLE: Flag = default("whenIdle", false);
    /// it passes over the events of others; without it, it drains for every event of its placement group, and approves
    /// it (SE-07)
    FILTERS_BY_RESOURCES: Flag = default("filtersByResources", true);
}

object! {
    /// Long-running work, which an instance does one at a time and loses with its machine.
    mod jobs "Jobs";
    /// the set whose instances do it
    SCALE_SET: Text = required("scaleSet");
    /// from one job to the next
    EVERY: Length = required("every");
    /// how long a job runs
    DURATION: Length = required("duration");
    /// an instance protects itself from scale-in while it works (IP-01)
    PROTECTS: Flag = default("protects", false);
}

object! {
    /// `Percentage CPU` of an instance: a straight line from no load through its capacity, and on to 100%.
    mod cpu "Cpu";
    /// without any request
    IDLE: Share = default("idle", Cpu::LINE.idle);
    /// at the capacity of the instance
    AT_CAPACITY: Share = default("atCapacity", Cpu::LINE.at_capacity);
}
