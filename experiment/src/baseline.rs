//! Baselines: what the measures of a scenario came to when somebody looked at them and found them good.
//!
//! One file a scenario, one line a measure, sorted by policy and name, so that the difference between two versions of a
//! baseline reads as what has changed. A later estimate drifts where it leaves the interval of the kept one. The interval is
//! that of chance; where every run gave the same, it is a point, and any other value is drift.

use super::column::Column;
use super::statistics::{CONFIDENCE, Interval, Ranked, Summary, proportion, summarise};
use super::table::Table;
use anyhow::{Context, bail};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use windtunnel_input::files::{Files, Unreadable};
use windtunnel_input::formats::{BASELINE, KEY};
use windtunnel_input::read::read_text;
use windtunnel_input::{Problem, Problems, Report};
use windtunnel_words::number::number;

/// The most runs of a policy that a test makes: as many as `--replications` takes.
pub const REPLICATIONS_MOST: u64 = 1_000_000;
/// Two numbers that differ by less are the same: files keep ten digits.
const NOISE: f64 = 1e-8;

/// The baseline of one scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// The scenario: stem of its file name.
    pub scenario: String,
    /// The version of the rules and assumptions that the runs followed.
    pub rulebook: String,
    /// The seed of replication 0.
    pub first_seed: u64,
    /// Runs of each policy.
    pub replications: usize,
    /// By policy.
    pub policies: BTreeMap<String, Kept>,
}

/// What is kept of a policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// The hash of the scenario under it.
    pub hash: String,
    /// By measure.
    pub lines: BTreeMap<String, Line>,
}

/// What is kept of a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is estimated.
    pub statistic: Statistic,
    /// The estimate; `None` where it lies among the runs that are still open.
    pub estimate: Option<f64>,
    /// Where the true value lies; an end is `None` where it lies among the runs that are still open.
    pub low: Option<f64>,
    /// The other end.
    pub high: Option<f64>,
    /// Runs that were still open.
    pub open: usize,
    /// Runs in which it was not computed.
    pub missing: usize,
    /// What it is counted in.
    pub unit: String,
}

/// What is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// The mean of the runs.
    Mean,
    /// The median, where some runs are open.
    Median,
    /// The share of the runs with a word, in percent.
    Share,
    /// Nothing: it was computed in no run.
    Nothing,
}

impl Statistic {
    const ALL: [Self; 4] = [Self::Mean, Self::Median, Self::Share, Self::Nothing];

    /// The word for it, as files have it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Share => "share",
            Self::Nothing => "not computed",
        }
    }
}

/// What became of a policy when it was held to its baseline.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// Every measure is where it was; how many there are.
    Same(usize),
    /// These measures are not.
    Drift(Vec<Drift>),
    /// There is nothing to hold it to, and why.
    Unusable(String),
}

/// A measure that is not where its baseline is.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// The measure, with the part of the fleet or the word.
    pub measure: String,
    /// What is kept.
    pub was: Line,
    /// What it is now.
    pub is: Line,
    /// Both in a sentence.
    pub sentence: String,
}

/// The lines of one policy, from its runs.
#[must_use]
pub fn lines(columns: &[Column], runs: &Table) -> BTreeMap<String, Line> {
    let mut lines = BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        let summary = summarise(runs.column(at), CONFIDENCE);
        let blank = Line {
            statistic: Statistic::Nothing,
            estimate: None,
            low: None,
            high: None,
            open: summary.open,
            missing: summary.not_computed,
            unit: column.unit.clone(),
        };
        if !summary.words.is_empty() {
            for (word, count, interval) in &summary.words {
                let share = 100.0 * *count as f64 / (summary.runs - summary.not_computed) as f64;
                let (low, high) = (Some(100.0 * interval.low), Some(100.0 * interval.high));
                let (statistic, unit) = (Statistic::Share, "%".to_owned());
                let line = Line { statistic, estimate: Some(share), low, high, unit, ..blank.clone() };
                lines.insert(format!("{}={word}", column.name), line);
            }
            continue;
        }
        lines.insert(column.name.clone(), numeric(&summary, blank));
    }
    lines
}

fn numeric(summary: &Summary, blank: Line) -> Line {
    if let Some(mean) = summary.mean {
        let interval = mean.interval.unwrap_or(Interval { low: mean.mean, high: mean.mean });
        let (low, high) = (Some(interval.low), Some(interval.high));
        return Line { statistic: Statistic::Mean, estimate: Some(mean.mean), low, high, ..blank };
    }
    let closed = |value: Ranked| match value {
        Ranked::Number(value) => Some(value),
        Ranked::AtLeast(_) => None,
    };
    match summary.quantiles.iter().find(|quantile| (quantile.q - 0.5).abs() < NOISE) {
        None => blank,
        Some(median) => {
            let (low, high) = median.interval.unwrap_or((median.value, median.value));
            let (estimate, low, high) = (closed(median.value), closed(low), closed(high));
            Line { statistic: Statistic::Median, estimate, low, high, ..blank }
        }
    }
}

/// No baseline is larger.
const BYTES_MOST: u64 = 64 << 20;

impl Baseline {
    /// Where the baseline of a scenario stands.
    #[must_use]
    pub fn path(folder: &Path, scenario: &str) -> PathBuf {
        folder.join(format!("{scenario}.json"))
    }

    /// Reads a baseline; `None` where there is none.
    ///
    /// # Errors
    ///
    /// The file is there and is not one, is of another version of the format, or asks for more runs than there may be: that
    /// is a [`Report`] with the place.
    pub fn read(files: &dyn Files, path: &Path) -> anyhow::Result<Option<Self>> {
        let bytes = match files.read(path, BYTES_MOST) {
            Ok(bytes) => bytes,
            Err(Unreadable::Missing) => return Ok(None),
            Err(why) => bail!("cannot read {}: {why}", path.display()),
        };
        let text = String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))?;
        let json: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
        BASELINE.check(path, &json)?;
        if json["replications"].as_u64().is_some_and(|count| count > REPLICATIONS_MOST) {
            return Err(too_many(path, text).into());
        }
        let read = from_json(&json).with_context(|| format!("{} is not a complete baseline", path.display()))?;
        Ok(Some(read))
    }

    /// The file: one line a measure.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::from("{\n");
        let Self { scenario, rulebook, first_seed, replications, policies } = self;
        let _ = writeln!(text, "  \"{KEY}\": {},", BASELINE.version);
        let _ = writeln!(text, "  \"scenario\": {},", json!(scenario));
        let _ = writeln!(text, "  \"rulebookVersion\": {},", json!(rulebook));
        let _ = writeln!(text, "  \"firstSeed\": {first_seed},\n  \"replications\": {replications},");
        text += "  \"policies\": {";
        for (at, (policy, kept)) in policies.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(text, "{comma}\n    {}: {{\n", json!(policy));
            let _ = writeln!(text, "      \"scenarioHash\": {},\n      \"measures\": {{", json!(kept.hash));
            for (at, (measure, line)) in kept.lines.iter().enumerate() {
                let comma = if at + 1 == kept.lines.len() { "" } else { "," };
                let _ = writeln!(text, "        {}: {}{comma}", json!(measure), line_json(line));
            }
            text += "      }\n    }";
        }
        text + "\n  }\n}\n"
    }

    /// Holds a policy to what is kept. `replications` and `first_seed` are those of `lines`.
    #[must_use]
    pub fn check(&self, policy: &str, now: &Kept, rulebook: &str, replications: usize, first_seed: u64) -> Check {
        let Some(kept) = self.policies.get(policy) else {
            return Check::Unusable(format!("the baseline has no policy `{policy}`"));
        };
        if self.rulebook != rulebook {
            return Check::Unusable(format!(
                "the baseline was made with rulebook {}, but this is {rulebook}",
                self.rulebook
            ));
        }
        if kept.hash != now.hash {
            return Check::Unusable("the scenario has changed since the baseline was made".to_owned());
        }
        let unknown: Vec<&str> = now.lines.keys().filter(|name| !self.knows(kept, name)).map(String::as_str).collect();
        if !unknown.is_empty() {
            return Check::Unusable(format!("the baseline has no {}", unknown.join(", ")));
        }
        let same_runs = self.replications == replications && self.first_seed == first_seed;
        let counts = (self.replications, replications);
        let mut drift: Vec<Drift> = Vec::new();
        for (name, was) in &kept.lines {
            let gone = Line { statistic: Statistic::Nothing, estimate: None, low: None, high: None, ..was.clone() };
            let is = match now.lines.get(name) {
                Some(is) => is.clone(),
                // A word that came in no run has a share of zero.
                None if was.statistic == Statistic::Share => {
                    let range = proportion(0, replications, CONFIDENCE);
                    Line { estimate: Some(0.0), low: Some(0.0), high: Some(100.0 * range.high), ..was.clone() }
                }
                None => gone,
            };
            let sentence = drifts(name, was, &is, same_runs, counts);
            drift.extend(sentence.map(|sentence| Drift { measure: name.clone(), was: was.clone(), is, sentence }));
        }
        if drift.is_empty() { Check::Same(kept.lines.len()) } else { Check::Drift(drift) }
    }

    /// Whether a line is known, or is a word of a measure that is known.
    fn knows(&self, kept: &Kept, name: &str) -> bool {
        let word =
            |measure: &str| kept.lines.keys().any(|known| known.split_once('=').is_some_and(|(of, _)| of == measure));
        kept.lines.contains_key(name) || name.split_once('=').is_some_and(|(measure, _)| word(measure))
    }
}

/// What is wrong with a baseline that asks for too many runs.
fn too_many(path: &Path, text: String) -> Report {
    let mut problems = Problems::new();
    let root = read_text(&path.display().to_string().replace('\\', "/"), text, &mut problems);
    if let Some(node) = root.as_ref().and_then(|root| root.get("replications")) {
        let count = node.text().unwrap_or_default();
        let message = format!(
            "the baseline has {count} runs of each policy, more than the {REPLICATIONS_MOST} that are \
                possible"
        );
        let help = "record it again: `windtunnel test SCENARIO --baseline DIR --update-baseline --replications 1000`";
        problems.push(Problem::error("E0590", message).at(&node.span, "more than possible").help(help));
    }
    problems.into()
}

/// Where a measure has left its interval, in a sentence.
fn drifts(name: &str, was: &Line, is: &Line, same_runs: bool, runs: (usize, usize)) -> Option<String> {
    if was.statistic != is.statistic {
        return Some(change(name, was, is));
    }
    let share = |count: usize| proportion(count, runs.0, CONFIDENCE);
    for (word, before, after) in [("still open", was.open, is.open), ("not computed", was.missing, is.missing)] {
        if !share(before).contains(after as f64 / runs.1 as f64) {
            return Some(format!("{name}: {word} in {before} of {} runs, and now in {after} of {}", runs.0, runs.1));
        }
    }
    let (least, most) = (f64::NEG_INFINITY, f64::INFINITY);
    let slack = |value: f64| NOISE * value.abs();
    let low = was.low.map_or(most, |low| low - slack(low));
    let high = was.high.map_or(most, |high| high + slack(high));
    let kept = if same_runs {
        let estimate = is.estimate.unwrap_or(most);
        estimate >= low && estimate <= high
    } else {
        is.low.unwrap_or(most) <= high && is.high.unwrap_or(most) >= low
    };
    let nothing = was.statistic == Statistic::Nothing;
    (!kept && !nothing && least < most).then(|| change(name, was, is))
}

/// Two lines for people, with as many digits as it takes to tell them apart: `was 4.38 % (4.32 to 4.44), is 5 %`.
fn change(name: &str, was: &Line, is: &Line) -> String {
    let (before, after) = (shown(was, number), shown(is, number));
    if before == after {
        let all = |value: f64| value.to_string();
        return format!("{name}: was {}, is {}", shown(was, all), shown(is, all));
    }
    format!("{name}: was {before}, is {after}")
}

/// A line for people: `4.38 % (4.32 to 4.44)`.
fn shown(line: &Line, number: fn(f64) -> String) -> String {
    let value = |value: Option<f64>| value.map_or_else(|| "open".to_owned(), number);
    if line.statistic == Statistic::Nothing {
        return "not computed".to_owned();
    }
    let (low, high) = (value(line.low), value(line.high));
    let range = if low == high { String::new() } else { format!(" ({low} to {high})") };
    format!("{} {}{range}", value(line.estimate), line.unit)
}

/// Ten digits that matter: enough to see any drift, and no noise of the last bits.
fn rounded(value: f64) -> Value {
    let text = format!("{value:.9e}");
    json!(text.parse::<f64>().unwrap_or(value))
}

fn line_json(line: &Line) -> String {
    let mut json = Map::new();
    let ends = [("estimate", line.estimate), ("low", line.low), ("high", line.high)];
    if line.statistic != Statistic::Nothing {
        json.extend(ends.map(|(key, value)| (key.to_owned(), value.map_or(Value::Null, rounded))));
        json.insert("unit".into(), line.unit.as_str().into());
    }
    json.insert("statistic".into(), line.statistic.word().into());
    for (key, count) in [("open", line.open), ("notComputed", line.missing)] {
        if count > 0 {
            json.insert(key.into(), count.into());
        }
    }
    let parts: Vec<String> = json.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
    format!("{{ {} }}", parts.join(", "))
}

fn from_json(json: &Value) -> Option<Baseline> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let count = |value: &Value| value.as_u64().and_then(|count| usize::try_from(count).ok());
    let replications = count(&json["replications"]).filter(|count| *count > 0)?;
    // What is there and is no number, or no number of runs, is not taken for what is not there.
    let number = |value: &Value| if value.is_null() { Some(None) } else { value.as_f64().map(Some) };
    let runs = |value: &Value| match value {
        Value::Null => Some(0),
        value => count(value).filter(|runs| *runs <= replications),
    };
    let line = |json: &Value| -> Option<Line> {
        let word = json["statistic"].as_str()?;
        Some(Line {
            statistic: Statistic::ALL.into_iter().find(|statistic| statistic.word() == word)?,
            estimate: number(&json["estimate"])?,
            low: number(&json["low"])?,
            high: number(&json["high"])?,
            open: runs(&json["open"])?,
            missing: runs(&json["notComputed"])?,
            unit: if json["unit"].is_null() { String::new() } else { text(&json["unit"])? },
        })
    };
    let mut policies = BTreeMap::new();
    for (policy, kept) in json["policies"].as_object()? {
        let mut lines = BTreeMap::new();
        for (measure, json) in kept["measures"].as_object()? {
            lines.insert(measure.clone(), line(json)?);
        }
        policies.insert(policy.clone(), Kept { hash: text(&kept["scenarioHash"])?, lines });
    }
    Some(Baseline {
        scenario: text(&json["scenario"])?,
        rulebook: text(&json["rulebookVersion"])?,
        first_seed: json["firstSeed"].as_u64()?,
        replications,
        policies,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_input::files::NoFiles;
    use windtunnel_sim::measure::Stored;

    fn column(name: &str, unit: &str) -> Column {
        Column::new(name, None, unit)
    }

    /// Five runs: 1 … 5 has mean 3 and half-width 1.963 (Student's t with 4 degrees: 2.776, sd √2.5, over √5).
    fn baseline(values: [f64; 5]) -> Baseline {
        let columns = [column("a", "s"), column("b", "%"), column("outcome", ""), column("none", "s")];
        let row = |value: &f64| {
            let word = if *value < 4.0 { "halted" } else { "completed" };
            vec![
                Stored::Number(*value),
                Stored::Number(7.0),
                Stored::Word(word.into()),
                Stored::NotComputed("no users".into()),
            ]
        };
        let rows: Table = values.iter().map(row).collect();
        let kept = Kept { hash: "h".into(), lines: lines(&columns, &rows) };
        let policies = [("as-written".to_owned(), kept)].into();
        Baseline { scenario: "s".into(), rulebook: "1".into(), first_seed: 1, replications: 5, policies }
    }

    /// One text, whatever file is asked for.
    struct Text(String);

    impl Files for Text {
        fn read(&self, _: &Path, _: u64) -> Result<Vec<u8>, Unreadable> {
            Ok(self.0.clone().into_bytes())
        }
    }

    fn against(was: &Baseline, is: &Baseline) -> Check {
        was.check("as-written", &is.policies["as-written"], &is.rulebook, is.replications, is.first_seed)
    }

    #[test]
    fn what_is_written_is_read_back_and_reads_well() {
        let read = |text: &str| Baseline::read(&Text(text.to_owned()), Path::new("s.json"));
        assert!(Baseline::read(&NoFiles, Path::new("s.json")).expect("absent is no error").is_none());
        let own = baseline([1.0, 2.0, 3.0, 4.0, 5.0]);
        let again = read(&own.text()).expect("readable").expect("there");
        assert_eq!(again.text(), own.text());
        assert_eq!(against(&again, &own), Check::Same(5));
        assert!(own.text().contains("\n        \"b\": { \"estimate\": 7.0, \"low\": 7.0, \"high\": 7.0, \"unit\": \"%\", \"statistic\": \"mean\" },\n"), "{}", own.text());
        for broken in ["", "{}", "{ \"schemaVersion\": 2 }", "{ \"schemaVersion\": 1, \"policies\": 3 }"] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn drift_is_what_leaves_the_interval() {
        let was = baseline([1.0, 2.0, 3.0, 4.0, 5.0]);
        // Means 4.9 and 5.1; the interval ends at 4.963.
        assert_eq!(against(&was, &baseline([3.0, 3.5, 3.9, 7.0, 7.1])), Check::Same(5));
        let Check::Drift(drift) = against(&was, &baseline([3.0, 3.5, 3.9, 7.0, 8.1])) else { panic!("it drifts") };
        assert_eq!(drift.len(), 1);
        assert!(drift[0].sentence.starts_with("a: was 3 s (1.037 to 4.963), is 5.1 s"), "{drift:?}");
        assert_eq!((drift[0].measure.as_str(), drift[0].was.estimate), ("a", Some(3.0)));
        assert!((drift[0].is.estimate.expect("a mean") - 5.1).abs() < 1e-9, "{drift:?}");
        // A point of an interval: any other value is drift.
        let mut other = baseline([1.0, 2.0, 3.0, 4.0, 5.0]);
        let line = other.policies.get_mut("as-written").and_then(|kept| kept.lines.get_mut("b")).expect("there");
        (line.estimate, line.low, line.high) = (Some(7.000_1), Some(7.000_1), Some(7.000_1));
        let Check::Drift(drift) = against(&was, &other) else { panic!("it drifts") };
        let said: Vec<&str> = drift.iter().map(|one| one.sentence.as_str()).collect();
        assert_eq!(said, ["b: was 7 %, is 7.0001 %"]);
    }

    #[test]
    fn other_runs_drift_where_the_intervals_part() {
        let was = baseline([1.0, 2.0, 3.0, 4.0, 5.0]);
        let mut is = baseline([3.0, 3.5, 3.9, 7.0, 8.1]);
        is.first_seed = 100;
        assert_eq!(against(&was, &is), Check::Same(5), "3 ± 2 and 5.1 ± 2.9 meet");
        let mut far = baseline([11.0, 12.0, 13.0, 14.0, 15.0]);
        far.first_seed = 100;
        // All five completed, where three of five had halted: 0 of 5 may be 52 %, 3 of 5 may be 15 %.
        assert!(matches!(against(&was, &far), Check::Drift(drift) if drift.len() == 1));
    }

    #[test]
    fn what_cannot_be_compared_is_said() {
        let was = baseline([1.0, 2.0, 3.0, 4.0, 5.0]);
        let unusable = |change: &dyn Fn(&mut Baseline)| {
            let mut is = baseline([1.0, 2.0, 3.0, 4.0, 5.0]);
            change(&mut is);
            match against(&was, &is) {
                Check::Unusable(why) => why,
                other => panic!("{other:?}"),
            }
        };
        fn own(is: &mut Baseline) -> &mut Kept {
            is.policies.get_mut("as-written").expect("there")
        }
        assert!(unusable(&|is| is.rulebook = "2".into()).contains("made with rulebook 1, but this is 2"));
        assert!(unusable(&|is| own(is).hash = "other".into()).contains("scenario has changed"));
        assert!(
            unusable(&|is| {
                let line = own(is).lines["a"].clone();
                own(is).lines.insert("new".into(), line);
            })
            .contains("has no new")
        );
        let missing = was.check("nobody", &Kept::default(), "1", 5, 1);
        assert!(matches!(missing, Check::Unusable(why) if why.contains("no policy `nobody`")));
    }
}
