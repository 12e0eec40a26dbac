//! Files with very many problems: what is shown is capped and counted, and to find it takes time in proportion.
//!
//! The bounds of time are wide, since debug builds on busy machines are slow; what grew with the square took minutes there.

use std::time::{Duration, Instant};
use windtunnel::input::{Colour, LoadOptions, Report, load_text};

#[expect(clippy::disallowed_methods, reason = "how long it takes is what is asked")]
fn timed(text: String, most: Duration) -> Report {
    let began = Instant::now();
    let Err(report) = load_text("x.yaml", text, &LoadOptions::default()) else { panic!("it loads") };
    let (rendered, json) = (report.render(Colour::Plain), report.to_json());
    let took = began.elapsed();
    assert!(took < most, "{took:?}");
    assert!(rendered.len() < 100_000, "{} bytes", rendered.len());
    assert!(json.as_array().is_some_and(|list| list.len() <= 1_000));
    report
}

/// Each of the keys is one problem, and the title, the horizon and the resources that are missing are three.
#[test]
fn unknown_keys_by_the_ten_thousand_are_counted_and_a_hundred_are_shown() {
    let keys = |count: usize, value: &dyn Fn(usize) -> String| {
        let rows = (0..count).map(|at| format!("unknown-key-{at}: {}\n", value(at)));
        format!("windtunnel: 1\n{}", rows.collect::<String>())
    };
    let report = timed(keys(20_000, &|_| "1".to_owned()), Duration::from_secs(15));
    assert_eq!(report.closing(), "20,003 errors");
    let shown = report.render(Colour::Plain);
    assert_eq!(shown.matches("error[").count(), 100);
    assert!(shown.contains("… and 19,903 more; fix these first"), "{}", &shown[shown.len() - 200..]);
    assert_eq!((report.to_json().as_array().map(Vec::len), report.left_out_of_json()), (Some(1_000), 19_003));
    let anchored = timed(keys(50_000, &|at| format!("&anchor{at} 1")), Duration::from_secs(30));
    assert_eq!(anchored.closing(), "50,003 errors");
}

/// A file of blank lines with one error at its end: only the line of the error is laid out.
#[test]
fn a_long_file_with_one_error_shows_its_line() {
    let lines = 8_000_000;
    let text = format!("{}windtunnel: 2\n", "\n".repeat(lines));
    let report = timed(text, Duration::from_secs(30));
    let shown = report.render(Colour::Plain);
    assert!(shown.contains(&format!("x.yaml:{}:13", lines + 1)), "{shown}");
    assert!(shown.contains(&format!("{} | windtunnel: 2", lines + 1)), "{shown}");
}

/// Errors come before warnings and notes where not all are shown.
#[test]
fn what_is_shown_is_the_worst() {
    let notes: String = (0..150).map(|at| format!("  - {{ type: Microsoft.Other/things, name: n{at} }}\n")).collect();
    let text = format!("windtunnel: 1\ntitle: t\nhorizon: PT1H\nresources:\n{notes}nothing: 1\n");
    let Err(report) = load_text("x.yaml", text, &LoadOptions::default()) else { panic!("it loads") };
    assert!(report.render(Colour::Plain).contains("there is no key `nothing`"));
}

/// A sweep of 24 policies, each with a drain period on which nothing acts: it is said once, with how often.
#[test]
fn one_warning_of_many_policies_is_said_once_with_a_count() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let program = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        let output = command.current_dir(temporary.path()).args(args).output().expect("it starts");
        let both = [output.stdout, output.stderr].concat();
        String::from_utf8(both).expect("UTF-8")
    };
    program(&["new", "small"]);
    let path = temporary.path().join("small.yaml");
    let text = std::fs::read_to_string(&path).expect("it is written");
    let policy = |n: usize| {
        let pool = format!("backendAddressPools: [{{ name: app, properties: {{ drainPeriodInSeconds: {n} }} }}]");
        format!("  drain-{n}:\n    lb-small: {{ properties: {{ {pool} }} }}\n")
    };
    let all: String = (2..26).map(policy).collect();
    std::fs::write(&path, text.replace("policies:\n", &format!("policies:\n{all}"))).expect("written");
    for args in
        [&["check", "small.yaml"][..], &["compare", "small.yaml", "-n", "2"], &["test", "small.yaml", "-n", "2"]]
    {
        let said = program(args);
        assert_eq!(said.matches("drainPeriodInSeconds is in the API").count(), 1, "{said}");
        assert!(said.contains("note: the same 23 times more, at small.yaml:"), "{said}");
        assert!(said.contains(" and others\n") && said.contains("24 warnings"), "{said}");
    }
}
