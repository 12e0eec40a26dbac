//! Who is where: lists of instances that were recorded, and whether, and how often, the model makes them.

use super::case::{Call, Case};
use super::figures::{Figures, Kind};
use super::judge::{Played, as_played};
use super::runs::{Placed, Run, play_seeds};
use super::{MORE_SEEDS, SEEDS};
use crate::experiment::statistics::chi_square_above;
use std::collections::BTreeMap;
use windtunnel_sim::engine::random::{Purpose, Randomness, Subject};

/// What came of the lists.
#[derive(Clone, Debug, Default)]
pub struct Placements {
    /// How many there are.
    pub total: u32,
    /// Those that no seed makes: the set-up, the list, how often it was recorded.
    pub impossible: Vec<(String, String, u32)>,
    /// How often each group of ids was kept, as recorded and in the model.
    pub frequencies: Vec<Frequencies>,
    /// Scale-ins and evictions: before and after.
    pub victims: Vec<Victim>,
}

/// How often ids were kept by creates of one kind.
#[derive(Clone, Debug)]
pub struct Frequencies {
    /// Of which creates.
    pub name: String,
    /// The ids, how often they were recorded, and in how many of the runs they are.
    pub kept: Vec<(String, u32, u32)>,
    /// Recordings.
    pub recorded: u32,
    /// χ² of the two, as samples.
    pub chi_square: f64,
    /// Its degrees of freedom.
    pub degrees: u32,
    /// The chance of such a χ² or a larger one.
    pub p: f64,
}

/// The instances before and after.
#[derive(Clone, Debug)]
pub struct Victim {
    /// Of what.
    pub set_up: String,
    /// `0 1 2 > 0 1`.
    pub recorded: String,
    /// How often it was recorded.
    pub count: u32,
    /// What most seeds with the same before have after.
    pub model: String,
    /// The seeds with the same before.
    pub seeds: u32,
    /// The share of them that have the same after.
    pub share: f64,
    /// Whether the call names who goes, so that the model draws somebody: then any share will do.
    pub named: bool,
}

impl Victim {
    /// Whether the model leaves the same.
    pub fn is_right(&self) -> bool {
        self.share > 0.5 || (self.named && self.share > 0.0)
    }
}

/// Judges every list.
pub fn placements(figures: &Figures, played: &Played) -> Placements {
    let mut all = Placements::default();
    for ((_, case, what), row) in figures.of(Kind::List) {
        let Some((case, runs)) = case.as_ref().and_then(|case| Some((case, runs_of(case, played)?))) else { continue };
        all.total += row.count;
        if !runs.iter().any(|run| makes(run, what)) {
            all.impossible.push((case.set_up(), what.clone(), row.count));
        }
    }
    all.frequencies = frequencies(figures, played);
    all.victims = figures
        .of(Kind::Victim)
        .filter_map(|((_, case, what), row)| {
            let case = case.as_ref()?;
            victim(case, runs_of(case, played)?, what, row.count)
        })
        .collect();
    for victim in &all.victims {
        all.total += victim.count;
        if victim.share <= 0.0 {
            all.impossible.push((victim.set_up.clone(), victim.recorded.clone(), victim.count));
        }
    }
    all
}

fn runs_of<'a>(case: &Case, played: &'a Played) -> Option<&'a Vec<Run>> {
    played.get(&as_played(case))?.as_ref().ok()
}

/// Whether this list is one of the moments of a run: `0 3`, or `1@3 2@1` with the zones.
fn makes(run: &Run, list: &str) -> bool {
    let mut ids = Vec::new();
    for word in list.split_whitespace() {
        let (id, zone) = word.split_once('@').map_or((word, None), |(id, zone)| (id, Some(zone)));
        let Ok(id) = id.parse::<u32>() else { return false };
        let there = run.made.iter().find(|placed| placed.id == id);
        if zone.is_some_and(|zone| there.is_none_or(|placed| placed.zone.to_string() != zone)) {
            return false;
        }
        ids.push(id);
    }
    run.seen.contains(&ids)
}

fn joined(placed: &[Placed]) -> String {
    let mut ids: Vec<u32> = placed.iter().map(|placed| placed.id).collect();
    ids.sort_unstable();
    ids.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}

/// The same ids go on by the same rule in every create of this kind.
fn name_of(case: &Case) -> String {
    let mut name = format!("{} asked for", case.capacity);
    if !case.zones.is_empty() {
        name.push_str(&format!(", {} zones", case.zones.len()));
    }
    if !case.surplus {
        name.push_str(", no surplus");
    }
    name
}

fn frequencies(figures: &Figures, played: &Played) -> Vec<Frequencies> {
    let mut groups: BTreeMap<String, BTreeMap<String, (u32, u32)>> = BTreeMap::new();
    let mut known: Vec<&Case> = Vec::new();
    for ((_, case, what), row) in figures.of(Kind::Kept) {
        let Some((case, runs)) = case.as_ref().and_then(|case| Some((case, runs_of(case, played)?))) else { continue };
        let group = groups.entry(name_of(case)).or_default();
        group.entry(what.clone()).or_default().0 += row.count;
        if !known.contains(&case) {
            known.push(case);
            for run in runs {
                group.entry(joined(&run.before)).or_default().1 += 1;
            }
        }
    }
    groups.into_iter().filter_map(|(name, kept)| compare(name, &kept)).collect()
}

/// How many times the labels are dealt again where too little was recorded for the tables of χ².
const DEALS: u32 = 2000;

fn compare(name: String, kept: &BTreeMap<String, (u32, u32)>) -> Option<Frequencies> {
    let recorded: u32 = kept.values().map(|(recorded, _)| recorded).sum();
    let model: u32 = kept.values().map(|(_, model)| model).sum();
    if recorded < 5 || model == 0 {
        return None;
    }
    let counts: Vec<(u32, u32)> = kept.values().copied().collect();
    let chi_square = chi_square(&counts);
    let degrees = u32::try_from(counts.len() - 1).unwrap_or(u32::MAX);
    let share = f64::from(recorded) / f64::from(recorded + model);
    let enough = counts.iter().all(|(one, other)| f64::from(one + other) * share >= 5.0);
    let p = if enough { chi_square_above(chi_square, degrees) } else { dealt(&counts, recorded, chi_square) };
    let kept = kept.iter().map(|(ids, (recorded, model))| (ids.clone(), *recorded, *model)).collect();
    Some(Frequencies { name, kept, recorded, chi_square, degrees, p })
}

/// χ² of two samples: how far each is from what both together would have.
fn chi_square(counts: &[(u32, u32)]) -> f64 {
    let (one, other) = counts.iter().fold((0, 0), |(one, other), pair| (one + pair.0, other + pair.1));
    let all = f64::from(one + other);
    let part = |count: u32, of: u32, both: u32| {
        let expected = f64::from(of) * f64::from(both) / all;
        let off = f64::from(count) - expected;
        if expected > 0.0 { off * off / expected } else { 0.0 }
    };
    counts.iter().map(|(a, b)| part(*a, one, a + b) + part(*b, other, a + b)).sum()
}

/// How often the labels "recorded" and "model", dealt at random, come out as far apart: the exact test, by draws that are always
/// the same.
fn dealt(counts: &[(u32, u32)], recorded: u32, chi_square_is: f64) -> f64 {
    let mut stream = Randomness::new(1).stream(Purpose::Generator, Subject { place: 0, cause: 0, ordinal: 0 }, 0);
    let kinds: Vec<usize> =
        counts.iter().enumerate().flat_map(|(kind, (a, b))| std::iter::repeat_n(kind, (a + b) as usize)).collect();
    let mut farther = 0;
    for _ in 0..DEALS {
        let mut dealt: Vec<(u32, u32)> = counts.iter().map(|(a, b)| (0, a + b)).collect();
        let mut deck = kinds.clone();
        for at in 0..recorded as usize {
            let other = at + stream.below((deck.len() - at) as u64) as usize;
            deck.swap(at, other);
            let kind = deck[at];
            dealt[kind] = (dealt[kind].0 + 1, dealt[kind].1 - 1);
        }
        farther += u32::from(chi_square(&dealt) >= chi_square_is - 1e-9);
    }
    f64::from(farther + 1) / f64::from(DEALS + 1)
}

fn victim(case: &Case, runs: &[Run], what: &str, count: u32) -> Option<Victim> {
    let (before, after) = what.split_once(" > ")?;
    let with = |runs: &[Run]| -> Vec<String> {
        runs.iter().filter(|run| joined(&run.before) == before).map(|run| joined(&run.after)).collect()
    };
    let mut afters = with(runs);
    if afters.is_empty() {
        // One of many sets: more seeds, until some begin with it.
        afters = with(&play_seeds(case, SEEDS + 1..=MORE_SEEDS).ok()?);
    }
    let equal = afters.iter().filter(|is| *is == after).count();
    let mut by: BTreeMap<&String, u32> = BTreeMap::new();
    for one in &afters {
        *by.entry(one).or_default() += 1;
    }
    Some(Victim {
        set_up: format!("{}: {}", case.call.word(), case.set_up()),
        recorded: what.to_owned(),
        count,
        model: by.into_iter().max_by_key(|(_, count)| *count).map_or_else(String::new, |(one, _)| one.clone()),
        seeds: u32::try_from(afters.len()).unwrap_or(u32::MAX),
        share: if afters.is_empty() { 0.0 } else { equal as f64 / afters.len() as f64 },
        named: case.call == Call::Evict,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_samples_of_the_same_do_not_differ() {
        // Half and half in both: each expected count is what it is.
        assert!(chi_square(&[(10, 100), (10, 100)]).abs() < 1e-9);
        // 20 and 0 of 20 beside 100 and 100 of 200: of 220, 120 and 100 are of each kind; expected 20 × 120 ÷ 220 = 10.909 and
        // 9.091 of the first, 109.09 and 90.91 of the second. (9.091)² × (1/10.909 + 1/9.091 + 1/109.09 + 1/90.91) = 18.333.
        assert!((chi_square(&[(20, 100), (0, 100)]) - 18.333).abs() < 1e-3);
    }

    #[test]
    fn dealing_again_shows_how_rare_it_is() {
        // All five of one kind, where half of 200 are: about 0.5 to the 5th, on both sides.
        let counts = [(5, 100), (0, 100)];
        let p = dealt(&counts, 5, chi_square(&counts));
        assert!((0.03..0.11).contains(&p), "{p}");
        let even = [(3, 100), (2, 100)];
        assert!(dealt(&even, 5, chi_square(&even)) > 0.9);
    }

    #[test]
    fn a_list_is_made_where_its_ids_are_in_its_zones() {
        let placed = |id, zone| Placed { id, zone, domain: 0 };
        let run = Run { made: vec![placed(0, 1), placed(1, 3)], seen: vec![vec![0], vec![0, 1]], ..Run::default() };
        assert!(makes(&run, "0 1") && makes(&run, "0@1 1@3") && makes(&run, "0"));
        assert!(!makes(&run, "1") && !makes(&run, "0@3 1@1") && !makes(&run, "0 x"));
    }
}
