//! What few rooms look for in a fact: whether it moves load, or a target of Octopus.

use super::fact::{Fact, FaultFact, FlowFact, PowerFact, WriteFact};

/// Whether an instance is to be registered as a target of Octopus, or its machine or disk went.
pub(super) const fn moves_target(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::InstancePresent { .. }
            | Fact::InstanceBooted { .. }
            | Fact::InstanceProvisioned { .. }
            | Fact::InstanceDeleting { .. }
            | Fact::UpdateStarted { .. }
            | Fact::DiskSwapped { .. }
            | Fact::Power(PowerFact::Deallocating { .. } | PowerFact::Stopping { .. })
    )
}

/// Whether someone else may run now, or carry the load.
pub(super) const fn moves_load(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::InstanceRunning { .. }
            | Fact::InstanceDeleting { .. }
            | Fact::UpdateStarted { .. }
            | Fact::ProcessStopped { .. }
            | Fact::Fault(FaultFact::Hung { .. } | FaultFact::Resumed { .. })
            | Fact::ServiceChanged { .. }
            | Fact::LeftPool { .. }
            | Fact::InRotation { .. }
            | Fact::OutOfRotation { .. }
            | Fact::Flow(FlowFact::Routed { .. } | FlowFact::Retried { .. })
            | Fact::Write(WriteFact::Led { .. } | WriteFact::Off { .. })
    )
}
