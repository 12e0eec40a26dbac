//! From a folder of recordings to the table of figures. A recorded operation that a timeline and a table both have counts once.

mod answers;
mod lists;
mod rolling;
mod rows;
mod walk;

use super::case::{Call, Case};
use super::figures::{Figures, From, Half, Kind, Value};
use super::recordings::Recordings;
use lists::Lists;
use std::collections::{BTreeMap, BTreeSet};

/// Makes the table.
pub fn figures(recordings: &Recordings) -> Figures {
    let mut extract = Extract::default();
    let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    let figures = &mut extract.figures;
    figures.count(Kind::Recordings, "timelines", count(recordings.timelines.len()));
    figures.count(Kind::Recordings, "rows of durations.csv", count(recordings.durations.len()));
    figures.count(Kind::Recordings, "rows of placements.csv", count(recordings.placements.len()));
    figures.count(Kind::Recordings, "rows of rolling.csv", count(recordings.upgrades.len()));
    let upgrades = rolling::take(recordings, &mut extract);
    for timeline in &recordings.timelines {
        walk::walk(timeline, &upgrades, &mut extract);
    }
    for row in &recordings.durations {
        rows::take(row, &mut extract);
    }
    let mut lists = std::mem::take(&mut extract.lists);
    lists.add_rows(&recordings.placements);
    lists.close(&mut extract.figures);
    extract.figures
}

/// What is gathered.
#[derive(Default)]
struct Extract {
    figures: Figures,
    lists: Lists,
    /// How often an operation of a source was taken, or was left, by its seconds: a row of a table does not count it again.
    taken: BTreeMap<(String, String, u32), u32>,
    /// The creates that were taken: a second row may be of the same one.
    creates: BTreeSet<(String, String, u32)>,
    /// How often something was asked.
    asked: u32,
}

/// Where an operation is from.
#[derive(Clone, Debug)]
struct Place {
    repo: String,
    path: String,
    day: String,
}

impl Place {
    fn new(repo: &str, path: &str, date: &str) -> Self {
        // A path may carry the commit of the file.
        let path = path.split(" @").next().unwrap_or(path).to_owned();
        Self { repo: short(repo), path, day: day(date) }
    }

    fn year(&self) -> u16 {
        self.day.get(..4).and_then(|year| year.parse().ok()).unwrap_or_default()
    }

    fn from(&self) -> From<'_> {
        From { repo: &self.repo, day: &self.day }
    }
}

/// A set holds no more instances.
const MOST: u32 = 1000;

/// A repository without the edition that it was taken from.
fn short(repo: &str) -> String {
    repo.split(" (").next().unwrap_or(repo).trim().to_owned()
}

impl Extract {
    /// An operation and how long it took.
    fn duration(&mut self, case: Case, seconds: f64, place: &Place) {
        let year = place.year();
        let value = value(seconds, year, Half::of(&place.path));
        // What took no time was not done: the answer came before the work, or there was none.
        if value.tenths == 0 {
            return self.left("an operation that was over at once", place);
        }
        self.asked += 1;
        let key = (place.repo.clone(), place.path.clone(), value.tenths);
        if case.call == Call::Create {
            self.creates.insert(key.clone());
        }
        *self.taken.entry(key).or_default() += 1;
        self.figures.add((Kind::Duration, Some(case.plain(year)), String::new()), Some(value), place.from());
    }

    /// An upgrade, how it ended and how long it took.
    fn rolled(&mut self, case: Case, result: String, seconds: f64, place: &Place) {
        self.asked += 1;
        let value = value(seconds, place.year(), Half::of(&place.path));
        // The same operation in the table of durations is counted with it.
        *self.taken.entry((place.repo.clone(), place.path.clone(), value.tenths)).or_default() += 1;
        self.figures.add((Kind::Rolling, Some(case.plain(place.year())), result), Some(value), place.from());
    }

    /// An operation and how long it took, or why it is not asked of the model; a table may say more of it.
    fn timed(&mut self, case: Result<Case, &str>, seconds: f64, place: &Place) {
        match case {
            Ok(case) => self.duration(case, seconds, place),
            Err(why) => self.left_timed(why, seconds, place),
        }
    }

    /// A call that is not asked of the model.
    fn left(&mut self, why: &str, place: &Place) {
        self.figures.add((Kind::Left, None, why.to_owned()), None, place.from());
    }

    /// A call that is not asked, of which a table may say more.
    fn left_timed(&mut self, why: &str, seconds: f64, place: &Place) {
        let tenths = tenths(seconds);
        *self.taken.entry((place.repo.clone(), place.path.clone(), tenths)).or_default() += 1;
        self.left(why, place);
    }

    fn fact(&mut self, case: Case, name: &str, is: &str, place: &Place) {
        self.asked += 1;
        let case = case.plain(place.year());
        self.figures.add((Kind::Fact, Some(case), format!("{name}={is}")), None, place.from());
    }

    /// Whether a row of a table was counted with a timeline; then it is used up. Tables have tenths, and timelines more: either way
    /// of rounding is the same.
    fn counted(&mut self, place: &Place, seconds: f64) -> bool {
        let tenths = tenths(seconds);
        // A row may name only the folder of its file.
        if place.path.ends_with('/') {
            let same =
                |(_, path, at): &(String, String, u32)| path.starts_with(&place.path) && at.abs_diff(tenths) <= 1;
            let found = self.taken.iter_mut().find(|(key, left)| same(key) && **left > 0);
            return found.map(|(_, left)| *left -= 1).is_some();
        }
        for near in [tenths, tenths + 1, tenths.saturating_sub(1)] {
            let key = (place.repo.clone(), place.path.clone(), near);
            if let Some(left) = self.taken.get_mut(&key).filter(|left| **left > 0) {
                *left -= 1;
                return true;
            }
        }
        false
    }

    /// Whether a create of this source and length was taken, from a timeline or a row, counted or not.
    fn has_create(&self, place: &Place, seconds: f64) -> bool {
        let tenths = tenths(seconds);
        let key = |near| (place.repo.clone(), place.path.clone(), near);
        [tenths, tenths + 1, tenths.saturating_sub(1)].into_iter().any(|near| self.creates.contains(&key(near)))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "recordings last hours")]
fn tenths(seconds: f64) -> u32 {
    libm::round(seconds * 10.0) as u32
}

fn value(seconds: f64, year: u16, half: Half) -> Value {
    Value { tenths: tenths(seconds), year, half }
}

/// The call that a request is, by the end of its path; `None` where it is no call of the model, with the reason.
fn call_of(verb: &str) -> Result<Call, &'static str> {
    match verb {
        "restart" => Ok(Call::Restart),
        "poweroff" => Ok(Call::PowerOff),
        "start" => Ok(Call::Start),
        "deallocate" => Ok(Call::Deallocate),
        "redeploy" => Ok(Call::Redeploy),
        "reimage" | "reimageall" => Ok(Call::Reimage),
        "delete" => Ok(Call::Delete),
        "simulateeviction" => Ok(Call::Evict),
        "performmaintenance" => Ok(Call::Maintain),
        "manualupgrade" => Err("manualupgrade: what the model changed before it is not recorded"),
        "setorchestrationservicestate" => Err("setOrchestrationServiceState, which waits for the operation before it"),
        "runcommand" => Err("a command inside a machine"),
        _ => Err("another call on a set"),
    }
}

/// The day of a date: `2023-03-16`, `2023-03-16T18:09:25Z` or `26 Aug 2024`.
fn day(date: &str) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let words: Vec<&str> = date.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let month = |word: &str| MONTHS.iter().position(|month| word.starts_with(month));
    if let Some((at, month)) = words.iter().enumerate().find_map(|(at, word)| Some((at, month(word)?)))
        && let (Some(day), Some(year)) = (at.checked_sub(1).and_then(|at| words.get(at)), words.get(at + 1))
    {
        return format!("{year}-{:02}-{day:0>2}", month + 1);
    }
    date.split('T').next().unwrap_or(date).trim().to_owned()
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod days {
    use super::*;

    #[test]
    fn days_are_read_in_either_spelling() {
        assert_eq!(day("2023-03-16T18:09:25Z"), "2023-03-16");
        assert_eq!(day("26 Aug 2024"), "2024-08-26");
        assert_eq!(day("Mon, 5 Feb 2024 08:00:00 GMT"), "2024-02-05");
        assert_eq!(Place::new("x/y (sdist 1)", "a.json @02c3", "2019").year(), 2019);
        assert_eq!(Place::new("x/y (sdist 1)", "a.json @02c3", "2019").path, "a.json");
    }
}
