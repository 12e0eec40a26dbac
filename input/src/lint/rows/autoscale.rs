//! L06: how capacity follows the demand.

use super::super::Found;
use super::super::fleet::{Fleet, count_of};
use super::rows;
use crate::arm::shape::autoscale::{
    ACTION, CHANGE, COOLDOWN, ChangeKind, DIRECTION, MAXIMUM, METRIC_NAME, MINIMUM, PROFILES, RECURRENCE, RULES,
    THRESHOLD, TIME_WINDOW, VALUE,
};
use crate::arm::shape::scale_set::TERMINATE_NOTICE_ENABLED;
use crate::scenario::legality::SetFacts;
use crate::tree::Node;
use serde_json::{Value as Json, json};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Operator, ScaleDirection};
use windtunnel_words::clock::spoken;

rows! {
    "L0601" "nothing-scales-out" Warning AS_11, Setting(no_out), LoadPeak, Harm;
        "The profile has no rule that scales out, so that the set does not follow a rising demand";
        "Rules come in pairs: one that adds and one that removes, on the same metric. The setting alone only holds the capacity within its limits.".
    "L0602" "nothing-scales-in" Warning AS_12, Setting(no_in), LoadDip, Hours;
        "The profile has no rule that scales in, so that what a peak added stays";
        "Rules come in pairs: one that adds and one that removes, on the same metric. What is added for a peak is paid until a person removes it, and each rollout takes as long as for the peak.".
    "L0603" "nowhere-to-scale" Warning AS_06, Setting(no_room), LoadPeak, Harm;
        "Minimum and maximum are the same, so that autoscale has nothing to do but to undo what is done by hand";
        "The limits are enforced at every run, without any rule. A set that should not be scaled needs no setting; one that should needs room above its usual size.".
    "L0604" "cooldown-shorter-than-the-boot" Warning AS_23, Setting(short_cooldown), LoadPeak, Hours;
        "The cooldown ends before new instances have taken load, so that autoscale adds more on the metric of before";
        "Machine, boot, set-up and warm-up take five minutes or more, and the window of the metric as long again. A cooldown that covers both asks for what is needed once.".
    "L0605" "reacts-late" Warning AS_08, Setting(late), LoadPeak, Harm;
        "The rule that scales out averages over 15 minutes or more, so that it reacts when the peak has been there for that long";
        "`timeWindow` is the time over which the metric is reduced before it is compared. Five minutes is the least.".
    "L0606" "shrinks-to-the-limit" Warning AS_06, Setting(above), GoodRollout, Harm;
        "The set is created with more instances than autoscale allows, and loses them at its first run";
        "A capacity above the maximum of the profile is lowered at once, whatever the load. One of the two numbers is wrong.".
    "L0607" "scales-by-one" Note AS_10, Setting(by_one), LoadPeak, Harm;
        "A set that may grow by ten or more grows by one instance at a time";
        "Each step waits for the cooldown of the one before it. A step in proportion to the set, such as 20 %, is there in time.".
    "L0608" "deletes-without-notice" Warning TN_01, Set(no_notice), LoadDip, Harm;
        "Autoscale deletes instances without a notice, and the requests that they are serving are lost";
        "`terminateNotificationProfile` gives each instance 5 to 15 minutes to leave the balancer and finish. The application must poll for the event and approve it. Without the profile nothing announces the deletion.".
    "L0609" "schedule-without-rules" Warning AS_04, Setting(no_rules), LoadPeak, Harm;
        "A scheduled profile has no rules, and while it applies nothing follows the demand";
        "Profiles inherit nothing from each other: limits and rules of the one that applies are all that counts. Repeat the rules in it.".
}

fn direction(rule: &Node) -> Option<ScaleDirection> {
    DIRECTION.get(rule).map(|at| at.value)
}

fn rule_of(profile: &Node, of: ScaleDirection) -> Option<&Node> {
    RULES.items(profile).iter().find(|rule| direction(rule) == Some(of))
}

/// The profiles of a setting, the first of which is the usual one, and that one.
fn usual(setting: &Node) -> Option<&Node> {
    let profiles = PROFILES.items(setting);
    profiles
        .iter()
        .find(|profile| RECURRENCE.find(profile).is_none() && profile.arm("fixedDate").is_none())
        .or(profiles.first())
}

/// A change of a profile.
fn profile(fleet: &Fleet, setting: &Node, profile: &Node, change: Json) -> Option<Json> {
    let mut named = json!({ "name": profile.name()? });
    if let (Json::Object(all), Json::Object(change)) = (&mut named, change) {
        all.extend(change);
    }
    Some(fleet.patch(setting, json!({ "properties": { "profiles": [named] } })))
}

/// All rules of a profile, one of them changed.
fn changed(of: &Node, which: &Node, change: impl Fn(&mut Json)) -> Json {
    let each = |rule: &Node| {
        let mut json = rule.to_json();
        if std::ptr::eq(rule, which) {
            change(&mut json);
        }
        json
    };
    json!({ "rules": RULES.items(of).iter().map(each).collect::<Vec<_>>() })
}

/// A rule in the other direction, on the same metric.
fn opposite(rule: &Node, threshold: f64) -> Json {
    let mut json = rule.to_json();
    let out = direction(rule) == Some(ScaleDirection::Decrease);
    json["metricTrigger"]["operator"] = if out { Operator::GreaterThan } else { Operator::LessThan }.word().into();
    json["metricTrigger"]["threshold"] = json!(threshold);
    json["scaleAction"] = json!({
        "direction": if out { ScaleDirection::Increase } else { ScaleDirection::Decrease }.word(),
        "type": ChangeKind::ChangeCount.word(),
        "value": "1",
        "cooldown": if out { "PT5M" } else { "PT10M" },
    });
    json
}

/// Whether a metric is in percent of the processor, of which the load is known.
fn is_cpu(rule: &Node) -> bool {
    METRIC_NAME.text(rule).is_some_and(|name| name.to_ascii_lowercase().contains("cpu"))
}

fn with_rule(of: &Node, rule: Json) -> Json {
    let mut rules: Vec<Json> = RULES.items(of).iter().map(Node::to_json).collect();
    rules.push(rule);
    json!({ "rules": rules })
}

fn no_out(fleet: &Fleet, _: &SetFacts, setting: &Node) -> Option<Found> {
    let of = usual(setting)?;
    let in_ = rule_of(of, ScaleDirection::Decrease)?;
    if rule_of(of, ScaleDirection::Increase).is_some() {
        return None;
    }
    let low = THRESHOLD.get(in_)?.value;
    let change = with_rule(of, opposite(in_, if is_cpu(in_) { (low * 2.0).clamp(60.0, 80.0) } else { low * 2.0 }));
    let what = format!("the profile `{}` only scales in", of.name()?);
    Some(Found::new(of.name_span(), what, profile(fleet, setting, of, change)?))
}

fn no_in(fleet: &Fleet, _: &SetFacts, setting: &Node) -> Option<Found> {
    let of = usual(setting)?;
    let out = rule_of(of, ScaleDirection::Increase)?;
    if rule_of(of, ScaleDirection::Decrease).is_some() || PROFILES.items(setting).len() > 1 {
        return None;
    }
    let change = with_rule(of, opposite(out, (THRESHOLD.get(out)?.value * 0.4).round()));
    let what = format!("the profile `{}` only scales out", of.name()?);
    Some(Found::new(of.name_span(), what, profile(fleet, setting, of, change)?))
}

fn limits(of: &Node) -> Option<(u32, u32)> {
    Some((MINIMUM.get(of)?.value, MAXIMUM.get(of)?.value))
}

fn no_room(fleet: &Fleet, _: &SetFacts, setting: &Node) -> Option<Found> {
    let of = usual(setting)?;
    let (least, most) = limits(of).filter(|(least, most)| least == most && *least > 0)?;
    rule_of(of, ScaleDirection::Increase)?;
    let change = json!({ "capacity": { "maximum": (most * 2).to_string() } });
    let what = format!("minimum and maximum of the profile `{}` are {least}", of.name()?);
    Some(Found::new(&MAXIMUM.span(of)?, what, profile(fleet, setting, of, change)?))
}

fn short_cooldown(fleet: &Fleet, _: &SetFacts, setting: &Node) -> Option<Found> {
    let of = usual(setting)?;
    let out = RULES.items(of).iter().find(|rule| {
        let short = COOLDOWN.get(rule).is_some_and(|at| at.value < SimDuration::from_mins(5));
        direction(rule) == Some(ScaleDirection::Increase) && short
    })?;
    let at = COOLDOWN.get(out)?;
    let change = changed(of, out, |json| json["scaleAction"]["cooldown"] = "PT10M".into());
    let what = format!("the cooldown after a scale-out is {}", spoken(at.value));
    Some(Found::new(&at.span, what, profile(fleet, setting, of, change)?))
}

fn late(fleet: &Fleet, _: &SetFacts, setting: &Node) -> Option<Found> {
    let of = usual(setting)?;
    let out = rule_of(of, ScaleDirection::Increase)?;
    let at = TIME_WINDOW.get(out).filter(|at| at.value >= SimDuration::from_mins(15))?;
    let change = changed(of, out, |json| json["metricTrigger"]["timeWindow"] = "PT5M".into());
    let what = format!("the window of the rule that scales out is {}", spoken(at.value));
    Some(Found::new(&at.span, what, profile(fleet, setting, of, change)?))
}

fn above(fleet: &Fleet, set: &SetFacts, setting: &Node) -> Option<Found> {
    let of = usual(setting)?;
    let at = MAXIMUM.get(of).filter(|at| at.value < count_of(set))?;
    let change = json!({ "capacity": { "maximum": count_of(set).to_string() } });
    let what =
        format!("`sku.capacity` is {}, and the maximum of the profile `{}` is {}", count_of(set), of.name()?, at.value);
    Some(Found::new(&at.span, what, profile(fleet, setting, of, change)?))
}

fn by_one(fleet: &Fleet, _: &SetFacts, setting: &Node) -> Option<Found> {
    let of = usual(setting)?;
    let (least, most) = limits(of).filter(|(least, most)| *least >= 5 && most - least >= 10)?;
    let out = rule_of(of, ScaleDirection::Increase)?;
    let by = CHANGE.get(out).map(|at| at.value) == Some(ChangeKind::ChangeCount) && VALUE.value(out) == 1;
    if !by || RULES.items(of).iter().filter(|rule| direction(rule) == Some(ScaleDirection::Increase)).count() > 1 {
        return None;
    }
    let step = (least / 4).max(2).to_string();
    let change = changed(of, out, |json| json["scaleAction"]["value"] = step.clone().into());
    let what = format!("from {least} to {most} instances are {} steps", most - least);
    let span = &ACTION.find(out).unwrap_or(out).span;
    Some(Found::new(span, what, profile(fleet, setting, of, change)?))
}

fn no_notice(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    if set.terminate().is_some() || set.spot().is_some() || set.autoscaled.is_none() || fleet.rules(set).is_empty() {
        return None;
    }
    let at = TERMINATE_NOTICE_ENABLED.read(&set.resource);
    let notice = json!({ "enable": true, "notBeforeTimeout": "PT5M" });
    let change =
        json!({ "virtualMachineProfile": { "scheduledEventsProfile": { "terminateNotificationProfile": notice } } });
    Some(Found::new(
        &at.span,
        "autoscale scales it, and it has no terminate notification",
        fleet.properties(set, change),
    ))
}

fn no_rules(fleet: &Fleet, _: &SetFacts, setting: &Node) -> Option<Found> {
    let of = usual(setting)?;
    let bare = PROFILES.items(setting).iter().find(|one| {
        let has_room = limits(one).is_some_and(|(least, most)| least < most);
        RECURRENCE.find(one).is_some() && RULES.items(one).is_empty() && has_room
    })?;
    let rules: Vec<Json> = RULES.items(of).iter().map(Node::to_json).collect();
    if rules.is_empty() {
        return None;
    }
    let what = format!("the profile `{}` has no rules", bare.name()?);
    Some(Found::new(bare.name_span(), what, profile(fleet, setting, bare, json!({ "rules": rules }))?))
}
