//! The documentation is true: the paths it names exist, its commands print the outputs it shows, and the gallery shows the
//! bundled scenarios. `UPDATE=1 cargo test --test docs_examples` writes the outputs and the gallery again.
//!
//! On a page, a `console` block has commands, each after `$ `, with their outputs; `| head -N` shows the first lines. The
//! commands run in order in a folder of their own that has the bundled scenarios and their baselines. Each line of an `sh`
//! block that begins with `windtunnel` runs too, but only its exit code counts: it may find a problem in a scenario, but may
//! not be a wrong command. A `yaml` block whose first line is `# NAME.yaml` creates that file there, and one that begins with
//! `# NAME.yaml, at the end` appends to it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use windtunnel_sim::rules::{Area, RULES, Status};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All pages that are written by hand.
fn pages() -> Vec<PathBuf> {
    let names = ["README.md", "ARCHITECTURE.md", "STYLE.md", "CONTRIBUTING.md", "CHANGELOG.md"];
    let mut pages: Vec<PathBuf> = names.iter().map(|name| root().join(name)).collect();
    for folder in ["docs/guide", "reports/speed"] {
        let entries = fs::read_dir(root().join(folder)).expect("the folder is there");
        pages.extend(entries.map(|entry| entry.expect("it can be listed").path()));
    }
    pages.retain(|path| path.extension().is_some_and(|end| end == "md"));
    pages.sort();
    pages
}

fn text_of(page: &Path) -> String {
    let text = fs::read_to_string(page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    text.replace("\r\n", "\n")
}

/// The targets of Markdown links that lead to files.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(|target| target.split('#').next().unwrap_or(target)).filter(|t| !t.is_empty() && !t.contains("://"))
}

/// Words between backticks that read as the path of a file or folder of this repository.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    const FOLDERS: [&str; 10] =
        ["sim/", "src/", "tests/", "benches/", "docs/", "scenarios/", "schema/", "assets/", ".ci/", "reports/gallery/"];
    let words =
        text.lines().filter(|line| !line.starts_with("```")).flat_map(|line| line.split('`').skip(1).step_by(2));
    words.filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)) && !word.contains([' ', '<', '*', '{']))
}

#[test]
fn paths_that_the_docs_name_exist() {
    let mut missing = String::new();
    for page in pages() {
        let text = text_of(&page);
        let folder = page.parent().expect("it lies in a folder");
        let from_paper = links(&text).map(|target| (target, folder.join(target)));
        for (name, path) in from_paper.chain(paths(&text).map(|path| (path, root().join(path)))) {
            if !path.exists() {
                let _ = writeln!(missing, "{}: there is no {name}", page.display());
            }
        }
    }
    assert!(missing.is_empty(), "{missing}");
}

/// The words of a command, as a shell takes them.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in command.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            other => word.push(other),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// Runs `windtunnel …`, or `cargo run --release -- …`, in this folder; what it prints, and its exit code.
fn run(command: &str, folder: &Path) -> (String, i32) {
    let rest = command.strip_prefix("windtunnel ").or_else(|| command.strip_prefix("cargo run --release -- "));
    let rest = rest.unwrap_or_else(|| panic!("`{command}` is none of our commands; show it in another block"));
    let output = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
        .current_dir(folder)
        .args(words(rest))
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        // A reader of the docs uses a terminal.
        .env_remove("CI")
        .output()
        .expect("the program starts");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (text.replace('\\', "/"), output.status.code().expect("it ends by itself"))
}

/// What a command prints, or the first lines of it.
fn printed(command: &str, folder: &Path) -> String {
    let (command, lines) = match command.split_once(" | head -") {
        Some((command, lines)) => (command, lines.parse().expect("a number of lines")),
        None => (command, usize::MAX),
    };
    run(command, folder).0.lines().take(lines).fold(String::new(), |text, line| text + line + "\n")
}

/// Runs the commands of a block whose outputs are not shown.
fn runs(block: &str, folder: &Path) {
    let commands = block.lines().filter(|line| line.starts_with("windtunnel "));
    for command in commands.map(|line| line.split("  #").next().unwrap_or(line).trim_end()) {
        let (text, code) = run(command, folder);
        // 1 is our own mistake, 2 a wrong command.
        assert!(![1, 2].contains(&code), "`{command}` ends with {code}:\n{text}");
    }
}

/// Makes the file that a `yaml` or `json` block holds, if its first line names one.
fn write_file(block: &str, folder: &Path) {
    let first = block.lines().next().unwrap_or_default();
    let Some(name) = first.strip_prefix("# ").or_else(|| first.strip_prefix("// ")) else { return };
    if let Some(name) = name.strip_suffix(", at the end") {
        let text = fs::read_to_string(folder.join(name)).expect("an earlier block made it");
        fs::write(folder.join(name), text + "\n" + block).expect("it can be written");
    } else if name.ends_with(".yaml") || name.ends_with(".json") {
        fs::write(folder.join(name), block).expect("it can be written");
    }
}

/// Copies a folder with all that is in it.
fn copy_all(from: &Path, to: &Path) {
    fs::create_dir(to).expect("it can be made");
    for entry in fs::read_dir(from).expect("it can be listed") {
        let path = entry.expect("it can be listed").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy_all(&path, &target);
        } else {
            fs::copy(&path, target).expect("it can be copied");
        }
    }
}

/// The page with the current outputs of its commands.
fn updated(text: &str) -> String {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = temporary.path();
    copy_all(&root().join("scenarios"), &folder.join("scenarios"));
    fs::create_dir(folder.join("reports")).expect("it can be made");
    copy_all(&root().join("reports/baseline"), &folder.join("reports/baseline"));
    let mut out = String::new();
    let mut fence: Option<(String, String)> = None;
    for line in text.lines() {
        match &mut fence {
            None => {
                let _ = writeln!(out, "{line}");
                fence = line.strip_prefix("```").map(|kind| (kind.to_owned(), String::new()));
            }
            Some((kind, block)) if line == "```" => {
                if kind == "console" {
                    for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
                        let _ = write!(out, "$ {command}\n{}", printed(command, folder));
                    }
                } else {
                    match kind.as_str() {
                        "yaml" | "json" => write_file(block, folder),
                        "sh" => runs(block, folder),
                        _ => {}
                    }
                    out += block;
                }
                let _ = writeln!(out, "```");
                fence = None;
            }
            Some((_, block)) => {
                let _ = writeln!(block, "{line}");
            }
        }
    }
    out
}

#[test]
fn commands_in_the_docs_print_what_the_docs_show() {
    for page in pages() {
        let (text, now) = (text_of(&page), updated(&text_of(&page)));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&page, now).expect("the page can be written");
        } else if let Some(at) = text.lines().zip(now.lines()).position(|(is, now)| is != now) {
            let line = |text: &str| text.lines().nth(at).unwrap_or_default().to_owned();
            let (is, now) = (line(&text), line(&now));
            panic!("{}:{}: it says\n{is}\nbut now it is\n{now}\nUPDATE=1 writes it again", page.display(), at + 1);
        }
    }
}

/// A page that holds a document's claims against the model names the rule of each; and says "not simulated" of what no rule follows.
#[test]
fn every_claim_of_a_document_names_its_rule() {
    let mut claims = 0;
    for page in pages() {
        let text = text_of(&page);
        let rows = text.lines().skip_while(|line| !line.ends_with("| rule |")).skip(2);
        for row in rows.take_while(|line| line.starts_with('|')) {
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
            let [_, outcome, ids] = cells[..] else { panic!("{}: {row}", page.display()) };
            let named = ids.split(", ").map(|id| RULES.iter().find(|rule| rule.id.to_string() == id));
            let rules: Vec<_> = named.map(|rule| rule.unwrap_or_else(|| panic!("{}: {row}", page.display()))).collect();
            let absent = rules.iter().all(|rule| matches!(rule.status, Status::Absent(_)));
            assert_eq!(absent, outcome.starts_with("Not simulated"), "{}: {row}", page.display());
            claims += 1;
        }
    }
    assert!(claims >= 35, "{claims}");
}

/// What the changelog says is not in the model at all is what the rulebook says of its areas; of none it says nothing.
#[test]
fn the_changelog_names_the_mechanisms_of_which_no_rule_is_modelled() {
    let text = text_of(&root().join("CHANGELOG.md")).replace("\n  ", " ");
    let line = text.lines().find_map(|line| line.strip_prefix("- No rule is modelled of: "));
    let named: Vec<&str> = line.map_or_else(Vec::new, |line| line.trim_end_matches('.').split(", ").collect());
    let is_absent = |area: &&Area| area.rules().iter().all(|rule| matches!(rule.status, Status::Absent(_)));
    let absent: Vec<&str> = Area::ALL.iter().filter(is_absent).map(|area| area.title()).collect();
    assert_eq!(named, absent);
}

/// Counts of the rulebook come from a command, and from nowhere else.
#[test]
fn the_readme_has_no_counts_without_their_command() {
    let text = text_of(&root().join("README.md"));
    let prose = text.split("```").step_by(2).collect::<Vec<_>>().join("");
    for word in ["rules exact", "rules are followed", "% of requests", "tests passed"] {
        assert!(!prose.contains(word), "README.md speaks of `{word}` without the command beside it");
    }
    // The order in which a newcomer reads.
    let order = [
        "## Try it",
        "## A run",
        "## What it answers",
        "## How true it is",
        "## What is promised",
        "## Speed",
        "## Adding a scenario",
    ];
    let places: Vec<usize> =
        order.iter().map(|title| text.find(title).unwrap_or_else(|| panic!("no {title}"))).collect();
    assert!(places.is_sorted(), "README.md has its sections in another order");
}

/// Runs the program where the repository is, since a report names its scenario as it was typed.
fn made(args: &[&str], to: &Path) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    let done = program.current_dir(root()).args(args).arg("--out").arg(to).output().expect("the program starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The incidents that the docs show, the first one first.
const SHOWN: [&str; 2] = ["stale-image-scale-out", "bad-bake-canary"];

/// Holds a file of the gallery to what was made now.
fn is_current(file: &Path, now: &Path) {
    let now = fs::read(now).expect("it was made");
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("it can be made");
        fs::write(file, &now).expect("it can be written");
    }
    let is = fs::read(file).unwrap_or_default();
    assert!(is == now, "{} is not what is made now; `reports/gallery/make` makes it again", file.display());
}

#[test]
fn the_gallery_is_that_of_the_bundled_scenarios() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(root().join("scenarios")).expect("scenarios are bundled") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        let scenario = format!("scenarios/{name}.yaml");
        let (to, gallery) = (temporary.path().join(&name), root().join("reports/gallery").join(&name));
        made(&["run", &scenario, "--seed", "1"], &to);
        is_current(&gallery.join("fleet.svg"), &to.join("fleet.svg"));
        // Pictures of points and pages are large: two incidents have them.
        if SHOWN.contains(&name.as_str()) {
            is_current(&gallery.join("fleet.png"), &to.join("fleet.png"));
            is_current(&gallery.join("report.html"), &to.join("report.html"));
        } else {
            let files = fs::read_dir(&gallery).into_iter().flatten().flatten().map(|entry| entry.file_name());
            let more = files.filter(|file| !file.to_string_lossy().ends_with("-screens.png")).count();
            assert_eq!(more, 1, "{name}: the gallery has its heat map, pictures of screens, and no more");
        }
        if name == SHOWN[0] {
            let to = temporary.path().join("compare");
            made(&["compare", &scenario, "--replications", "200"], &to);
            is_current(&gallery.join("compare.html"), &to.join("report.html"));
        }
    }
}
