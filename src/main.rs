//! The program: run, then map the result to an exit code.

use clap::Parser;
use std::process::ExitCode;
use windtunnel::args::Cli;
use windtunnel::{commands, exit};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(help) => {
            let _ = help.print();
            return ExitCode::from(if help.use_stderr() { exit::USAGE } else { exit::OK });
        }
    };
    ExitCode::from(commands::carried_out(|| commands::dispatch(&cli.verb)))
}
