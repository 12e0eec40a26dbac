//! Azure: one room a service.

pub mod app_health;
pub mod autoscale;
pub mod capacity;
pub mod front_door;
pub mod gallery;
pub mod gateways;
pub mod image_builder;
pub mod instances;
pub mod load_balancer;
pub mod maintenance;
pub mod os_upgrade;
pub mod outside_probes;
pub mod predictive;
pub mod repairs;
pub mod rolling_upgrade;
pub mod scale_set;
pub mod scheduled_events;
pub mod spot;
pub mod standby;
pub mod traffic_manager;
pub mod zone_balance;
pub mod zones;
