//! Writes to autoscale settings. Each is read with the metrics and the sets that the settings of the file are read with.

use super::orders::{Course, Made};
use super::{Part, one};
use crate::arm::shape::{self, AUTOSCALE};
use crate::problem::Problem;
use crate::scenario::lower::Context;
use crate::tree::Node;
use windtunnel_sim::plan::{Act, Autoscale, Change, Metric, SettingWritten};

/// The groups of settings begin with this number, among those of other resources.
const FIRST: u16 = u16::MAX / 2;

/// Reads the writes to settings; `read` reads one that scales a set. The profiles that only they make join those of the settings. What is
/// wrong with the name of a resource was said.
pub fn read(
    settings: &mut [Autoscale],
    read: impl Fn(&Node, u16, &mut Context<'_>) -> Autoscale,
    cx: &mut Context<'_>,
) -> Vec<(String, Act)> {
    let parts = cx.parts;
    let mut courses: Vec<(&Node, Course<Node>)> = Vec::new();
    let mut write =
        |at: usize, found: &Node, cx: &mut Context<'_>| of_setting(&parts[at], found, (&mut *settings, &read), cx);
    for (at, part) in parts.iter().enumerate() {
        let Some(resource) = part.of_type(AUTOSCALE) else { continue };
        let known = courses.iter().position(|(of, _)| std::ptr::eq(*of, resource)).unwrap_or(courses.len());
        if known == courses.len() {
            let number = FIRST + u16::try_from(known).unwrap_or_default();
            courses.push((resource, Course::new(number, resource.clone())));
        }
        courses[known].1.write(at, cx, &mut write);
    }
    courses.iter_mut().for_each(|(_, course)| course.in_other_orders(cx, &mut write));
    let acts = (0..parts.len()).filter_map(|at| courses.iter().find_map(|(_, course)| course.act(at, cx)));
    acts.collect()
}

/// What a write makes of a setting.
fn of_setting(
    part: &Part<'_>,
    before: &Node,
    (settings, read): (&mut [Autoscale], &impl Fn(&Node, u16, &mut Context<'_>) -> Autoscale),
    cx: &mut Context<'_>,
) -> Option<Made<Node>> {
    // One that scales nothing of the scenario does nothing, whatever is written; that was said.
    let at = settings.iter().position(|setting| before.is_named(&setting.name));
    let set = at.map(|at| settings[at].set);
    let read = |resource: &Node, cx: &mut Context<'_>| set.map(|set| read(resource, set, cx));
    let (after, [was, now]) = match one(part, before, &shape::autoscale::RESOURCE, read, cx)? {
        Ok(written) => written,
        Err(refusal) => return Some(Made::refused(Some(refusal))),
    };
    let mut changes = Vec::new();
    if let (Some(at), Some(was), Some(now)) = (at, was, now)
        && was != now
    {
        if missing(&now) > missing(&was) {
            let message = format!("the write of `{}` reads a metric that the scenario does not give", part.key.text);
            let problem = Problem::warning("W0212", message).at(&part.patch.span, "it is always missing");
            cx.problems.push(problem.help("give it in `metrics`"));
        }
        let setting = &mut settings[at];
        let profiles = now.profiles.into_iter().map(|profile| {
            let known = setting.ever().position(|known| *known == profile);
            let number = known.unwrap_or_else(|| {
                setting.later.push(profile);
                setting.profiles.len() + setting.later.len() - 1
            });
            u16::try_from(number).unwrap_or(u16::MAX)
        });
        let now = SettingWritten { profiles: profiles.collect(), enabled: now.enabled, predictive: now.predictive };
        changes.push(Change::Setting { setting: u16::try_from(at).ok()?, now });
    }
    Some(Made { after: Some(after), changes, refusal: None })
}

/// How many rules of a setting read a metric that nothing gives.
fn missing(setting: &Autoscale) -> usize {
    let rules = setting.profiles.iter().flat_map(|profile| &profile.rules);
    rules.filter(|rule| rule.trigger.metric == Metric::Missing).count()
}
