//! `windtunnel demo`: the bundled incidents, run into a folder, and what to look at.

use crate::args::{Demo, Run};
use crate::commands;
use crate::commands::run::made;
use crate::exit;
use crate::input::AS_WRITTEN;
use crate::output::format::Format;
use crate::output::text::{BOLD, DIM, paint, quoted, wrap};
use anyhow::Context;
use std::fs;
use std::io::Write;

/// The incidents: the name of the file, the file, and what to look at in its report.
const INCIDENTS: [(&str, &str, &str); 3] = [
    (
        "stale-image-scale-out",
        include_str!("../../scenarios/stale-image-scale-out.yaml"),
        "the third row of the heat map: from marker 1 to marker 3 it is in rotation with old code, and the probe is content",
    ),
    (
        "broken-image-succeeds",
        include_str!("../../scenarios/broken-image-succeeds.yaml"),
        "the lane of images: a bake whose installer failed ends as Succeeded, and what is made of it",
    ),
    (
        "replication-gates-region",
        include_str!("../../scenarios/replication-gates-region.yaml"),
        "the lane of images against the heat map: which region has the version when its instances are created",
    ),
];

/// Runs the incidents.
///
/// # Errors
///
/// The folder cannot be written.
pub fn demo(args: &Demo) -> anyhow::Result<u8> {
    let folder = &args.dir;
    fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    let (mut out, width) = (anstream::stdout(), commands::width());
    for (name, text, look) in INCIDENTS {
        let scenario = folder.join(format!("{name}.yaml"));
        fs::write(&scenario, text).with_context(|| format!("write {}", scenario.display()))?;
        let to = folder.join(name);
        let run =
            Run { scenario, policy: AS_WRITTEN.to_owned(), seed: 1, out: Some(to.clone()), format: Format::Human };
        let (title, verdict) = made(&run)?;
        writeln!(out, "{}", paint(BOLD, &title))?;
        let say = |words: &str| wrap(words, width - 2).join("\n  ");
        writeln!(out, "  {}", say(&format!("{}.", verdict)))?;
        writeln!(out, "  {}", say(&format!("Look at {look}.")))?;
        writeln!(out, "  {}\n", paint(DIM, to.join("report.html").display()))?;
    }
    writeln!(
        out,
        "Open a report in a browser; it needs no network. The scenarios lie beside the folders, to be changed:"
    )?;
    writeln!(out, "windtunnel compare {}", quoted(&folder.join("stale-image-scale-out.yaml").display().to_string()))?;
    Ok(exit::OK)
}
