//! The program: run, then map the result to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(windtunnel::commands::program(std::env::args_os()))
}
