//! `windtunnel schema`: the JSON Schema of the scenario file, for editors.

use crate::exit;
use crate::input::scenario::schema;
use crate::output::stream;
use std::io::Write;

/// Prints the schema.
pub fn schema() -> anyhow::Result<u8> {
    writeln!(stream::stdout(), "{:#}", schema::schema())?;
    Ok(exit::OK)
}
