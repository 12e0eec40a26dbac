//! `windtunnel why`.

use crate::args::Why;

/// Explains.
///
/// # Errors
///
/// None.
pub fn why(_args: &Why) -> anyhow::Result<u8> {
    Ok(crate::exit::OK)
}
