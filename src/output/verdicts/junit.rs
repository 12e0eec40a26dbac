//! The tests as JUnit XML: a suite a scenario, a class a policy. What cannot be told is an error, since nothing is known to
//! be wrong; nothing is skipped. There is no time in it, so that the same tests make the same file.

use super::{Session, details};
use crate::experiment::suite::{Met, Tested};
use crate::output::stream::disarmed;
use anyhow::Context;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// The file.
///
/// # Errors
///
/// It cannot be put into XML.
pub fn xml(session: &Session<'_>) -> anyhow::Result<String> {
    let mut report = Report::new("windtunnel");
    for file in session.files {
        let mut suite = TestSuite::new(file.loaded.name.as_str());
        let of_file = session.tested.iter().filter(|tested| std::ptr::eq(tested.case.file, file));
        suite.add_test_cases(of_file.map(case));
        if suite.tests > 0 {
            report.add_test_suite(suite);
        }
    }
    report.to_string().context("write JUnit XML")
}

fn case(tested: &Tested<'_>) -> TestCase {
    let kind = match tested.met {
        Met::Pass => None,
        Met::Fail | Met::Drift => Some(NonSuccessKind::Failure),
        Met::Unusable | Met::Inconclusive => Some(NonSuccessKind::Error),
    };
    let status = kind.map_or_else(TestCaseStatus::success, |kind| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_type(tested.met.word());
        status.set_message(one_line(&format!("{}, wanted {}", tested.measured, tested.wanted)));
        let told = details(tested).into_iter().map(|(label, text)| format!("{label}: {}", one_line(&text)));
        let commands = [
            Some(format!("repeat: {}", one_line(&tested.repeat))),
            tested.replay.as_ref().map(|c| format!("replay: {}", one_line(c))),
        ];
        // No line of it is that of a name: what is written to /dev/stdout is read by build services.
        status.set_description(told.chain(commands.into_iter().flatten()).collect::<Vec<_>>().join("\n"));
        status
    });
    let name = &tested.case.name;
    let mut case = TestCase::new(one_line(&name.test), status);
    case.set_classname(one_line(&format!("{}.{}", name.scenario, name.policy)));
    case
}

/// A reader of XML makes spaces of line breaks in attributes anyway.
fn one_line(text: &str) -> String {
    disarmed(&text.replace('\n', " ")).into_owned()
}
