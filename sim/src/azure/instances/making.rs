//! How long the platform takes to make a machine: what the call takes for all that it makes, and each machine on top of it.
//!
//! Questions: P-01, Q-31.

use crate::engine::random::Stream;
use crate::engine::time::SimDuration;
use crate::plan::OrchestrationMode;
use crate::rules::A;
use crate::world::cx::Cx;
use crate::world::ids::SetId;

/// How long a machine of `set` takes until it runs: `call` is the draw of the call that makes it, `own` that of the machine.
pub(in crate::azure) fn length(cx: &mut Cx<'_>, set: SetId, mut call: Stream, mut own: Stream) -> SimDuration {
    let flexible = cx.plan.sets[set.index()].mode == OrchestrationMode::Flexible;
    let whole = if flexible { A::VmssProvisionFlexible } else { A::VmssProvision };
    let (whole, each) = (cx.assume(whole), cx.assume(A::VmssProvisionSpread));
    let (whole, each) = (cx.plan.assumptions.dist(whole), cx.plan.assumptions.dist(each));
    call.duration(&whole) + own.duration(&each)
}
