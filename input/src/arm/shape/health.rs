//! `settings` of the Application Health extension. Of other extensions they are whatever the user put there.

use super::field::{Field, Optional, Text, field, optional};
use super::load_balancer::Protocol;
use super::scale_set::EXTENSION_PROPERTIES;
use windtunnel_sim::rules::{HD_02, HD_04, HD_05};

shape! {
    HEALTH_SETTINGS in EXTENSION_PROPERTIES at "settings": "the settings of a health extension" {
        pub HEALTH_PROTOCOL: Optional<Protocol> = optional("protocol");
        pub HEALTH_PORT: Optional<i64> = optional("port").range(HD_02, 1, 65_535);
        pub HEALTH_PATH: Optional<Text> = optional("requestPath");
        pub HEALTH_INTERVAL: Field<i64> = field("intervalInSeconds", 5).range(HD_04, 5, 60);
        pub HEALTH_PROBES: Field<i64> = field("numberOfProbes", 1).range(HD_05, 1, 24);
        pub HEALTH_GRACE: Optional<i64> = optional("gracePeriod");
    }
}
