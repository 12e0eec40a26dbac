//! The formats of everything that is stored and read again: one number each, and this is the one place that declares them.
//!
//! A number rises when a program of the number before would misread the file. What is read is asked for its number first;
//! another one is refused, with what to do. The scenario itself has `windtunnel: 1`, since people write it.

use anyhow::bail;
use serde_json::Value;
use std::path::Path;

/// A kind of stored file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// What it is, for people.
    pub what: &'static str,
    /// Its number.
    pub version: u64,
    /// What to do about a file of another number.
    pub otherwise: &'static str,
}

/// `plan.json`, `summary.json` and the tables in the folder of a run. Since 2 a measure of a scale set says so, where it named the
/// set as an entry point.
pub const RUN: Format = Format { what: "run", version: 2, otherwise: "run the scenario again" };
/// `compare.json` and the tables in the folder of a comparison. Since 2 they name the kind of the part that a measure is of.
pub const COMPARISON: Format = Format { what: "comparison", version: 2, otherwise: "compare again" };
/// The runs of a comparison, `blocks/`: `identity.json` and the blocks. Since 2 a block has a checksum,
/// since 3 a column says of what part of the fleet it is.
pub const BLOCKS: Format = Format {
    what: "journal of a comparison",
    version: 3,
    otherwise: "remove --resume, or choose another folder with --out",
};
/// A baseline. Since 2 a measure of a part of the fleet has the kind of the part in its name; since 3 it has the values of every seed,
/// what is expected, and the hash of what is simulated.
pub const BASELINE: Format = Format {
    what: "baseline",
    version: 3,
    otherwise: "record it again with --update-baseline, and review the changes before you commit it",
};
/// `.windtunnel`, by which a folder is known to be ours.
pub const MARKER: Format = Format { what: "marker", version: 1, otherwise: "choose another folder" };

/// What `test --format json` prints. Since 2 it has what was measured and asked for in numbers, too; since 3 the measures of a baseline on
/// both sides.
pub const TESTS: Format = Format { what: "result of tests", version: 3, otherwise: "test again" };
/// What `test --events` writes, a line an event. Since 2 a test has the measures of a baseline on both sides.
pub const EVENTS: Format = Format { what: "stream of events", version: 2, otherwise: "test again" };
/// What `test --list --format json` prints.
pub const TEST_NAMES: Format = Format { what: "list of tests", version: 1, otherwise: "list the tests again" };
/// What `check --format json` prints.
pub const CHECKS: Format = Format { what: "result of a check", version: 1, otherwise: "check again" };
/// What `lint --format json` prints.
pub const FINDINGS: Format = Format { what: "result of a lint", version: 1, otherwise: "lint again" };
/// `scorecard.json`, which `drill --format json` prints, too.
pub const SCORECARD: Format = Format { what: "scorecard", version: 1, otherwise: "drill again" };
/// What `prevent --format json` prints.
pub const PREVENTED: Format =
    Format { what: "result of what would have prevented an incident", version: 1, otherwise: "look again" };
/// What `test --against` prints with `--format json`.
pub const AGAINST: Format =
    Format { what: "result of a comparison with before", version: 1, otherwise: "compare again" };
/// What `test --results` writes, and `test --merge` reads.
pub const SHARD: Format = Format { what: "result of a shard", version: 1, otherwise: "run the shard again" };
/// A file of `test --cache`.
pub const CACHE: Format =
    Format { what: "file of a cache", version: 1, otherwise: "remove it, and its runs are made again" };
/// What `baseline diff --format json` prints.
pub const BASELINE_CHANGES: Format =
    Format { what: "list of changes of baselines", version: 1, otherwise: "compare again" };
/// What `diff --format json` prints.
pub const DIFFERENCE: Format = Format { what: "difference of two fleets", version: 1, otherwise: "compare them again" };

/// All of them.
pub const ALL: [Format; 17] = [
    RUN,
    COMPARISON,
    BLOCKS,
    BASELINE,
    MARKER,
    TESTS,
    EVENTS,
    TEST_NAMES,
    CHECKS,
    FINDINGS,
    SCORECARD,
    PREVENTED,
    AGAINST,
    SHARD,
    CACHE,
    BASELINE_CHANGES,
    DIFFERENCE,
];

/// The key under which a file says its number.
pub const KEY: &str = "schemaVersion";

impl Format {
    /// Refuses a file of another number.
    ///
    /// # Errors
    ///
    /// It is one; with why it cannot be read, and what to do.
    pub fn check(&self, path: &Path, json: &Value) -> anyhow::Result<()> {
        let found = &json[KEY];
        if *found == self.version {
            return Ok(());
        }
        let Self { what, version, otherwise } = self;
        let path = path.display();
        match found {
            Value::Null => bail!("{path} is not a {what}: it has no `{KEY}`; {otherwise}"),
            other => {
                bail!("{path} is a {what} of format {other}, but this program reads format {version}; {otherwise}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn another_format_is_refused_with_what_to_do() {
        for format in ALL {
            let check = |json: &Value| format.check(Path::new("a/b.json"), json).map_err(|error| error.to_string());
            assert_eq!(check(&json!({ "schemaVersion": format.version })), Ok(()));
            let newer = check(&json!({ "schemaVersion": format.version + 1 })).expect_err("it is newer");
            let wanted =
                format!("of format {}, but this program reads format {}; ", format.version + 1, format.version);
            assert!(newer.starts_with("a/b.json is a ") && newer.contains(&wanted), "{newer}");
            assert!(newer.ends_with(format.otherwise), "{newer}");
            let none = check(&json!({ "windtunnel": 1 })).expect_err("it says nothing");
            assert!(none.contains("it has no `schemaVersion`"), "{none}");
            // A number in quotes is not the number.
            assert!(check(&json!({ "schemaVersion": format.version.to_string() })).is_err());
        }
    }
}
