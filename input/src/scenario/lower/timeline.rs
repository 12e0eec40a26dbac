//! What happens when.

use super::gallery::{self, Places};
use super::keys::{
    act_step, note, release_code, run_pipeline, scenario, set_capacity as capacity, timeline_entry as key,
};
use super::model::{self, Changes};
use super::{Context, accept, guest, impairments, limits, octopus, repairs, spot, write};
use crate::problem::{Problem, Problems};
use crate::scenario::legality::{Legality, SET_RULES, SetFacts};
use crate::tree::{At, Node};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{Act, Action, Endpoint, Note, Pool, Steps};
use windtunnel_sim::rules::{AL_07, Area};

/// Reads the `timeline` section: what happens and what people noted, each sorted by time.
pub fn read(
    pools: &[Pool],
    facts: &[SetFacts],
    changes: &Changes,
    (places, endpoints): (&mut Places<'_>, &[Endpoint]),
    cx: &mut Context<'_>,
) -> (Vec<Action>, Vec<Note>) {
    let mut actions: Vec<Action> = Vec::new();
    let mut notes: Vec<Note> = Vec::new();
    let mut names: Vec<&Node> = Vec::new();
    let mut steps: Vec<Action> = Vec::new();
    let scenario = cx.scenario;
    for node in scenario::TIMELINE.items(scenario) {
        let Some(name_node) = key::NAME.node(node) else { continue };
        let name = name_node.text().unwrap_or_default();
        if let Some(first) = names.iter().find(|other| *other == &name_node) {
            let problem = Problem::error("E0212", format!("two entries of the timeline have the name `{name}`"));
            let problem = problem.at(&name_node.span, "the second").also(&first.span, "the first");
            cx.problems.push(problem.help("policies patch entries by name"));
        }
        names.push(name_node);
        limits::check_length(node, name, cx.problems);
        let Some(after) = key::AT.given(node) else { continue };
        late(name, Some((node, after)), cx);
        if let Some(note) = key::NOTE.node(node) {
            let text = note::TEXT.given(note).unwrap_or_default().to_owned();
            notes.push(Note { name: name.to_owned(), at: SimTime::ZERO + after, kind: note::KIND.read(note), text });
            continue;
        }
        if let (None, Some((dies, _))) = (key::STEPS.node(node), key::DIES_AFTER.entry_in(node)) {
            let problem = Problem::error("E0109", "`diesAfter` needs `steps`, of which so many are done");
            cx.problems.push(problem.at(&dies.span, "this key").help("write `steps: [{ write: … }, { write: … }]`"));
        }
        if let (Some(dies), steps @ 1..) = (key::DIES_AFTER.given(node), key::STEPS.items(node).len())
            && dies as usize >= steps
        {
            let message = format!("`{name}` does all of its {steps} steps before `diesAfter: {dies}`");
            let problem = Problem::warning("W0204", message).at(&node.span, "nobody dies");
            cx.problems.push(problem.help("write a number below that of the steps, or leave `diesAfter` out"));
        }
        let steps_of = key::STEPS.items(node).iter().map(|step| act_step::WRITE.node(step));
        for nothing in steps_of.chain([key::WRITE.node(node)]).flatten().filter(|write| write.entries().is_empty()) {
            let problem = Problem::error("E0110", format!("`{name}` writes to no resource"));
            cx.problems
                .push(problem.at(&nothing.span, "nothing in it").help("write `write: { lb-prod: { properties: … } }`"));
        }
        let acts = match key::STEPS.node(node) {
            Some(_) => vec![sequence(node, name, changes, &mut steps)],
            None if key::UPDATE_MODEL.is_in(node) || key::WRITE.is_in(node) => changes.of(name),
            None => acts(node, pools, facts, (places, endpoints), cx),
        };
        let at = SimTime::ZERO + after;
        actions.extend(acts.into_iter().map(|what| Action { name: name.to_owned(), at, what }));
    }
    late_steps(cx);
    actions.sort_by_key(|action| action.at);
    notes.sort_by_key(|note| note.at);
    put_steps(&mut actions, steps);
    (actions, notes)
}

/// Warns of what would first happen after the end of the run.
pub(super) fn late(name: &str, what: Option<(&Node, SimDuration)>, cx: &mut Context<'_>) {
    let (Some((place, at)), Some(horizon)) = (what, scenario::HORIZON.given(cx.scenario)) else { return };
    if at > horizon {
        let message = format!("`{name}` at {at} is after the horizon of {horizon}");
        cx.problems.push(Problem::warning("W0204", message).at(&place.span, "never happens").help("raise `horizon`"));
    }
}

/// Says which steps begin after the horizon, although their entry begins before it.
fn late_steps(cx: &mut Context<'_>) {
    let Some(horizon) = scenario::HORIZON.given(cx.scenario) else { return };
    for part in cx.parts {
        let begins = part.begins;
        if part.at <= horizon && begins > horizon {
            let message = format!("`{}` begins at {begins} at the earliest, after the horizon of {horizon}", part.name);
            let problem = Problem::warning("W0204", message).at(&part.key.span, "never happens");
            cx.problems.push(problem.help("raise `horizon`, or shorten what the steps before it wait"));
        }
    }
}

/// The steps of an entry, behind those of the entries before it: until the timeline is in order their places are counted from there.
fn sequence(node: &Node, name: &str, changes: &Changes, steps: &mut Vec<Action>) -> Act {
    let first = steps.len();
    let dies_after = key::DIES_AFTER.given(node);
    // A step may be several acts: of those before the end there are so many.
    let mut done = None;
    for (number, step) in key::STEPS.items(node).iter().enumerate() {
        if dies_after.is_some_and(|most| most as usize == number) {
            done = Some(steps.len() - first);
        }
        let name = write::step_name(name, number);
        let acts = act_step::WAIT.given(step).map_or_else(|| changes.of(&name), |wait| vec![Act::Wait(wait)]);
        steps.extend(acts.into_iter().map(|what| Action { name: name.clone(), at: SimTime::FAR, what }));
    }
    let count = steps.len() - first;
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Act::Steps(Steps { first: place(first), count: place(count), dies_after: done.map(place) })
}

/// Steps have no time of their own: they come after what has.
fn put_steps(actions: &mut Vec<Action>, steps: Vec<Action>) {
    let before = u32::try_from(actions.len()).unwrap_or(u32::MAX);
    for action in actions.iter_mut() {
        if let Act::Steps(of) = &mut action.what {
            of.first = of.first.saturating_add(before);
        }
    }
    actions.extend(steps);
}

/// The act of an entry; blocking the probes of a balancer is one act a pool.
fn acts(
    node: &Node,
    pools: &[Pool],
    facts: &[SetFacts],
    (places, endpoints): (&mut Places<'_>, &[Endpoint]),
    cx: &mut Context<'_>,
) -> Vec<Act> {
    if let Some(act) = model::act(node, cx) {
        return vec![act];
    }
    if let Some(act) = gallery::act(node, places, cx) {
        return vec![act];
    }
    if let Some(acts) = impairments::acts(node, pools, (places, endpoints), cx) {
        return acts;
    }
    let act = spot::act(node, cx).or_else(|| repairs::act(node, cx)).or_else(|| guest::act(node, cx));
    if let Some(act) = act.or_else(|| octopus::act(node, cx)) {
        return vec![act];
    }
    one_act(node, facts, cx).into_iter().collect()
}

fn one_act(node: &Node, facts: &[SetFacts], cx: &mut Context<'_>) -> Option<Act> {
    if let Some(act) = key::SET_CAPACITY.node(node) {
        return set_capacity(node, act, facts, cx);
    }
    if let Some(act) = key::RELEASE_CODE.node(node) {
        let code = cx.releases.resolve(release_code::CODE.node(act)?, "E0203", "release", cx.problems);
        let mut pipelines = Vec::new();
        for pipeline in release_code::PIPELINES.read(act) {
            pipelines.extend(cx.pipelines.resolve(pipeline, "E0204", "pipeline", cx.problems));
        }
        return Some(Act::ReleaseCode { code: code?, pipelines });
    }
    let pipeline = run_pipeline::PIPELINE.node(key::RUN_PIPELINE.node(node)?)?;
    let pipeline = cx.pipelines.resolve(pipeline, "E0204", "pipeline", cx.problems)?;
    Some(Act::RunPipeline { pipeline })
}

fn set_capacity(node: &Node, act: &Node, facts: &[SetFacts], cx: &mut Context<'_>) -> Option<Act> {
    let set = cx.set_of(act)?;
    let At { value: capacity, span, .. } = capacity::CAPACITY.at(act)?;
    let name = key::NAME.given(node).unwrap_or_default();
    if let Some(facts) = facts.get(usize::from(set)) {
        // The limits of a capacity hold for one that is written later, too.
        let mut later = facts.clone();
        later.capacity = At { value: i64::from(capacity), span, given: true };
        let said = capacity_refused(&later, cx);
        if let Some(refused) = accept::refused(name, set, &said, cx) {
            return Some(refused);
        }
        large_request(&later, i64::from(capacity) - facts.capacity.value, cx);
    }
    Some(Act::SetCapacity { set, capacity })
}

/// What Azure says to the capacity of a set.
pub(super) fn capacity_refused(set: &SetFacts, cx: &Context<'_>) -> Problems {
    let mut said = Problems::new();
    for (rule, check) in SET_RULES.iter().filter(|(rule, _)| rule.area() == Area::OR && matches!(rule.number(), 3..=5))
    {
        check(*rule, set, &mut Legality { rules: cx.rules, problems: &mut said });
    }
    said
}

/// A request for very many cores at once is better split (AL-07).
fn large_request(facts: &SetFacts, more: i64, cx: &mut Context<'_>) {
    let cores = more.max(0).saturating_mul(i64::from(super::fleet::cores(facts.size())));
    if cores > MOST_CORES {
        let message =
            format!("this requests about {cores} cores at once; above about {MOST_CORES} cores, split the request");
        let mut say = Legality { rules: cx.rules, problems: cx.problems };
        say.warn(AL_07, &facts.capacity.span, &message, "raise the capacity in several steps");
    }
}

/// More cores than this are better asked for in several requests (AL-07).
const MOST_CORES: i64 = 500;
