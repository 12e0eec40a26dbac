//! The world: every room's state, the closed sets of events, facts and wakes, and the one loop.

pub mod cx;
pub mod entry_points;
pub mod event;
pub mod fact;
pub mod ids;
pub mod limits;
mod moves;
mod routes;
pub mod run;
pub mod wake;

use crate::azure::{
    app_health, autoscale, capacity, front_door, gallery, gateways, image_builder, instances, load_balancer,
    maintenance, os_upgrade, outside_probes, repairs, rolling_upgrade, scale_set, scheduled_events, spot, standby,
    traffic_manager, zone_balance, zones,
};
use crate::delivery::{agent_pools, environments, octopus, pipeline};
use crate::demand::{application, faults, jobs, timeline, traffic};
use cx::Cx;
use ids::InstanceId;

/// Makes the world of the list of its rooms: a field a room, its start and its invariants.
macro_rules! rooms {
    ($($(#[doc = $doc:literal])+ $room:ident,)+) => {
        /// Every room's state, lowest rank first: a room calls verbs only of rooms above it in this list.
        #[derive(Clone, Debug)]
        pub struct World { $($(#[doc = $doc])+ pub $room: $room::State),+ }

        impl World {
            /// Every room as it is before the run begins.
            fn new(cx: &mut Cx<'_>) -> Self {
                Self { $($room: $room::State::new(cx)),+ }
            }

            /// Every room's invariants.
            ///
            /// # Panics
            /// If one does not hold.
            pub fn check(&self, cx: &Cx<'_>) {
                $($room::check(self, cx);)+
            }
        }
    };
}

// The order of the rows is the rank of the rooms, lowest first.
rooms! {
    /// What is wrong with the platform.
    faults,
    /// What runs on each instance.
    application,
    /// Where instances stand.
    capacity,
    /// Who gets requests.
    load_balancer,
    /// What the health extension makes of each instance.
    app_health,
    /// Versions of images, and where they stand.
    gallery,
    /// Machines that wait to be instances.
    standby,
    /// The life of each instance.
    instances,
    /// The sets and their counts.
    scale_set,
    /// Notices to guests.
    scheduled_events,
    /// Who takes Spot instances back.
    spot,
    /// What is done to hosts.
    maintenance,
    /// Which zones are lost.
    zones,
    /// Long-running work.
    jobs,
    /// Upgrades of the sets.
    rolling_upgrade,
    /// When Azure itself upgrades their OS images.
    os_upgrade,
    /// Which instances Azure repairs.
    repairs,
    /// Which sets are evened out over their zones.
    zone_balance,
    /// How images are built.
    image_builder,
    /// Who installs code from outside.
    pipeline,
    /// Who deploys to instances that register.
    octopus,
    /// Who makes agents of the instances of a set.
    agent_pools,
    /// Deployments to environments of machines.
    environments,
    /// What users meet.
    traffic,
    /// Which names lead where.
    traffic_manager,
    /// Which origins edge sites send requests to.
    front_door,
    /// Who probes from outside.
    outside_probes,
    /// How many instances gateways have.
    gateways,
    /// The metrics of sets, and who writes their capacity by them.
    autoscale,
    /// What the scenario says happens.
    timeline,
}

impl World {
    /// Reads something of all that is kept of an instance, before any of it is needed: so its lines come from memory at
    /// once, and not one after the other. In a large fleet that is most of what an event waits for.
    pub(crate) fn fetch(&self, instance: InstanceId) {
        let read = self.application.fetch(instance)
            ^ self.app_health.fetch(instance)
            ^ self.load_balancer.of(instance).map(|member| self.traffic.fetch(member)).fold(0, |all, read| all ^ read);
        std::hint::black_box(read);
    }
}
