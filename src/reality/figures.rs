//! What was recorded, summed up: a row for each question to the model, with how often and when it was recorded, and the seconds.
//! The project has such a table of the recordings that it was calibrated on ([`Figures::bundled`]); no recording is needed to read it.

use super::case::Case;
use std::collections::BTreeMap;
use std::fmt::Write;
use windtunnel_sim::plan::Word;
use windtunnel_sim::words;

/// How the reason begins by which a whole recording was left out.
pub const RECORDING: &str = "recording: ";

words! {
    /// What a row is about, with its name in the table.
    #[derive(PartialOrd, Ord)]
    pub enum Kind {
        /// How many recordings there are, and rows of tables.
        Recordings => "recordings",
        /// How long a call took.
        Duration => "duration",
        /// How long a rolling upgrade took whose result is `what`.
        Rolling => "rolling",
        /// An answer, a state or a count: `what` is its name, `=`, and its value.
        Fact => "fact",
        /// The fault domain of an id: `2=2`.
        Domain => "domain",
        /// The ids that a create left in place, once for each set.
        Kept => "kept",
        /// The ids of any reading of instances, with their zones where there are any.
        List => "list",
        /// The instances before and after a scale-in.
        Victim => "victim",
        /// What cannot be asked of the model, and why.
        Left => "left",
    }
}

/// One value: tenths of a second, the year of the recording, and the half that its recording is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value {
    /// Tenths of a second.
    pub tenths: u32,
    /// The year.
    pub year: u16,
    /// Which of two halves its recording is of, by its name: what is fitted on one is tried on the other.
    pub half: Half,
}

words! {
    /// Half of the recordings, with its letter in the table. Those of one name, as one test of several years, are in the same half.
    #[derive(Default, PartialOrd, Ord)]
    pub enum Half {
        /// One half.
        #[default]
        A => "a",
        /// The other.
        B => "b",
    }
}

impl Half {
    /// The half of a recorded file: by the hash of its name without folder, so that neither copies of one recording nor the same
    /// test in another year are on both sides.
    pub fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        if blake3::hash(name.as_bytes()).as_bytes()[0] & 1 == 0 { Self::A } else { Self::B }
    }
}

impl Value {
    /// In seconds.
    pub fn seconds(self) -> f64 {
        f64::from(self.tenths) / 10.0
    }
}

/// A key of the table.
pub type Key = (Kind, Option<Case>, String);

/// A row of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// How often.
    pub count: u32,
    /// The seconds, where it is about time, the shortest first.
    pub values: Vec<Value>,
    /// From which repositories: how many of each, and the first and last day.
    pub sources: BTreeMap<String, Source>,
}

/// What a row has from one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    count: u32,
    first: String,
    last: String,
}

/// The table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    rows: BTreeMap<Key, Row>,
}

/// Where something is from.
#[derive(Clone, Copy, Debug)]
pub struct From<'a> {
    /// The repository.
    pub repo: &'a str,
    /// The day, `2023-03-16`.
    pub day: &'a str,
}

impl Figures {
    /// The project's own table.
    ///
    /// # Panics
    /// Where it is broken, which a test would find.
    pub fn bundled() -> Self {
        Self::from_csv(include_str!("figures.csv")).expect("the table of the project can be read")
    }

    /// Adds one of something.
    pub fn add(&mut self, key: Key, value: Option<Value>, from: From<'_>) {
        let row = self.rows.entry(key).or_default();
        row.count += 1;
        if let Some(value) = value {
            let at = row.values.partition_point(|known| *known < value);
            row.values.insert(at, value);
        }
        let day = from.day.to_owned();
        let source = row.sources.entry(from.repo.to_owned()).or_insert_with(|| Source {
            count: 0,
            first: day.clone(),
            last: day.clone(),
        });
        source.count += 1;
        if day < source.first {
            source.first.clone_from(&day);
        }
        if day > source.last {
            source.last = day;
        }
    }

    /// Adds so many of something that has no source of its own.
    pub fn count(&mut self, kind: Kind, what: &str, count: u32) {
        if count > 0 {
            self.rows.entry((kind, None, what.to_owned())).or_default().count += count;
        }
    }

    /// The rows of a kind, in order.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = (&Key, &Row)> {
        self.rows.iter().filter(move |((is, ..), _)| *is == kind)
    }

    /// How many a row of a kind without a case has.
    pub fn total(&self, kind: Kind, what: &str) -> u32 {
        self.rows.get(&(kind, None, what.to_owned())).map_or(0, |row| row.count)
    }

    /// Every case that is asked of the model.
    pub fn cases(&self) -> Vec<&Case> {
        let mut cases: Vec<&Case> = self.rows.keys().filter_map(|(_, case, _)| case.as_ref()).collect();
        cases.sort();
        cases.dedup();
        cases
    }

    /// The newest year of any value.
    pub fn newest(&self) -> u16 {
        self.rows.values().flat_map(|row| &row.values).map(|value| value.year).max().unwrap_or_default()
    }

    /// The table as text.
    ///
    /// # Panics
    /// Never: memory takes everything.
    pub fn to_csv(&self) -> String {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(["kind", "case", "what", "count", "values", "sources"]).expect("memory takes it");
        for ((kind, case, what), row) in &self.rows {
            let case = case.as_ref().map(ToString::to_string).unwrap_or_default();
            let values = row.values.iter().map(|value| value.words());
            let values = values.collect::<Vec<_>>().join(" ");
            let sources = row.sources.iter().map(|(repo, source)| source.words(repo)).collect::<Vec<_>>().join("; ");
            let fields = [kind.word(), &case, what, &row.count.to_string(), &values, &sources];
            out.write_record(fields).expect("memory takes it");
        }
        String::from_utf8(out.into_inner().expect("memory takes it")).expect("it is text")
    }

    /// Reads what [`Self::to_csv`] writes.
    ///
    /// # Errors
    /// What is wrong with it, with the number of the row.
    pub fn from_csv(text: &str) -> Result<Self, String> {
        let mut rows = BTreeMap::new();
        for (at, record) in csv::Reader::from_reader(text.as_bytes()).records().enumerate() {
            let record = record.map_err(|error| error.to_string())?;
            let (key, row) = read_row(&record).map_err(|error| format!("row {}: {error}", at + 1))?;
            rows.insert(key, row);
        }
        Ok(Self { rows })
    }
}

fn read_row(record: &csv::StringRecord) -> Result<(Key, Row), String> {
    let field = |at: usize| record.get(at).ok_or_else(|| format!("it has no field {at}"));
    let kind = field(0)?;
    let kind = Kind::named(kind).ok_or_else(|| format!("no kind is named `{kind}`"))?;
    let case = Some(field(1)?).filter(|text| !text.is_empty()).map(str::parse).transpose()?;
    let count = field(3)?.parse().map_err(|_| format!("`{}` is no count", &record[3]))?;
    let value = |text: &str| {
        let (year, seconds) = text.split_once(':')?;
        let with_half = |half: &Half| Some((*half, seconds.strip_suffix(half.word())?));
        let (half, seconds) = Half::ALL.iter().find_map(with_half)?;
        Some(Value { tenths: read_tenths(seconds)?, year: year.parse().ok()?, half })
    };
    let values = field(4)?.split_whitespace().map(|text| value(text).ok_or_else(|| format!("`{text}` is no value")));
    let sources = field(5)?.split("; ").filter(|text| !text.is_empty());
    let sources = sources.map(|text| Source::read(text).ok_or_else(|| format!("`{text}` is no source")));
    let row = Row { count, values: values.collect::<Result<_, _>>()?, sources: sources.collect::<Result<_, _>>()? };
    Ok(((kind, case, field(2)?.to_owned()), row))
}

impl Source {
    fn words(&self, repo: &str) -> String {
        let mut words = format!("{repo} × {} {}", self.count, self.first);
        if self.last != self.first {
            write!(words, "..{}", self.last).expect("a string takes everything");
        }
        words
    }

    fn read(text: &str) -> Option<(String, Self)> {
        let (repo, rest) = text.split_once(" × ")?;
        let (count, days) = rest.split_once(' ')?;
        let (first, last) = days.split_once("..").unwrap_or((days, days));
        let source = Self { count: count.parse().ok()?, first: first.to_owned(), last: last.to_owned() };
        Some((repo.to_owned(), source))
    }
}

impl Value {
    fn words(self) -> String {
        format!("{}:{}.{}{}", self.year, self.tenths / 10, self.tenths % 10, self.half.word())
    }
}

fn read_tenths(text: &str) -> Option<u32> {
    let (whole, tenth) = text.split_once('.')?;
    Some(whole.parse::<u32>().ok()? * 10 + tenth.parse::<u32>().ok().filter(|tenth| *tenth < 10)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reality::case::Call;

    #[test]
    fn a_table_is_read_again_as_it_was_written() {
        let mut figures = Figures::default();
        let key = |kind| (kind, Some(Case::new(Call::Create, 2, 2)), "a, \"b\"".to_owned());
        let (a, b) = (Half::A, Half::B);
        for (year, tenths, half, day) in
            [(2024, 451, a, "2024-08-26"), (2018, 3005, a, "2018-04-09"), (2024, 7, b, "2024-08-27")]
        {
            let from = From { repo: "someone/azure-cli", day };
            figures.add(key(Kind::Duration), Some(Value { tenths, year, half }), from);
        }
        figures.add(key(Kind::Fact), None, From { repo: "x/y (z 1.0)", day: "2020-01-01" });
        figures.count(Kind::Left, "gateway", 7);
        let text = figures.to_csv();
        assert!(text.contains("2024:0.7b 2024:45.1a 2018:300.5a"), "{text}");
        assert!(text.contains("someone/azure-cli × 3 2018-04-09..2024-08-27"), "{text}");
        assert_eq!(Figures::from_csv(&text), Ok(figures));
    }

    #[test]
    fn copies_and_years_of_one_recording_are_of_one_half() {
        let of = |folder: &str, name: &str| Half::of(&format!("{folder}/{name}.yaml"));
        let halves = |folder: &str| (0..200).map(|n| of(folder, &format!("test_{n}"))).collect::<Vec<_>>();
        assert_eq!(halves("src/old/recordings"), halves("src/azure-cli/latest"));
        // Of 200 fair throws, fewer than 70 or more than 130 of one side come once in 25 000 times.
        let first = halves("x").into_iter().filter(|half| *half == Half::A).count();
        assert!((70..=130).contains(&first), "{first}");
    }

    #[test]
    fn what_is_wrong_in_a_table_is_said_with_its_row() {
        let of = |row: &str| Figures::from_csv(&format!("kind,case,what,count,values,sources\n{row}\n"));
        assert_eq!(of("luck,,,1,,"), Err("row 1: no kind is named `luck`".to_owned()));
        assert_eq!(of("left,,gateway,many,,"), Err("row 1: `many` is no count".to_owned()));
        assert_eq!(of("left,,gateway,1,2020,"), Err("row 1: `2020` is no value".to_owned()));
        assert_eq!(of("left,,gateway,1,2020:1.5,"), Err("row 1: `2020:1.5` is no value".to_owned()));
    }
}
