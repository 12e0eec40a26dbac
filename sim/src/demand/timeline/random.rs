//! Faults that come at random, with draws of the world: keyed by the seed, the name of the fault and its number, so that
//! every policy meets the same faults at the same instants for as long (WT-13). Which instances one hits is drawn for each instance.

use super::{Event, Occurrence, Source, begin, end, length_of};
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::RandomFault;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, FaultFact};
use crate::world::ids::{Entry, FaultId};

/// What the draws of an occurrence are keyed by.
fn subject(fault: &RandomFault, nth: u32) -> Subject {
    Subject { place: name(&fault.name), cause: name("fault"), ordinal: nth }
}

/// Puts the occurrence with this number on the queue, counted from the instant of the one before.
pub(super) fn expect(cx: &mut Cx<'_>, id: FaultId, nth: u32, from: SimTime) {
    let fault = &cx.plan.faults[id.index()];
    let gap = cx.draw(Purpose::FaultTime, subject(fault, nth), 0, &fault.every);
    let at = from + gap.max(SimDuration::from_ms(1));
    if at <= cx.plan.horizon && cx.on(rules::WT_13) {
        cx.at(at, Due::Timeline(Event::Strikes { fault: id, nth }));
    }
}

/// A fault comes.
pub(super) fn strike(world: &mut World, cx: &mut Cx<'_>, id: FaultId, nth: u32) {
    expect(cx, id, nth + 1, cx.now());
    let fault = &cx.plan.faults[id.index()];
    let entry = cx.record(Fact::Fault(FaultFact::Started { fault: id, nth }), Entry(1), rules::WT_13);
    let drawn = fault.length.map(|length| cx.draw(Purpose::FaultLength, subject(fault, nth), 0, &length));
    let length = drawn.or_else(|| length_of(&fault.what));
    begin(world, cx, Occurrence { source: Source::Fault(id, nth), length }, &fault.what, entry);
}

/// It passes.
pub(super) fn pass(world: &mut World, cx: &mut Cx<'_>, (id, nth): (FaultId, u32), cause: Entry) {
    let fault = &cx.plan.faults[id.index()];
    let entry = cx.record(Fact::Fault(FaultFact::Ended { fault: id, nth }), cause, rules::WT_13);
    end(world, cx, Occurrence { source: Source::Fault(id, nth), length: None }, &fault.what, entry);
}
