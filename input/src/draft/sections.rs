//! The sections of a draft, from top to bottom.

use super::fleet::{Asked, CAPACITY_RPS, Fleet};
use super::page::{Line, Page};
use super::rollout::{self, Way};
use super::wanted::{self, Resource};
use super::{Asks, DraftSet, scalar};
use crate::arm::reference_name;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::UpgradeMode;
use windtunnel_words::number::{count, number};

/// How long an instance takes from the start of its process until it serves.
const WARM_UP: &str = "PT30S";
/// The release that runs, and the one in the next image.
const RELEASES: (&str, &str) = ("r1", "r2");

/// The lines of a draft.
pub fn write(fleet: &Fleet<'_>, resources: &[Resource]) -> Vec<Line> {
    let mut page = Page::default();
    head(fleet, resources, &mut page);
    files(resources, &mut page);
    application(fleet, &mut page);
    images(fleet, &mut page);
    traffic(fleet, &mut page);
    metrics(fleet, &mut page);
    timeline(fleet, &mut page);
    expectations(fleet, &mut page);
    page.lines
}

/// The sets that most depends on, first.
fn main<'f>(fleet: &'f Fleet<'_>) -> Option<(usize, &'f DraftSet)> {
    fleet.sets.iter().enumerate().find(|(_, set)| set.is_main)
}

fn head(fleet: &Fleet<'_>, resources: &[Resource], page: &mut Page) {
    let files: Vec<&str> = resources.iter().map(|one| reference_name(&one.element.file)).collect();
    let shown = match files.as_slice() {
        [first, _, _, ..] => format!("{first} and {}", count(files.len() - 1, "other file")),
        few => few.join(" and "),
    };
    page.section("head");
    page.comment(0, &format!("Made by `windtunnel import` from {shown}."));
    page.comment(0, "It is yours to edit: run again, import keeps what you changed, and renews the rest.");
    page.comment(0, "");
    page.comment(
        0,
        "A line with `guess:` says what no file of Azure's says. Look at these first: what a run tells you",
    );
    page.comment(0, "is as good as they are. docs/scenario.md has every key.");
    page.entry(&["windtunnel"], "windtunnel: 1", "");
    let name = main(fleet).map_or("the fleet", |(_, set)| &set.name);
    let more =
        if fleet.sets.len() > 1 { format!(" and {}", count(fleet.sets.len() - 1, "other set")) } else { String::new() };
    page.entry(&["title"], &format!("title: {}", text(&format!("{name}{more}, as in the files"))), "");
    let longest = fleet.sets.iter().enumerate();
    let length = longest.map(|(at, set)| rollout::length(fleet.plan, at, set.image.as_ref())).max().unwrap_or_default();
    // Half as much again, in whole hours.
    let hours = (length.ms() * 3 / 2).div_ceil(3_600_000).max(2);
    let horizon = SimDuration::from_mins(hours * 60);
    page.comment_on(
        &["horizon"],
        0,
        "A share of requests is one of the whole run: of the same harm, twice the horizon makes half the share.",
    );
    page.guess(&["horizon"], &format!("horizon: {horizon}"), "a rollout to the whole fleet ends before");
    page.guess(&["objective"], "objective: 99.9%", "the share of requests that must not be harmed");
}

/// A text as a value that stands alone.
fn text(text: &str) -> String {
    let is_plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || " -_./,".contains(letter));
    if is_plain && text.starts_with(|first: char| first.is_ascii_alphabetic()) { text.to_owned() } else { scalar(text) }
}

fn files(resources: &[Resource], page: &mut Page) {
    page.section("resources");
    page.comment(0, "The fleet: your files, as they are. To try another value without editing them, write");
    page.comment(0, "`overlay: { NAME: { sku: { capacity: 6 } } }` beside a file, or a policy.");
    page.entry(&["resources"], "resources:", "");
    for resource in resources {
        for (at, (path, text, why)) in wanted::lines(resource).into_iter().enumerate() {
            let text = format!("  {} {text}", if at == 0 { "-" } else { " " });
            let mut keys = vec!["resources", resource.element.file.as_str()];
            keys.extend(path.iter().map(String::as_str));
            match why {
                Some(why) => page.guess(&keys, &text, &why),
                None => page.entry(&keys, &text, ""),
            }
        }
    }
}

fn application(fleet: &Fleet<'_>, page: &mut Page) {
    page.section("application");
    page.comment(0, "What Azure cannot know: what one instance serves, and when its probes are answered well.");
    page.entry(&["application"], "application:", "");
    let releases = format!("  releases: [{}, {}]", RELEASES.0, RELEASES.1);
    page.guess(&["application", "releases"], &releases, "the code that runs, and the next one");
    let capacity = format!("  capacity: {} rps", number(CAPACITY_RPS));
    page.guess(&["application", "capacity"], &capacity, "what one instance serves");
    let warm = format!("  warmUp: {WARM_UP}");
    page.guess(
        &["application", "warmUp"],
        &warm,
        "from the start of the process until it serves; the boot comes before",
    );
    page.guess(&["application", "serves"], "  serves: [process, warm]", "when a request of a user succeeds");
    if fleet.asked.is_empty() {
        page.comment(2, "No probe asks it anything.");
        return;
    }
    page.entry(
        &["application", "endpoints"],
        "  endpoints:",
        "the first clause that holds; otherwise the port refuses",
    );
    for asked in &fleet.asked {
        page.comment_on(&["application", "endpoints", &asked.key], 4, &format!("asked by {}", by(asked)));
        let well = answer(asked);
        let asks = Asks::of(&asked.key);
        let clauses = if asks == Asks::Port {
            format!("[{{ when: [process, warm], answer: {well} }}]")
        } else {
            let ill = if asked.good == 503 { 500 } else { 503 };
            format!("[{{ when: [process, warm], answer: {well} }}, {{ when: process, answer: {ill} }}]")
        };
        let line = format!("    {}: {clauses}", scalar(&asked.key));
        page.guess(&["application", "endpoints", &asked.key], &line, asks.guess());
    }
}

fn by(asked: &Asked) -> String {
    const SHOWN: usize = 2;
    let shown = asked.by.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    match asked.by.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}; and by {more} more"),
    }
}

/// An answer that all who ask take for good.
fn answer(asked: &Asked) -> String {
    let state = asked.rich.then(|| ", healthState: Healthy".to_owned());
    let text = asked.texts.join(" ");
    let body = (!text.is_empty()).then(|| format!(", body: {}", serde_json::Value::from(text)));
    let more: String = state.into_iter().chain(body).collect();
    if more.is_empty() { asked.good.to_string() } else { format!("{{ status: {}{more} }}", asked.good) }
}

fn images(fleet: &Fleet<'_>, page: &mut Page) {
    page.section("images");
    if fleet.images.is_empty() {
        page.comment(0, "No model names an image whose versions have numbers, so none is declared under `images:`.");
        return;
    }
    page.comment(
        0,
        "What is in the versions of the images. Beside `code`, a version has `boot: PT2M`, `bootFailure: 5%` or",
    );
    page.comment(
        0,
        "`cannotReach: [database]`, if you know them; where it says nothing, the assumptions about boots hold.",
    );
    page.entry(&["images"], "images:", "");
    for (image, versions) in &fleet.images {
        page.entry(&["images", image], &format!("  {}:", scalar(image)), "");
        for version in versions.current.values() {
            let line = format!("    {version}: {{ code: {} }}", RELEASES.0);
            let is_named = fleet.sets.iter().filter_map(|set| set.image.as_ref());
            let is_named = is_named.into_iter().any(|of| of.image == *image && of.current == *version && !of.follows);
            if is_named {
                page.guess(
                    &["images", image, version],
                    &line,
                    "what runs; the files say the version, not what is in it",
                );
            } else {
                page.guess(
                    &["images", image, version],
                    &line,
                    "what runs; the files say `latest`, so the number is made up",
                );
            }
        }
        let next = versions.next().to_string();
        let (more, why) = if versions.is_followed {
            (", replicatedTo: []", "a newer one, which is nowhere until `publish` brings it")
        } else {
            ("", "a newer one")
        };
        let line = format!("    {next}: {{ code: {}{more} }}", RELEASES.1);
        page.guess(&["images", image, &next], &line, why);
    }
}

fn traffic(fleet: &Fleet<'_>, page: &mut Page) {
    page.section("traffic");
    if fleet.entries.is_empty() {
        page.comment(
            0,
            "No balancer, gateway or name of these files leads to the fleet, so there are no users, and harm cannot be",
        );
        page.comment(0, "counted. Give the file of what leads to it as well: `az network lb show … > lb.json`.");
        return;
    }
    page.comment(
        0,
        "What users send, entry point by entry point. `{ daily: { \"08:00\": 200 rps, \"20:00\": 900 rps } }` is a",
    );
    page.comment(0, "day, and `{ trace: demand.csv }` a file with the columns time,rps.");
    page.entry(&["traffic"], "traffic:", "");
    for entry in &fleet.entries {
        let line = |rps: f64| format!("{}: {{ demand: {} rps }}", scalar(&entry.key), plain(rps));
        if let Some(name) = &entry.by_name {
            page.comment(2, &format!("{}   (its users come by {name})", line(fleet.each_rps)));
        } else if entry.rps == 0.0 {
            page.comment(2, &format!("{}   (no instance answers at first)", line(fleet.each_rps)));
        } else {
            let rules = match entry.rules.as_slice() {
                [] => String::new(),
                rules => format!("; rules {}", rules.join(", ")),
            };
            let why = format!("{}{rules}", share(fleet, &entry.sets));
            page.guess(&["traffic", &entry.key], &format!("  {}", line(entry.rps)), &why);
        }
    }
}

/// `60 % of what 4 instances serve`.
fn share(fleet: &Fleet<'_>, sets: &[usize]) -> String {
    let instances: u32 = sets.iter().map(|set| fleet.count(*set)).sum();
    let used: Vec<f64> = sets.iter().map(|set| fleet.used(*set)).collect();
    let all = used.first().copied().filter(|first| used.iter().all(|of| of == first));
    let share = all.map_or_else(|| "a part".to_owned(), |of| format!("{} %", (of * 100.0).round()));
    let shares = |entry: &&super::DraftEntry| entry.by_name.is_none() && entry.sets == sets;
    let among = match fleet.entries.iter().filter(shares).count() {
        0 | 1 => String::new(),
        n => format!(", shared by {n}"),
    };
    format!("{share} of what {} serve{among}", count(instances as usize, "instance"))
}

/// A number as YAML has it.
fn plain(value: f64) -> String {
    format!("{value}")
}

fn metrics(fleet: &Fleet<'_>, page: &mut Page) {
    let metrics = fleet.metrics();
    if metrics.is_empty() {
        return;
    }
    page.section("metrics");
    page.comment(0, "What the rules of autoscale read, beside the processors, which follow the load.");
    page.entry(&["metrics"], "metrics:", "");
    for (name, value) in metrics {
        let line = format!("  {}: {{ value: {} }}", scalar(&name), plain(value));
        page.guess(&["metrics", &name], &line, "between the thresholds of its rules, so none of them acts");
    }
}

fn timeline(fleet: &Fleet<'_>, page: &mut Page) {
    page.section("timeline");
    let Some((at, set)) = main(fleet) else { return };
    page.comment(0, "What happens. As it is, nothing does. Take the `#` off the lines below for the most likely act:");
    let acts = if let Some(image) = &set.image {
        page.comment(0, &format!("a new image. {}", how(fleet, at, rollout::way(fleet.plan, at, image))));
        let acts = rollout::acts(fleet.plan, at, image, &image.next, rollout::BEGINS);
        acts.into_iter().map(|act| act.yaml).collect()
    } else {
        page.comment(0, "one more instance. No image of this set has a version with a number that another can follow.");
        let (name, more) = (scalar(&set.name), fleet.plan.sets[at].capacity + 1);
        vec![format!(
            "{{ name: scale out, at: {}, setCapacity: {{ scaleSet: {name}, capacity: {more} }} }}",
            rollout::BEGINS
        )]
    };
    page.entry(&["timeline"], "timeline:", "");
    for act in acts {
        page.comment(2, &format!("- {act}"));
    }
}

/// How a new version reaches a set, as one sentence.
fn how(fleet: &Fleet<'_>, set: usize, way: Way) -> String {
    let of = &fleet.plan.sets[set];
    let policy = of.upgrade.rolling;
    let name = &of.name;
    match way {
        Way::Published if !rollout::starts(fleet.plan, set) => {
            format!("{name} is Flexible, where automatic OS upgrade starts only with `os_upgrade.flexible: true`.")
        }
        Way::Published => {
            format!("{name} follows the latest version: automatic OS upgrade notices what is published.")
        }
        Way::Called => format!(
            "{name} follows the latest version; a call brings it there, in batches of {} %.",
            policy.max_batch_percent
        ),
        Way::Rolling => format!("The mode of {name} is Rolling: batches of {} %.", policy.max_batch_percent),
        Way::AtOnce => format!("The mode of {name} is Automatic: all instances at once."),
        Way::ByHand => {
            let mode = if of.upgrade.mode == UpgradeMode::Manual { "Manual" } else { "Rolling" };
            format!("The mode of {name} is {mode}: each instance is upgraded by name.")
        }
    }
}

fn expectations(fleet: &Fleet<'_>, page: &mut Page) {
    page.section("expect");
    page.comment(0, "What must hold, once something happens; `windtunnel test` checks it over a hundred seeds.");
    page.entry(&["expect"], "expect:", "");
    if !fleet.entries.is_empty() {
        page.comment(2, "- { name: users notice hardly anything, measure: blast_radius.requests_pct, atMost: 0.1% }");
        page.comment(2, "- { name: half of the fleet serves at all times, measure: capacity.min_pct, atLeast: 50% }");
    }
    let rolls = main(fleet).and_then(|(at, set)| Some(rollout::way(fleet.plan, at, set.image.as_ref()?)));
    if matches!(rolls, Some(Way::Published | Way::Called | Way::Rolling)) {
        page.comment(2, "- { name: the rollout ends well, measure: rollout.outcome, is: completed }");
    }
}
