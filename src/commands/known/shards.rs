//! The results of shards: each writes the runs of its policies into a file, and the whole is made of all of them, without a run.

use crate::disk::file;
use crate::experiment::filter::Partition;
use crate::experiment::suite::Case;
use crate::experiment::suite::remembered::{Remembered, Wanted, sources};
use crate::input::formats::{KEY, SHARD};
use crate::output::list;
use crate::output::seal::{open, seal};
use anyhow::bail;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// No file of a shard is larger.
const BYTES_MOST: u64 = 1 << 30;

/// The runs of this shard, for the file.
#[derive(Default)]
pub(in crate::commands) struct Results(Mutex<BTreeMap<String, String>>);

impl Results {
    /// Keeps the runs of a policy.
    pub fn keep(&self, wanted: &Wanted, runs: &Remembered) {
        let text = runs.text(&wanted.key);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(wanted.key.clone(), text);
    }

    /// Writes the file: which shard it is, of which tests, with which seeds, and the runs of each policy.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn write(
        self,
        path: &Path,
        cases: &[Case<'_>],
        shard: Option<Partition>,
        first_seed: u64,
    ) -> anyhow::Result<()> {
        let head = json!({
            "partition": shard.map(|shard| format!("{}/{}", shard.number, shard.of)),
            "sources": sources(),
            "firstSeed": first_seed,
            "tests": cases.iter().map(|case| case.name.to_string()).collect::<Vec<_>>(),
        });
        let runs = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let runs: Vec<String> = runs.into_values().map(|text| format!("{{{text}")).collect();
        let head = head.to_string();
        let head = head[1..].strip_suffix('}').unwrap_or_default();
        file::write(path, seal(&SHARD, &format!("{head},\n\"runs\":[\n{}]}}\n", runs.join(","))).as_bytes())
    }
}

/// The results of all shards.
pub(in crate::commands) struct Shards {
    runs: BTreeMap<String, Remembered>,
    files: Vec<Shard>,
}

struct Shard {
    path: PathBuf,
    partition: (u64, u64),
    first_seed: u64,
    tests: Vec<String>,
}

impl Shards {
    /// Reads the results of all shards of a whole.
    ///
    /// # Errors
    ///
    /// One is missing, is there twice, is of another program or other seeds, or cannot be read; each is named.
    pub fn read(paths: &[PathBuf]) -> anyhow::Result<Self> {
        let mut shards = Self { runs: BTreeMap::new(), files: Vec::new() };
        for path in paths {
            let text = file::read_text(path, BYTES_MOST);
            let text =
                text.map_err(|error| anyhow::anyhow!("cannot read {}: {}", path.display(), file::why(&error)))?;
            let json: Value = open(&SHARD, &text)
                .and_then(|rest| {
                    serde_json::from_str(&format!("{{{rest}")).map_err(|error| format!("it is not JSON: {error}"))
                })
                .map_err(|why| refused(path, &text, &why))?;
            shards.take(path, &json)?;
        }
        shards.whole()?;
        Ok(shards)
    }

    fn take(&mut self, path: &Path, json: &Value) -> anyhow::Result<()> {
        let shown = path.display();
        if json["sources"] != sources() {
            bail!("{shown} was made by another build of windtunnel; use one build for all shards and for the merge");
        }
        let number =
            |text: &str| text.split_once('/').and_then(|(one, of)| Some((one.parse().ok()?, of.parse().ok()?)));
        let partition = json["partition"].as_str().map_or(Some((1, 1)), number);
        let (Some(partition), Some(first_seed)) = (partition, json["firstSeed"].as_u64()) else {
            bail!("{shown} does not say which shard it is");
        };
        let tests = list(&json["tests"]).iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        for runs in list(&json["runs"]) {
            let key = runs["key"].as_str().unwrap_or_default();
            let Some(runs) = Remembered::of(runs, key) else { bail!("{shown} lacks values of its runs") };
            match self.runs.get_mut(key) {
                Some(known) => {
                    known.took += runs.took;
                    known.merge(runs);
                }
                None => _ = self.runs.insert(key.to_owned(), runs),
            }
        }
        self.files.push(Shard { path: path.to_owned(), partition, first_seed, tests });
        Ok(())
    }

    /// Whether they are all shards of one whole, each once.
    fn whole(&self) -> anyhow::Result<()> {
        let Some(first) = self.files.first() else { bail!("name the results of the shards") };
        for shard in &self.files {
            let (one, other) = (first.path.display(), shard.path.display());
            if shard.partition.1 != first.partition.1 {
                bail!("{one} is one of {} shards, and {other} of {}", first.partition.1, shard.partition.1);
            }
            if shard.first_seed != first.first_seed {
                bail!("{one} begins with seed {}, and {other} with {}", first.first_seed, shard.first_seed);
            }
        }
        for number in 1..=first.partition.1 {
            let of = |shard: &&Shard| shard.partition.0 == number;
            match self.files.iter().filter(of).collect::<Vec<_>>()[..] {
                [_] => {}
                [] => bail!("there is no file of shard {number} of {}", first.partition.1),
                [one, other, ..] => {
                    bail!(
                        "{} and {} are both shard {number} of {}",
                        one.path.display(),
                        other.path.display(),
                        first.partition.1
                    )
                }
            }
        }
        Ok(())
    }

    /// Holds them to the tests that are asked for.
    ///
    /// # Errors
    ///
    /// A shard has a test that is not asked for, none has one that is, or their runs are not those of the scenarios as they are.
    pub fn check(&self, cases: &[Case<'_>], wanted: &[Wanted], first_seed: u64) -> anyhow::Result<()> {
        let first = &self.files[0];
        if first.first_seed != first_seed {
            bail!("{} begins with seed {}, and asked for is {first_seed}", first.path.display(), first.first_seed);
        }
        let names: Vec<String> = cases.iter().map(|case| case.name.to_string()).collect();
        for shard in &self.files {
            if let Some(name) = shard.tests.iter().find(|name| !names.contains(name)) {
                bail!("{} has the test {name}, which is not asked for here", shard.path.display());
            }
        }
        if let Some(name) = names.iter().find(|name| !self.files.iter().any(|shard| shard.tests.contains(name))) {
            bail!("no shard has the test {name}; the shards were made with other filters, or of other scenarios");
        }
        if let Some(lacks) =
            wanted.iter().find(|wanted| !self.runs.get(&wanted.key).is_some_and(|runs| runs.has(wanted)))
        {
            bail!(
                "no shard has the runs of {}::{} as it is here: its scenario, or the number of runs, is another one",
                lacks.scenario,
                lacks.policy
            );
        }
        Ok(())
    }

    /// The runs of a policy.
    pub fn runs(&self, wanted: &Wanted) -> Option<Remembered> {
        self.runs.get(&wanted.key).cloned()
    }
}

/// Why a file is no result of a shard, by its format where it says one.
fn refused(path: &Path, text: &str, why: &str) -> anyhow::Error {
    let of_format = serde_json::from_str::<Value>(text).ok().filter(|json| !json[KEY].is_null());
    match of_format.and_then(|json| SHARD.check(path, &json).err()) {
        Some(error) => error,
        None => anyhow::anyhow!("{} is not the result of a shard: {why}", path.display()),
    }
}
