//! `windtunnel lint` from outside: its formats, suppressions and exit codes.

use assert_cmd::Command;
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// A folder with the sound fleet, with these faults.
fn folder(file: &str, fault: impl Fn(&mut Value)) -> TempDir {
    let mut fleet: Value = serde_json::from_str(&super::file("sound", None).0).expect("JSON");
    fault(&mut fleet);
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join(file), format!("{fleet:#}")).expect("it is written");
    dir
}

/// The sound fleet without a pause between batches, and a note beside that.
fn no_pause(fleet: &mut Value) {
    let policy = &mut fleet[1]["properties"]["upgradePolicy"]["rollingUpgradePolicy"];
    policy["pauseTimeBetweenBatches"] = json!("PT0S");
    policy["prioritizeUnhealthyInstances"] = json!(false);
}

fn lint(dir: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("windtunnel").expect("it is built");
    let out = command.current_dir(dir).env_remove("GITHUB_WORKSPACE").arg("lint").args(args).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (out.status.code().expect("a code"), text(out.stdout), text(out.stderr))
}

#[test]
fn the_exit_code_follows_the_severity() {
    let dir = folder("fleet.json", no_pause);
    let code = |args: &[&str]| lint(dir.path(), args).0;
    assert_eq!(code(&["fleet.json"]), 0);
    assert_eq!(code(&["fleet.json", "--fail-on", "warning"]), 3);
    assert_eq!(code(&["fleet.json", "--fail-on", "note", "--allow", "L0203=a"]), 3);
    let allowed =
        ["fleet.json", "--fail-on", "note", "--allow", "L0203=a", "--allow", "sick-instances-are-upgraded-last=b"];
    assert_eq!(code(&allowed), 0);
    assert_eq!(code(&["."]), 0);
    assert_eq!(code(&["none.json"]), 2);

    let refused = folder("fleet.json", |fleet| fleet[1]["properties"]["overprovision"] = json!(true));
    std::fs::write(refused.path().join("other.json"), "{ \"resources\": [] }").expect("it is written");
    assert_eq!(lint(refused.path(), &["fleet.json"]).0, 0);
    let dir = folder("fleet.json", |fleet| {
        fleet[1]["properties"]["automaticRepairsPolicy"]["gracePeriod"] = json!("PT5M");
    });
    let (code, out, _) = lint(dir.path(), &["fleet.json"]);
    assert_eq!(code, 3, "{out}");
    assert!(out.starts_with("error[L0001]: vmss-web: Azure refuses this deployment (AR-08)"), "{out}");
    assert_eq!(lint(dir.path(), &["fleet.json", "--fail-on", "never"]).0, 0);
    assert_eq!(lint(dir.path(), &["fleet.json", "--allow", "L0001:AR-08@vmss-web=tried out"]).0, 0);
    assert_eq!(lint(dir.path(), &["fleet.json", "--allow", "L0001:AR-07=another rule"]).0, 3);

    let none = folder("fleet.json", |fleet| *fleet = json!([fleet[0]]));
    let (code, _, err) = lint(none.path(), &["fleet.json"]);
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("no scale set in fleet.json"), "{err}");
}

#[test]
fn a_suppression_has_a_reason_and_one_that_meets_nothing_is_said() {
    let dir = folder("fleet.json", no_pause);
    let said = |args: &[&str]| lint(dir.path(), args);
    let (code, _, err) = said(&["fleet.json", "--allow", "L0203"]);
    assert_eq!(
        (code, err.as_str()),
        (2, "error: `L0203` is allowed without a reason; write why: `L0203=the set serves nobody`\n")
    );
    let (code, _, err) = said(&["fleet.json", "--allow", "no-pauses-between-batches=a"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `no-pause-between-batches`?"), "{err}");

    let allow = dir.path().join("windtunnel-lint.yaml");
    std::fs::write(&allow, "allow:\n  L0203@vmss-web: the set drains itself\n  L0201: nobody\n")
        .expect("it is written");
    let (_, out, _) = said(&["fleet.json"]);
    assert!(out.contains("allowed: L0203 of vmss-web: the set drains itself\n"), "{out}");
    assert!(out.contains("nothing is found that `L0201` lets stand; remove it\n"), "{out}");
    assert!(out.ends_with("1 scale set, 1 finding: 1 note; 1 more allowed\n"), "{out}");
    let (_, out, _) = said(&["fleet.json", "--format", "json"]);
    let json: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(json["unmet"][0]["allow"], "L0201");
    let allowed = |finding: &&Value| finding["allowed"] == "the set drains itself";
    assert_eq!(json["findings"].as_array().expect("a list").iter().filter(allowed).count(), 1);

    std::fs::write(&allow, "allow: { L0203: }\nignore: []\n").expect("it is written");
    let (code, _, err) = said(&["fleet.json"]);
    assert_eq!(code, 2);
    assert!(err.contains("error[E0650]: `L0203` is allowed without a reason") && err.contains("error[E0107]"), "{err}");
}

/// Names that end a field in one of the formats.
const HOSTILE: &str = "a;b]%0A::error::c,d##vso[task.complete]";

#[test]
fn a_hostile_name_is_a_name_in_every_format() {
    let dir = folder("fl;e%et, a]b.json", |fleet| {
        no_pause(fleet);
        fleet[1]["name"] = json!(HOSTILE);
        fleet[2]["properties"]["targetResourceUri"] = json!(HOSTILE);
    });
    let of = |form: &str| lint(dir.path(), &["fl;e%et, a]b.json", "--format", form]).1;

    let github = of("github");
    let lines: Vec<&str> = github.lines().collect();
    assert_eq!(lines.len(), 2, "{github}");
    assert!(lines[0].starts_with("::warning file=fl;e%25et%2C a]b.json,line="), "{github}");
    assert!(lines[1].starts_with("::notice file="), "{github}");
    assert!(lines[0].contains(",title=L0203 no-pause-between-batches::a;b]%250A::error::c,d"), "{github}");

    let azure = of("azure-pipelines");
    let lines: Vec<&str> = azure.lines().collect();
    assert_eq!(lines.len(), 2, "{azure}");
    let place = "##vso[task.logissue type=warning;sourcepath=fl%3Be%AZP25et, a%5Db.json;linenumber=";
    assert!(lines[0].starts_with(place), "{azure}");
    assert!(lines[0].contains(";code=L0203;]L0203 no-pause-between-batches: a;b]%AZP250A::error::c"), "{azure}");
    assert!(lines[1].starts_with("note L0210 ") && !lines[1].contains("##vso["), "{azure}");

    let json: Value = serde_json::from_str(&of("json")).expect("JSON");
    assert_eq!(json["findings"][0]["resource"], HOSTILE);
    assert_eq!(json["findings"][0]["at"]["file"], "fl;e%et, a]b.json");

    let sarif: Value = serde_json::from_str(&of("sarif")).expect("JSON");
    let artifact = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(artifact["uri"], "fl%3Be%25et%2C%20a%5Db.json");
}

/// What the schema of SARIF 2.1.0 wants of the parts that are written: their required keys, the types, and no other keys.
fn shape() -> Value {
    let text = json!({ "type": "string" });
    let message = json!({ "type": "object", "required": ["text"], "properties": { "text": text, "markdown": text }, "additionalProperties": false });
    let level = json!({ "enum": ["none", "note", "warning", "error"] });
    let number = json!({ "type": "integer", "minimum": 1 });
    let object = |required: Value, properties: Value| json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false });
    let rule = object(
        json!(["id"]),
        json!({
            "id": text, "name": text, "shortDescription": message, "fullDescription": message, "help": message,
            "defaultConfiguration": object(json!([]), json!({ "level": level })),
        }),
    );
    let driver = object(
        json!(["name"]),
        json!({ "name": text, "semanticVersion": text, "rules": { "type": "array", "items": rule, "uniqueItems": true } }),
    );
    let region = object(
        json!([]),
        json!({ "startLine": number, "startColumn": number, "endLine": number, "endColumn": number }),
    );
    let physical = object(
        json!([]),
        json!({ "artifactLocation": object(json!([]), json!({ "uri": { "type": "string", "format": "uri-reference" } })), "region": region }),
    );
    let logical = object(json!([]), json!({ "name": text, "kind": text }));
    let location = object(
        json!([]),
        json!({ "physicalLocation": physical, "logicalLocations": { "type": "array", "items": logical, "uniqueItems": true } }),
    );
    let suppression = object(
        json!(["kind"]),
        json!({ "kind": { "enum": ["inSource", "external"] }, "status": { "enum": ["accepted", "underReview", "rejected"] }, "justification": text }),
    );
    let result = object(
        json!(["message"]),
        json!({
            "ruleId": text, "ruleIndex": { "type": "integer", "minimum": 0 }, "level": level, "message": message,
            "locations": { "type": "array", "items": location },
            "partialFingerprints": { "type": "object", "additionalProperties": text },
            "suppressions": { "type": "array", "items": suppression, "uniqueItems": true },
            "properties": { "type": "object" },
        }),
    );
    let run = object(
        json!(["tool"]),
        json!({
            "tool": object(json!(["driver"]), json!({ "driver": driver })),
            "columnKind": { "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
            "results": { "type": "array", "items": result },
        }),
    );
    object(
        json!(["version", "runs"]),
        json!({ "$schema": text, "version": { "enum": ["2.1.0"] }, "runs": { "type": "array", "items": run } }),
    )
}

#[test]
fn sarif_has_the_shape_of_its_schema() {
    let dir = folder("fleet.json", no_pause);
    let (_, out, _) =
        lint(dir.path(), &["fleet.json", "--format", "sarif", "--allow", "L0203=a", "--prove", "-n", "6"]);
    let log: Value = serde_json::from_str(&out).expect("JSON");
    let validator = jsonschema::options().should_validate_formats(true).build(&shape()).expect("a schema");
    let wrong: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let run = &log["runs"][0];
    for result in run["results"].as_array().expect("results") {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("a place") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    assert_eq!(run["results"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_proof_says_what_the_fix_changes() {
    let dir = folder("fleet.json", no_pause);
    let (code, out, err) = lint(dir.path(), &["fleet.json", "--prove", "-n", "6"]);
    assert_eq!(code, 0, "{err}");
    let said = out.replace("\n    ", " ");
    assert!(said.contains("proof: when a version that fails after four minutes is rolled out, "), "{out}");
    assert!(said.contains("a good rollout takes ") && said.contains(" with the fix (6 seeds of "), "{out}");
    // The same seeds give the same answer, on whatever number of threads.
    assert_eq!(lint(dir.path(), &["fleet.json", "--prove", "-n", "6", "--jobs", "1"]).1, out);
}

/// A sentence says one thing: where the fix makes more harm, it is not said to make no difference. What a fix is for comes first: with
/// the grace period (L0305) a rollout that halted is completed, whatever it costs beside that.
#[test]
fn a_proof_does_not_contradict_itself_and_begins_with_what_the_fix_is_for() {
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform/web.json");
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::copy(plan, dir.path().join("web.json")).expect("copied");
    let (_, out, err) = lint(dir.path(), &["web.json", "--prove", "--fail-on", "never"]);
    let findings: Vec<String> = out.replace("\n    ", " ").split("\n\n").map(str::to_owned).collect();
    let proof = |code: &str| {
        let of = findings
            .iter()
            .find(|one| one.contains(&format!("[{code}]")))
            .unwrap_or_else(|| panic!("{code}: {out}{err}"));
        of.split("proof:").nth(1).unwrap_or_else(|| panic!("{code} has no proof: {of}")).to_owned()
    };
    let backwards = proof("L0502");
    assert!(backwards.contains("(worse)") && backwards.contains("on this fleet the fix makes it worse"), "{backwards}");
    assert!(!backwards.contains("no difference"), "{backwards}");
    let length = proof("L0305");
    let (rollout, harm) =
        (length.find("the rollout ").expect("it is said"), length.find("of requests").expect("it is said"));
    assert!(rollout < harm, "{length}");
}
