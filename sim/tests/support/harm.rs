//! The harm that the ledger speaks of, against that of the measures.

use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::fleet::{Change, FleetView, Observer, Watched};
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_sim::world::run::{Options, run};

/// Since when, and until when, the ledger says that users of each entry point are harmed.
#[derive(Default)]
struct Harm(Vec<(EntryPointId, SimTime, SimTime)>);

impl Observer for Harm {
    fn after(&mut self, _: &FleetView<'_>, record: &Record, _: Option<&Change>) {
        match record.fact {
            Fact::HarmStarted { entry_point } => self.0.push((entry_point, record.time, SimTime::FAR)),
            Fact::HarmEnded { entry_point } => {
                let open = self.0.iter_mut().rfind(|(of, ..)| *of == entry_point);
                open.expect("it started").2 = record.time;
            }
            _ => {}
        }
    }
}

/// Whenever requests of an entry point are harmed the ledger says that its users are, and never else: in the middle between two changes
/// of what they meet, on either side of where demand passes what there is room for. Gives in how many of them they are.
///
/// # Panics
/// If it is not so.
pub fn is_of_the_measures(plan: &Plan, seed: u64, what: &str) -> usize {
    let mut watched = Watched::new(plan, (Series::new(plan), Harm::default()));
    run(plan, seed, Options::default(), &mut watched);
    let (series, Harm(harm)) = &watched.observers;
    let mut harmed = 0;
    for (id, _) in plan.entries().filter(|(_, entry)| entry.traffic.is_some()) {
        for (row, until) in series.spans(id) {
            let met = row.requests.expect("it has traffic");
            let [before, after] = met.overflow(row.time, until).unwrap_or([until; 2]);
            // The ledger rounds where it passes up to the millisecond.
            let spans = [(row.time, before), (after, until)].map(|(from, to)| (from, to.since(from).ms()));
            for (from, length) in spans.into_iter().filter(|(_, length)| *length > 1) {
                let middle = from + SimDuration::from_ms(length / 2);
                let rates = met.at(middle);
                let is = rates.failed + rates.stale > 1e-12 * rates.demand;
                let said = harm.iter().any(|&(of, from, to)| of == id && from <= middle && middle < to);
                assert_eq!(is, said, "{what}, {id:?} at {middle}: {rates:?}");
                harmed += usize::from(is);
            }
        }
    }
    harmed
}
