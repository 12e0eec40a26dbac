//! Rows of the tables beside the timelines.

/// A row, by the names of its columns.
#[derive(Debug)]
pub struct Record<'a> {
    columns: &'a csv::StringRecord,
    fields: &'a csv::StringRecord,
}

impl Record<'_> {
    fn text(&self, column: &str) -> Result<&str, String> {
        let at = self.columns.iter().position(|name| name.trim() == column);
        at.and_then(|at| self.fields.get(at)).map(str::trim).ok_or_else(|| format!("there is no column `{column}`"))
    }

    fn owned(&self, column: &str) -> Result<String, String> {
        self.text(column).map(str::to_owned)
    }
}

/// The rows of a table, and what is wrong with those that cannot be read.
///
/// # Errors
/// Where it has no heading.
pub fn rows<T>(text: &str, read: fn(&Record<'_>) -> Result<T, String>) -> Result<(Vec<T>, Vec<String>), String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut rows = Vec::new();
    // By the reason: a column that is not there is missing in every row.
    let mut broken: Vec<(String, usize, usize)> = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let row = record.map_err(|error| error.to_string());
        match row.and_then(|fields| read(&Record { columns: &columns, fields: &fields })) {
            Ok(row) => rows.push(row),
            Err(why) => match broken.iter_mut().find(|(known, ..)| *known == why) {
                Some((.., others)) => *others += 1,
                None => broken.push((why, at + 1, 0)),
            },
        }
    }
    let said = broken.into_iter().map(|(why, row, others)| match others {
        0 => format!("row {row}: {why}"),
        others => format!("row {row} and {others} more: {why}"),
    });
    Ok((rows, said.collect()))
}

fn seconds_of(text: &str) -> Result<f64, String> {
    let seconds: Option<f64> = text.parse().ok();
    seconds.filter(|seconds| (0.0..1e7).contains(seconds)).ok_or_else(|| format!("`{text}` are no seconds"))
}

/// A row of `durations.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The operation, in the words of whoever measured it.
    pub operation: String,
    /// System and size.
    pub what: String,
    /// How many instances.
    pub count: Option<u32>,
    /// How long.
    pub seconds: f64,
    /// Where it is from.
    pub repo: String,
    /// The file there.
    pub path: String,
    /// The day, in any spelling.
    pub date: String,
    /// What else was known.
    pub notes: String,
}

impl Measured {
    pub(in crate::reality) fn read(record: &Record<'_>) -> Result<Self, String> {
        let seconds = record.text("seconds")?;
        Ok(Self {
            operation: record.owned("operation")?,
            what: record.owned("what")?,
            count: record.text("n")?.parse().ok(),
            seconds: seconds_of(seconds)?,
            repo: record.owned("source_repo")?,
            path: record.owned("source_path")?,
            date: record.owned("date")?,
            notes: record.owned("notes")?,
        })
    }
}

/// A row of `placements.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// The recording and its set: repository, file, day, set.
    pub source: String,
    /// When it was read, in seconds of the recording.
    pub at: f64,
    /// What it was read from.
    pub seen_in: String,
    /// What was called last, where that is known.
    pub after: String,
    /// Orchestration mode.
    pub mode: String,
    /// Its zones.
    pub zones: Vec<u8>,
    /// Its `platformFaultDomainCount`.
    pub domains: Option<u32>,
    /// Its capacity.
    pub capacity: Option<u32>,
    /// Whether it is overprovisioned.
    pub overprovision: Option<bool>,
    /// Its priority.
    pub priority: String,
    /// Its instances: id, zone, fault domain.
    pub instances: Vec<(String, Option<u8>, Option<u8>)>,
}

impl Placement {
    pub(in crate::reality) fn read(record: &Record<'_>) -> Result<Self, String> {
        let zones: Vec<u8> =
            record.text("zones")?.split([';', ' ', '|']).filter_map(|zone| zone.parse().ok()).collect();
        let list = record.text("instances")?;
        let in_zone = list.contains("(id:zone)");
        let words = list.split_whitespace().filter(|word| !word.starts_with('('));
        let instances = words.map(|word| {
            let mut parts = word.split(':');
            let id = parts.next().unwrap_or_default().to_owned();
            let (first, second) = (parts.next(), parts.next());
            let number = |part: Option<&str>| part.and_then(|part| part.parse().ok());
            let zone = number(first).filter(|zone| (in_zone || second.is_some()) && zones.contains(zone));
            (id, zone, number(second))
        });
        let instances = instances.collect();
        Ok(Self {
            source: record.owned("source")?,
            at: record.text("t_s")?.parse().unwrap_or_default(),
            seen_in: record.owned("seen_in")?,
            after: record.owned("after")?,
            mode: record.owned("mode")?,
            zones,
            domains: record.text("fd_count")?.parse().ok(),
            capacity: record.text("capacity")?.parse().ok(),
            overprovision: record.text("overprovision")?.to_ascii_lowercase().parse().ok(),
            priority: record.owned("priority")?,
            instances,
        })
    }
}

/// A row of `rolling.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Upgrade {
    /// What was called.
    pub operation: String,
    /// How many instances.
    pub capacity: Option<u32>,
    /// Their system.
    pub system: String,
    /// The mode of the set.
    pub mode: String,
    /// Who says what is healthy.
    pub health_source: String,
    /// `maxUnhealthyUpgradedInstancePercent` of the set, where it has a rolling policy.
    pub upgraded: Option<u32>,
    /// How long it took.
    pub seconds: f64,
    /// How it ended.
    pub status: String,
    /// The code of its error.
    pub error_code: String,
    /// The numbers in its message.
    pub error_numbers: String,
    /// The day.
    pub date: String,
    /// Where it is from.
    pub repo: String,
    /// The file there.
    pub path: String,
}

impl Upgrade {
    pub(in crate::reality) fn read(record: &Record<'_>) -> Result<Self, String> {
        let seconds = record.text("seconds")?;
        Ok(Self {
            operation: record.owned("operation")?,
            capacity: record.text("capacity")?.parse().ok(),
            system: record.owned("os")?,
            mode: record.owned("mode")?,
            health_source: record.owned("health_source")?,
            upgraded: record.text("maxUnhealthyUpgraded_in_model")?.parse().ok(),
            seconds: seconds_of(seconds)?,
            status: record.owned("status")?,
            error_code: record.owned("error_code")?,
            error_numbers: record.owned("error_numbers")?,
            date: record.owned("date")?,
            repo: record.owned("source_repo")?,
            path: record.owned("source_path")?,
        })
    }

    /// The probe of the balancer, `load balancer probe 15x2`; `None` inside where nobody says who is healthy, and outside where it
    /// is not known.
    pub fn probe(&self) -> Option<Option<(u32, u32)>> {
        if self.health_source == "none" {
            return Some(None);
        }
        let (interval, number) = self.health_source.rsplit(' ').next()?.split_once('x')?;
        Some(Some((interval.parse().ok()?, number.parse().ok()?)))
    }
}
