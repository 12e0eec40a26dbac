//! What somebody lets stand, with a reason: `--allow`, or `windtunnel-lint.yaml` beside the fleet.

use super::rows::row;
use super::{Finding, Row};
use crate::problem::{Problem, Problems, suggest};
use crate::tree::{Node, Span};
use windtunnel_sim::rules::Area;

/// The file beside the fleet.
pub const FILE: &str = "windtunnel-lint.yaml";
/// The only key of it.
const ALLOW: &str = "allow";

/// One suppression.
#[derive(Debug)]
pub struct Allowed {
    /// As it is written: `L0203`, `no-pause@vmss-web`, `L0001:OR-08`.
    pub text: String,
    /// Why.
    pub reason: String,
    /// Where it stands, in a file.
    pub span: Option<Span>,
    row: &'static str,
    rule: Option<String>,
    resource: Option<String>,
}

impl Allowed {
    /// Reads what is let stand.
    ///
    /// # Errors
    ///
    /// There is no such finding, or there is no reason; in words, with what to write.
    pub fn of(text: &str, reason: &str) -> Result<Self, (String, Option<String>)> {
        let (of, resource) = text.split_once('@').map_or((text, None), |(of, resource)| (of, Some(resource)));
        let (code, rule) = of.split_once(':').map_or((of, None), |(code, rule)| (code, Some(rule)));
        let Some(row) = row(code.trim()) else {
            let known = super::rows::ROWS.iter().flat_map(|row| [row.code, row.name]);
            return Err((format!("there is no finding `{code}`"), suggest(code, known)));
        };
        if let Some(rule) = rule.filter(|rule| rule.split('-').next().and_then(Area::parse).is_none()) {
            return Err((format!("`{rule}` is no rule"), Some(format!("write `{code}:OR-08`, for example"))));
        }
        if reason.trim().is_empty() {
            let help = format!("write why: `{text}=the set serves nobody`");
            return Err((format!("`{text}` is allowed without a reason"), Some(help)));
        }
        Ok(Self {
            text: text.to_owned(),
            reason: reason.trim().to_owned(),
            span: None,
            row: row.code,
            rule: rule.map(str::to_owned),
            resource: resource.map(str::to_owned),
        })
    }

    /// Whether it is of this finding.
    #[must_use]
    pub fn meets(&self, finding: &Finding) -> bool {
        let Row { code, .. } = finding.row;
        let of_rule = self.rule.as_ref().is_none_or(|rule| finding.rule.to_string().eq_ignore_ascii_case(rule));
        let of = self.resource.as_ref().is_none_or(|name| finding.resource.eq_ignore_ascii_case(name));
        self.row == *code && of_rule && of
    }
}

/// What the file beside the fleet lets stand.
pub fn read(root: &Node, problems: &mut Problems) -> Vec<Allowed> {
    let mut allowed = Vec::new();
    for (key, node) in root.entries() {
        if key.text != ALLOW {
            let problem = Problem::error("E0107", format!("there is no key `{}` in {FILE}", key.text));
            problems.push(problem.at(&key.span, "unknown key").help(format!("its only key is `{ALLOW}`")));
            continue;
        }
        for (key, reason) in node.entries() {
            match Allowed::of(&key.text, reason.text().unwrap_or_default()) {
                Ok(one) => allowed.push(Allowed { span: Some(key.span.clone()), ..one }),
                Err((message, help)) => {
                    problems.push(Problem::error("E0650", message).at(&key.span, "this entry").maybe_help(help));
                }
            }
        }
    }
    allowed
}
