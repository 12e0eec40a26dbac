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

/// Who reads what may stand in a document, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum PageFormat {
    /// A person at a terminal.
    #[value(alias = "text")]
    #[default]
    Human,
    /// A program.
    Json,
    /// A document: Markdown.
    #[value(alias = "markdown")]
    Md,
}
