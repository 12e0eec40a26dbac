//! Showing problems: as rustc does for people, as JSON for machines.

use super::catalogue;
use super::problem::{Problem, Problems, Severity};
use super::tree::{Source, Span};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;
use windtunnel_words::control::escaped;
use windtunnel_words::number::grouped;
use windtunnel_words::text::wrap;

/// So many problems are shown to a person; a machine gets more.
const SHOWN_MOST: usize = 100;
const JSON_MOST: usize = 1_000;

/// All problems of one reading, sorted by file and place.
#[derive(Clone, Debug, Default)]
pub struct Report(Problems);

/// Whether a rendering carries colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text, for files, pipes and `NO_COLOR`.
    Plain,
    /// ANSI colours, for a terminal.
    Ansi,
}

impl From<Problems> for Report {
    /// Problems without a place come first, then by file in the order the files were first met, then by place. An error that
    /// says no fix of its own has that of its code.
    fn from(mut problems: Problems) -> Self {
        for problem in problems.0.iter_mut().filter(|problem| problem.severity == Severity::Error) {
            problem.help.get_or_insert_with(|| catalogue::help(problem.code));
        }
        let mut files: Vec<String> = Vec::new();
        for problem in &problems.0 {
            if let Some((span, _)) = &problem.primary
                && !files.contains(&span.source.name)
            {
                files.push(span.source.name.clone());
            }
        }
        let place = |problem: &Problem| {
            problem
                .primary
                .as_ref()
                .map(|(span, _)| (files.iter().position(|name| *name == span.source.name), span.start, span.end))
        };
        problems.0.sort_by_key(place);
        Self(problems)
    }
}

impl Report {
    /// The problems, sorted.
    #[must_use]
    pub const fn problems(&self) -> &Problems {
        &self.0
    }

    /// Whether something cannot be run.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.has_errors()
    }

    /// The problems as rustc would show them, and a line that counts them.
    #[must_use]
    pub fn render(&self, colour: Colour) -> String {
        let renderer = match colour {
            Colour::Plain => Renderer::plain(),
            Colour::Ansi => Renderer::styled(),
        };
        let mut text = String::new();
        let mut lines = Lines::default();
        let alike = self.alike();
        let firsts: BTreeSet<usize> = alike.iter().map(|group| group[0]).collect();
        let shown = self.shown(SHOWN_MOST, |at| firsts.contains(&at));
        let mut counted = 0;
        for problem in shown {
            text += &render_one(problem, &renderer, &mut lines);
            let group = alike.iter().find(|group| std::ptr::eq(&self.0.0[group[0]], problem));
            let more: Vec<&Problem> = group.iter().flat_map(|group| &group[1..]).map(|at| &self.0.0[*at]).collect();
            if !more.is_empty() {
                let _ = write!(text, "\n   = note: {}", again(&more, &mut lines));
            }
            counted += 1 + more.len();
            text += "\n\n";
        }
        let more = self.0.0.len() - counted;
        if more > 0 {
            let _ = writeln!(text, "… and {} more; fix these first\n", grouped(more as u64));
        }
        text + &self.closing() + "\n"
    }

    /// The same for a file that can be run all the same: notes are a paragraph a code, of at most so many columns. Those come first that
    /// say what was assumed of a rollout, and those last that are of nearly every file.
    #[must_use]
    pub fn render_folded(&self, colour: Colour, columns: usize) -> String {
        let (notes, others): (Vec<&Problem>, Vec<&Problem>) =
            self.0.iter().partition(|problem| problem.severity == Severity::Note);
        let mut text = if others.is_empty() {
            String::new()
        } else {
            Self(Problems(others.into_iter().cloned().collect())).render_only(colour) + "\n"
        };
        let mut codes: Vec<&str> = Vec::new();
        for note in &notes {
            if !codes.contains(&note.code) {
                codes.push(note.code);
            }
        }
        codes.sort_by_key(|code| NOISE.iter().position(|noise| noise == code).map_or(0, |at| at + 1));
        let mut lines = Lines::default();
        for code in codes {
            let of: Vec<&Problem> = notes.iter().copied().filter(|note| note.code == code).collect();
            text += &format!("{}\n", wrap(&folded(&of, &mut lines), columns).join("\n  "));
        }
        if !notes.is_empty() {
            text.push('\n');
        }
        text + &self.closing() + "\n"
    }

    /// The same without that line.
    #[must_use]
    pub fn render_only(&self, colour: Colour) -> String {
        let text = self.render(colour);
        let end = text.len() - self.closing().len() - 2;
        text[..end].to_owned()
    }

    /// `2 errors, 1 warning, 1 note`.
    #[must_use]
    pub fn closing(&self) -> String {
        let mut parts = Vec::new();
        for (severity, word) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")] {
            match self.0.count(severity) {
                0 => {}
                1 => parts.push(format!("1 {word}")),
                n => parts.push(format!("{} {word}s", grouped(n as u64))),
            }
        }
        if parts.is_empty() { "no problems".into() } else { parts.join(", ") }
    }

    /// The problems by place in the list, those together of which one says it all: a warning or note that differs by its
    /// place, or by the policy that it is about. A person reads it once, with how often it holds.
    fn alike(&self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut known = BTreeMap::new();
        for (at, problem) in self.0.iter().enumerate() {
            let group = match problem.severity {
                Severity::Error => groups.len(),
                _ => {
                    let policy = problem.policy.is_some();
                    *known.entry((problem.code, &problem.message, problem.rule, policy)).or_insert(groups.len())
                }
            };
            match groups.get_mut(group) {
                Some(group) => group.push(at),
                None => groups.push(vec![at]),
            }
        }
        groups
    }

    /// Those that are shown where at most so many are: the worst come first, and then in the order of the file.
    fn shown(&self, most: usize, is: impl Fn(usize) -> bool) -> Vec<&Problem> {
        let worst = [Severity::Error, Severity::Warning, Severity::Note];
        let is = &is;
        let of = |severity| self.0.iter().enumerate().filter(move |(at, one)| one.severity == severity && is(*at));
        let mut kept: Vec<(usize, &Problem)> = worst.into_iter().flat_map(of).take(most).collect();
        kept.sort_by_key(|(at, _)| *at);
        kept.into_iter().map(|(_, problem)| problem).collect()
    }

    fn left_out(&self, most: usize) -> usize {
        self.0.0.len().saturating_sub(most)
    }

    /// How many problems are not in the JSON, since there are too many.
    #[must_use]
    pub fn left_out_of_json(&self) -> usize {
        self.left_out(JSON_MOST)
    }

    /// The problems as JSON, places in lines and columns.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let mut lines = Lines::default();
        let mut place = |(span, label): &(Span, String)| {
            json!({
                "file": span.source.name, "line": lines.of(&span.source, span.start), "column": span.column(),
                "start": span.start, "end": span.end, "label": label,
            })
        };
        self.shown(JSON_MOST, |_| true)
            .into_iter()
            .map(|problem| {
                json!({
                    "code": problem.code,
                    "severity": severity_word(problem.severity),
                    "message": problem.full(),
                    "at": problem.primary.as_ref().map(&mut place),
                    "also": problem.secondary.iter().map(&mut place).collect::<Vec<_>>(),
                    "help": problem.help,
                })
            })
            .collect()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(Colour::Plain))
    }
}

impl std::error::Error for Report {}

/// The word for a severity.
#[must_use]
pub const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Lines of places, of which each mostly comes after the one before: nothing is counted twice.
#[derive(Default)]
struct Lines {
    last: Option<(Arc<Source>, usize, usize)>,
}

impl Lines {
    /// The line of a byte, counted from 1.
    fn of(&mut self, source: &Arc<Source>, at: usize) -> usize {
        let at = source.text.floor_char_boundary(at.min(source.text.len()));
        let known = self.last.as_ref().filter(|(of, from, _)| Arc::ptr_eq(of, source) && *from <= at);
        let (from, line) = known.map_or((0, 1), |&(_, from, line)| (from, line));
        let line = line + source.text[from..at].matches('\n').count();
        self.last = Some((Arc::clone(source), at, line));
        line
    }
}

/// The lines of a source that these bytes are in, as the bytes from the beginning of the first to the end of the last.
fn lines_of(text: &str, bytes: Range<usize>) -> Range<usize> {
    let start = text[..bytes.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[bytes.end..].find('\n').map_or(text.len(), |at| bytes.end + at);
    start..end
}

/// Notes that nearly every file has, the least last: what changes no rollout.
const NOISE: [&str; 8] = ["N0409", "N0404", "N0407", "N0412", "N0411", "N0410", "N0401", "N0402"];

/// So many notes of a code are shown in full.
const NOTES_MOST: usize = 3;

/// The notes of a code in a paragraph: each with its place, and what can be done about the first. Of noise, one and how many more.
fn folded(of: &[&Problem], lines: &mut Lines) -> String {
    let is_noise = NOISE.contains(&of[0].code);
    let most = if is_noise { 1 } else { NOTES_MOST };
    let mut shown: Vec<String> = Vec::new();
    for note in of.iter().take(most) {
        let place = note.primary.as_ref().map(|(span, _)| {
            let name = span.source.name.rsplit('/').next().unwrap_or_default();
            format!(" ({name}:{})", lines.of(&span.source, span.start))
        });
        shown.push(format!("{}{}", note.full(), place.unwrap_or_default()));
    }
    let more = of.len().saturating_sub(most);
    if more > 0 {
        shown.push(format!("and {} more of {}", grouped(more as u64), of[0].code));
    }
    let help = of.iter().find_map(|note| note.help.as_ref()).filter(|_| !is_noise);
    let help = help.map(|help| format!(" → {help}"));
    escaped(&format!("note[{}]: {}{}", of[0].code, shown.join("; "), help.unwrap_or_default())).into_owned()
}

/// So many places of the same are named.
const PLACES_MOST: usize = 6;

/// Where the same holds too: `the same 23 times more, at lines 12, 15, 19 and 20 others`.
fn again(more: &[&Problem], lines: &mut Lines) -> String {
    let times = if more.len() == 1 { "once".to_owned() } else { format!("{} times", grouped(more.len() as u64)) };
    let mut places: Vec<String> = Vec::new();
    for (span, _) in more.iter().filter_map(|problem| problem.primary.as_ref()) {
        let place = format!("{}:{}", escaped(&span.source.name), lines.of(&span.source, span.start));
        if !places.contains(&place) {
            places.push(place);
        }
        if places.len() > PLACES_MOST {
            break;
        }
    }
    let more = if places.len() > PLACES_MOST { " and others" } else { "" };
    places.truncate(PLACES_MOST);
    let at = if places.is_empty() { String::new() } else { format!(", at {}{more}", places.join(", ")) };
    format!("the same {times} more{at}")
}

fn render_one(problem: &Problem, renderer: &Renderer, lines: &mut Lines) -> String {
    let problem = &problem.escaped();
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(problem.full()).id(problem.code);
    let mut sources: Vec<Arc<Source>> = Vec::new();
    let places = problem.primary.iter().chain(&problem.secondary);
    for (span, _) in places {
        if !sources.iter().any(|known| known.name == span.source.name) {
            sources.push(Arc::clone(&span.source));
        }
    }
    let mut snippets = Vec::new();
    for source in sources.iter().filter(|source| !source.hidden) {
        let primary = problem.primary.iter().map(|place| (AnnotationKind::Primary, place));
        let secondary = problem.secondary.iter().map(|place| (AnnotationKind::Context, place));
        let is_here = |span: &Span| span.source.name == source.name && span.source.text.len() == source.text.len();
        let here = primary.chain(secondary).filter(|(_, (span, _))| is_here(span));
        let here: Vec<_> = here.map(|(kind, (span, label))| (kind, shown(span), label)).collect();
        let from = here.iter().map(|(_, bytes, _)| bytes.start).min().unwrap_or_default();
        let until = here.iter().map(|(_, bytes, _)| bytes.end).max().unwrap_or_default();
        // Only the lines in question are laid out: a file may have millions.
        let part = lines_of(&source.text, from..until);
        let mut snippet = Snippet::source(&source.text[part.clone()])
            .path(source.name.as_str())
            .line_start(lines.of(source, part.start));
        for (kind, bytes, label) in here {
            let within = bytes.start - part.start..bytes.end - part.start;
            snippet = snippet.annotation(kind.span(within).label(label_of(label)));
        }
        snippets.push(snippet);
    }
    if snippets.is_empty() {
        let hidden = problem.primary.as_ref().map(|(span, _)| format!("\n --> {}:{}", span.source.name, span.line()));
        let mut text = renderer.render(&[title.elements(Vec::<Snippet<'_, annotate_snippets::Annotation<'_>>>::new())]);
        text += &hidden.unwrap_or_default();
        if let Some(help) = &problem.help {
            let _ = write!(text, "\n  = help: {help}");
        }
        return text;
    }
    let mut group = title.elements(snippets);
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

fn label_of(label: &str) -> Option<&str> {
    (!label.is_empty()).then_some(label)
}

/// The bytes that are underlined: of a place that runs over several lines, its first line.
fn shown(span: &Span) -> Range<usize> {
    let text = &span.source.text;
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
    let first_line = text[start..end].find('\n').map_or(end, |at| start + at);
    start..first_line.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five notes of a placeholder, two of ignored keys, and a warning: the warning is in full, then come the placeholders, three of them
    /// in full, then one of the ignored keys. Ignored keys come last wherever they stand.
    #[test]
    fn notes_are_a_paragraph_a_code_and_noise_comes_last() {
        let mut problems = Problems::new();
        for name in ["a", "b"] {
            problems.push(Problem::note("N0402", format!("keys of {name} ignored")).help("nothing"));
        }
        for name in ["a", "b", "c", "d", "e"] {
            problems.push(Problem::note("N0403", format!("no value of {name}")).help(format!("give {name}")));
        }
        problems.push(Problem::warning("W0201", "a pool is empty").help("fill it"));
        let said = Report::from(problems).render_folded(Colour::Plain, 50);
        let expected = "warning[W0201]: a pool is empty
  = help: fill it

note[N0403]: no value of a; no value of b; no
  value of c; and 2 more of N0403 → give a
note[N0402]: keys of a ignored; and 1 more of
  N0402

1 warning, 7 notes
";
        assert_eq!(said, expected);
    }
}
