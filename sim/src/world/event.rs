//! Events: what is due. The only thing on the queue: small, `Copy`, ids and an epoch.

use crate::azure::{
    app_health, autoscale, gallery, image_builder, instances, load_balancer, os_upgrade, rolling_upgrade,
};
use crate::delivery::pipeline;
use crate::demand::{application, faults, traffic};
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
    /// A step in the life of a process.
    Application(application::Event),
    /// A step of a pipeline.
    Pipeline(pipeline::Event),
    /// A write to the balancer's control plane takes effect.
    Balancer(load_balancer::ControlEvent),
    /// Demand crosses a line, or the last kept connections close.
    Traffic(traffic::Event),
    /// The engine of autoscale runs.
    Autoscale(autoscale::Event),
}

impl Event {
    /// The order of events within a round: the class first, then the entity, the kind and the epoch.
    ///
    /// The classes, with their reasons:
    /// 0. probes of balancers, since a probe that is sent at an instant sees the truth just before it;
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
    /// 12. autoscale, whose metrics are of minutes that are over.
    #[must_use]
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
            Self::Autoscale(event) => event.key(time, 12),
        }
    }
}
