//! The outputs of `test`: a row each. From the rows come the flags of the files, what is written to them, and the table in
//! `docs/guide/ci.md`.

use super::{Session, code_quality, junit, sarif};
use crate::output::stream::disarmed;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// An output, as the guide lists it.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// The flag.
    pub flag: &'static str,
    /// What it is.
    pub what: &'static str,
    /// What reads it.
    pub readers: &'static str,
}

/// A row a file: its help, its field with the flag, what it is and what reads it, and what writes it.
macro_rules! files {
    ($($(#[$help:meta])+ $field:ident, $flag:literal, $what:literal, $readers:literal => $text:expr;)+) => {
        /// The files that `test` writes.
        #[derive(Clone, Debug, Default, clap::Args)]
        pub struct Files {
            $($(#[$help])+ #[arg(long, value_name = "FILE")] pub $field: Option<PathBuf>,)+
        }

        /// The rows of the files.
        const FILES: &[Output] = &[$(Output { flag: $flag, what: $what, readers: $readers },)+];
        /// The names of their arguments.
        pub const ARGUMENTS: &[&str] = &[$(stringify!($field),)+];

        impl Files {
            /// Where the files that are asked for go.
            pub fn paths(&self) -> impl Iterator<Item = &Path> {
                [$(self.$field.as_deref(),)+].into_iter().flatten()
            }

            /// Each file that is asked for, with what goes into it.
            ///
            /// # Errors
            ///
            /// A text cannot be made.
            pub fn texts(&self, session: &Session<'_>) -> anyhow::Result<Vec<(&Path, String)>> {
                let mut texts = Vec::new();
                $(if let Some(path) = &self.$field {
                    let text: fn(&Session<'_>) -> anyhow::Result<String> = $text;
                    // A file may be /dev/stdout, where build services read.
                    texts.push((path.as_path(), disarmed(&text(session)?).into_owned()));
                })+
                Ok(texts)
            }
        }
    };
}

files! {
    /// Write the results as JUnit XML
    junit, "--junit FILE",
        "JUnit XML: a suite a scenario, a test an expectation (with `--against` also one a measure); the only output with the time that the runs took",
        "Jenkins, Azure Pipelines (`PublishTestResults`), GitLab (`reports: junit`), most others" => junit::xml;
    /// Write what did not pass as SARIF 2.1.0
    sarif, "--sarif FILE", "SARIF 2.1.0: a result at the line of each expectation that did not pass; with `--against`, at what was changed",
        "GitHub code scanning (`upload-sarif`), Azure DevOps, editors" => |session| Ok(format!("{:#}\n", sarif::sarif(session)));
    /// Write what did not pass as a report of code quality, for GitLab
    code_quality, "--code-quality FILE", "the same as a list of code quality issues",
        "GitLab merge requests (`reports: codequality`)" => |session| Ok(format!("{:#}\n", code_quality(session)));
    /// Write a summary in Markdown
    markdown, "--markdown FILE", "a page in Markdown: what did not pass, and the commands that repeat it; with `--against`, what got worse",
        "comments, and whatever shows Markdown" => |session| Ok(session.page());
}

/// What goes to standard output or to a service.
const STREAMS: &[Output] = &[
    Output {
        flag: "--github",
        what: "annotations at the lines of the expectations, or with `--against` at what was changed, and a summary in `$GITHUB_STEP_SUMMARY`",
        readers: "GitHub Actions",
    },
    Output {
        flag: "--azure-pipelines",
        what: "issues in the log, and a summary of the run: the file of `--markdown`, or one in `$AGENT_TEMPDIRECTORY`",
        readers: "Azure Pipelines",
    },
    Output {
        flag: "--format json",
        what: "everything as one JSON document on standard output, measured values and bounds as numbers",
        readers: "programs",
    },
    Output {
        flag: "--events FILE",
        what: "a line of JSON when the suite begins, when each test ends, and when the suite ends; `-` is standard output",
        readers: "programs that show progress",
    },
    Output {
        flag: "--list",
        what: "the names of the tests that would run, one a line; with `--format json` as JSON. Nothing is run",
        readers: "scripts",
    },
];

/// The table of the outputs, in Markdown.
pub fn table() -> String {
    let mut text = String::from("| flag | what it is | what reads it |\n| --- | --- | --- |\n");
    for Output { flag, what, readers } in FILES.iter().chain(STREAMS) {
        let _ = writeln!(text, "| `{flag}` | {what} | {readers} |");
    }
    text
}
