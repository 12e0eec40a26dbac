//! The folder of a comparison: the runs that are kept on the way, and in the end tables and pictures.
//!
//! `compare.json` is written last, so where it is all the others are.

use super::{json, tables};
use crate::experiment::compare::Comparison;
use crate::experiment::journal::{Identity, Journal, write_whole};
use crate::experiment::vary::Varied;
use crate::output::plots::comparison::{self, Picture};
use crate::output::plots::png::Renderer;
use anyhow::{Context, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// Everything but the kept runs.
const FILES: [&str; 15] = [
    "compare.json",
    "report.html",
    "runs.csv",
    "summary.csv",
    "paired.csv",
    "blast-radius.svg",
    "blast-radius.png",
    "downtime.svg",
    "downtime.png",
    "paired.svg",
    "paired.png",
    "front.svg",
    "front.png",
    "varied.csv",
    "assumptions.csv",
];

/// Where the runs of a comparison are kept.
#[must_use]
pub fn blocks(folder: &Path) -> PathBuf {
    folder.join("blocks")
}

/// Where its runs under varied assumptions are kept.
#[must_use]
pub fn varied_blocks(folder: &Path) -> PathBuf {
    folder.join("blocks-varied")
}

/// Makes room for a new comparison: what an earlier one left goes.
///
/// # Errors
///
/// The folder is of something else, or of a comparison that is not finished.
pub fn clear(folder: &Path) -> anyhow::Result<()> {
    if !folder.exists() || (folder.is_dir() && fs::read_dir(folder)?.next().is_none()) {
        return Ok(());
    }
    let shown = folder.display();
    if !Journal::is_in(&blocks(folder)) {
        bail!("{shown} exists and is not the folder of a comparison; name another with --out");
    }
    if !folder.join(FILES[0]).exists() {
        bail!("{shown} holds a comparison that is not finished; carry it on with --resume, or delete it");
    }
    for name in FILES {
        let path = folder.join(name);
        if path.exists() {
            fs::remove_file(&path).with_context(|| format!("delete {}", path.display()))?;
        }
    }
    for blocks in [varied_blocks(folder), blocks(folder)] {
        if blocks.exists() {
            fs::remove_dir_all(&blocks).with_context(|| format!("delete {}", blocks.display()))?;
        }
    }
    Ok(())
}

/// Writes tables and pictures; returns why a picture is not there.
///
/// # Errors
///
/// Something cannot be written; each file is there whole or not at all.
pub fn write(
    folder: &Path,
    title: &str,
    identity: &Identity,
    comparison: &Comparison,
    varied: Option<&Varied>,
) -> anyhow::Result<Vec<String>> {
    let scenario = &identity.scenario;
    let table = |name: &str, fill: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        fill(&mut bytes).with_context(|| format!("write {name}"))?;
        write_whole(&folder.join(name), &bytes)
    };
    table("runs.csv", &|out| tables::runs_csv(scenario, comparison, out))?;
    table("summary.csv", &|out| tables::summary_csv(scenario, comparison, out))?;
    table("paired.csv", &|out| tables::paired_csv(scenario, comparison, out))?;
    match varied {
        Some(varied) => {
            table("varied.csv", &|out| tables::varied_csv(scenario, comparison, varied, out))?;
            table("assumptions.csv", &|out| tables::assumptions_csv(scenario, varied, out))?;
        }
        None => {
            for name in ["varied.csv", "assumptions.csv"] {
                let path = folder.join(name);
                if path.exists() {
                    fs::remove_file(&path).with_context(|| format!("delete {}", path.display()))?;
                }
            }
        }
    }
    let renderer = Renderer::default();
    let mut notes = Vec::new();
    for (name, picture) in comparison::pictures(title, comparison) {
        match picture {
            Picture::Drawn(svg) => {
                let png = renderer.png(&svg).with_context(|| format!("draw {name}.png"))?;
                write_whole(&folder.join(format!("{name}.svg")), svg.as_bytes())?;
                write_whole(&folder.join(format!("{name}.png")), &png)?;
            }
            Picture::Left(why) => notes.push(format!("no {name}.svg: {why}")),
        }
    }
    Ok(notes)
}

/// Writes the page for people, and last `compare.json`.
///
/// # Errors
///
/// One of them cannot be written.
pub fn close(
    folder: &Path,
    report: &str,
    identity: &Identity,
    comparison: &Comparison,
    varied: Option<&Varied>,
) -> anyhow::Result<()> {
    write_whole(&folder.join("report.html"), report.as_bytes())?;
    let json = json::json(identity, comparison, varied);
    write_whole(&folder.join(FILES[0]), format!("{json:#}\n").as_bytes())
}
