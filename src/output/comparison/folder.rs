//! The folder of a comparison: tables, pictures and the page, and the runs that they are made of.
//!
//! While the runs are made they grow in `unfinished`, in the same folder; a comparison that is present stays until the
//! new one takes its place.

use super::{json, tables};
use crate::disk::folder::Draft;
use crate::experiment::compare::Comparison;
use crate::experiment::vary::Varied;
use crate::output::journal::{Identity, Journal};
use crate::output::plots::comparison::{self, Picture};
use crate::output::plots::png::Renderer;
use anyhow::bail;
use std::path::PathBuf;

/// Where the runs of a comparison grow until it is finished.
const UNFINISHED: &str = "unfinished";
/// Its runs.
const BLOCKS: &str = "blocks";
/// Its runs under varied assumptions.
const VARIED: &str = "blocks-varied";

/// Where the runs of a comparison are kept while they are made.
#[derive(Clone, Debug)]
pub struct Kept(PathBuf);

impl Kept {
    /// A place for the runs of a new comparison.
    ///
    /// # Errors
    ///
    /// The folder holds one that is not finished, and `force` does not drop it.
    pub fn anew(draft: &Draft, force: bool) -> anyhow::Result<Self> {
        let unfinished = draft.target().join(UNFINISHED);
        if Journal::is_in(&unfinished.join(BLOCKS)) {
            if !force {
                let shown = draft.target().display();
                bail!(
                    "{shown} holds a comparison that is not finished; carry it on with --resume, or drop it with --force"
                );
            }
            draft.drop_grown(UNFINISHED)?;
        }
        Ok(Self(draft.growing(UNFINISHED)?))
    }

    /// The place where runs are to be carried on: of a comparison that is not finished, or else of that which is.
    pub fn resumed(draft: &Draft) -> anyhow::Result<Self> {
        let target = draft.target();
        let unfinished = target.join(UNFINISHED);
        if Journal::is_in(&unfinished.join(BLOCKS)) {
            return Ok(Self(unfinished));
        }
        if Journal::is_in(&target.join(BLOCKS)) {
            // A journal that was cut off before its identity was written is empty.
            draft.drop_grown(UNFINISHED)?;
            return Ok(Self(draft.grow_on(&[BLOCKS, VARIED], UNFINISHED)?));
        }
        bail!("there is nothing to carry on in {}; leave out --resume", target.display())
    }

    /// The runs.
    pub fn blocks(&self) -> PathBuf {
        self.0.join(BLOCKS)
    }

    /// The runs under varied assumptions.
    pub fn varied(&self) -> PathBuf {
        self.0.join(VARIED)
    }
}

/// Writes the tables and then the pictures; returns why a picture is not there.
///
/// # Errors
///
/// A table cannot be written, or a file of a picture. A picture that cannot be drawn stops nothing.
pub fn write(
    to: &mut Draft,
    title: &str,
    identity: &Identity,
    comparison: &Comparison,
    varied: Option<&Varied>,
) -> anyhow::Result<Vec<String>> {
    let scenario = &identity.scenario;
    to.file("runs.csv", |out| tables::runs_csv(scenario, comparison, out))?;
    to.file("summary.csv", |out| tables::summary_csv(scenario, comparison, out))?;
    to.file("paired.csv", |out| tables::paired_csv(scenario, comparison, out))?;
    if let Some(varied) = varied {
        to.file("varied.csv", |out| tables::varied_csv(scenario, comparison, varied, out))?;
        to.file("assumptions.csv", |out| tables::assumptions_csv(scenario, varied, out))?;
    }
    let json = json::json(identity, comparison, varied);
    to.file("compare.json", |out| writeln!(out, "{json:#}"))?;
    let renderer = Renderer::default();
    let mut notes = Vec::new();
    for (name, picture) in comparison::pictures(title, comparison) {
        match picture {
            Picture::Drawn(svg) => {
                to.file(&format!("{name}.svg"), |out| out.write_all(svg.as_bytes()))?;
                match renderer.png(&svg) {
                    Ok(png) => to.file(&format!("{name}.png"), |out| out.write_all(&png))?,
                    Err(error) => notes.push(format!("no {name}.png: {error:#}")),
                }
            }
            Picture::Left(why) => notes.push(format!("no {name}.svg: {why}")),
        }
    }
    Ok(notes)
}

/// Gives the comparison its runs, and puts it in its place.
pub fn close(mut to: Draft, kept: &Kept, varied: bool) -> anyhow::Result<()> {
    to.journal(BLOCKS, &kept.blocks())?;
    if varied {
        to.journal(VARIED, &kept.varied())?;
    }
    to.finish()
}
