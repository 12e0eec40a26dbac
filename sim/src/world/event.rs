//! Events: what is due. The only thing on the queue: small, `Copy`, ids and an epoch.

use super::World;
use super::cx::Cx;
use crate::azure::{
    app_health, autoscale, front_door, gallery, gateways, image_builder, instances, load_balancer, maintenance,
    os_upgrade, outside_probes, repairs, rolling_upgrade, scheduled_events, spot, standby, traffic_manager,
    zone_balance, zones,
};
use crate::delivery::{agent_pools, environments, octopus, pipeline};
use crate::demand::{application, jobs, timeline, traffic};
use crate::engine::queue::Key;
use crate::engine::time::SimTime;

/// Makes the enum of events, their classes and the one match from event to room of one table.
///
/// A row reads: what is due, variant, event of the room, who handles it; and why events of its class come where they do.
macro_rules! events {
    ($($(#[doc = $doc:literal])+ $name:ident($event:ty) => $handle:path, $reason:literal;)+) => {
        /// What is due, by the room that handles it.
        #[derive(Clone, Copy, Debug)]
        pub enum Event { $($(#[doc = $doc])+ $name($event)),+ }

        /// The classes of events, one an event, in the order in which they are handled within a round.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Class { $(#[doc = $reason] $name),+ }

        impl Event {
            /// The order of events within a round: the [`Class`] first, then the entity, the kind and the epoch.
            #[must_use]
            // Whoever puts an event on the queue knows which it is: no match is left.
            #[inline(always)]
            pub fn key(&self, time: SimTime) -> Key {
                match *self { $(Self::$name(event) => event.key(time, Class::$name as u8)),+ }
            }
        }

        impl World {
            /// The one match from event to room.
            pub(super) fn handle(&mut self, cx: &mut Cx<'_>, event: Event) {
                match event { $(Event::$name(event) => $handle(self, cx, event)),+ }
            }
        }
    };
}

// The order of the rows is that of the classes: events of the first come first within a round.
events! {
    /// A place of Traffic Manager or an edge site of Front Door probes.
    OutsideProbes(outside_probes::Event) => outside_probes::handle,
        "Probes from outside: they see the rotations of just before the instant.";
    /// A cached answer of Traffic Manager expires.
    TrafficManager(traffic_manager::Event) => traffic_manager::handle,
        "Who asks for a name again at the instant gets what was just found.";
    /// A probe is sent, or its result takes effect.
    Probe(load_balancer::ProbeEvent) => load_balancer::handle_probe,
        "Probes of balancers: one that is sent at an instant sees the truth just before it.";
    /// Azure looks for instances to repair.
    Repairs(repairs::Event) => repairs::handle,
        "The looks of repairs: they see what was known just before the instant.";
    /// The health extension probes, or what it reported is on its way.
    Health(app_health::Event) => app_health::handle,
        "The health extension, for the same reason as probes.";
    /// An entry of the timeline begins or ends.
    Timeline(timeline::Event) => timeline::handle,
        "The timeline: the world outside moves before what reacts to it.";
    /// A date of a version of an image.
    Gallery(gallery::Event) => gallery::handle,
        "Versions of images: a replica that is complete at an instant can be deployed at it.";
    /// A step in the run of an image template.
    ImageBuilder(image_builder::Event) => image_builder::handle,
        "The runs of image templates: they wait for replicas.";
    /// A step in the life of an instance.
    Instances(instances::Event) => instances::handle,
        "Instances: what is made or gone at an instant is so for all that look at it.";
    /// A step in the life of a process.
    Application(application::Event) => application::handle,
        "Processes: each lives on an instance.";
    /// A step of an upgrade.
    RollingUpgrade(rolling_upgrade::Event) => rolling_upgrade::handle,
        "Upgrades: they look at instances.";
    /// Azure looks for OS upgrades.
    OsUpgrade(os_upgrade::Event) => os_upgrade::handle,
        "What begins upgrades: one that ends makes way for the next.";
    /// A step of a pipeline.
    Pipeline(pipeline::Event) => pipeline::handle,
        "Pipelines: they look at instances too.";
    /// Something in Octopus.
    Octopus(octopus::Event) => octopus::handle,
        "Octopus, as pipelines; what runs to its end at an instant is done before triggers are looked at.";
    /// A write to the balancer's control plane takes effect.
    Balancer(load_balancer::ControlEvent) => load_balancer::handle_control,
        "Writes to the balancer: pipelines cause them.";
    /// A configuration of Front Door reaches an edge site.
    FrontDoor(front_door::Event) => front_door::handle,
        "Writes to Front Door, as those to balancers.";
    /// Demand crosses a line, or the last kept connections close.
    Traffic(traffic::Event) => traffic::handle,
        "Traffic: it meets what all of these left.";
    /// The count of the instances of a gateway changes, or what it is to be.
    Gateways(gateways::Event) => gateways::handle,
        "Gateways: their load is what users send by then.";
    /// The engine of autoscale runs.
    Autoscale(autoscale::Event) => autoscale::handle,
        "Autoscale: its metrics are of minutes that are over.";
    /// Spot capacity is taken back, its price moves, or evicted instances are tried to be brought back.
    Spot(spot::Event) => spot::handle,
        "Spot, as the world outside: it takes whoever is there by then.";
    /// The notices a guest gets, and what it does about them.
    Notice(scheduled_events::Event) => scheduled_events::handle,
        "Notices to guests: after what is done to them.";
    /// The impact of maintenance on an instance changes.
    Maintenance(maintenance::Event) => maintenance::handle,
        "Hosts: their guests were notified.";
    /// A job comes, or is done.
    Job(jobs::Event) => jobs::handle,
        "Jobs: they are lost to what takes their instance at the instant at which they would be done.";
    /// Something about a lost zone is due.
    Zones(zones::Event) => zones::handle,
        "Lost zones: their machines come back to what is there by then.";
    /// Something about a standby pool is due.
    Standby(standby::Event) => standby::handle,
        "Standby pools: their machines are there for whoever asks after that.";
    /// Something about the balance of zones is due.
    ZoneBalance(zone_balance::Event) => zone_balance::handle,
        "The balance of zones: it looks at sets as all others left them.";
    /// A step of a deployment to an environment.
    Environments(environments::Event) => environments::handle,
        "Deployments to environments: they look at machines as all others left them.";
    /// Something about a pool of agents is due.
    AgentPools(agent_pools::Event) => agent_pools::handle,
        "Pools of agents: they sample what all others left.";
}
