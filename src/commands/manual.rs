//! `windtunnel completions` and `windtunnel man`: what shells and `man` read of the command line.

use crate::args::{Cli, Completions};
use crate::exit;
use clap::{Command, CommandFactory};
use std::io::Write;

/// Prints the completions of a shell.
pub fn completions(args: &Completions) -> anyhow::Result<u8> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "windtunnel", &mut text);
    std::io::stdout().write_all(&text)?;
    Ok(exit::OK)
}

/// Prints the manual page: the program's, and after it that of each verb.
pub fn man() -> anyhow::Result<u8> {
    let mut command = Cli::command();
    command.build();
    let mut text = Vec::new();
    let page = clap_mangen::Man::new(command.clone()).section("1").manual("Windtunnel");
    page.render(&mut text)?;
    for verb in command.get_subcommands().filter(is_ours) {
        section(verb, "windtunnel", &mut text)?;
    }
    std::io::stdout().write_all(&text)?;
    Ok(exit::OK)
}

/// The section of a verb, and of those within it.
fn section(verb: &Command, of: &str, text: &mut Vec<u8>) -> anyhow::Result<()> {
    let name = format!("{of} {}", verb.get_name());
    let page = clap_mangen::Man::new(verb.clone().bin_name(name.clone()).display_name(name.clone()));
    writeln!(text, ".SH {}", name.to_uppercase())?;
    page.render_description_section(text)?;
    page.render_options_section(text)?;
    verb.get_subcommands().filter(is_ours).try_for_each(|inner| section(inner, &name, text))
}

/// Whether it is no help of clap's.
fn is_ours(verb: &&Command) -> bool {
    verb.get_name() != "help"
}
