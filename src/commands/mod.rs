//! The verbs of the command line, one file each.

pub mod assumptions;
pub mod check;
pub mod compare;
pub mod demo;
pub mod doctor;
pub mod manual;
pub mod new;
mod open;
pub mod reality;
pub mod rules;
pub mod run;
pub mod schema;
pub mod status;
pub mod test;
pub mod why;

use crate::args::Verb;
use crate::exit;
use crate::input::Report;
use crate::output::stream;
use std::io::Write;
use std::process::ExitCode;
use windtunnel_words::control::escaped;

/// Carries out a verb; returns its exit code.
///
/// # Errors
///
/// What could not be done: problems of a file, or of the world outside.
pub fn dispatch(verb: Verb) -> anyhow::Result<u8> {
    match verb {
        Verb::Run(args) => run::run(&args),
        Verb::Compare(args) => compare::compare(&args),
        Verb::Test(args) => test::test(&args),
        Verb::Why(args) => why::why(&args),
        Verb::Status(args) => status::status(&args),
        Verb::Check(args) => check::check(&args),
        Verb::Doctor(args) => doctor::doctor(&args),
        Verb::Rules(args) => {
            let (width, mut out) = (width(), stream::stdout());
            if args.count {
                return rules::count(args.format, &mut out).map(|()| exit::OK);
            }
            rules::list(args.id.as_deref(), args.status, args.format, width, &mut out).map(|()| exit::OK)
        }
        Verb::Assumptions(args) => {
            let (width, mut out) = (width(), stream::stdout());
            assumptions::list(args.id.as_deref(), args.format, width, &mut out).map(|()| exit::OK)
        }
        Verb::Reality(args) => reality::reality(&args),
        Verb::Schema => schema::schema(),
        Verb::New(args) => new::new(&args),
        Verb::Demo(args) => demo::demo(&args),
        Verb::Completions(args) => manual::completions(&args),
        Verb::Man => manual::man(),
    }
}

/// Shows why a verb could not be carried out. Whatever it was, the command or a file was wrong: our own mistakes panic.
#[must_use]
pub fn failed(error: &anyhow::Error) -> ExitCode {
    let mut err = stream::stderr();
    let _ = match error.downcast_ref::<Report>() {
        Some(report) => write!(err, "{}", report.render(stream::colour_of(&std::io::stderr()))),
        // It may name files that somebody else named.
        None => writeln!(err, "error: {}", escaped(&format!("{error:#}"))),
    };
    ExitCode::from(exit::USAGE)
}

/// How wide the terminal is, from 60 to 120 columns; 100 where there is none.
#[must_use]
pub fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let is = asked.or_else(|| terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| columns.into()));
    is.unwrap_or(100).clamp(60, 120)
}
