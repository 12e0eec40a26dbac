//! The count of the instances of a gateway in words.

use windtunnel_sim::world::fact::GatewayFact;

/// A fact as one English sentence.
pub fn sentence(who: &str, fact: &GatewayFact) -> String {
    let instances = |count: u16| if count == 1 { "1 instance".to_owned() } else { format!("{count} instances") };
    match *fact {
        GatewayFact::Needs { instances: count, .. } => format!("the load of {who} needs {}", instances(count)),
        GatewayFact::ScalesOut { by, .. } => format!("{who} scales out by {}", instances(by)),
        GatewayFact::Has { instances: 1, .. } => format!("1 instance of {who} takes requests"),
        GatewayFact::Has { instances, .. } => format!("{instances} instances of {who} take requests"),
        GatewayFact::Drained { instances: count, .. } => {
            format!("the instances of {who} that were drained are gone: {} left", instances(count))
        }
    }
}
