//! A draft written again over what its user made of it.

use super::*;
use crate::files::Unreadable;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

struct Shelf(BTreeMap<PathBuf, String>);

impl Files for Shelf {
    fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, Unreadable> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(Unreadable::Missing)
    }
}

/// A fleet: each set behind a balancer of its own, with a probe of this path.
fn fleet(sets: &[(&str, &str, &str)]) -> String {
    let mut resources = Vec::new();
    for (name, path, version) in sets {
        resources.push(serde_json::json!({
            "type": "Microsoft.Network/loadBalancers", "name": format!("lb-{name}"), "location": "eastus",
            "sku": { "name": "Standard" },
            "properties": {
                "backendAddressPools": [{ "name": name }],
                "probes": [{ "name": "up", "properties": { "protocol": "Http", "port": 80, "requestPath": path, "intervalInSeconds": 5 } }],
                "loadBalancingRules": [{ "name": "http", "properties": {
                    "protocol": "Tcp", "frontendPort": 80, "backendPort": 80,
                    "backendAddressPool": { "id": name }, "probe": { "id": "up" } } }] } }));
        resources.push(serde_json::json!({
            "type": "Microsoft.Compute/virtualMachineScaleSets", "name": format!("vmss-{name}"), "location": "eastus",
            "sku": { "name": "Standard_D2s_v5", "capacity": 4 },
            "properties": {
                "orchestrationMode": "Uniform", "overprovision": false, "upgradePolicy": { "mode": "Manual" },
                "virtualMachineProfile": {
                    "storageProfile": { "imageReference": { "id": format!("{name}-image/{version}") } },
                    "networkProfile": { "networkInterfaceConfigurations": [{ "name": "nic", "properties": {
                        "ipConfigurations": [{ "name": "ip", "properties": {
                            "loadBalancerBackendAddressPools": [{ "id": format!("lb-{name}/{name}") }] } }] } }] } } } }));
    }
    serde_json::json!({ "value": resources }).to_string()
}

fn drafted(fleet: String) -> (Shelf, Draft) {
    let shelf = Shelf(BTreeMap::from([(PathBuf::from("fleet.json"), fleet)]));
    let element = Element { file: "fleet.json".to_owned(), ..Element::default() };
    let draft = draft(&shelf, "web.yaml", &[element], &LoadOptions::default());
    (shelf, draft.unwrap_or_else(|report| panic!("{report}")))
}

const WEB: (&str, &str, &str) = ("web", "/healthz", "1.0.0");
const API: (&str, &str, &str) = ("api", "/ready", "2.1.0");

fn renewed(old: &str, draft: &Draft) -> Kept {
    again("web", old, draft).unwrap_or_else(|refused| panic!("{refused:?}\n{old}"))
}

/// That the text is a scenario which can be run.
fn loads(shelf: &Shelf, text: &str) -> Loaded {
    let loaded = load_text(shelf, "web.yaml", text.to_owned(), &LoadOptions::default());
    loaded.unwrap_or_else(|report| panic!("{report}\n{text}"))
}

/// A gateway looks for a text in the body: the answer of a draft has it.
#[test]
fn an_answer_has_the_text_that_a_gateway_looks_for() {
    let gateway = serde_json::json!({
        "type": "Microsoft.Network/applicationGateways", "name": "gw", "location": "eastus",
        "properties": {
            "sku": { "name": "Standard_v2", "tier": "Standard_v2", "capacity": 1 },
            "backendAddressPools": [{ "name": "web" }],
            "backendHttpSettingsCollection": [{ "name": "http", "properties": { "port": 80, "probe": { "id": "up" } } }],
            "httpListeners": [{ "name": "prod", "properties": { "protocol": "Http" } }],
            "requestRoutingRules": [{ "name": "one", "properties": {
                "httpListener": { "id": "prod" }, "priority": 1,
                "backendAddressPool": { "id": "web" }, "backendHttpSettings": { "id": "http" } } }],
            "probes": [{ "name": "up", "properties": { "path": "/up", "match": { "body": "it: works" } } }] } });
    let pool = r#""loadBalancerBackendAddressPools":[{"id":"lb-web/web"}]"#;
    let both = format!(r#"{pool},"applicationGatewayBackendAddressPools":[{{"id":"gw/web"}}]"#);
    let fleet = fleet(&[WEB]);
    assert!(fleet.contains(pool));
    let (shelf, draft) = drafted(fleet.replace(pool, &both).replacen("[", &format!("[{gateway},"), 1));
    let text = first(&draft).text;
    assert!(text.contains(r#"/up: [{ when: [process, warm], answer: { status: 200, body: "it: works" } }"#), "{text}");
    let loaded = loads(&shelf, &text);
    assert!(!loaded.problems.iter().any(|problem| problem.code == "W0228"));
}

#[test]
fn written_again_over_itself_nothing_changes() {
    let (_, draft) = drafted(fleet(&[WEB, API]));
    let text = first(&draft).text;
    let kept = renewed(&text, &draft);
    assert_eq!(kept.text, text);
    assert!([&kept.renewed, &kept.added, &kept.removed, &kept.kept, &kept.left_out].iter().all(|list| list.is_empty()));
    assert_eq!(kept.guesses, draft.guesses);
}

/// That each guess is at the line on which its last key is written.
fn guesses_are_at_their_lines(kept: &Kept, draft: &Draft) {
    let mut problems = Problems::new();
    let root = crate::read::read_text("web.yaml", kept.text.clone(), &mut problems).expect("it is YAML");
    let mut images = 0;
    for guess in kept.guesses.iter().filter(|guess| !guess.path.contains(&COMMENTS.to_owned())) {
        let (last, parents) = guess.path.split_last().expect("it has keys");
        let parent = parents.iter().try_fold(&root, |node, key| node.get(key)).expect("it is there");
        let (key, _) = parent.entries().iter().find(|(key, _)| key.text == *last).expect("it is there");
        assert_eq!(kept.text[..key.span.start].matches('\n').count() + 1, guess.line, "{guess:?}");
        images += usize::from(last == "1.0.0");
    }
    assert_eq!((images, kept.guesses.len()), (2, draft.guesses.len()));
}

/// Both images are 1.0.0, so that their lines say the same. Each guess is at its own.
#[test]
fn guesses_of_equal_lines_are_each_at_their_own() {
    let api = ("api", "/ready", "1.0.0");
    let (_, draft) = drafted(fleet(&[WEB, api]));
    let text = first(&draft).text;
    let kept = renewed(&text, &draft);
    assert_eq!(kept.guesses, draft.guesses);
    guesses_are_at_their_lines(&kept, &draft);
    // The second set came later, and a user put three lines above everything.
    let (_, one) = drafted(fleet(&[WEB]));
    let mut edited = first(&one).text;
    edited.insert_str(0, "# ours\n# ours\n# ours\n");
    guesses_are_at_their_lines(&renewed(&edited, &draft), &draft);
}

#[test]
fn what_comes_and_goes_in_the_files_comes_and_goes_in_a_file_that_nobody_touched() {
    let (_, one) = drafted(fleet(&[WEB]));
    let (_, two) = drafted(fleet(&[WEB, API]));
    // The lines of sections are in the order of the draft, whichever was first.
    assert_eq!(renewed(&first(&one).text, &two).text, first(&two).text);
    assert_eq!(renewed(&first(&two).text, &one).text, first(&one).text);
    let (_, other) = drafted(fleet(&[("web", "/alive", "1.4.0")]));
    assert_eq!(renewed(&first(&one).text, &other).text, first(&other).text);
}

/// Moves the section of the users before that of the application.
fn users_first(edited: &mut String) {
    let at = edited.find("# What users send").expect("there is traffic");
    let end = edited[at..].find("\n\n").expect("something follows") + at + 2;
    let traffic = edited[at..end].to_owned();
    edited.replace_range(at..end, "");
    let to = edited.find("# What Azure cannot know").expect("there is an application");
    edited.insert_str(to, &traffic);
}

/// Something of each section is edited, one guess is taken out, sections change places, and then the fleet gets a second set and another
/// path of its probe.
#[test]
fn what_the_user_wrote_stays_when_the_fleet_changes() {
    let (_, before) = drafted(fleet(&[WEB]));
    let text = first(&before).text;
    let line = |key: &str| {
        let found: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with(key)).collect();
        assert_eq!(found.len(), 1, "{key}: {found:?}");
        found[0]
    };
    let mine: Vec<(&str, &str)> = vec![
        ("title:", "title: Our shop"),
        ("horizon:", "horizon: PT6H   # we stop at six"),
        ("- file:", "  - file: fleet.json\n    overlay: { vmss-web: { sku: { capacity: 6 } } }"),
        ("releases:", "  releases: [r1, r2, r3]"),
        ("capacity:", "  capacity: 250 rps"),
        ("endpoints:", "  endpoints:   # ours\n    /mine: [{ when: process, answer: 200 }]"),
        ("1.0.0:", "    1.0.0: { code: r1, boot: PT2M }"),
        ("lb-web:", "  # twice as much on Mondays\n  lb-web: { demand: 700 rps, connections: keepAlive }"),
        ("# - { name: new image", "  - { name: ours, at: PT20M, setCapacity: { scaleSet: vmss-web, capacity: 7 } }"),
        (
            "# - { name: users notice",
            "  - { name: users notice nothing, measure: blast_radius.requests_pct, atMost: 0.5% }",
        ),
    ];
    let mut edited = text.clone();
    for (key, new) in &mine {
        edited = edited.replacen(line(key), new, 1);
    }
    edited = edited.replacen(&format!("{}\n", line("warmUp:")), "", 1);
    edited = edited.replacen("\nimages:", "\n# our images\nimages:", 1);
    edited += "\npolicies:\n  more: { vmss-web: { sku: { capacity: 9 } } }\n";
    users_first(&mut edited);

    let (shelf, after) = drafted(fleet(&[("web", "/alive", "1.0.0"), API]));
    let kept = renewed(&edited, &after);
    for line in mine.iter().flat_map(|(_, new)| new.lines()) {
        assert!(kept.text.lines().any(|one| one == line), "{line} is lost:\n{}", kept.text);
    }
    for own in ["# our images", "  more: { vmss-web: { sku: { capacity: 9 } } }", "# twice as much on Mondays"] {
        assert!(kept.text.contains(own), "{own} is lost:\n{}", kept.text);
    }
    assert!(!kept.text.contains("warmUp:"), "what was taken out stays out");
    assert!(kept.text.find("traffic:") < kept.text.find("application:"), "the order is the user's");
    // What is new is there, and what is gone is gone.
    for new in ["    /alive: [", "    /ready: [", "  api-image:", "    2.1.0: {", "  lb-api: {"] {
        assert!(kept.text.contains(new), "{new} is missing:\n{}", kept.text);
    }
    assert!(!kept.text.contains("/healthz"));
    assert_eq!(kept.left_out, ["application.warmUp"]);
    for key in ["title", "horizon", "application.releases", "application.capacity", "traffic.lb-web"] {
        assert!(kept.kept.contains(&key.to_owned()), "{key} is not said to be kept: {:?}", kept.kept);
    }
    assert!(
        kept.added.contains(&"traffic.lb-api".to_owned())
            && kept.removed.contains(&"application.endpoints./healthz".to_owned())
    );
    let loaded = loads(&shelf, &kept.text);
    assert_eq!(loaded.policies().collect::<Vec<_>>(), ["as-written", "more"]);
    assert_eq!(as_written(&loaded).0.sets.iter().map(|set| set.capacity).collect::<Vec<_>>(), [6, 4]);
    // And once more nothing changes.
    assert_eq!(renewed(&kept.text, &after).text, kept.text);
    for guess in &kept.guesses {
        let line = kept.text.lines().nth(guess.line - 1).unwrap_or_default();
        assert!(line.contains(&guess.text), "{guess:?} is not at `{line}`");
    }
}

/// Each line of a draft in turn is taken out, and another is written in its place; then the fleet changes. What the user did stays done,
/// or nothing is written.
#[test]
fn an_edit_of_any_line_is_never_undone() {
    let (_, before) = drafted(fleet(&[WEB]));
    let (_, after) = drafted(fleet(&[("web", "/alive", "1.0.1"), API]));
    let text = first(&before).text;
    let own = text.find("\n\n# What import wrote").expect("it has a record");
    let lines: Vec<&str> = text[..own].lines().collect();
    let (mut done, mut refused) = (0, 0);
    for at in 0..lines.len() {
        for is_taken_out in [true, false] {
            let mut edited: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
            if is_taken_out {
                edited.remove(at);
            } else {
                edited[at] += "   # mine";
            }
            let edited = format!("{}\n{}", edited.join("\n"), &text[own..]);
            match again("web", &edited, &after) {
                Ok(kept) if !is_taken_out => {
                    assert!(kept.text.contains(&format!("{}   # mine", lines[at])), "{}", kept.text)
                }
                // A line of the draft after, which says the same of something else, may be there.
                Ok(kept) => {
                    let is_known = |path: &[String]| before.lines.iter().any(|line| line.path == path);
                    let is_new = after.lines.iter().any(|line| line.text == lines[at] && !is_known(&line.path));
                    let is_back = kept.text.lines().any(|line| line == lines[at] && !line.is_empty());
                    assert!(!is_back || is_new, "`{}` is back:\n{}", lines[at], kept.text);
                }
                Err(_) => refused += 1,
            }
            done += 1;
        }
    }
    assert!(done > 80 && refused * 10 < done, "{refused} of {done} edits cannot be renewed over");
}

#[test]
fn a_file_that_is_not_of_this_import_is_not_touched() {
    let (_, draft) = drafted(fleet(&[WEB]));
    let text = first(&draft).text;
    assert!(matches!(again("web", "windtunnel: 1\ntitle: mine\n", &draft), Err(Refused::NotOurs)));
    let others = text.replace("fleet.json", "others.json");
    let renamed = Draft {
        lines: draft
            .lines
            .iter()
            .map(|line| {
                let path = line.path.iter().map(|key| key.replace("fleet.json", "others.json")).collect();
                Line { path, text: line.text.replace("fleet.json", "others.json"), guess: line.guess.clone() }
            })
            .collect(),
        ..drafted(fleet(&[WEB])).1
    };
    assert!(matches!(again("web", &text, &renamed), Err(Refused::OfOthers)), "{others}");
    assert!(matches!(again("web", &text.replace("traffic:", "traffic: ["), &draft), Err(Refused::Broken(_))));
}

/// A section that its user wrote in braces has no place for a line more: what it would be is said.
#[test]
fn a_line_without_a_place_is_said() {
    let (_, one) = drafted(fleet(&[WEB]));
    let (shelf, two) = drafted(fleet(&[WEB, API]));
    let text = first(&one).text;
    let line = one.lines.iter().find(|line| line.path == ["traffic", "lb-web"]).expect("it has traffic").text.clone();
    let edited = text.replace(&format!("traffic:\n{line}"), "traffic: { lb-web: { demand: 10 rps } }");
    let kept = renewed(&edited, &two);
    assert!(kept.text.contains("traffic: { lb-web: { demand: 10 rps } }"));
    assert_eq!(kept.unplaced.len(), 1, "{:?}", kept.unplaced);
    assert!(kept.unplaced[0].1.starts_with("lb-api: { demand: 240 rps }"), "{:?}", kept.unplaced);
    loads(&shelf, &kept.text);
}

#[test]
fn sections_that_were_indented_otherwise_take_new_lines() {
    let (_, one) = drafted(fleet(&[WEB]));
    let (shelf, two) = drafted(fleet(&[WEB, API]));
    let wide: String = first(&one)
        .text
        .lines()
        .map(|line| {
            let indent = line.len() - line.trim_start().len();
            format!("{:1$}{2}\n", "", indent * 2, line.trim_start())
        })
        .collect();
    let kept = renewed(&wide, &two);
    assert!(kept.text.contains("\n    lb-api: {") && kept.text.contains("\n      2.1.0: {"), "{}", kept.text);
    assert!(kept.kept.is_empty(), "{:?}", kept.kept);
    loads(&shelf, &kept.text);
}
