//! What is kept of a comparison while it runs, so that it can be carried on.
//!
//! The folder `blocks` of a comparison holds `identity.json`, which says of what the runs are, and one file a block of
//! runs that are done. Each file is written under another name, flushed to the disk and then renamed: whatever kills the
//! program, a block is there whole or not at all, and no more than the runs since the last block are lost.
//!
//! A block begins with its format and the checksum of the rest, so that nobody's numbers are changed unseen; then of what it
//! is a part, the measures of its policies, and a line a run. It is written and read line by line: no tree of it is made.

use crate::disk::file;
use crate::disk::names::{self, IDENTITY};
use crate::experiment::cells::{self, column_json, column_of, value_of};
use crate::experiment::column::Column;
use crate::experiment::replicate::{Done, Replications, Row, Watcher};
use crate::input::formats::{BLOCKS, KEY};
use crate::input::identity::model_sources;
use crate::output::list;
use crate::output::seal::{open, seal};
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use windtunnel_sim::measure::Stored;
use windtunnel_sim::rules::A;
use windtunnel_sim::rules::assumptions::Used;

/// A block is written this often.
const EVERY: Duration = Duration::from_secs(2);
/// And as soon as it has this many bytes.
const BYTES_MAX: usize = 4 << 20;

/// Of what the runs of a comparison are. Runs are carried on only by the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The version of the model.
    pub model_version: String,
    /// Stem of the file name of the scenario.
    pub scenario: String,
    /// Each policy with the hash of the scenario under it.
    pub policies: Vec<(String, String)>,
    /// The first seed.
    pub first_seed: u64,
    /// How many replications, or when to stop.
    pub replications: String,
}

impl Identity {
    fn json(&self) -> Value {
        let policies = self.policies.iter().map(|(name, hash)| json!({ "name": name, "scenarioHash": hash }));
        json!({
            KEY: BLOCKS.version,
            "modelVersion": self.model_version,
            "modelSources": model_sources(),
            "scenario": self.scenario,
            "policies": policies.collect::<Vec<_>>(),
            "firstSeed": self.first_seed,
            "replications": self.replications,
        })
    }

    fn hash(&self) -> String {
        blake3::hash(self.json().to_string().as_bytes()).to_hex()[..16].to_owned()
    }

    /// How the kept identity differs from this one, in words.
    fn differs(&self, kept: &Value) -> Option<String> {
        let own = self.json();
        let words = [
            ("modelVersion", "the version of the model"),
            ("modelSources", "the build of the model"),
            ("scenario", "the name of the scenario"),
            ("firstSeed", "the first seed"),
            ("replications", "the number of replications"),
        ];
        let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        for (key, words) in words {
            if own[key] != kept[key] {
                return Some(format!("{words} was {} and is now {}", shown(&kept[key]), shown(&own[key])));
            }
        }
        let names = |json: &Value| {
            list(&json["policies"]).iter().map(|policy| shown(&policy["name"])).collect::<Vec<_>>().join(",")
        };
        if names(&own) != names(kept) {
            return Some(format!("the policies were {} and are now {}", names(kept), names(&own)));
        }
        (own["policies"] != kept["policies"]).then(|| "the scenario has changed since".to_owned())
    }
}

/// The blocks of a comparison.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    identity: String,
    next: u32,
    open: Block,
    written: Instant,
}

/// By policy: its measures, and the assumptions that its runs leaned on.
type Policies = BTreeMap<usize, (Arc<[Column]>, Used)>;

/// Runs that are done and not written yet.
#[derive(Debug, Default)]
struct Block {
    policies: Policies,
    /// The runs as JSON, one a line with commas between.
    runs: String,
    count: usize,
}

impl Journal {
    /// Begins the journal of a new comparison in `folder`, which is made.
    pub fn create(folder: &Path, identity: &Identity) -> anyhow::Result<Self> {
        file::write(&folder.join(IDENTITY), format!("{:#}\n", identity.json()).as_bytes())?;
        Ok(Self::at(folder, identity, 0))
    }

    /// Takes up the journal in `folder` and puts its runs where they belong.
    pub fn resume(folder: &Path, identity: &Identity, into: &mut Replications) -> anyhow::Result<Self> {
        let path = folder.join(IDENTITY);
        let kept: Value =
            serde_json::from_str(&read(&path)?).with_context(|| format!("{} is not JSON", path.display()))?;
        BLOCKS.check(&path, &kept)?;
        if let Some(difference) = identity.differs(&kept) {
            bail!("{} cannot be resumed: {difference}; choose another folder with --out", folder.display());
        }
        let mut next = 0;
        for (number, path) in blocks(folder)? {
            let bad = || format!("{} cannot be used; delete it, and its runs are made again", path.display());
            let text = read(&path).with_context(bad)?;
            take(&text, &identity.hash(), into).map_err(anyhow::Error::msg).with_context(bad)?;
            next = number + 1;
        }
        Ok(Self::at(folder, identity, next))
    }

    #[expect(clippy::disallowed_methods, reason = "blocks are written every few seconds; no result depends on it")]
    fn at(folder: &Path, identity: &Identity, next: u32) -> Self {
        let (folder, identity) = (folder.to_owned(), identity.hash());
        Self { folder, identity, next, open: Block::default(), written: Instant::now() }
    }

    /// Whether `folder` holds a journal.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(IDENTITY).is_file()
    }

    /// Writes what is done and not written yet.
    #[expect(clippy::disallowed_methods, reason = "blocks are written every few seconds; no result depends on it")]
    pub fn flush(&mut self) -> anyhow::Result<()> {
        self.written = Instant::now();
        let block = std::mem::take(&mut self.open);
        if block.runs.is_empty() {
            return Ok(());
        }
        let policy = |(policy, (columns, used)): (usize, (Arc<[Column]>, Used))| {
            let columns: Vec<Value> = columns.iter().map(column_json).collect();
            let used: Vec<&str> = used.iter().map(|assumption| assumption.row().key).collect();
            json!({ "policy": policy, "columns": columns, "used": used })
        };
        let policies: Vec<Value> = block.policies.into_iter().map(policy).collect();
        let head = json!({ "comparison": self.identity, "policies": policies }).to_string();
        let rest = format!("{}{RUNS}\n{}\n]}}\n", head[1..].trim_end_matches('}'), block.runs);
        file::write(&self.folder.join(names::block(self.next)), sealed(&rest).as_bytes())?;
        self.next += 1;
        Ok(())
    }
}

impl Watcher for Journal {
    fn done(&mut self, runs: &[Done]) -> anyhow::Result<()> {
        for done in runs {
            let of = self.open.policies.entry(done.policy);
            of.or_insert_with(|| (Arc::clone(&done.columns), Used::default())).1.merge(&done.used);
            self.open.add(done);
        }
        if self.written.elapsed() >= EVERY || self.open.runs.len() >= BYTES_MAX {
            self.flush()?;
        }
        Ok(())
    }
}

/// The files of blocks with their numbers, in order.
fn blocks(folder: &Path) -> anyhow::Result<Vec<(u32, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let path = entry?.path();
        let number = path.file_name().and_then(|name| names::block_number(name.to_str()?));
        found.extend(number.map(|number| (number, path)));
    }
    found.sort();
    Ok(found)
}

/// No block is larger: the most runs of one, each of thousands of measures.
const BYTES_MOST: u64 = 1 << 30;

fn read(path: &Path) -> anyhow::Result<String> {
    file::read_text(path, BYTES_MOST).with_context(|| format!("cannot read {}", path.display()))
}

/// What stands before the runs of a block.
const RUNS: &str = ",\"runs\":[";
/// The text of a block: its format, and the checksum of `rest`, which is everything behind it.
pub fn sealed(rest: &str) -> String {
    seal(&BLOCKS, rest)
}

/// What stands behind the checksum of a block, as it was written.
///
/// # Errors
///
/// It is of another format, or was changed since.
pub fn opened(text: &str) -> Result<&str, String> {
    open(&BLOCKS, text)
}

impl Block {
    /// Adds a run. There may be a million of them, so they become text at once and no tree.
    fn add(&mut self, done: &Done) {
        let Done { policy, replication, row, .. } = done;
        let comma = if self.count == 0 { "" } else { ",\n" };
        let Row { digest, looped, .. } = row;
        let _ = write!(self.runs, "{comma}[{policy},{replication},{digest},{looped},[");
        for (index, value) in row.values.iter().enumerate() {
            self.runs += if index == 0 { "" } else { "," };
            cells::write(&mut self.runs, value.seen());
        }
        self.runs += "]]";
        self.count += 1;
    }
}

/// Puts the runs of a block where they belong.
fn take(text: &str, identity: &str, into: &mut Replications) -> Result<(), String> {
    let json = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| format!("it is not JSON: {error}"));
    let mut lines = opened(text)?.lines();
    let head = lines.next().and_then(|head| head.strip_suffix(RUNS)).ok_or(
        "it does not say which comparison it \
        belongs to",
    )?;
    let head = json(&format!("{{{head}}}"))?;
    if head["comparison"] != identity {
        return Err("it belongs to another comparison".to_owned());
    }
    let policies = policies(&head)?;
    for line in lines.take_while(|line| *line != "]}") {
        let run = json(line.strip_suffix(',').unwrap_or(line))?;
        let policy = number(&run[0])?;
        let (columns, used) = policies.get(&policy).ok_or("a run has no policy")?;
        let values: Option<Vec<Stored>> = list(&run[4]).iter().map(value_of).collect();
        let values = values.filter(|values| values.len() == columns.len()).ok_or("a run lacks values")?;
        let digest = run[2].as_u64().ok_or("a run lacks its digest")?;
        let row = Row { digest, looped: run[3].as_bool().ok_or("a run lacks its end")?, values };
        into.put(Done { policy, replication: number(&run[1])?, columns: Arc::clone(columns), row, used: *used })?;
    }
    Ok(())
}

fn number(json: &Value) -> Result<usize, String> {
    json.as_u64().and_then(|number| usize::try_from(number).ok()).ok_or_else(|| "it lacks a number".to_owned())
}

/// The measures of the policies of a block, and the assumptions that their runs leaned on.
fn policies(head: &Value) -> Result<Policies, String> {
    let mut policies: Policies = BTreeMap::new();
    for policy in list(&head["policies"]) {
        let columns: Option<Arc<[Column]>> = list(&policy["columns"]).iter().map(column_of).collect();
        let mut used = Used::default();
        for key in list(&policy["used"]) {
            let known = A::ALL.iter().find(|assumption| *key == assumption.row().key);
            used.mark(*known.ok_or_else(|| format!("{key} is not an assumption"))?);
        }
        policies.insert(number(&policy["policy"])?, (columns.ok_or("a column lacks its name")?, used));
    }
    Ok(policies)
}
