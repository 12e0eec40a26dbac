//! The tests as JUnit XML, valid by the schema of Jenkins' plugin xUnit: a suite a scenario, a class a policy. A test that cannot be
//! judged is an error, since nothing is known to be wrong; it is skipped where it is only to be warned of.
//!
//! `time` is how long the runs took, and all that depends on a clock. The schema has no file and no line for a test: the file is an
//! attribute of its suite, the line stands in what it says.

use super::{Session, details, place};
use crate::experiment::suite::{File, Met, Tested};
use crate::input::identity::MODEL_VERSION;
use crate::output::stream::disarmed;
use anyhow::Context;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::io;
use std::time::Duration;

type Out = Writer<Vec<u8>>;

/// The file.
pub fn xml(session: &Session<'_>) -> anyhow::Result<String> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 4);
    write(session, &mut out).context("write JUnit XML")?;
    Ok(String::from_utf8(out.into_inner())? + "\n")
}

fn write(session: &Session<'_>, out: &mut Out) -> io::Result<()> {
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all: Vec<&Tested<'_>> = session.tested.iter().collect();
    // Here the schema has no count of what was skipped.
    let counts = counts(session, &all).into_iter().filter(|(key, _)| *key != "skipped");
    out.write_event(Event::Start(tag("testsuites", [("name", "windtunnel".to_owned())].into_iter().chain(counts))))?;
    for of_file in session.tested.chunk_by(|one, next| std::ptr::eq(one.case.file, next.case.file)) {
        suite(session, of_file[0].case.file, &of_file.iter().collect::<Vec<_>>(), out)?;
    }
    out.write_event(Event::End(BytesEnd::new("testsuites")))
}

fn suite(session: &Session<'_>, file: &File, tested: &[&Tested<'_>], out: &mut Out) -> io::Result<()> {
    let name = [("name", one_line(&file.loaded.name)), ("file", one_line(&file.path.display().to_string()))];
    out.write_event(Event::Start(tag("testsuite", name.into_iter().chain(counts(session, tested)))))?;
    out.write_event(Event::Start(BytesStart::new("properties")))?;
    let properties = [
        ("title", one_line(&file.loaded.title)),
        ("firstSeed", session.first_seed.to_string()),
        ("replications", file.replications.to_string()),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("modelVersion", MODEL_VERSION.to_owned()),
    ];
    for (name, value) in properties {
        out.write_event(Event::Empty(tag("property", [("name", name.to_owned()), ("value", value)])))?;
    }
    out.write_event(Event::End(BytesEnd::new("properties")))?;
    tested.iter().try_for_each(|one| case(session, one, out))?;
    out.write_event(Event::End(BytesEnd::new("testsuite")))
}

/// How many tests there are, how many of them came to what, and how long they took.
fn counts(session: &Session<'_>, tested: &[&Tested<'_>]) -> [(&'static str, String); 5] {
    let of = |kind: &str| tested.iter().filter(|one| element(session, one.met) == Some(kind)).count().to_string();
    [
        ("tests", tested.len().to_string()),
        ("failures", of("failure")),
        ("errors", of("error")),
        ("skipped", of("skipped")),
        ("time", seconds(tested.iter().map(|one| one.took).sum())),
    ]
}

/// The schema takes three decimals.
fn seconds(took: Duration) -> String {
    format!("{:.3}", took.as_secs_f64())
}

/// The element in a test case that says what became of it; none where it passed.
const fn element(session: &Session<'_>, met: Met) -> Option<&'static str> {
    match met {
        Met::Pass => None,
        Met::Fail | Met::Worse => Some("failure"),
        Met::Gone | Met::Inconclusive if session.is_warning(met) => Some("skipped"),
        Met::Gone | Met::Unusable | Met::Inconclusive => Some("error"),
    }
}

fn tag<'t>(name: &'t str, attributes: impl IntoIterator<Item = (&'static str, String)>) -> BytesStart<'t> {
    let mut tag = BytesStart::new(name);
    for (key, value) in attributes {
        tag.push_attribute((key, allowed(&value).as_str()));
    }
    tag
}

fn case(session: &Session<'_>, tested: &Tested<'_>, out: &mut Out) -> io::Result<()> {
    let name = &tested.case.name;
    let class = one_line(&format!("{}.{}", name.scenario, name.policy));
    let attributes = [("name", one_line(&name.test)), ("classname", class), ("time", seconds(tested.took))];
    out.write_event(Event::Start(tag("testcase", attributes)))?;
    if let Some(element) = element(session, tested.met) {
        let message = one_line(&format!("{}, wanted {}", tested.measured, tested.wanted));
        let kind = ("type", tested.met.word().to_owned());
        out.write_event(Event::Start(tag(element, [("message", message), kind])))?;
        // No line of it is that of a name: what is written to /dev/stdout is read by build services.
        let details = details(tested).into_iter().map(|(label, text)| format!("{label}: {}", one_line(&text)));
        let repeat = std::iter::once(format!("repeat: {}", one_line(&tested.repeat)));
        let replay = tested.replay.iter().map(|command| format!("replay: {}", one_line(command)));
        text(details.chain(repeat).chain(replay), out)?;
        out.write_event(Event::End(BytesEnd::new(element)))?;
    }
    out.write_event(Event::Start(BytesStart::new("system-out")))?;
    let (file, line) = place(tested);
    let said = [format!("measured: {}", one_line(&tested.measured)), format!("where: {}:{line}", one_line(&file))];
    text(said, out)?;
    out.write_event(Event::End(BytesEnd::new("system-out")))?;
    out.write_event(Event::End(BytesEnd::new("testcase")))
}

/// Lines of text in an element.
fn text(lines: impl IntoIterator<Item = String>, out: &mut Out) -> io::Result<()> {
    let lines: Vec<String> = lines.into_iter().collect();
    out.write_event(Event::Text(BytesText::new(&allowed(&lines.join("\n")))))
}

/// The text without the characters that XML has no place for, escaped or not.
fn allowed(text: &str) -> String {
    let control = |letter: char| letter < ' ' && !matches!(letter, '\t' | '\n' | '\r');
    let is_allowed = |letter: &char| !control(*letter) && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    text.chars().filter(is_allowed).collect()
}

/// A reader of XML makes spaces of line breaks in attributes anyway.
fn one_line(text: &str) -> String {
    disarmed(&text.replace(['\n', '\r'], " ")).into_owned()
}
