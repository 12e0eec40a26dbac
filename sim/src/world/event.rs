//! Events: what is due. The only thing on the queue: small, `Copy`, ids and an epoch.

use crate::azure::{
    app_health, autoscale, gallery, image_builder, instances, load_balancer, maintenance, os_upgrade, repairs,
    rolling_upgrade, scheduled_events, spot, standby, zone_balance, zones,
};
use crate::delivery::pipeline;
use crate::demand::{application, faults, jobs, traffic};
use crate::engine::queue::Key;
use crate::engine::time::SimTime;

/// What is due, by the room that handles it.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A probe is sent, or its result takes effect.
    Probe(load_balancer::ProbeEvent),
    /// The health extension probes, or what it said is on its way.
    Health(app_health::Event),
    /// An entry of the timeline begins or ends.
    Faults(faults::Event),
    /// A date of a version of an image.
    Gallery(gallery::Event),
    /// A step in the run of an image template.
    ImageBuilder(image_builder::Event),
    /// A step in the life of an instance.
    Instances(instances::Event),
    /// A step of an upgrade.
    RollingUpgrade(rolling_upgrade::Event),
    /// Azure looks for OS upgrades.
    OsUpgrade(os_upgrade::Event),
    /// Azure looks for instances to repair.
    Repairs(repairs::Event),
    /// A step in the life of a process.
    Application(application::Event),
    /// A step of a pipeline.
    Pipeline(pipeline::Event),
    /// A write to the balancer's control plane takes effect.
    Balancer(load_balancer::ControlEvent),
    /// Demand crosses a line, or the last kept connections close.
    Traffic(traffic::Event),
    /// Spot capacity is taken back, its price moves, or evicted instances are tried to be brought back.
    Spot(spot::Event),
    /// What a guest is told, and what it does about it.
    Notice(scheduled_events::Event),
    /// The impact of maintenance on an instance changes.
    Maintenance(maintenance::Event),
    /// A job comes, or is done.
    Job(jobs::Event),
    /// The engine of autoscale runs.
    Autoscale(autoscale::Event),
    /// Something about a lost zone is due.
    Zones(zones::Event),
    /// Something about a standby pool is due.
    Standby(standby::Event),
    /// Something about the balance of zones is due.
    ZoneBalance(zone_balance::Event),
}

impl Event {
    /// The order of events within a round: the class first, then the entity, the kind and the epoch.
    ///
    /// The classes, with their reasons:
    /// 0. probes of balancers, since a probe that is sent at an instant sees the truth just before it, and the looks of repairs,
    ///    which see what was known then;
    /// 1. the health extension, for the same reason; its entities are instances and those of class 0 backends, so they
    ///    are kept apart;
    /// 2. the timeline, since the world outside moves before what reacts to it;
    /// 3. versions of images, since a replica that is complete at an instant can be deployed at it, then 4. the runs of
    ///    image templates, which wait for replicas;
    /// 5. instances, then 6. their processes, since a process lives on an instance;
    /// 7. upgrades, which look at instances, and 8. what begins them, since one that ends makes way for the next;
    /// 9. pipelines, which look at instances too;
    /// 10. writes to the balancer, which pipelines cause;
    /// 11. traffic, which meets what all of these left;
    /// 12. autoscale, whose metrics are of minutes that are over;
    /// 20. Spot, as the world outside, which comes to whoever stands there by then; 21. what guests are told; 22. hosts;
    /// 23. jobs, which are lost to what takes their instance at the instant at which they would be done;
    /// 25. lost zones, whose machines come back to what stands by then;
    /// 26. standby pools, whose machines are there for whoever asks after that;
    /// 27. the balance of zones, which looks at sets as all others left them.
    #[must_use]
    #[inline]
    pub fn key(&self, time: SimTime) -> Key {
        match *self {
            Self::Probe(event) => event.key(time, 0),
            Self::Health(event) => event.key(time, 1),
            Self::Faults(event) => event.key(time, 2),
            Self::Gallery(event) => event.key(time, 3),
            Self::ImageBuilder(event) => event.key(time, 4),
            Self::Instances(event) => event.key(time, 5),
            Self::Application(event) => event.key(time, 6),
            Self::RollingUpgrade(event) => event.key(time, 7),
            Self::OsUpgrade(event) => event.key(time, 8),
            Self::Pipeline(event) => event.key(time, 9),
            Self::Balancer(event) => event.key(time, 10),
            Self::Traffic(event) => event.key(time, 11),
            Self::Spot(event) => event.key(time, 20),
            Self::Notice(event) => event.key(time, 21),
            Self::Maintenance(event) => event.key(time, 22),
            Self::Job(event) => event.key(time, 23),
            Self::Autoscale(event) => event.key(time, 12),
            Self::Repairs(event) => event.key(time, 0),
            Self::Zones(event) => event.key(time, 25),
            Self::Standby(event) => event.key(time, 26),
            Self::ZoneBalance(event) => event.key(time, 27),
        }
    }
}
