//! The margins of the command line: by what share of what there was a measure may get worse.

use crate::experiment::suite::File;
use anyhow::bail;
use windtunnel_claims::margin::Margin;
use windtunnel_input::quantity::percent;

/// Adds what the command line says of margins to what the scenarios say, which it overrules.
pub(super) fn add(given: &[String], files: &mut [File]) -> anyhow::Result<()> {
    let margins: Vec<Margin> = given.iter().map(|given| one(given)).collect::<anyhow::Result<_>>()?;
    files.iter_mut().for_each(|file| file.loaded.margins.0.extend(margins.iter().cloned()));
    Ok(())
}

fn one(given: &str) -> anyhow::Result<Margin> {
    let Some((measures, share)) = given.split_once('=') else {
        bail!("write --worse MEASURE=SHARE, such as cost.*=5%, got `{given}`")
    };
    let share = percent(share).map_err(|wrong| anyhow::anyhow!("--worse {given}: {}", wrong.message))?;
    Margin::new(measures, share).map_err(|(message, help)| {
        anyhow::anyhow!("--worse {given}: {message}{}", help.map_or_else(String::new, |help| format!("; {help}")))
    })
}
