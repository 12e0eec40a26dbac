//! `accept`: a fleet that is in a state which Azure would refuse today, and what is refused of the writes of a timeline.
//!
//! An acceptance names the rule, since Azure's own codes say too little: `BadRequest` stands for half of what it refuses.

use super::Context;
use super::keys::{acceptance, scenario};
use crate::problem::{Answer, Problem, Problems, meant};
use crate::tree::{Node, Span};
use windtunnel_sim::plan::{Accepted, Act, Refusal};
use windtunnel_sim::rules::{self, RuleId};

/// The key beside a resource.
pub const KEY: &str = "accept";

/// What a fleet may be in all the same: by an older version of the API, in a preview, by a limit that was raised for a
/// subscription, or by a change on another way. Everything else that Azure refuses has never been seen, or could not be run.
pub const ACCEPTABLE: &[RuleId] = &[
    rules::OR_03,
    rules::OR_04,
    rules::OR_05,
    rules::OR_08,
    rules::OP_07,
    rules::UM_05,
    rules::UM_06,
    rules::UM_07,
    rules::UM_20,
    rules::UM_21,
    rules::MS_09,
    rules::OS_01,
    rules::OS_02,
    rules::OS_03,
    rules::OS_04,
    rules::AR_01,
    rules::LB_01,
    rules::LB_15,
    rules::SP_16,
];

/// Whether a fleet may be in a state that Azure refuses by this rule.
#[must_use]
pub fn is_acceptable(rule: RuleId) -> bool {
    ACCEPTABLE.contains(&rule)
}

/// An acceptance as written.
struct Written<'a> {
    code: &'a Node,
    reason: &'a str,
}

fn written(resource: &Node) -> impl Iterator<Item = Written<'_>> {
    let list = resource.get(KEY).map_or(&[][..], Node::items);
    list.iter().filter_map(|one| {
        Some(Written { code: acceptance::CODE.node(one)?, reason: acceptance::REASON.given(one).unwrap_or_default() })
    })
}

/// The rule that an acceptance names, if it can be accepted.
fn named(one: &Written<'_>) -> Option<RuleId> {
    let rule = RuleId::parse(one.code.text()?)?;
    is_acceptable(rule).then_some(rule)
}

/// Takes back what was said of a resource since `before` and is accepted beside it; what that was.
pub fn settle(resource: &Node, before: usize, cx: &mut Context<'_>) -> Vec<Accepted> {
    let mut accepted = Vec::new();
    for one in written(resource) {
        let Some(rule) = named(&one) else { continue };
        let is_it = |problem: &Problem| problem.is_refusal() && problem.rule == Some(rule);
        let found = cx.problems.0[before.min(cx.problems.0.len())..].iter().find(|problem| is_it(problem));
        let Some(refusal) = found.map(Problem::full) else { continue };
        let mut at = 0;
        cx.problems.0.retain(|problem| {
            at += 1;
            at <= before || !is_it(problem)
        });
        accepted.push(Accepted {
            resource: resource.name().unwrap_or_default().to_owned(),
            rule,
            refusal,
            reason: one.reason.to_owned(),
        });
    }
    accepted
}

/// Keeps each acceptance once: the writes of a timeline need again what the set as written needed.
pub fn once(mut accepted: Vec<Accepted>) -> Vec<Accepted> {
    let mut seen: Vec<(String, RuleId)> = Vec::new();
    accepted.retain(|one| {
        let key = (one.resource.clone(), one.rule);
        let new = !seen.contains(&key);
        seen.push(key);
        new
    });
    accepted
}

/// The acceptances that are wrong, or that nothing needs. `accepted` is what was needed.
pub fn unneeded(scenario: &Node, accepted: &[Accepted]) -> Problems {
    let mut problems = Problems::new();
    for resource in scenario::RESOURCES.items(scenario) {
        let name = resource.name().unwrap_or_default();
        for one in written(resource) {
            let text = one.code.text().unwrap_or_default();
            let Some(rule) = named(&one) else {
                problems.push(not_acceptable(text, &one.code.span));
                continue;
            };
            // What stands beside a file is the acceptance of all its resources.
            let uses = |other: &Node| {
                let name = other.name().unwrap_or_default();
                let here = written(other).any(|same| is_place(&same.code.span, &one.code.span));
                here && accepted.iter().any(|known| known.resource == name && known.rule == rule)
            };
            if scenario::RESOURCES.items(scenario).iter().any(uses) {
                continue;
            }
            let message = format!("`{name}` does not need the acceptance of {rule}");
            let help = "Azure would not refuse the resource by this rule: remove the acceptance";
            problems.push(Problem::error("E0519", message).at(&one.code.span, "accepts nothing").help(help));
        }
    }
    problems
}

/// Whether a problem is about an acceptance that is beside a resource of this scenario.
pub fn is_acceptance_of(scenario: &Node, problem: &Problem) -> bool {
    let Some((place, _)) = &problem.primary else { return false };
    let resources = scenario::RESOURCES.items(scenario);
    resources.iter().flat_map(written).any(|one| is_place(&one.code.span, place))
}

fn is_place(a: &Span, b: &Span) -> bool {
    a.source.name == b.source.name && a.start == b.start
}

fn not_acceptable(text: &str, span: &Span) -> Problem {
    let codes: Vec<String> = ACCEPTABLE.iter().map(ToString::to_string).collect();
    let message = match RuleId::parse(text).and_then(RuleId::rule) {
        Some(rule) => format!("a fleet cannot be in a state that {} refuses", rule.id),
        None => format!("there is no rule `{text}`"),
    };
    let help = meant(text, codes.iter().map(String::as_str))
        .unwrap_or_else(|| format!("`code` must be the rule at the end of the message, one of {}", codes.join(", ")));
    Problem::error("E0520", message).at(span, "cannot be accepted").help(help)
}

/// What Azure answers to a write of which this was said; `None` where none of it is a refusal of the platform.
fn refusal(said: &Problems) -> Option<Refusal> {
    let found = said.iter().find(|problem| problem.azure_refuses())?;
    let rule = found.rule.unwrap_or(rules::VS_16);
    Some(match &found.answer {
        Some(Answer { code, text }) => Refusal { rule, code: Some(code), text: text.clone() },
        None => Refusal { rule, code: None, text: found.message.clone() },
    })
}

/// A write of the timeline that Azure refuses: what is sent all the same, and refused, in the run.
pub fn refused(name: &str, set: u16, said: &Problems, cx: &mut Context<'_>) -> Option<Act> {
    let mends = "; if your fleet accepted it, say so with `accept`";
    let is_acceptable = refusal(said).is_some_and(|refusal| is_acceptable(refusal.rule));
    played(name, said, if is_acceptable { mends } else { "" }, cx).map(|refusal| Act::RefusedWrite { set, refusal })
}

/// The same of a write that is of no scale set: the place of what Azure answers.
pub fn refused_change(name: &str, said: &Problems, cx: &mut Context<'_>) -> Option<u16> {
    played(name, said, "", cx)
}

fn played(name: &str, said: &Problems, mends: &str, cx: &mut Context<'_>) -> Option<u16> {
    let answer = refusal(said)?;
    warn(name, said, mends, cx.problems);
    let refusal = u16::try_from(cx.refusals.len()).ok()?;
    cx.refusals.push(answer);
    Some(refusal)
}

/// Says at the reading that Azure refuses a write of the timeline; the run goes on as if it had not been sent.
fn warn(name: &str, said: &Problems, mends: &str, problems: &mut Problems) {
    let Some(found) = said.iter().find(|problem| problem.azure_refuses()) else { return };
    // Where the set as written is refused by the same rule, its writes can be nothing else.
    if problems.iter().any(|known| known.is_refusal() && known.rule == found.rule) {
        return;
    }
    let why = match &found.answer {
        Some(answer) => format!("{}: {}", answer.code, answer.text.trim_end_matches('.')),
        None => found.message.clone(),
    };
    let message = format!("Azure refuses the write `{name}`: {why}");
    let warning = Problem::warning("W0510", message);
    let place = found.primary.clone();
    let warning = Problem { primary: place, secondary: found.secondary.clone(), rule: found.rule, ..warning };
    // What was probably meant is no rule of Azure's.
    let near = found.help.as_ref().filter(|_| found.rule.is_none()).map(|help| format!("{help}; "));
    problems.push(warning.help(format!("{}the run continues without this write{mends}", near.unwrap_or_default())));
}
