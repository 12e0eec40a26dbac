//! The form in which a table is shown.

/// Who reads the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A person at a terminal.
    #[value(alias = "text")]
    #[default]
    Human,
    /// A program.
    Json,
}
