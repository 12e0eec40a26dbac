//! The pipelines of the guide run as written, but for the installation, and the page that goes from nothing to a red check goes there.

use super::scripts::{Job, stub, stubbed};
use super::{VERSION, blocks, clean, ended, root, scalar, steps, text_of, yaml};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// Copies a folder with what is in it, and in the folders below.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("it can be made");
    for entry in fs::read_dir(from).expect("it can be listed") {
        let path = entry.expect("listed").path();
        let to = to.join(path.file_name().expect("named"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, to).expect("copied");
        }
    }
}

/// A job whose sources have the bundled scenarios and the baseline that the guide makes of them, which is made once.
fn with_baseline() -> Job {
    static FIRST: OnceLock<Job> = OnceLock::new();
    let first = FIRST.get_or_init(|| {
        let job = Job::new();
        copy(&root().join("scenarios"), &job.path("sources/scenarios"));
        let setup = blocks("docs/guide/ci.md", "sh");
        assert_eq!(setup.len(), 2, "one command writes the baseline; others share the tests");
        let (code, said) = ended(clean("sh", &job.path("sources")).args(["-ec", &setup[0]]));
        assert_eq!(code, 0, "{said}");
        job
    });
    let job = Job::new();
    copy(&first.path("sources"), &job.path("sources"));
    job
}

/// The pipeline of a page for a service, by the comment that names its file.
fn pipeline(page: &str, file: &str) -> Value {
    let blocks = blocks(page, "yaml");
    let mut found = blocks.iter().filter(|block| block.starts_with(&format!("# {file}\n")));
    let block = found.next().unwrap_or_else(|| panic!("{page} has {file}"));
    assert!(found.next().is_none(), "{page} has one {file}");
    yaml(page, block)
}

/// The step of ours in a pipeline: the inputs that it gives.
fn given<'v>(pipeline: &'v Value, key: &str, ours: &str, inputs: &str) -> &'v Value {
    let mut found = Vec::new();
    steps(pipeline, &[key], &mut found);
    let step = found.into_iter().find(|step| step[key].as_str().is_some_and(|what| what.starts_with(ours)));
    &step.unwrap_or_else(|| panic!("a step with {ours}"))[inputs]
}

/// Sets what a step of the action hands its script: its inputs, where the pipeline gives none by their defaults.
fn hand_on(command: &mut Command, given: &Value) {
    let action = yaml("action/action.yml", &text_of("action/action.yml"));
    let inputs = action["inputs"].as_object().expect("a mapping");
    let known = |name: &String| inputs.keys().any(|input| *input == *name);
    let unknown = given.as_object().expect("a mapping").keys().find(|name| !known(name));
    assert_eq!(unknown, None, "the action has no such input");
    let mut found = Vec::new();
    steps(&action, &["run"], &mut found);
    let test = found.into_iter().find(|step| step["name"] == "Test").expect("there is such a step");
    for (variable, expression) in test["env"].as_object().expect("a mapping") {
        let expression = expression.as_str().expect("a text");
        let name = expression.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")).expect("an input");
        let value = given.get(name).unwrap_or(&inputs[name]["default"]);
        command.env(variable, if value.is_null() { String::new() } else { scalar(value) });
    }
}

#[test]
fn the_action_runs_as_the_guide_gives_it() {
    let job = with_baseline();
    let pipeline = pipeline("docs/guide/ci.md", ".github/workflows/windtunnel.yml");
    let mut command = job.on_github("run.sh");
    hand_on(&mut command, given(&pipeline, "uses", "windtunnel/windtunnel/action@", "with"));
    let (code, said) = ended(&mut command);
    assert_eq!(code, 0, "{said}");
    assert!(job.path("summary.md").is_file(), "{said}");
    let xml = fs::read_to_string(&job.outputs()["junit"]).expect("it is written");
    assert!(xml.contains("<testsuites name=\"windtunnel\""), "{xml}");
}

#[test]
fn the_template_runs_as_the_guide_gives_it() {
    let job = with_baseline();
    let pipeline = pipeline("docs/guide/ci.md", "azure-pipelines.yml");
    let mut command = job.on_azure("Test");
    // Its words are those of the action; what differs is not used here.
    hand_on(&mut command, given(&pipeline, "template", "azure-pipelines/windtunnel.yml", "parameters"));
    let (code, said) = ended(&mut command);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("##vso[task.uploadsummary]") && said.contains("variable=windtunnel.junit]"), "{said}");
}

#[test]
fn the_job_of_gitlab_runs_as_the_guide_gives_it() {
    let job = with_baseline();
    let pipeline = pipeline("docs/guide/ci.md", ".gitlab-ci.yml");
    let commands = |key: &str| -> Vec<String> {
        pipeline["windtunnel"][key].as_array().expect("a list").iter().map(scalar).collect()
    };
    assert_eq!(commands("before_script"), [format!("pip install windtunnel=={VERSION}")]);
    for command in commands("script") {
        assert!(command.starts_with("windtunnel "), "{command}");
        let (code, said) = ended(clean("sh", &job.path("sources")).args(["-ec", &command]).env("CI", "true"));
        assert_eq!(code, 0, "{command}\n{said}");
    }
    let written = |file: &str| fs::read_to_string(job.path("sources").join(file)).expect("it is written");
    assert_eq!(written("code-quality.json"), "[]\n");
    assert!(written("junit.xml").contains("<testsuites name=\"windtunnel\""));
    assert!(!written("windtunnel.md").is_empty());
}

#[test]
fn a_baseline_is_never_written_where_ci_is_set() {
    let job = Job::new();
    copy(&root().join("scenarios"), &job.path("sources/scenarios"));
    let command = &blocks("docs/guide/ci.md", "sh")[0];
    let (code, said) = ended(clean("sh", &job.path("sources")).args(["-ec", command]).env("CI", "true"));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--update-baseline is refused if CI is set"), "{said}");
    assert!(!job.path("sources/baseline").exists());
}

const PAGE: &str = "docs/guide/red-check.md";

/// The page with another comment in it.
fn with_comment(comment: &str) -> String {
    let text = text_of(PAGE);
    let (before, rest) = text.split_once("```markdown\n").expect("the page shows the comment");
    let (_, after) = rest.split_once("```").expect("it ends");
    format!("{before}```markdown\n{comment}```{after}")
}

/// What a person does by the page, in a repository whose template is a sample fleet of four instances.
#[cfg(target_os = "linux")]
#[test]
fn the_page_goes_from_nothing_to_a_red_check() {
    let job = Job::new();
    job.git(".", &["init", "--quiet", "--bare", "-b", "main", "origin"]);
    job.git(".", &["clone", "--quiet", "origin", "work"]);
    fs::create_dir(job.path("work/infra")).expect("it can be made");
    fs::copy(root().join("tests/drill/small.json"), job.path("work/infra/main.json")).expect("copied");
    let workflow = blocks(PAGE, "yaml").into_iter().find(|block| block.starts_with("# .github/")).expect("it is there");
    fs::create_dir_all(job.path("work/.github/workflows")).expect("it can be made");
    fs::write(job.path("work/.github/workflows/windtunnel.yml"), &workflow).expect("it can be written");
    job.git("work", &["switch", "--quiet", "-C", "main"]);
    job.git("work", &["add", "infra"]);
    job.git("work", &["commit", "--quiet", "-m", "A fleet"]);
    job.git("work", &["push", "--quiet", "-u", "origin", "main"]);
    stub(&job, "gh", "[ \"$*\" = 'pr create --fill' ]\n");
    for block in blocks(PAGE, "bash") {
        let (code, said) = ended(stubbed(&job, clean("bash", &job.path("work")).args(["-ec", &block])));
        // `drill` ends with 3 where the fleet does not hold an incident.
        let is_held = code == 0 || code == 3 && block.starts_with("windtunnel drill ");
        assert!(is_held, "{block}\n{code}\n{said}");
    }
    // What GitHub checks out: the merge, and one commit before it.
    job.git("work", &["switch", "--quiet", "-c", "merge", "main"]);
    job.git("work", &["merge", "--quiet", "--no-ff", "-m", "Merge", "never-halt"]);
    job.git("work", &["push", "--quiet", "origin", "merge"]);
    let origin = format!("file://{}", job.path("origin").display());
    job.git(".", &["clone", "--quiet", "--depth", "2", "--branch", "merge", &origin, "sources"]);
    let pipeline = yaml(PAGE, &workflow);
    let mut command = job.on_github("run.sh");
    hand_on(&mut command, given(&pipeline, "uses", "windtunnel/windtunnel/action@", "with"));
    let (code, said) = ended(command.env("GITHUB_BASE_REF", "main"));
    // Before, a crashing image halts at one of four instances, for seconds; now it comes to all, and the objective is lost.
    assert_eq!(code, 3, "{said}");
    let page = fs::read_to_string(&job.outputs()["markdown"]).expect("it is written");
    crate::common::compare(&root().join(PAGE), &with_comment(&excerpt(&page, "image-crashes")));
}

/// The first line of a comment, the head of its table, the rows of one incident, and the lines that were changed. What else stands there
/// names a commit, which is another one each time.
fn excerpt(comment: &str, incident: &str) -> String {
    let (head, rows) = comment.split_once("\n| --- ").expect("it has a table");
    let (rule, rows) = rows.split_once('\n').expect("the table has rows");
    let own = format!("**{incident}**");
    let mut rows = rows.lines().skip_while(|row| !row.contains(&own));
    let first = rows.next().expect("the incident is in it");
    let more = rows.take_while(|row| row.starts_with('|') && !row.contains("**"));
    let rows: String = std::iter::once(first).chain(more).map(|row| format!("{row}\n")).collect();
    let changed: String =
        comment.lines().filter(|line| line.starts_with("- `")).map(|line| format!("{line}\n")).collect();
    assert!(changed.contains("`infra/main.json:"), "the comment names the lines: {comment}");
    format!("{head}\n| --- {rule}\n{rows}\n{changed}")
}

/// Nothing has changed since the baseline was made, and nobody is at a terminal.
#[test]
fn a_baseline_is_reviewed_and_shards_are_merged_as_the_guide_says() {
    let job = with_baseline();
    let setup = blocks("docs/guide/ci.md", "sh");
    let run = |command: &str| ended(clean("sh", &job.path("sources")).args(["-ec", command]));
    let said_of = [
        "nothing would change in baseline",
        "asks on a terminal, and this is none",
        "nothing would change in `bad-deploy",
    ];
    let review = &blocks("docs/guide/ci.md", "text")[0];
    let lines: Vec<&str> = review.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), said_of.len());
    for ((command, words), expected) in lines.iter().zip(said_of).zip([0, 2, 2]) {
        let (code, said) = run(command);
        assert!(code == expected && said.contains(words), "{command}\n{said}");
    }
    for command in setup[1].lines().filter(|line| !line.is_empty()) {
        let (code, said) = run(command);
        assert_eq!(code, 0, "{command}\n{said}");
    }
    assert!(fs::read_to_string(job.path("sources/junit.xml")).expect("it is written").contains("<testsuites"));
}
