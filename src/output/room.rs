//! How much of a run its folder holds.
//!
//! No folder of a run is larger than 200 MB unless all of it is asked for (`run --ledger whole`): a million instances make
//! a ledger of 1.2 GB, which nobody reads and every disk keeps. The tables are what grows, and each has its share. Of a ledger
//! that does not fit, what the moments go back to is kept, everything that is about no instance, and of the rest as much as
//! there is room for, from the beginning; of the instances those that harmed come first; a series ends where its share does.
//! What is left out is said on the terminal, in the report, in `summary.json` and in `left-out.txt`. `why` and `status` answer
//! for all of it, since they make the run again.

use super::highlights::Highlights;
use super::tables;
use crate::experiment::replay::Replay;
use serde_json::{Value, json};
use std::borrow::Cow;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::lanes::Lane;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::ids::Entry;
use windtunnel_words::clock::{offset, seconds};

/// Which entries are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Ledger {
    /// As much as fits into a folder of 200 MB: all of it, but for very large fleets.
    #[default]
    Fitting,
    /// All of it, and every instance and row of the series, however large the folder becomes.
    Whole,
}

/// Bytes of the tables.
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    /// `ledger.csv` and `ledger.ndjson` together.
    pub ledger: usize,
    /// `instances.csv`.
    pub instances: usize,
    /// `timeseries.csv`.
    pub series: usize,
}

/// 150 MB for the tables: `trace.json` is held to 25 MB by its events, the report to 10, and the pictures to 5 each.
pub const SHARES: Shares = Shares { ledger: 100_000_000, instances: 25_000_000, series: 25_000_000 };
/// Rows of any table are shorter: where so many fit, they need not be measured.
const LONG: usize = 1_000;

/// What of a run its folder holds.
#[derive(Clone, Debug)]
pub struct Room<'r> {
    /// The entries of the ledger.
    pub ledger: Cow<'r, [Record]>,
    /// The instances, by order of creation.
    pub lanes: Vec<&'r Lane>,
    /// Rows of the series before this.
    pub until: Option<SimTime>,
    /// When the first entry happened that is not here.
    first: Option<SimTime>,
    all: (usize, usize),
}

impl<'r> Room<'r> {
    /// As much as was asked for.
    pub fn of(run: &Highlights<'r>, asked: Ledger) -> Self {
        match asked {
            Ledger::Whole => Self::whole(run.replay),
            Ledger::Fitting => Self::within(run, SHARES),
        }
    }

    /// All of it.
    pub fn whole(replay: &'r Replay<'_>) -> Self {
        let (ledger, lanes) = (&replay.ledger, &replay.lanes.lanes);
        let all = (ledger.len(), lanes.len());
        Self { ledger: Cow::Borrowed(ledger), lanes: lanes.iter().collect(), until: None, first: None, all }
    }

    /// As much as fits.
    pub fn within(run: &Highlights<'r>, shares: Shares) -> Self {
        let replay = run.replay;
        let mut room = Self::whole(replay);
        let names = &replay.names;
        if replay.ledger.len().saturating_mul(LONG) > shares.ledger {
            let keep: Vec<Entry> = run.moments.iter().filter_map(|moment| moment.at).map(|(_, entry)| entry).collect();
            let size = |record: &Record| tables::ledger_size(names, record);
            let kept = chosen(&replay.ledger, &keep, shares.ledger, size);
            if kept.len() < replay.ledger.len() {
                let missing = replay.ledger.iter().zip(&kept).find(|(all, kept)| all.entry != kept.entry);
                room.first =
                    missing.map_or_else(|| replay.ledger.get(kept.len()), |(all, _)| Some(all)).map(|one| one.time);
                room.ledger = kept.into_iter().copied().collect();
            }
        }
        if room.lanes.len().saturating_mul(LONG) > shares.instances {
            let mut left = shares.instances;
            let fits = |lane: &&&Lane| take(&mut left, tables::instance_size(names, lane));
            let harmed = |lane: &Lane| lane.intervals.iter().any(|interval| interval.state.harms());
            let (first, rest): (Vec<&Lane>, Vec<&Lane>) = room.lanes.iter().partition(|lane| harmed(lane));
            room.lanes = first.iter().chain(&rest).take_while(fits).copied().collect();
            room.lanes.sort_by_key(|lane| lane.instance);
        }
        room.until = tables::series_until(names, &replay.series, shares.series);
        room
    }

    /// What is left out, a sentence each; nothing where all is there.
    pub fn left_out(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.ledger.len() < self.all.0 {
            let until = self.first.unwrap_or(SimTime::ZERO);
            said.push(format!(
                "ledger.csv and ledger.ndjson hold {} of {} entries: what the moments go back to, what is about no instance, \
                 and the rest until {}",
                self.ledger.len(),
                self.all.0,
                offset(until)
            ));
        }
        if self.lanes.len() < self.all.1 {
            let (kept, all) = (self.lanes.len(), self.all.1);
            said.push(format!("instances.csv holds {kept} of {all} instances, those that harmed first"));
        }
        if let Some(until) = self.until {
            said.push(format!("timeseries.csv ends at {}", offset(until)));
        }
        said
    }

    /// The same in a sentence, with how to have all of it.
    pub fn note(&self) -> Option<String> {
        let said = self.left_out();
        let how = "a folder holds 200 MB, and `--ledger whole` writes all; why and status answer for all of it";
        (!said.is_empty()).then(|| format!("{}; {how}", said.join("; ")))
    }

    /// The same for programs; nothing where all is there.
    pub fn json(&self) -> Option<Value> {
        (!self.left_out().is_empty()).then(|| {
            json!({
                "ledger": { "kept": self.ledger.len(), "all": self.all.0 },
                "instances": { "kept": self.lanes.len(), "all": self.all.1 },
                "series": { "until_s": self.until.map(|until| seconds(until).parse::<f64>().unwrap_or_default()) },
            })
        })
    }
}

/// Takes a size from what is left, if it fits.
fn take(left: &mut usize, size: usize) -> bool {
    match left.checked_sub(size) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => false,
    }
}

/// What is kept of a ledger that is too long for `room`, `size` being what an entry takes of it: what `keep` goes back to,
/// everything that is about no instance, and of the rest as much as there is room for, from the beginning.
pub fn chosen<'l>(
    ledger: &'l [Record],
    keep: &[Entry],
    mut room: usize,
    size: impl Fn(&Record) -> usize,
) -> Vec<&'l Record> {
    let find = |entry: Entry| ledger.binary_search_by_key(&entry, |record| record.entry).ok();
    let mut chosen = vec![false; ledger.len()];
    for &entry in keep {
        let mut next = find(entry);
        while let Some(at) = next.filter(|&at| !chosen[at] && take(&mut room, size(&ledger[at]))) {
            chosen[at] = true;
            next = find(ledger[at].cause);
        }
    }
    for own in [false, true] {
        for (at, record) in ledger.iter().enumerate() {
            if record.fact.instance().is_some() != own || chosen[at] {
                continue;
            }
            if !take(&mut room, size(record)) {
                break;
            }
            chosen[at] = true;
        }
    }
    ledger.iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(record, _)| record).collect()
}
