//! How long the platform takes to make a machine: what the call takes for all that it makes, and each machine on top of it.
//!
//! Assumptions: `vmss.provision`, `vmss.provision_spread`.

use crate::engine::random::Stream;
use crate::engine::time::SimDuration;
use crate::plan::OrchestrationMode;
use crate::rules::key;
use crate::world::cx::Cx;
use crate::world::ids::SetId;

/// How long a machine of `set` takes until it runs: `call` is the draw of the call that makes it, `own` that of the machine.
pub(in crate::azure) fn length(cx: &mut Cx<'_>, set: SetId, mut call: Stream, mut own: Stream) -> SimDuration {
    let flexible = cx.plan.sets[set.index()].mode == OrchestrationMode::Flexible;
    let whole = if flexible { key::VmssProvisionFlexible } else { key::VmssProvision };
    let (whole, each) = (cx.assume(whole), cx.assume(key::VmssProvisionSpread));
    call.duration(&whole) + own.duration(&each)
}
