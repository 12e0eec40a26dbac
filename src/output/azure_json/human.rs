//! The answers as tables for people: the same values as in JSON, and nothing besides.

use super::{Answer, Question, View, tables};
use crate::output::{LEAST_WIDTH, list, markdown};
use serde_json::Value;
use windtunnel_sim::world::ids::SetId;
use windtunnel_words::text::{BOLD, DIM, columns, cut, paint, wrap};

/// The answers, each with the request as its heading, at this width.
pub fn text(view: &View<'_, '_>, answers: &[Answer], width: usize) -> String {
    let width = width.max(LEAST_WIDTH);
    let plan = view.instant.plan();
    let head = format!("{}  {}", view.instant.at, view.time(view.instant.at));
    let mut out =
        format!("{}\n", paint(DIM, cut(&format!("{head}  {}, seed {}", plan.policy, view.instant.seed), width)));
    for answer in answers {
        out += &format!("\n{}\n", paint(BOLD, cut(&answer.request, width)));
        out += &one(view, answer, width);
    }
    out
}

/// So wide is what stands in a document.
const PAGE: usize = 100;

/// The answers as Markdown: each below its request, as it stands on a terminal.
pub fn page(view: &View<'_, '_>, answers: &[Answer]) -> String {
    let at = view.instant.at;
    let plan = view.instant.plan();
    let head = format!("{at}, {}: {}, seed {}", view.time(at), plan.policy, view.instant.seed);
    let mut out = format!("{}\n", markdown::cell(&head));
    for answer in answers {
        let table = without_colour(&one(view, answer, PAGE));
        out += &format!("\n**{}**\n\n{}", markdown::code(&answer.request), markdown::block("", table.trim_end()));
    }
    out
}

/// A text without its colours.
fn without_colour(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

fn one(view: &View<'_, '_>, answer: &Answer, width: usize) -> String {
    let body = &answer.body;
    if answer.status != 200 {
        return wrapped(&format!("{}: {}", answer.status, word(&body["error"]["message"])), 2, width);
    }
    match answer.question {
        Question::Upgrade(set) => upgrade(view, set, body, width),
        Question::History(_) => history(body, width),
        Question::Set(_) => set(body, width),
        Question::Instances(_) => instances(list(&body["value"]), width),
        Question::Instance(_) => instances(std::slice::from_ref(body), width) + &statuses(body, width),
        Question::Version(_) => version(body, width),
        Question::Template(_) => template(body, width),
        Question::Resource(_) => tables::resource(body, width),
        Question::Definition(_) => tables::definition(body, width),
        Question::Autoscale(_) => tables::autoscale(body, width),
        Question::Balancer(_) => tables::balancer(body, width),
        Question::Pool(_) => tables::pool(body, width),
        Question::Rule(_) | Question::Probe(_) => part(body, width),
        Question::Gateway(_) => tables::gateway(body, width),
        Question::BackendHealth(_) => tables::backend_health(body, width),
        Question::Profile(_) => tables::profile(body, width),
        Question::FrontDoor(_) => tables::front_door(body, width),
        Question::Origins(_) => tables::origins(body, width),
        Question::OriginHealth(_) => tables::origin_health(body, width),
        Question::Standby(_) => tables::standby(body, width),
        Question::StandbyView(_) => tables::standby_view(body, width),
        Question::Agents(_) => tables::agents(body, width),
        Question::AgentNodes(_) => tables::agent_nodes(body, width),
        Question::Activity(_) => tables::activity(body, width),
        Question::Events(_) => tables::events(body, width),
        Question::Machines => tables::machines(body, width),
        Question::Tasks => tables::tasks(body, width),
        Question::Progression(..) => tables::progression(body, width),
    }
}

/// A part of a resource, a property a line; of what it refers to the name.
fn part(body: &Value, width: usize) -> String {
    let properties = body["properties"].as_object().into_iter().flatten();
    let name = |id: &Value| id.as_str().map(|id| id.rsplit('/').next().unwrap_or(id).to_owned());
    let row = |(key, value): (&String, &Value)| vec![key.clone(), name(&value["id"]).unwrap_or_else(|| word(value))];
    table(&["property", "value"], &properties.map(row).collect::<Vec<_>>(), width)
}

/// A value as a word: a text without its quotes, nothing for what is not there.
pub(super) fn word(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(super) fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let lines = wrap(text, width - indent);
    lines.iter().map(|line| format!("{}{line}\n", " ".repeat(indent))).collect()
}

/// Columns under their headings; what does not fit is cut in the last one.
pub(super) fn table(head: &[&str], rows: &[Vec<String>], width: usize) -> String {
    let widths: Vec<usize> = (0..head.len())
        .map(|at| rows.iter().map(|row| columns(&row[at])).chain([columns(head[at])]).max().unwrap_or(0))
        .collect();
    let line = |cells: Vec<&str>| {
        let cells = cells.iter().zip(&widths).map(|(cell, &wide)| format!("{cell:<wide$}"));
        let text = format!("  {}", cells.collect::<Vec<_>>().join("  "));
        cut(text.trim_end(), width)
    };
    let mut out = format!("{}\n", paint(DIM, line(head.to_vec())));
    for row in rows {
        out += &format!("{}\n", line(row.iter().map(String::as_str).collect()));
    }
    out
}

fn counts(progress: &Value) -> String {
    let count = |key: &str| word(&progress[key]);
    format!(
        "{} successful, {} in progress, {} pending, {} failed",
        count("successfulInstanceCount"),
        count("inProgressInstanceCount"),
        count("pendingInstanceCount"),
        count("failedInstanceCount")
    )
}

fn error(error: &Value, width: usize) -> String {
    if error.is_null() {
        return String::new();
    }
    let mut out = wrapped(&word(&error["code"]), 2, width) + &wrapped(&word(&error["message"]), 4, width);
    let details = list(&error["details"]);
    const SHOWN: usize = 5;
    for detail in details.iter().take(SHOWN) {
        out += &wrapped(&format!("{}: {}", word(&detail["target"]), word(&detail["code"])), 4, width);
    }
    if details.len() > SHOWN {
        out += &format!("    … and {} more\n", details.len() - SHOWN);
    }
    out
}

fn upgrade(view: &View<'_, '_>, set: SetId, body: &Value, width: usize) -> String {
    let properties = &body["properties"];
    let status = &properties["runningStatus"];
    let mut out = wrapped(
        &format!(
            "{} since {}, last action {} at {}",
            word(&status["code"]),
            word(&status["startTime"]),
            word(&status["lastAction"]),
            word(&status["lastActionTime"])
        ),
        2,
        width,
    );
    out += &wrapped(&counts(&properties["progress"]), 2, width);
    if let Some(upgrade) = view.instant.world.rolling_upgrade.upgrades[set.index()].last() {
        out += &wrapped(&super::upgrade::policy_text(&upgrade.policy), 2, width);
    }
    out + &error(&properties["error"], width)
}

fn history(body: &Value, width: usize) -> String {
    let attempts = list(&body["value"]);
    if attempts.is_empty() {
        return "  no OS upgrade within two months\n".to_owned();
    }
    let mut out = String::new();
    for attempt in attempts {
        let properties = &attempt["properties"];
        let status = &properties["runningStatus"];
        let end = status["endTime"].as_str().map_or_else(String::new, |end| format!(" to {end}"));
        let to = &properties["targetImageReference"];
        let line = format!(
            "{} from {}{end}, by {}, to {}",
            word(&status["code"]),
            word(&status["startTime"]),
            word(&properties["startedBy"]),
            image(to)
        );
        out += &wrapped(&line, 2, width);
        let back = &properties["rollbackInfo"];
        let back = format!("{} rolled back", word(&back["successfullyRolledbackInstanceCount"]));
        out += &wrapped(&format!("{}, {back}", counts(&properties["progress"])), 4, width);
        out += &error(&properties["error"], width);
    }
    out
}

/// An image reference in a few words: the name and the version.
fn image(reference: &Value) -> String {
    let exact = word(&reference["exactVersion"]);
    let name = match reference["id"].as_str() {
        Some(id) => id.split('/').nth(1).unwrap_or(id).to_owned(),
        None => word(&reference["sku"]),
    };
    format!("{name}/{exact}")
}

fn summary(counts: &Value) -> String {
    let counts = list(counts).iter().map(|count| format!("{} {}", count["count"], last(&count["code"])));
    counts.collect::<Vec<_>>().join(", ")
}

/// The end of a code: `succeeded` of `ProvisioningState/succeeded`.
fn last(code: &Value) -> String {
    let code = word(code);
    code.split_once('/').map_or(code.clone(), |(_, state)| state.to_owned())
}

fn set(body: &Value, width: usize) -> String {
    let mut out = wrapped(&format!("itself {}", last(&body["statuses"][0]["code"])), 2, width);
    out += &wrapped(&format!("instances: {}", summary(&body["virtualMachine"]["statusesSummary"])), 2, width);
    for extension in list(&body["extensions"]) {
        let line = format!("extension {}: {}", word(&extension["name"]), summary(&extension["statusesSummary"]));
        out += &wrapped(&line, 2, width);
    }
    for service in list(&body["orchestrationServices"]) {
        let line = format!("service {}: {}", word(&service["serviceName"]), word(&service["serviceState"]));
        out += &wrapped(&line, 2, width);
    }
    out
}

fn instances(list: &[Value], width: usize) -> String {
    if list.is_empty() {
        return "  no instance\n".to_owned();
    }
    let row = |instance: &Value| {
        let properties = &instance["properties"];
        let view = &properties["instanceView"];
        let protection = &properties["protectionPolicy"];
        let protection = match (&protection["protectFromScaleIn"], &protection["protectFromScaleSetActions"]) {
            (_, Value::Bool(true)) => "scale set actions",
            (Value::Bool(true), _) => "scale-in",
            _ => "–",
        };
        let latest = match properties["latestModelApplied"] {
            Value::Bool(true) => "latest",
            Value::Bool(false) => "behind",
            _ => "–",
        };
        let power = view["statuses"].as_array().and_then(|list| list.last());
        let health = &view["vmHealth"]["status"]["code"];
        vec![
            word(&instance["name"]),
            word(&properties["provisioningState"]),
            power.map_or_else(|| "–".to_owned(), |power| last(&power["code"])),
            if health.is_null() { "–".to_owned() } else { last(health) },
            latest.to_owned(),
            image(&properties["storageProfile"]["imageReference"]),
            instance["zones"][0].as_str().unwrap_or("–").to_owned(),
            size(instance),
            protection.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = list.iter().map(row).collect();
    table(&["name", "state", "power", "health", "model", "image", "zone", "size", "protected from"], &rows, width)
}

/// The size of an instance, and that it is a Spot instance.
fn size(instance: &Value) -> String {
    let size = instance["sku"]["name"].as_str().or(instance["properties"]["hardwareProfile"]["vmSize"].as_str());
    let size = size.unwrap_or("–").trim_start_matches("Standard_").to_owned();
    if instance["properties"]["priority"] == "Spot" { format!("{size} Spot") } else { size }
}

/// The statuses of one instance in full.
fn statuses(body: &Value, width: usize) -> String {
    let view = &body["properties"]["instanceView"];
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut add = |who: &str, status: &Value| {
        if status.is_object() {
            rows.push(vec![
                who.to_owned(),
                word(&status["code"]),
                word(&status["time"]),
                word(&status["displayStatus"]),
            ]);
        }
    };
    for status in list(&view["statuses"]) {
        add("instance", status);
    }
    add("agent", &view["vmAgent"]["statuses"][0]);
    add("health", &view["vmHealth"]["status"]);
    for extension in list(&view["extensions"]) {
        add(&word(&extension["name"]), &extension["statuses"][0]);
        for status in list(&extension["substatuses"]) {
            add(&word(&extension["name"]), status);
        }
    }
    table(&["of", "code", "since", "shown as"], &rows, width)
}

fn version(body: &Value, width: usize) -> String {
    let properties = &body["properties"];
    let (profile, status) = (&properties["publishingProfile"], &properties["replicationStatus"]);
    let excluded = if profile["excludeFromLatest"] == true { ", excluded from latest" } else { "" };
    let line = format!(
        "{}, replication {}, published {}{excluded}",
        word(&properties["provisioningState"]),
        word(&status["aggregatedState"]),
        word(&profile["publishedDate"])
    );
    let rows: Vec<Vec<String>> = list(&status["summary"])
        .iter()
        .zip(list(&profile["targetRegions"]))
        .map(|(region, target)| {
            let excluded = target["excludeFromLatest"] == true;
            vec![
                word(&region["region"]),
                word(&region["state"]),
                format!("{} %", region["progress"]),
                word(&target["regionalReplicaCount"]),
                word(&target["storageAccountType"]),
                if excluded { "excluded" } else { "–" }.to_owned(),
            ]
        })
        .collect();
    wrapped(&line, 2, width)
        + &table(&["region", "state", "progress", "replicas", "storage", "from latest"], &rows, width)
}

fn template(body: &Value, width: usize) -> String {
    let run = &body["properties"]["lastRunStatus"];
    if run.is_null() {
        return "  it was not run yet\n".to_owned();
    }
    let sub = run["runSubState"].as_str().map_or_else(String::new, |sub| format!(", {sub}"));
    let end = match word(&run["endTime"]) {
        never if never.starts_with("0001") => String::new(),
        end => format!(" to {end}"),
    };
    let message = match word(&run["message"]) {
        message if message.is_empty() => message,
        message => format!(": {message}"),
    };
    wrapped(&format!("{}{sub} from {}{end}{message}", word(&run["runState"]), word(&run["startTime"])), 2, width)
}
