//! The tests as JUnit XML: a suite a scenario, a class a policy. A test that cannot be judged is an error, since nothing is known to
//! be wrong; nothing is skipped. There is no time in it, so that the same tests make the same file.

use super::{Session, details};
use crate::experiment::suite::{Met, Tested};
use crate::output::stream::disarmed;
use anyhow::Context;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::io;

/// The file.
pub fn xml(session: &Session<'_>) -> anyhow::Result<String> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 4);
    write(session, &mut out).context("write JUnit XML")?;
    Ok(String::from_utf8(out.into_inner())? + "\n")
}

fn write(session: &Session<'_>, out: &mut Writer<Vec<u8>>) -> io::Result<()> {
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let [tests, failures, errors] = counts(&session.tested.iter().collect::<Vec<_>>());
    let all = [("tests", tests), ("skipped", "0".to_owned()), ("failures", failures), ("errors", errors)];
    out.write_event(Event::Start(tag("testsuites", [("name", "windtunnel".to_owned())].into_iter().chain(all))))?;
    for file in session.files {
        let of_file = session.tested.iter().filter(|tested| std::ptr::eq(tested.case.file, file));
        let of_file: Vec<&Tested<'_>> = of_file.collect();
        if of_file.is_empty() {
            continue;
        }
        let [tests, failures, errors] = counts(&of_file);
        let all = [("tests", tests), ("skipped", "0".to_owned()), ("errors", errors), ("failures", failures)];
        let name = [("name", file.loaded.name.clone())];
        out.write_event(Event::Start(tag("testsuite", name.into_iter().chain(all))))?;
        for tested in of_file {
            case(tested, out)?;
        }
        out.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    out.write_event(Event::End(BytesEnd::new("testsuites")))
}

/// How many tests there are, and how many of them fail and cannot be judged.
fn counts(tested: &[&Tested<'_>]) -> [String; 3] {
    let of = |kind: &str| tested.iter().filter(|one| element(one.met) == Some(kind)).count();
    [tested.len(), of("failure"), of("error")].map(|count| count.to_string())
}

/// The element in a test case that says what became of it; none where it passed.
const fn element(met: Met) -> Option<&'static str> {
    match met {
        Met::Pass => None,
        Met::Fail | Met::Drift => Some("failure"),
        Met::Unusable | Met::Inconclusive => Some("error"),
    }
}

fn tag<'t>(name: &'t str, attributes: impl IntoIterator<Item = (&'static str, String)>) -> BytesStart<'t> {
    let mut tag = BytesStart::new(name);
    for (key, value) in attributes {
        tag.push_attribute((key, allowed(&value).as_str()));
    }
    tag
}

fn case(tested: &Tested<'_>, out: &mut Writer<Vec<u8>>) -> io::Result<()> {
    let name = &tested.case.name;
    let class = one_line(&format!("{}.{}", name.scenario, name.policy));
    let start = tag("testcase", [("name", one_line(&name.test)), ("classname", class)]);
    let Some(element) = element(tested.met) else { return out.write_event(Event::Empty(start)) };
    out.write_event(Event::Start(start))?;
    let message = one_line(&format!("{}, wanted {}", tested.measured, tested.wanted));
    let kind = ("type", tested.met.word().to_owned());
    out.write_event(Event::Start(tag(element, [("message", message), kind])))?;
    // No line of it is that of a name: what is written to /dev/stdout is read by build services.
    let details = details(tested).into_iter().map(|(label, text)| format!("{label}: {}", one_line(&text)));
    let repeat = std::iter::once(format!("repeat: {}", one_line(&tested.repeat)));
    let replay = tested.replay.iter().map(|command| format!("replay: {}", one_line(command)));
    let lines: Vec<String> = details.chain(repeat).chain(replay).collect();
    out.write_event(Event::Text(BytesText::new(&allowed(&lines.join("\n")))))?;
    out.write_event(Event::End(BytesEnd::new(element)))?;
    out.write_event(Event::End(BytesEnd::new("testcase")))
}

/// The text without the characters that XML has no place for, escaped or not.
fn allowed(text: &str) -> String {
    let control = |letter: char| letter < ' ' && !matches!(letter, '\t' | '\n' | '\r');
    let is_allowed = |letter: &char| !control(*letter) && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    text.chars().filter(is_allowed).collect()
}

/// A reader of XML makes spaces of line breaks in attributes anyway.
fn one_line(text: &str) -> String {
    disarmed(&text.replace('\n', " ")).into_owned()
}
