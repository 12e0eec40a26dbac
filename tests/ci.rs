//! `docs/guide/ci.md`: its pipelines are YAML, and the commands in them run as written, but for the installation.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use windtunnel::input::Problems;
use windtunnel::input::read::read_text;
use windtunnel::input::tree::Node;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The blocks of a kind in the page, without their fences.
fn blocks(kind: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/guide/ci.md")).expect("it is there").replace("\r\n", "\n");
    let fence = format!("```{kind}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

fn yaml(text: &str) -> Node {
    let mut problems = Problems::new();
    let node = read_text("docs/guide/ci.md", text.to_owned(), &mut problems);
    assert!(!problems.has_errors(), "{}", windtunnel::input::Report::from(problems));
    node.expect("it is YAML")
}

/// The commands of every step, wherever the steps stand; GitLab has a list of them.
fn commands(node: &Node, found: &mut Vec<String>) {
    for (key, value) in node.entries() {
        if ["run", "script", "before_script"].contains(&key.text.as_str()) {
            let all = value.items().iter().chain(std::iter::once(value));
            found.extend(all.filter_map(Node::text).map(str::to_owned));
        }
        commands(value, found);
    }
    node.items().iter().for_each(|item| commands(item, found));
}

/// A repository with the bundled scenarios, and a shell that finds the program.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("scenarios")).expect("it can be made");
        for entry in fs::read_dir(root().join("scenarios")).expect("scenarios are bundled") {
            let path = entry.expect("listed").path();
            let name = path.file_name().expect("named").to_owned();
            let to = folder.path().join("scenarios").join(name);
            if path.is_file() {
                fs::copy(&path, to).expect("copied");
                continue;
            }
            // The templates that scenarios name.
            fs::create_dir(&to).expect("it can be made");
            for template in fs::read_dir(&path).expect("it can be listed") {
                let template = template.expect("listed").path();
                fs::copy(&template, to.join(template.file_name().expect("named"))).expect("copied");
            }
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn shell(&self, command: &str, ci: bool) -> (Option<i32>, String) {
        let program = Path::new(env!("CARGO_BIN_EXE_windtunnel")).parent().expect("it lies in a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("sh");
        shell.args(["-ec", command]).current_dir(self.0.path()).env("PATH", format!("{}:{path}", program.display()));
        shell.env("GITHUB_WORKSPACE", self.0.path()).env("GITHUB_STEP_SUMMARY", self.path("summary.md"));
        shell
            .env("AGENT_TEMPDIRECTORY", self.0.path().join("agent"))
            .env("NO_COLOR", "1")
            .env_remove("CI")
            .env_remove("TF_BUILD");
        if ci {
            shell.env("CI", "true");
        }
        let output = shell.output().expect("there is a shell");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), format!("{out}{err}"))
    }
}

/// A step with the shard filled in; the installation is checked by its words, since it wants a network.
fn runnable(step: &str, shard: usize) -> Option<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("it is there");
    let address = manifest.lines().find_map(|line| line.strip_prefix("repository = \"")?.strip_suffix('"'));
    let install = format!("cargo install --locked --git {} windtunnel", address.expect("it is named"));
    if let Some(before) = step.strip_suffix(&install) {
        assert!(["", "command -v windtunnel || "].contains(&before), "{step}");
        return None;
    }
    assert!(step.starts_with("windtunnel "), "{step}");
    Some(step.replace("${{ matrix.shard }}", &shard.to_string()))
}

#[test]
fn the_pipelines_run_as_written() {
    let repository = Repository::new();
    let setup = blocks("sh");
    assert_eq!(setup.len(), 1, "one command writes the baseline");
    let (code, said) = repository.shell(&setup[0], false);
    assert_eq!(code, Some(0), "{said}");
    let pipelines: Vec<String> =
        blocks("yaml").into_iter().filter(|block| block.starts_with("# .") || block.starts_with("# azure")).collect();
    assert_eq!(pipelines.len(), 3, "GitHub Actions, Azure Pipelines and GitLab");
    let mut tests = 0;
    for pipeline in &pipelines {
        let mut steps = Vec::new();
        commands(&yaml(pipeline), &mut steps);
        assert!(steps.len() >= 3, "{steps:?}");
        for step in &steps {
            for shard in 1..=if step.contains("matrix.shard") { 2 } else { 1 } {
                let Some(command) = runnable(step, shard) else { continue };
                let (code, said) = repository.shell(&command, true);
                assert_eq!(code, Some(0), "{command}\n{said}");
                if command.contains("--junit junit.xml") {
                    let xml = fs::read_to_string(repository.path("junit.xml")).expect("it is written");
                    assert!(xml.contains("<testsuites name=\"windtunnel\""), "{xml}");
                    tests += 1;
                }
                let (github, azure) = (command.contains("--github"), command.contains("--azure-pipelines"));
                assert_eq!(said.contains("##vso[task.uploadsummary]"), azure, "{said}");
                assert_eq!(fs::remove_file(repository.path("summary.md")).is_ok(), github, "{command}");
                if command.contains("--code-quality") {
                    assert_eq!(fs::read_to_string(repository.path("code-quality.json")).expect("written"), "[]\n");
                }
            }
        }
    }
    assert_eq!(tests, 4, "two shards and two wholes");
}

#[test]
fn a_baseline_is_never_written_where_ci_is_set() {
    let repository = Repository::new();
    let (code, said) = repository.shell(&blocks("sh")[0], true);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--update-baseline is refused if CI is set"), "{said}");
    assert!(!repository.path("baseline").exists());
}
