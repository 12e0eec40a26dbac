//! The count of the instances of a gateway in words.

use super::codes::instances;
use windtunnel_sim::world::fact::GatewayFact;

/// A fact as one English sentence.
pub fn sentence(who: &str, fact: &GatewayFact) -> String {
    match *fact {
        GatewayFact::Needs { instances: count, .. } => format!("the load of {who} needs {}", instances(count.into())),
        GatewayFact::ScalesOut { by, .. } => format!("{who} scales out by {}", instances(by.into())),
        GatewayFact::Has { instances: 1, .. } => format!("1 instance of {who} takes requests"),
        GatewayFact::Has { instances, .. } => format!("{instances} instances of {who} take requests"),
        GatewayFact::Bounded { least, most, .. } if least == most => {
            format!("{who} is to have {} from now on", instances(least.into()))
        }
        GatewayFact::Bounded { least, most, .. } => format!("{who} is to have {least} to {most} instances from now on"),
        GatewayFact::Drained { instances: count, .. } => {
            format!("the instances of {who} that were drained are gone: {} left", instances(count.into()))
        }
    }
}
