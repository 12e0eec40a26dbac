//! The published page of a finding, made of its row.

use super::rows::ROWS;
use super::{Look, Row, Shows};
use crate::report::severity_word;
use std::fmt::Write as _;

/// The file of the page of a row, below `docs/lint`.
#[must_use]
pub fn file(row: &Row) -> String {
    format!("{}.md", row.code)
}

/// The page of one row.
#[must_use]
pub fn page(row: &Row) -> String {
    let Row { code, name, statement, page, incident, shows, .. } = row;
    let mut text = format!("# {code}: {name}\n\n{statement}.\n\n{page}\n\n");
    let _ = writeln!(text, "| | |\n| --- | --- |\n| severity | {} |", severity_word(row.severity));
    if matches!(row.look, Look::Rest) {
        text += "| rule | as the finding says |\n";
    } else {
        let _ = writeln!(text, "| rule | [{}](../rules.md) |", row.rule);
        if *shows == Shows::Accepted {
            let _ = writeln!(text, "| what the fix changes | {} |", shows.word());
        } else {
            let _ = writeln!(
                text,
                "| the smallest incident | {} |\n| what the fix changes in it | {} |",
                incident.word(),
                shows.word()
            );
        }
        if let Some(of) = row.rule.rule() {
            let _ = writeln!(text, "\n> {}: {}", row.rule, of.statement);
        }
    }
    let _ = write!(
        text,
        "\nTo let it stand, say why: `windtunnel lint --allow {code}=REASON`, or in `windtunnel-lint.yaml` beside the fleet:\n\n\
         ```yaml\nallow:\n  {code}: REASON\n  {code}@vmss-web: REASON, for this resource only\n```\n"
    );
    text
}

/// The page that lists them.
#[must_use]
pub fn index() -> String {
    let mut text = format!(
        "# Findings of `windtunnel lint`\n\nThere are {} findings. An error is what Azure refuses; the cost of all others is shown \
         by the simulator: `windtunnel lint --prove` runs the smallest incident with the fleet as it is and with the fix.\n\n\
         ```sh\nwindtunnel lint infra/                                   # templates, exports, a plan of Terraform: one fleet\n\
         windtunnel lint infra/ --prove                           # and what each fix changes\n\
         windtunnel lint infra/ --fail-on warning                 # for a pull request\n\
         windtunnel lint infra/ --format sarif > lint.sarif       # for code scanning; `github` and `azure-pipelines` annotate\n\
         windtunnel lint infra/ --allow \"L0203=drains itself\"     # lets one stand, with the reason\n```\n\n\
         | code | name | severity | what the matter is |\n| --- | --- | --- | --- |\n",
        ROWS.len()
    );
    for row in ROWS.iter() {
        let Row { code, name, statement, .. } = row;
        let _ = writeln!(text, "| [{code}]({}) | {name} | {} | {statement} |", file(row), severity_word(row.severity));
    }
    text
}
