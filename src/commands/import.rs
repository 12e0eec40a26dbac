//! `windtunnel import`: from a team's files to a scenario that runs at once, and again without losing what was written into it.

use crate::args::Import;
use crate::commands::check;
use crate::disk::file::{self, Disk};
use crate::input::arm::{WANTED, is_bicep};
use crate::input::draft::{self, Draft, Element, Gathered, Kept, LeftOut, draft_beside, gather};
use crate::input::files::{Compiled, Files, NotCompiled, Unreadable, plain};
use crate::input::terraform::SHOW;
use crate::input::tree::Node;
use crate::input::{LoadOptions, Problem, Problems, Report, Severity, load_text};
use crate::output::stream;
use crate::{commands, exit};
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use windtunnel_words::control::escaped;
use windtunnel_words::number::count;
use windtunnel_words::text::{quoted, wrap};

/// So deep a folder is searched, and so many files of it are looked at.
const DEPTH: usize = 8;
const MOST: usize = 2_000;
/// Folders in which no fleet is described.
const NOT_SEARCHED: [&str; 6] = ["node_modules", "target", "bin", "obj", "vendor", "dist"];
/// How the names of files end that can describe one.
const ENDS: [&str; 4] = ["json", "tfstate", "bicep", "bicepparam"];
/// So many files are named of those that are of no use for one reason.
const SHOWN: usize = 3;
/// So many guesses are shown.
const GUESSES: usize = 30;
/// So many warnings are shown.
const WARNINGS: usize = 8;
/// A scenario is no longer.
const LONGEST: u64 = 32 << 20;

/// Writes a scenario, or renews one, and says what of it was guessed.
pub fn import(args: &Import) -> anyhow::Result<u8> {
    let name = name_of(args)?;
    let path = args.out.join(format!("{name}.yaml"));
    let set = check::parameters(&args.set)?;
    let Found { gathered, others } = fleet_in(&args.paths, &args.out, &set)?;
    let is_taken = |name: &str| gathered.elements.iter().any(|one| one.set.iter().any(|(own, _)| own == name));
    if let Some((name, _)) = set.iter().find(|(name, _)| !is_taken(name)) {
        bail!("no template here declares a parameter `{name}`, so `--set {name}` would change nothing");
    }
    let width = commands::width();
    let shown = path.strip_prefix(".").unwrap_or(&path).display().to_string();
    let old = old_text(&path)?;
    let drafted = draft_beside(&Plain, &shown, &gathered.elements, &LoadOptions::default(), old.as_deref());
    let drafted = drafted.map_err(errors_of)?;
    let kept = match &old {
        None => draft::first(&drafted),
        Some(old) => draft::again(&name, old, &drafted).or_else(|refused| match refused.problems(&shown) {
            Ok(problems) => Err(anyhow::Error::from(Report::from(problems))),
            Err(message) => bail!(message),
        })?,
    };
    let is_new = old.as_ref() != Some(&kept.text);
    if is_new {
        file::write(&path, kept.text.as_bytes())?;
    }
    let mut out = stream::stdout();
    say_written(&mut out, &shown, (&drafted, &gathered.elements), old.is_some().then_some(&kept), width)?;
    show_guesses(&mut out, &kept, width)?;
    show_warnings(&mut out, &drafted.problems, width)?;
    show_left_out(&mut out, &gathered.left_out, others, width)?;
    // What the user wrote may name what the files do not have any more.
    let wrong = load_text(&shown, kept.text, &LoadOptions::default()).err();
    match &wrong {
        Some(report) => write!(stream::stderr(), "\n{}", report.render(stream::colour_of(&std::io::stderr())))?,
        None => say_next(&mut out, &shown)?,
    }
    Ok(if wrong.is_some() { exit::USAGE } else { exit::OK })
}

/// What keeps files from being run, without what can be said of them beside.
fn errors_of(report: Report) -> Report {
    let is_error = |problem: &&Problem| problem.severity == Severity::Error;
    report.problems().iter().filter(is_error).cloned().collect::<Problems>().into()
}

/// The name of the scenario.
fn name_of(args: &Import) -> anyhow::Result<String> {
    let given = args.name.as_deref().map(|name| name.strip_suffix(".yaml").unwrap_or(name).to_owned());
    let first = fs::canonicalize(&args.paths[0]).unwrap_or_else(|_| args.paths[0].clone());
    let own = || if first.is_dir() { first.file_name() } else { first.file_stem() };
    let name = given.unwrap_or_else(|| own().unwrap_or_default().to_string_lossy().into_owned());
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_. ~+@".contains(letter);
    if name.is_empty() || name.starts_with(['.', '-']) || !name.chars().all(is_plain) {
        bail!("`{name}` cannot be the name of a scenario; choose one with `--name`, such as `--name web`");
    }
    Ok(name)
}

/// The text of the scenario that is there, if one is.
fn old_text(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        _ => match file::read_text(path, LONGEST) {
            Ok(text) => Ok(Some(text)),
            Err(error) => bail!("cannot read {}, which is to be renewed: {}", path.display(), file::why(&error)),
        },
    }
}

/// What there is to make a scenario of.
pub(super) struct Found {
    /// What a scenario names of it, and what is of no use.
    pub(super) gathered: Gathered,
    /// What was not looked at.
    pub(super) others: Others,
}

/// Files of a folder that are not read, by what they are.
#[derive(Clone, Copy, Default)]
pub(super) struct Others {
    terraform: usize,
    rest: usize,
}

/// Looks at files, and into folders, for a scenario that will be in this folder.
pub(super) fn found(named: &[PathBuf], folder: &Path, set: &[(String, Node)]) -> anyhow::Result<Found> {
    let mut paths = Vec::new();
    let mut others = Others::default();
    let mut shut = Vec::new();
    for path in named {
        if !path.exists() {
            bail!("there is no file or folder {}", path.display());
        }
        if path.is_dir() {
            within(path, 0, &mut paths, (&mut others, &mut shut))?;
        } else {
            paths.push(path.clone());
        }
    }
    paths.dedup();
    let mut found = found_in(&Disk, paths, named, folder, set)?;
    found.gathered.left_out.extend(shut);
    Ok(Found { others, ..found })
}

/// The files at or below a path that can describe a fleet.
pub(super) fn looked_at(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut paths = Vec::new();
    within(path, 0, &mut paths, (&mut Others::default(), &mut Vec::new()))?;
    Ok(paths)
}

/// The same of files that were found already, however they are read.
pub(super) fn found_in(
    files: &dyn Files,
    mut paths: Vec<PathBuf>,
    named: &[PathBuf],
    folder: &Path,
    set: &[(String, Node)],
) -> anyhow::Result<Found> {
    drop_modules(files, &mut paths, named);
    if paths.len() > MOST {
        bail!("there are {} JSON files in there, more than {MOST}; name the folder of the fleet alone", paths.len());
    }
    let absolute = |path: &Path| std::path::absolute(path).with_context(|| format!("find {}", path.display()));
    let folder = absolute(folder)?;
    let paths = paths.iter().map(|path| absolute(path)).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Found { gathered: gather(files, &folder, &paths, set), others: Others::default() })
}

impl Found {
    /// The same with a file of parameters for its templates; paths begin at this folder.
    ///
    /// # Errors
    ///
    /// There is no template.
    pub(super) fn with_parameters(mut self, folder: &Path, file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else { return Ok(self) };
        let absolute = |path: &Path| std::path::absolute(path).with_context(|| format!("find {}", path.display()));
        let name = draft::relative(&absolute(folder)?, &absolute(file)?);
        let templates: Vec<&mut Element> = self.gathered.elements.iter_mut().filter(|one| one.is_template).collect();
        if templates.is_empty() {
            bail!("none of these files is a template, so {} would change nothing", file.display());
        }
        templates.into_iter().for_each(|one| one.parameters = Some(name.clone()));
        Ok(self)
    }

    /// The same, where there must be some files that describe a fleet.
    ///
    /// # Errors
    ///
    /// There are none, or none with a scale set.
    pub(super) fn fleet(self, named: &[PathBuf]) -> anyhow::Result<Self> {
        let found = self;
        if found.gathered.elements.is_empty() {
            show_left_out(&mut stream::stderr(), &found.gathered.left_out, found.others, commands::width())?;
            let named: Vec<String> = named.iter().map(|path| path.display().to_string()).collect();
            bail!("no file here describes a fleet ({}); {WANTED}", named.join(", "));
        }
        let Some(first) = found.gathered.resources.first().filter(|_| !found.gathered.has_set()) else {
            return Ok(found);
        };
        show_left_out(&mut stream::stderr(), &found.gathered.left_out, found.others, commands::width())?;
        bail!(
            "no file here has a scale set; {} has the {} {}: give the file of the set it belongs to as well, a template or the \
             output of `az vmss show`",
            first.file,
            first.kind.rsplit('/').next().unwrap_or_default(),
            first.name
        );
    }
}

/// Looks at files, and into folders, of which some must describe a fleet.
pub(super) fn fleet_in(named: &[PathBuf], folder: &Path, set: &[(String, Node)]) -> anyhow::Result<Found> {
    found(named, folder, set)?.fleet(named)
}

/// Whether a file of a folder can describe a fleet, by where it is in there.
pub(super) fn is_looked_at(within: &Path) -> bool {
    let is_left_out = |name: &str| name.starts_with('.') || NOT_SEARCHED.contains(&name);
    let parts: Vec<String> = within.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let end = within.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    parts.len() <= DEPTH + 1 && !parts.iter().any(|name| is_left_out(name)) && ENDS.contains(&end.as_str())
}

/// Takes the files of Bicep out that another one there names, as a module or as what its parameters are of.
fn drop_modules(files: &dyn Files, paths: &mut Vec<PathBuf>, named: &[PathBuf]) {
    let texts: Vec<(PathBuf, String)> = paths
        .iter()
        .filter(|path| is_bicep(path))
        .map(|path| (path.clone(), files.read(path, LONGEST).unwrap_or_default()))
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
        .collect();
    let is_named = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let names = |text: &str| [format!("/{name}'"), format!("'{name}'")].iter().any(|quoted| text.contains(quoted));
        texts.iter().any(|(other, text)| other != path && names(text))
    };
    paths.retain(|path| named.contains(path) || !is_bicep(path) || !is_named(path));
}

/// The files in a folder and below it that can describe a fleet; the others are counted, and folders that are shut are noted.
fn within(
    folder: &Path,
    depth: usize,
    found: &mut Vec<PathBuf>,
    (others, shut): (&mut Others, &mut Vec<LeftOut>),
) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) if depth == 0 => bail!("cannot read the folder {}: {}", folder.display(), file::why(&error)),
        Err(error) => {
            let why = format!("a folder that cannot be read: {}", file::why(&error));
            shut.push(LeftOut { path: folder.to_owned(), why, again: false });
            return Ok(());
        }
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') || NOT_SEARCHED.contains(&name.as_str()) {
            continue;
        }
        // A link to a file is that file; one to a folder may lead around in a circle.
        let is_file = kind.is_file() || (kind.is_symlink() && path.is_file());
        if kind.is_dir() && depth < DEPTH {
            within(&path, depth + 1, found, (others, shut))?;
        } else if is_file {
            let end = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
            match end.as_str() {
                end if ENDS.contains(&end) => found.push(path),
                "tf" | "tfvars" => others.terraform += 1,
                _ => others.rest += 1,
            }
        }
    }
    Ok(())
}

/// The disk, where `..` leads out of a folder that is not there yet, too.
pub(super) struct Plain;

impl Files for Plain {
    fn read(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unreadable> {
        Disk.read(&plain(path), most)
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, Unreadable> {
        Disk.list(&plain(folder))
    }

    fn compile(&self, path: &Path) -> Result<Compiled, NotCompiled> {
        Disk.compile(&plain(path))
    }

    fn compiler(&self) -> Option<String> {
        Disk.compiler()
    }
}

/// A paragraph: what stands before it, and its lines beside that.
fn hang(out: &mut impl Write, before: &str, text: &str, width: usize) -> std::io::Result<()> {
    let indent = before.chars().count();
    let lines = wrap(&escaped(text), width.saturating_sub(indent));
    for (at, line) in lines.iter().enumerate() {
        writeln!(out, "{}{line}", if at == 0 { before.to_owned() } else { " ".repeat(indent) })?;
    }
    Ok(())
}

fn say_written(
    out: &mut impl Write,
    shown: &str,
    (drafted, elements): (&Draft, &[Element]),
    again: Option<&Kept>,
    width: usize,
) -> std::io::Result<()> {
    let instances: u32 = drafted.plan.sets.iter().map(|set| set.capacity).sum();
    let what = format!(
        "{shown}: {}, {}, {}, from {}",
        count(drafted.sets.len(), "scale set"),
        count(instances as usize, "instance"),
        count(drafted.entries.len(), "entry point"),
        count(elements.len(), "file")
    );
    let Some(kept) = again else { return hang(out, "", &what, width) };
    let is_same = [&kept.renewed, &kept.added, &kept.removed].iter().all(|list| list.is_empty());
    hang(out, "", &format!("{what}; {}", if is_same { "nothing new" } else { "renewed" }), width)?;
    for (word, keys) in [
        ("  renewed          ", &kept.renewed),
        ("  added            ", &kept.added),
        ("  removed          ", &kept.removed),
        ("  yours, kept      ", &kept.kept),
        ("  taken out by you ", &kept.left_out),
    ] {
        if !keys.is_empty() {
            hang(out, word, &keys.join(", "), width)?;
        }
    }
    for (key, text) in &kept.unplaced {
        hang(out, "  no place for     ", &format!("{key}; write it yourself: {text}"), width)?;
    }
    Ok(())
}

fn show_guesses(out: &mut impl Write, kept: &Kept, width: usize) -> std::io::Result<()> {
    if kept.guesses.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nGuessed, since no file says it; change the line where you know better:")?;
    let lines: Vec<&str> = kept.text.lines().collect();
    for (at, guess) in kept.guesses.iter().enumerate().take(GUESSES) {
        let value = lines.get(guess.line - 1).copied().unwrap_or_default().trim().trim_start_matches("- ");
        let value = value.split("  #").next().unwrap_or(value).trim_end();
        let before = format!("{:>3}  line {:<4} ", at + 1, guess.line);
        hang(out, &before, &format!("{value} ({})", guess.text), width)?;
    }
    if kept.guesses.len() > GUESSES {
        writeln!(out, "  and {} more; each line has `guess:` in the file", kept.guesses.len() - GUESSES)?;
    }
    Ok(())
}

/// What is said of the files, each once; `check` has the places and what to do.
fn show_warnings(out: &mut impl Write, problems: &Problems, width: usize) -> std::io::Result<()> {
    let mut said: Vec<(&str, String, usize)> = Vec::new();
    for problem in problems.iter().filter(|problem| problem.severity == Severity::Warning) {
        let full = problem.full();
        match said.iter_mut().find(|(code, message, _)| *code == problem.code && *message == full) {
            Some(known) => known.2 += 1,
            None => said.push((problem.code, full, 1)),
        }
    }
    if said.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nTo be known of the files; `windtunnel check` says where, and what to do:")?;
    for (code, message, times) in said.iter().take(WARNINGS) {
        let times = if *times > 1 { format!(" ({times} times)") } else { String::new() };
        hang(out, &format!("  {code}  "), &format!("{message}{times}"), width)?;
    }
    if said.len() > WARNINGS {
        writeln!(out, "  and {} more", said.len() - WARNINGS)?;
    }
    Ok(())
}

/// A path as somebody in this folder says it.
fn near(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).to_owned()
}

/// Says of files that describe what another one describes which of them counts: it is not the one that its user may think of.
pub(super) fn show_doubles(left_out: &[LeftOut]) -> anyhow::Result<()> {
    let mut out = stream::stderr();
    for one in left_out.iter().filter(|one| one.again) {
        hang(
            &mut out,
            "note: ",
            &format!("{} is not used: {}", near(&one.path).display(), one.why),
            commands::width(),
        )?;
    }
    Ok(())
}

/// What was left out, a paragraph for each reason.
pub(super) fn show_left_out(
    out: &mut impl Write,
    left_out: &[LeftOut],
    others: Others,
    width: usize,
) -> std::io::Result<()> {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in left_out {
        // Of what is there twice, the folders tell which file it is.
        let name =
            if one.again { near(&one.path) } else { one.path.file_name().unwrap_or(one.path.as_os_str()).into() };
        reasons.entry(&one.why).or_default().push(name.to_string_lossy().into_owned());
    }
    let Others { terraform, rest } = others;
    if !left_out.is_empty() || terraform + rest > 0 {
        writeln!(out, "\nNot used:")?;
    }
    for (why, names) in reasons {
        let more = names.len().saturating_sub(SHOWN);
        let list = names[..names.len() - more].join(", ");
        let list = if more > 0 { format!("{list} and {more} more") } else { list };
        hang(out, "  ", &format!("{list}: {why}"), width)?;
    }
    if terraform > 0 {
        hang(out, "  ", &format!("{}: {SHOW}", count(terraform, "Terraform file")), width)?;
    }
    if rest > 0 {
        writeln!(out, "  {}: no JSON", count(rest, "other file"))?;
    }
    Ok(())
}

fn say_next(out: &mut impl Write, shown: &str) -> std::io::Result<()> {
    let shown = quoted(shown);
    writeln!(out, "\nlook     windtunnel check {shown}")?;
    writeln!(out, "run it   windtunnel run {shown}")
}
