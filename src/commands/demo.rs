//! `windtunnel demo`: the founding incidents, run into a folder, and what to look at.

use crate::args::{Demo, Run};
use crate::commands;
use crate::commands::run::made;
use crate::disk::folder::{Draft, Foreigners, Wanted};
use crate::disk::marker::Kind;
use crate::exit;
use crate::input::AS_WRITTEN;
use crate::output::format::PageFormat;
use crate::output::room::Ledger;
use crate::output::stream;
use std::fmt::Write as _;
use std::io::Write as _;
use windtunnel_words::text::{BOLD, DIM, capital, paint, quoted, wrap};

/// An incident.
struct Incident {
    /// The name of its file.
    name: &'static str,
    /// The file.
    text: &'static str,
    /// What to look at in its report.
    look: &'static str,
}

const INCIDENTS: [Incident; 3] = [
    Incident {
        name: "stale-image-scale-out",
        text: include_str!("../../scenarios/stale-image-scale-out.yaml"),
        look: "the third row of the fleet: from marker 1 to marker 3 the instance is in rotation with old code, and \
            its probe succeeds",
    },
    Incident {
        name: "bad-bake-canary",
        text: include_str!("../../scenarios/bad-bake-canary.yaml"),
        look: "the rollout lane from marker 1 to marker 3 (the key m zooms there): one batch of four fails, the upgrade halts in \
               its canary region, and the other region never sees the version",
    },
    Incident {
        name: "repair-loop-grace",
        text: include_str!("../../scenarios/repair-loop-grace.yaml"),
        look: "the lane of repairs: new instances are repaired before they have warmed up, and so are their \
            replacements, until repairs suspend themselves; the markers name the loop and the grace period that \
            would end it",
    },
];

/// What the scenarios name, by its path beside them.
const TEMPLATES: [(&str, &str); 2] = [
    ("payments/eastus.json", include_str!("../../scenarios/payments/eastus.json")),
    ("payments/westus3.json", include_str!("../../scenarios/payments/westus3.json")),
];

/// Runs the incidents.
pub fn demo(args: &Demo) -> anyhow::Result<u8> {
    let wanted = Wanted { kind: Kind::Demo, of: "", named: true, foreigners: Foreigners::of_force(args.force) };
    let mut draft = Draft::begin(&args.dir, wanted)?;
    let folder = draft.target().to_owned();
    for (path, text) in TEMPLATES {
        draft.file(path, |out| out.write_all(text.as_bytes()))?;
    }
    let width = commands::width();
    let say = |words: &str| wrap(words, width.saturating_sub(2)).join("\n  ");
    let (mut page, mut said) = (String::from(HEAD), String::new());
    for Incident { name, text, look } in INCIDENTS {
        let file = format!("{name}.yaml");
        draft.enter("");
        draft.file(&file, |out| out.write_all(text.as_bytes()))?;
        let to = folder.join(name);
        let run = Run {
            scenario: folder.join(&file),
            policy: AS_WRITTEN.to_owned(),
            seed: 1,
            out: Some(to.clone()),
            open: false,
            force: false,
            ledger: Ledger::Fitting,
            format: PageFormat::Human,
        };
        let from = draft.path(&file);
        draft.enter(name);
        let (title, headline) = made(&run, &from, &mut draft)?;
        let headline = format!("{}.", capital(&headline));
        let _ = writeln!(said, "{}", paint(BOLD, &title));
        let _ = writeln!(said, "  {}", say(&format!("Look at {look}.")));
        let _ = writeln!(said, "  {}", say(&headline));
        let _ = writeln!(said, "  {}\n", paint(DIM, to.join("report.html").display()));
        let _ = write!(
            page,
            "<article><h2><a href=\"{name}/report.html\">{title}</a></h2>\n<p class=\"verdict\">{headline}</p>\n\
             <p class=\"look\">Look at {look}. <a href=\"{name}/report.html\">Report</a> · <a href=\"{name}/brief.html\">brief</a></p>\n<a href=\"{name}/report.html\"><img src=\"{name}/fleet.svg\" alt=\"the fleet over time\"></a>\
             </article>\n"
        );
    }
    page += "</main></body></html>\n";
    draft.enter("");
    draft.file("index.html", |out| out.write_all(page.as_bytes()))?;
    draft.finish()?;
    let (index, mut out) = (folder.join("index.html"), stream::stdout());
    write!(out, "{said}")?;
    writeln!(out, "All three on one page: {}", index.display())?;
    writeln!(
        out,
        "The scenarios are beside the reports, for you to change. To compare the policies with common \
        random numbers:"
    )?;
    let first = folder.join(format!("{}.yaml", INCIDENTS[0].name));
    writeln!(out, "windtunnel compare {}", quoted(&first.display().to_string()))?;
    if args.open {
        commands::open::page(&index);
    }
    Ok(exit::OK)
}

/// The head of the page that leads to the reports, in the house's colours.
const HEAD: &str = concat!(
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
<meta name=\"color-scheme\" content=\"light dark\"><title>Windtunnel: three incidents</title><link rel=\"icon\" href=\"data:,\">\n<style>",
    include_str!("../../assets/report/palette.css"),
    "* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 var(--sans); }
main { max-width: 1000px; margin: 0 auto; padding: 0 24px 48px; }
header { padding: 12px 0; border-bottom: 1px solid var(--line); font-weight: 650; }
h1 { font-size: 27px; line-height: 1.2; margin: 18px 0 4px; letter-spacing: -0.012em; }
h2 { font-size: 19px; margin: 0 0 2px; }
a { color: var(--accent); text-underline-offset: 2px; }
h2 a { color: var(--ink); }
article { margin: 26px 0 0; border-top: 2px solid var(--ink); padding-top: 10px; }
p { margin: 4px 0; max-width: 82ch; }
.verdict { font-weight: 600; }
.look, .soft { color: var(--soft); }
img { display: block; width: 100%; height: auto; background: #fff; border: 1px solid var(--line); margin-top: 10px; }
@media (max-width: 760px) { main { padding: 0 14px 28px; } h1 { font-size: 21px; } }
@media print { article { break-inside: avoid; } }
</style></head><body><main><header>Windtunnel</header>
<h1>Three incidents, each run once</h1>
<p class=\"soft\">A report needs no network; a click on its picture opens it. The brief beside it is one sheet of paper.</p>
"
);
