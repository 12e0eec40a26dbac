//! The world: every room's state, the closed sets of events, facts and wakes, and the one loop.

pub mod cx;
pub mod event;
pub mod fact;
pub mod ids;
pub mod limits;
mod routes;
pub mod run;
pub mod wake;

use crate::azure::{
    app_health, autoscale, capacity, gallery, image_builder, instances, load_balancer, maintenance, os_upgrade,
    repairs, rolling_upgrade, scale_set, scheduled_events, spot, standby, zone_balance, zones,
};
use crate::delivery::pipeline;
use crate::demand::{application, faults, jobs, traffic};
use cx::Cx;
use event::Event;
use ids::{BuilderId, Entry, InstanceId, SetId};
use wake::Wake;

/// Every room's state, lowest rank first: a room calls verbs only of rooms above it in this list.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// What runs on each instance.
    pub application: application::State,
    /// Where instances stand.
    pub capacity: capacity::State,
    /// Who gets requests.
    pub load_balancer: load_balancer::State,
    /// What the health extension makes of each instance.
    pub app_health: app_health::State,
    /// Versions of images, and where they stand.
    pub gallery: gallery::State,
    /// Machines that wait to be instances.
    pub standby: standby::State,
    /// The life of each instance.
    pub instances: instances::State,
    /// The sets and their counts.
    pub scale_set: scale_set::State,
    /// What guests are told.
    pub scheduled_events: scheduled_events::State,
    /// Who takes Spot instances back.
    pub spot: spot::State,
    /// What is done to hosts.
    pub maintenance: maintenance::State,
    /// Which zones are lost.
    pub zones: zones::State,
    /// Long-running work.
    pub jobs: jobs::State,
    /// Upgrades of the sets.
    pub rolling_upgrade: rolling_upgrade::State,
    /// When Azure itself upgrades their OS images.
    pub os_upgrade: os_upgrade::State,
    /// Which instances Azure repairs.
    pub repairs: repairs::State,
    /// Which sets are evened out over their zones.
    pub zone_balance: zone_balance::State,
    /// How images are built.
    pub image_builder: image_builder::State,
    /// Who installs code from outside.
    pub pipeline: pipeline::State,
    /// What users meet.
    pub traffic: traffic::State,
    /// The metrics of sets, and who writes their capacity by them.
    pub autoscale: autoscale::State,
    /// The timeline.
    pub faults: faults::State,
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

    /// The one match from event to room.
    fn handle(&mut self, cx: &mut Cx<'_>, event: Event) {
        match event {
            Event::Probe(event) => load_balancer::handle_probe(self, cx, event),
            Event::Health(event) => app_health::handle(self, cx, event),
            Event::Faults(event) => faults::handle(self, cx, event),
            Event::Gallery(event) => gallery::handle(self, cx, event),
            Event::ImageBuilder(event) => image_builder::handle(self, cx, event),
            Event::Instances(event) => instances::handle(self, cx, event),
            Event::RollingUpgrade(event) => rolling_upgrade::handle(self, cx, event),
            Event::OsUpgrade(event) => os_upgrade::handle(self, cx, event),
            Event::Repairs(event) => repairs::handle(self, cx, event),
            Event::Application(event) => application::handle(self, cx, event),
            Event::Pipeline(event) => pipeline::handle(self, cx, event),
            Event::Balancer(event) => load_balancer::handle_control(self, cx, event),
            Event::Traffic(event) => traffic::handle(self, cx, event),
            Event::Spot(event) => spot::handle(self, cx, event),
            Event::Notice(event) => scheduled_events::handle(self, cx, event),
            Event::Maintenance(event) => maintenance::handle(self, cx, event),
            Event::Job(event) => jobs::handle(self, cx, event),
            Event::Autoscale(event) => autoscale::handle(self, cx, event),
            Event::Zones(event) => zones::handle(self, cx, event),
            Event::Standby(event) => standby::handle(self, cx, event),
            Event::ZoneBalance(event) => zone_balance::handle(self, cx, event),
        }
    }

    /// Lets a woken controller look at its units.
    fn reconcile(&mut self, cx: &mut Cx<'_>, wake: Wake, units: &[(u32, Entry)]) {
        match wake {
            Wake::ImageBuilder => {
                for &(builder, cause) in units {
                    image_builder::reconcile(self, cx, BuilderId(builder as u16), cause);
                }
            }
            Wake::Instances => {
                for &(instance, cause) in units {
                    instances::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::ScaleSet => scale_set::reconcile(self, cx, units),
            Wake::ScheduledEvents => {
                for &(instance, cause) in units {
                    scheduled_events::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::Spot => {
                for &(instance, cause) in units {
                    spot::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::Maintenance => {
                for &(instance, cause) in units {
                    maintenance::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::Jobs => {
                for &(instance, cause) in units {
                    jobs::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::Application => {
                for &(instance, cause) in units {
                    application::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::LoadBalancer => {
                for &(instance, cause) in units {
                    load_balancer::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::AppHealth => {
                for &(instance, cause) in units {
                    app_health::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::HealthProbe => {
                for &(instance, cause) in units {
                    app_health::reconcile_probe(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::RollingUpgrade => {
                for &(instance, cause) in units {
                    rolling_upgrade::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::OsUpgrade => {
                for &(set, cause) in units {
                    os_upgrade::reconcile(self, cx, SetId(set as u16), cause);
                }
            }
            Wake::RepairsService => {
                for &(set, cause) in units {
                    repairs::reconcile_service(self, cx, SetId(set as u16), cause);
                }
            }
            Wake::Repairs => {
                for &(instance, cause) in units {
                    repairs::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::Pipeline => {
                for &(instance, cause) in units {
                    pipeline::reconcile(self, cx, InstanceId(instance), cause);
                }
            }
            Wake::ZoneWrite => {
                for &(set, cause) in units {
                    zone_balance::reconcile_write(self, cx, SetId(set as u16), cause);
                }
            }
            Wake::ZoneBalance => {
                for &(set, cause) in units {
                    zone_balance::reconcile(self, cx, SetId(set as u16), cause);
                }
            }
            Wake::Standby => {
                for &(set, cause) in units {
                    standby::reconcile(self, cx, SetId(set as u16), cause);
                }
            }
            Wake::Traffic => traffic::reconcile(self, cx, units),
            Wake::Autoscale => autoscale::reconcile(self, cx, units),
        }
    }

    /// Every room's invariants.
    ///
    /// # Panics
    /// If one does not hold.
    pub fn check(&self, cx: &Cx<'_>) {
        application::check(self);
        capacity::check(self);
        load_balancer::check(self, cx);
        app_health::check(self, cx);
        gallery::check(self, cx);
        standby::check(self, cx);
        instances::check(self);
        scale_set::check(self, cx);
        scheduled_events::check(self, cx);
        spot::check(self);
        maintenance::check(self);
        zones::check(self);
        jobs::check(self);
        rolling_upgrade::check(self);
        os_upgrade::check(self);
        repairs::check(self);
        zone_balance::check(self);
        image_builder::check(self, cx);
        pipeline::check(self, cx);
        traffic::check(self);
        autoscale::check(self, cx);
    }
}
