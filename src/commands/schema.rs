//! `windtunnel schema`: the JSON Schema of the scenario file, for editors.

use crate::exit;
use crate::input::scenario::schema;
use std::io::Write;

/// Prints the schema.
///
/// # Errors
///
/// Standard output cannot be written to.
pub fn schema() -> anyhow::Result<u8> {
    writeln!(anstream::stdout(), "{:#}", schema::schema())?;
    Ok(exit::OK)
}
