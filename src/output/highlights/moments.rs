//! The moments of a run that lead the eye: three or four, each an entry of the ledger and one sentence; the first act that was
//! refused; and, where repairs undid each other, that loop and what ends it.

use crate::experiment::acts::{self, Fate};
use crate::experiment::harm::{self, Course};
use crate::experiment::replay::Replay;
use crate::output::html::events;
use crate::output::repair_loop;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::census::FLAP;
use windtunnel_sim::measure::fleet::{FleetView, Observer, Watched};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{CapacityBy, End, Fact, JobFact, Record, RolloutFact, SpotFact};
use windtunnel_sim::world::ids::{Entry, SetId};
use windtunnel_sim::world::run::Sink;
use windtunnel_words::clock::spoken;
use windtunnel_words::describe::{Names, sentence};

/// A moment to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Which of them.
    pub label: &'static str,
    /// When it was, and which entry of the ledger says so; [`Entry::NONE`] where people noted it.
    pub at: Option<(SimTime, Entry)>,
    /// What happened, or that it did not.
    pub sentence: String,
}

impl Moment {
    fn of(names: &Names<'_>, label: &'static str, record: &Record) -> Self {
        Self { label, at: Some((record.time, record.entry)), sentence: sentence(names, &record.fact) }
    }

    /// Whether people noted it.
    pub fn is_note(&self) -> bool {
        self.at.is_some_and(|(_, entry)| entry == Entry::NONE)
    }

    fn absent(label: &'static str, sentence: &str) -> Self {
        Self { label, at: None, sentence: sentence.to_owned() }
    }
}

/// The moments of a ledger, without its repair loops. Of a run that harmed users the first harm and, where it comes back, the longest;
/// the first act on the longest (a probe that goes down, a pipeline that comes round, a set that grows), and the halt of a rollout or
/// else the end of the harm. Of another run the first change, the first trouble and the last change. In the order of time; what did
/// not happen comes last.
pub fn moments(names: &Names<'_>, ledger: &[Record], end: SimTime) -> Vec<Moment> {
    let mut walk = Watched::new(names.plan(), Collector::default());
    ledger.iter().for_each(|record| walk.record(record));
    walk.observers.finish(names, &harm::courses(names.plan(), ledger, end))
}

/// With the first act that was refused, in the order of time.
pub(super) fn with_refused(mut moments: Vec<Moment>, acts: &[acts::Act], names: &Names<'_>) -> Vec<Moment> {
    let refused = acts.iter().find_map(|act| match act.fate {
        Fate::Refused(by) => Some((act, by)),
        _ => None,
    });
    if let Some((act, by)) = refused {
        let at =
            moments.iter().position(|moment| moment.at.is_none_or(|(at, _)| at > by.time)).unwrap_or(moments.len());
        let mut moment = Moment::of(names, "refused", &by);
        moment.sentence = format!("“{}”: {}", names.action(act.action), moment.sentence);
        if !moments.iter().any(|known| known.at == moment.at) {
            moments.insert(at, moment);
        }
    }
    moments
}

/// Where repairs undid each other, the first moment, and then each loop and what ends it.
pub(super) fn with_loops(mut moments: Vec<Moment>, replay: &Replay<'_>) -> Vec<Moment> {
    let loops = replay.repair_loops();
    if !loops.is_empty() {
        moments.truncate(1);
    }
    moments.extend(loops.iter().flat_map(|found| repair_loop::moments(&replay.names, found)));
    moments
}

/// With what people noted, each at its time; that is no entry of the ledger.
pub(super) fn with_notes(mut moments: Vec<Moment>, plan: &Plan) -> Vec<Moment> {
    let there = plan.notes.iter().filter(|note| note.at <= plan.horizon);
    moments.extend(there.map(|note| Moment {
        label: note.kind.shown(),
        at: Some((note.at, Entry::NONE)),
        sentence: note.text.clone(),
    }));
    // What did not happen comes last, and a note after what happened at its instant.
    moments.sort_by_key(|moment| moment.at.map_or(SimTime::FAR, |(at, _)| at));
    moments
}

/// The moments of a run, entry by entry.
#[derive(Default)]
pub(super) struct Collector {
    halt: Option<Record>,
    changes: Changes,
}

impl Observer for Collector {
    fn before(&mut self, _: &FleetView<'_>, record: &Record) {
        if let Fact::Rollout(RolloutFact::Ended { end: End::Faulted { .. }, .. }) = record.fact {
            self.halt.get_or_insert(*record);
        }
        self.changes.take(record);
    }
}

impl Collector {
    pub(super) fn finish(self, names: &Names<'_>, harm: &[Course]) -> Vec<Moment> {
        let mut moments = match (harm.first(), harm::longest(harm)) {
            (Some(first), Some(place)) => {
                let longest = &harm[place];
                let begins = |label: &'static str, course: &Course| {
                    let mut moment = Moment::of(names, label, &course.began);
                    if harm.len() > 1 {
                        moment.sentence += &format!(", {}", how_long(course));
                    }
                    moment
                };
                let again = (place > 0).then(|| begins("longest harm", longest));
                let first = begins("first harm", first);
                [first].into_iter().chain(again).chain([first_act(names, longest), self.last(names, harm)]).collect()
            }
            _ => self.changes.finish(names),
        };
        moments.sort_by_key(|moment| moment.at.map_or((SimTime::FAR, Entry(u32::MAX)), |at| at));
        moments
    }

    /// Where a rollout halted, or else the end of the harm, which is over when all its windows are.
    fn last(&self, names: &Names<'_>, harm: &[Course]) -> Moment {
        let ended: Option<Vec<Record>> = harm.iter().map(|course| course.ended).collect();
        let last = ended.and_then(|all| all.into_iter().max_by_key(|record| record.entry));
        match (self.halt, last) {
            (Some(halt), _) => Moment::of(names, "halt", &halt),
            (None, Some(end)) => Moment::of(names, "end of harm", &end),
            (None, None) => Moment::absent("end of harm", "harm goes on when the run ends"),
        }
    }
}

/// For how long users are harmed in a window.
pub(super) fn how_long(course: &Course) -> String {
    let length = spoken(course.until.since(course.from()));
    if course.ended.is_some() { format!("for {length}") } else { format!("for {length} so far") }
}

/// What was first done about a window of harm before it ended.
fn first_act(names: &Names<'_>, course: &Course) -> Moment {
    match (&course.act, course.ended) {
        (Some(act), _) => Moment::of(names, "first act", act),
        (None, Some(_)) => Moment::absent("first act", "nobody acted on it before it ended"),
        (None, None) => Moment::absent("first act", "nobody acted on it before the run ended"),
    }
}

/// What there is to look at where no user was harmed.
#[derive(Default)]
struct Changes {
    first: Option<Record>,
    trouble: Option<Record>,
    last: Option<Record>,
    /// When each set was last scaled, and whether it grew.
    scaled: Vec<(SetId, SimTime, bool)>,
}

impl Changes {
    fn take(&mut self, record: &Record) {
        let Some(first) = &self.first else {
            if begins(&record.fact) {
                self.first = Some(*record);
                undone(&mut self.scaled, record);
            }
            return;
        };
        if self.trouble.is_none()
            && (undone(&mut self.scaled, record) || (record.time > SimTime::ZERO && events::is_trouble(record)))
        {
            self.trouble = Some(*record);
        }
        if record.time > first.time && changes(&record.fact) {
            self.last = Some(*record);
        }
    }

    fn finish(&self, names: &Names<'_>) -> Vec<Moment> {
        let Some(first) = &self.first else {
            return vec![Moment::absent("first harm", "no user was harmed, and nothing changed")];
        };
        let last = self.last.filter(|last| self.trouble.is_none_or(|trouble| last.entry > trouble.entry));
        let rest = [("trouble", self.trouble), ("last change", last)];
        let rest = rest.iter().filter_map(|(label, record)| Some(Moment::of(names, label, record.as_ref()?)));
        std::iter::once(Moment::of(names, "first change", first)).chain(rest).collect()
    }
}

/// Whether something is done to the fleet, by somebody, by a controller or by the platform.
const fn begins(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::ActionTaken { .. }
            | Fact::CapacitySet { .. }
            | Fact::Rollout(RolloutFact::Started { .. })
            | Fact::Spot(SpotFact::Evicted { .. })
    )
}

/// Whether a set is scaled one way, and soon after the other.
fn undone(scaled: &mut Vec<(SetId, SimTime, bool)>, record: &Record) -> bool {
    // Nobody scales where instances are deleted by hand or evicted, or where a delete fails: the capacity follows.
    let Fact::CapacitySet { set, from, to, by: CapacityBy::Request } = record.fact else { return false };
    let grows = to > from;
    let before = scaled.iter().position(|row| row.0 == set).map(|at| scaled.swap_remove(at));
    scaled.push((set, record.time, grows));
    before.is_some_and(|(_, at, grew)| grew != grows && record.time.since(at) <= FLAP)
}

/// Whether the fleet is another than before.
const fn changes(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::CapacitySet { .. }
            | Fact::Rollout(RolloutFact::Ended { .. })
            | Fact::InRotation { .. }
            | Fact::OutOfRotation { .. }
            | Fact::InstanceDeleted { .. }
            | Fact::Job(JobFact::Lost { .. })
    )
}
