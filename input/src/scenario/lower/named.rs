//! What is named by an act and is not there, or matters to nobody, as far as a plan knows.

use super::keys::{INSTANCES, SCALE_SET, dependency_down, fault, ordinal, scenario, timeline_entry as entry_key};
use crate::problem::{Problem, Problems};
use crate::tree::Node;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Act, Plan};

/// Warns of instances by numbers that their set does not come to: by its capacity, by what is written later, and by what
/// autoscale may make of it. Numbers grow with every instance that is created anew, so that this is no error. And warns of
/// dependencies that nothing needs.
pub fn check(plan: &Plan, scenario: &Node, problems: &mut Problems) {
    for entry in scenario::TIMELINE.items(scenario) {
        let name = entry_key::NAME.given(entry).unwrap_or_default();
        let at = plan.timeline.iter().find(|action| action.name == name).map(|action| action.at);
        for (_, act) in entry.entries() {
            look(plan, (act, SCALE_SET.given(act), name), at, problems);
        }
        if let Some(act) = entry_key::DEPENDENCY_DOWN.node(entry) {
            needed(plan, (dependency_down::DEPENDENCY.node(act), name), problems);
        }
    }
    for (name, fault) in scenario::FAULTS.entries(scenario) {
        look(plan, (fault, fault::IN.given(fault), &name.text), Some(plan.horizon), problems);
        needed(plan, (fault::DEPENDENCY.node(fault), &name.text), problems);
    }
}

/// Warns of a dependency that goes down and that no answer and no user of the application needs.
fn needed(plan: &Plan, (dependency, name): (Option<&Node>, &str), problems: &mut Problems) {
    let Some((node, given)) = dependency.and_then(|node| Some((node, node.text()?))) else { return };
    let application = &plan.application;
    let Some(place) = application.dependencies.iter().position(|known| known == given) else { return };
    let answers = application.endpoints.iter().flat_map(|endpoint| &endpoint.clauses).map(|clause| clause.when);
    if answers.chain([application.serves]).any(|needs| needs.dependencies & 1 << place != 0) {
        return;
    }
    let message = format!("`{name}` takes `{given}` down, which nothing needs: it affects nobody");
    let help =
        format!("if users need it, `application: {{ serves: [process, {given}] }}`; an answer may need it as well");
    problems.push(Problem::warning("W0579", message).at(&node.span, "neither `serves` nor `when` names it").help(help));
}

fn look(plan: &Plan, (act, set, name): (&Node, Option<&str>, &str), at: Option<SimTime>, problems: &mut Problems) {
    let (Some(list), Some(at), Some(set)) = (act.get(INSTANCES.entry.key), at, set) else { return };
    let Some(place) = plan.sets.iter().position(|row| row.name == set) else { return };
    let most = most(plan, place, at);
    for item in list.items() {
        let Some(number) = ordinal(item).filter(|number| *number >= most) else { continue };
        let message = format!(
            "`{name}` names instance {number} of `{set}`, which has at most {most} then, numbered from 0: it affects \
             none, unless new instances were created before"
        );
        let help = match most {
            0 | 1 => "name an existing instance, `[0]`, or `one` for a random one".to_owned(),
            _ => format!("name instances from 0 to {}, or `one` for a random one", most - 1),
        };
        problems.push(
            Problem::warning("W0590", message).at(&item.span, "does not exist, as far as the plan shows").help(help),
        );
    }
}

/// The most instances that a set is known to have had by then.
fn most(plan: &Plan, place: usize, at: SimTime) -> u32 {
    let written = plan.timeline.iter().filter(|action| action.at <= at).filter_map(|action| match action.what {
        Act::SetCapacity { set, capacity } if usize::from(set) == place => Some(capacity),
        _ => None,
    });
    let scaled = plan.autoscale.iter().filter(|setting| usize::from(setting.set) == place);
    let allowed = scaled.flat_map(|setting| setting.ever().map(|profile| profile.maximum));
    let pooled = plan.agent_pools.iter().filter(|pool| usize::from(pool.set) == place);
    written.chain(allowed).chain(pooled.map(|pool| pool.max_capacity)).fold(plan.sets[place].capacity, u32::max)
}
