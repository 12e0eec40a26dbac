//! The verbs of the command line, one file each.

mod against;
pub(crate) mod assumptions;
pub mod baseline;
pub mod calibrate;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod demo;
pub mod diff;
mod diff_runs;
pub(crate) mod drill;
mod drills;
pub mod fit;
pub(crate) mod import;
mod known;
pub mod lint;
pub(crate) mod manual;
mod margins;
pub(crate) mod measures;
pub(crate) mod new;
mod open;
pub mod postmortem;
pub mod prevent;
pub(crate) mod reality;
pub mod rules;
pub mod run;
mod scenarios;
pub(crate) mod schema;
pub(crate) mod status;
pub(crate) mod test;
pub mod verify;
pub mod why;

use crate::args;
use crate::disk::folder::{Draft, Foreigners, Wanted};
use crate::disk::marker::Kind;
use crate::exit;
use crate::input::Report;
use crate::output::{LEAST_WIDTH, stream};
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use windtunnel_words::control::escaped;

/// A row a verb: what the help says of it, its arguments (in `args.rs`, or beside the handler), and what carries it out. The
/// command line, its completions, the manual and their tests are made of these rows.
macro_rules! verbs {
    ($($(#[$help:meta])* $verb:ident $(($args:path))? => $module:ident::$handler:ident,)+) => {
        /// The verbs.
        #[derive(Debug, Subcommand)]
        #[expect(clippy::large_enum_variant, reason = "one is made a run of the program")]
        pub enum Verb {
            $($(#[$help])* $verb $(($args))?,)+
        }

        /// Carries out a verb; returns its exit code.
        pub fn dispatch(verb: &Verb) -> anyhow::Result<u8> {
            match verb {
                $(verbs!(@pattern args, $verb $($args)?) => verbs!(@call $module::$handler, args $($args)?),)+
            }
        }
    };
    (@pattern $name:ident, $verb:ident $args:path) => { Verb::$verb($name) };
    (@pattern $name:ident, $verb:ident) => { Verb::$verb };
    (@call $module:ident::$handler:ident, $name:ident $args:path) => { $module::$handler($name) };
    (@call $module:ident::$handler:ident, $name:ident) => { $module::$handler() };
}

verbs! {
    /// Make a scenario of Azure's own files that runs at once; run again, it keeps what you changed
    Import(args::Import) => import::import,
    /// Run a scenario once: print a summary, and write everything else to a folder
    Run(args::Run) => run::run,
    /// Run every policy with the same seeds; show which is better, by how much, and with what confidence
    Compare(args::Compare) => compare::compare,
    /// Check the expectations of scenarios: each expectation under each policy is one named test
    Test(args::Test) => test::test,
    /// Show what would change in the baselines that `test --baseline` compares with, and accept it by name
    Baseline(baseline::Args) => baseline::baseline,
    /// Try a fleet in every standard incident, without a scenario: a scorecard, and the one change that would help most
    Drill(args::Drill) => drill::drill,
    /// Show what changes between two fleets, as a policy: templates, plans of Terraform, folders; or where two runs part
    Diff(diff::Args) => diff::diff,
    /// Explain an entry of a run's ledger: its causes, each with its rule, and what did not happen; or what followed from it
    Why(args::Why) => why::why,
    /// Look for what would have prevented an incident: policies, fixes, other settings, acts that come sooner or not; at what price
    Prevent(prevent::Args) => prevent::prevent,
    /// Write the document of an incident: impact, timeline, why, what would have helped; derived from a run, with blanks for people
    Postmortem(postmortem::Args) => postmortem::postmortem,
    /// Print what Azure would have answered at an instant of a run: upgrades, instances, images, as Azure's JSON
    Status(args::Status) => status::status,
    /// Say what the observations of an incident tell of what is not known: ranges, what is excluded, what is left open
    Fit(fit::Args) => fit::fit,
    /// Read scenarios or ARM files; report what was understood, what was assumed, and what is wrong
    Check(args::Check) => check::check,
    /// Find what is dangerous about a fleet as it is: Azure's files, no scenario; each finding with a fix
    Lint(lint::Args) => lint::lint,
    /// Verify determinism: run a scenario in several equivalent ways, and name the first entry that differs
    Verify(args::Verify) => verify::verify,
    /// Print the rulebook: what the platform does, and how closely this program follows it
    Rules(args::Rules) => rules::rules,
    /// Print the assumptions: values that Azure does not publish, with default, range and reason
    Assumptions(args::Assumptions) => assumptions::assumptions,
    /// Make values of assumptions of your own durations: activity logs, long-running operations, CSV; each with its interval
    Calibrate(calibrate::Args) => calibrate::calibrate,
    /// Print the measures: what a run is measured by, and what an expectation may ask for
    Measures(measures::Args) => measures::measures,
    /// Compare the model with recordings of the platform: durations, answers, placement
    Reality(args::Reality) => reality::reality,
    /// Print the JSON Schema of the scenario file
    Schema => schema::schema,
    /// Write a commented starter scenario that runs as it is
    New(args::New) => new::new,
    /// Run the bundled incidents into a folder, and say what to look at in each
    Demo(args::Demo) => demo::demo,
    /// Print the completion script of a shell
    Completions(args::Completions) => manual::completions,
    /// Print the manual page, for `man`
    Man => manual::man,
}

/// The program: carries out a command line, whose first word is its name, or shows help; its exit code.
pub fn program(line: impl IntoIterator<Item = OsString>) -> u8 {
    match args::Cli::try_parse_from(line) {
        Ok(cli) => carried_out(|| dispatch(&cli.verb)),
        Err(help) => {
            let _ = help.print();
            if help.use_stderr() { exit::USAGE } else { exit::OK }
        }
    }
}

/// Carries out what was asked for; its exit code. Whatever cannot be done is the fault of the command or of a file, and is shown:
/// our own mistakes panic, and are said to be ours.
pub fn carried_out(work: impl FnOnce() -> anyhow::Result<u8>) -> u8 {
    let mut err = stream::stderr();
    let (code, _) = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(code)) => return code,
        Ok(Err(error)) => match error.downcast_ref::<Report>() {
            Some(report) => (exit::USAGE, write!(err, "{}", report.render(stream::colour_of(&std::io::stderr())))),
            // It may name files that somebody else named.
            None => (exit::USAGE, writeln!(err, "error: {}", escaped(&format!("{error:#}")))),
        },
        // The place stands above: it is printed where the panic begins.
        Err(_) => (exit::INTERNAL, writeln!(err, "error: this is a bug in windtunnel, not in your files")),
    };
    code
}

/// Begins the folder of what is made of a scenario: where it was asked for, or else beside the scenario under this name. It is ours
/// alone until it is finished.
fn begin(
    kind: Kind,
    scenario: &Path,
    out: Option<&PathBuf>,
    beside: PathBuf,
    foreigners: Foreigners,
) -> anyhow::Result<Draft> {
    let of = &scenario.display().to_string();
    Draft::begin(out.unwrap_or(&beside), Wanted { kind, of, named: out.is_some(), foreigners })
}

/// How wide the terminal is, from 60 to 120 columns; 100 where there is none.
pub fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let is = asked.or_else(|| terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| columns.into()));
    is.unwrap_or(100).clamp(LEAST_WIDTH, 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_of_ours_has_an_exit_code_of_its_own() {
        assert_eq!(carried_out(|| Ok(exit::INCONCLUSIVE)), exit::INCONCLUSIVE);
        assert_eq!(carried_out(|| anyhow::bail!("no such file")), exit::USAGE);
        assert_eq!(carried_out(|| panic!("an invariant does not hold")), exit::INTERNAL);
    }
}
