//! Bicep: compiled by whoever hands in the files, and then read as the template that it is.

use std::path::Path;
use std::sync::Arc;

use super::say::{say, say_with_help, shorten};
use crate::files::{Compiled, Files, NotCompiled};
use crate::problem::{Problem, Problems, count};
use crate::read;
use crate::tree::{Node, Source, Span};
use windtunnel_words::clock::spoken;

/// Whether a file is Bicep, by its name.
#[must_use]
pub fn is_bicep(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("bicep")) || is_parameters(path)
}

fn is_parameters(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("bicepparam"))
}

/// The name of what a file of Bicep comes to.
fn name_of_template(name: &str) -> String {
    format!("{name} (compiled)")
}

/// The name of the parameters that a file of parameters in Bicep comes to.
fn name_of_parameters(name: &str) -> String {
    format!("{name} (its parameters)")
}

/// The names that places in a file may have: its own, and those of what is compiled of it.
#[must_use]
pub fn names_of(file: &str) -> [String; 3] {
    [file.to_owned(), name_of_template(file), name_of_parameters(file)]
}

/// Whether a place in a file of this name is one in what was compiled, and in no file that somebody wrote.
#[must_use]
pub fn is_compiled(name: &str) -> bool {
    [name_of_template(""), name_of_parameters("")].iter().any(|end| name.ends_with(end))
}

/// The template that a file comes to, and the parameters of a file of parameters.
pub(super) fn compile(files: &dyn Files, path: &Path, problems: &mut Problems) -> Option<(Node, Option<Node>)> {
    let (text, name) = read::text_of(files, path, None, problems)?;
    let compiled = match files.compile(path) {
        Ok(compiled) => compiled,
        Err(why) => {
            refuse(files, path, &name, (text, why), problems);
            return None;
        }
    };
    let Compiled { template, parameters, compiler, remarks } = compiled;
    let warnings = remarks.lines().filter_map(diagnostic).count();
    let more = if warnings > 0 { format!(", with {}", count(warnings, "warning")) } else { String::new() };
    say(problems, "N0415", format!("`{name}` was compiled by {compiler}{more}"), None);
    let template = super::read_text(name_of_template(&name), template, problems)?;
    let parameters = match parameters {
        Some(text) => Some(super::read_text(name_of_parameters(&name), text, problems)?),
        None => None,
    };
    Some((template, parameters))
}

/// A line of the compiler: `/a/web.bicep(3,12) : Error BCP057: The name …`.
struct Diagnostic<'t> {
    file: &'t str,
    line: usize,
    column: usize,
    is_error: bool,
    text: &'t str,
}

fn diagnostic(line: &str) -> Option<Diagnostic<'_>> {
    let (place, said) = line.trim().split_once(") : ")?;
    let (file, at) = place.rsplit_once('(')?;
    let (row, column) = at.split_once(',')?;
    let (kind, text) = said.split_once(' ')?;
    let is_error = match kind {
        "Error" => true,
        "Warning" | "Info" => false,
        _ => return None,
    };
    Some(Diagnostic { file, line: row.parse().ok()?, column: column.parse().ok()?, is_error, text })
}

/// What to do where nothing compiles Bicep, whichever file it is.
pub(super) const INSTALL: &str = "install one (`az bicep install`, or the program `bicep`), or compile it elsewhere and give what comes of it (`bicep build`)";

fn refuse(files: &dyn Files, path: &Path, name: &str, (text, why): (String, NotCompiled), problems: &mut Problems) {
    let said = match why {
        NotCompiled::Nobody => {
            let verb = if is_parameters(path) { "build-params" } else { "build" };
            let help = format!(
                "install one: `az bicep install`, or the program `bicep`; or compile it elsewhere, and name what comes of it: \
                 `bicep {verb} {name}`"
            );
            let what = "Bicep, and neither `bicep` nor `az bicep` is on the PATH to compile it";
            return problems.push(Problem::other("E0407", name, what).help(help));
        }
        NotCompiled::TooSlow(time) => {
            let message = format!("the compiler was not done with `{name}` after {}, and was stopped", spoken(time));
            let help =
                format!("try `bicep build {name} --stdout`; a file that is compiled already can be named in its place");
            return say_with_help(problems, "E0417", message, None, Some(help));
        }
        NotCompiled::Unusable(what) => {
            let message = format!("the compiler printed no template for `{name}`: {}", shorten(&what));
            let help = format!("try `bicep build {name} --stdout`");
            return say_with_help(problems, "E0417", message, None, Some(help));
        }
        NotCompiled::Refused(said) => said,
    };
    let before = problems.0.len();
    for found in said.lines().filter_map(diagnostic).filter(|found| found.is_error) {
        let span = place(files, path, (name, &text), &found);
        let restore = found.text.starts_with("BCP190") || found.text.starts_with("BCP192");
        let help = restore.then(|| format!("nothing is fetched here: run `bicep restore {name}` before"));
        // The address of the page is in the text of the code.
        let text = found.text.split(" [http").next().unwrap_or(found.text);
        let problem = Problem::error("E0417", text);
        let problem = match span {
            Some(span) => problem.at(&span, "here, says the compiler"),
            None => problem,
        };
        problems.push(problem.maybe_help(help));
    }
    if problems.0.len() == before {
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
        let message = format!("the compiler refuses `{name}`: {}", last.trim());
        say(problems, "E0417", message, None);
    }
}

/// Where the compiler says that something is wrong: in the file itself, or in a module beside it.
fn place(files: &dyn Files, path: &Path, (name, text): (&str, &str), found: &Diagnostic<'_>) -> Option<Span> {
    let file_name = |path: &Path| path.file_name().map(std::ffi::OsStr::to_os_string);
    let at = Path::new(found.file);
    let (name, text) = if file_name(at) == file_name(path) {
        (name.to_owned(), text.to_owned())
    } else {
        let (text, name) = read::text_of(files, at, None, &mut Problems::new())?;
        (name, text)
    };
    let before: usize = text.split_inclusive('\n').take(found.line.checked_sub(1)?).map(str::len).sum();
    let line = text.get(before..)?.lines().next().unwrap_or_default();
    let column = line.char_indices().nth(found.column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let rest = &line[column..];
    let word = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len()).max(1);
    let start = before + column;
    let end = (start + word).min(text.len());
    let source = Arc::new(Source { name, text, hidden: false });
    Some(Span { source, start: start.min(end), end })
}
