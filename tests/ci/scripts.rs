//! The scripts of the action and of the template, run with the variables that the services set.

use super::{VERSION, clean, ended, root, steps, text_of, yaml};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A job on a runner of its own: folders, what the service sets, and the files that it reads afterwards.
pub struct Job {
    folder: tempfile::TempDir,
}

impl Job {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["temporary", "tools", "sources"] {
            fs::create_dir(folder.path().join(name)).expect("it can be made");
        }
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A script of the action, as GitHub starts it.
    pub fn on_github(&self, script: &str) -> Command {
        let mut command = clean("bash", &self.path("sources"));
        command.arg(root().join("action").join(script));
        command.envs([("CI", "true"), ("GITHUB_ACTIONS", "true"), ("GITHUB_REPOSITORY", "team/fleet")]);
        for (name, file) in [
            ("GITHUB_OUTPUT", "output"),
            ("GITHUB_PATH", "path"),
            ("GITHUB_STEP_SUMMARY", "summary.md"),
            ("GITHUB_WORKSPACE", "sources"),
            ("RUNNER_TEMP", "temporary"),
            ("RUNNER_TOOL_CACHE", "tools"),
        ] {
            command.env(name, self.path(file));
        }
        command
    }

    /// The script of a step of the template, as Azure Pipelines starts it.
    pub fn on_azure(&self, step: &str) -> Command {
        let template = yaml("the template", &text_of("azure-pipelines/windtunnel.yml"));
        let mut found = Vec::new();
        steps(&template, &["bash"], &mut found);
        let step = found.into_iter().find(|one| one["displayName"] == step).expect("there is such a step");
        fs::write(self.path("step.sh"), step["bash"].as_str().expect("a text")).expect("it can be written");
        let mut command = clean("bash", &self.path("sources"));
        command.args(["--noprofile", "--norc"]).arg(self.path("step.sh")).env("TF_BUILD", "True");
        for (name, file) in [
            ("AGENT_TEMPDIRECTORY", "temporary"),
            ("AGENT_TOOLSDIRECTORY", "tools"),
            ("BUILD_SOURCESDIRECTORY", "sources"),
        ] {
            command.env(name, self.path(file));
        }
        command
    }

    /// What the steps so far have put out, the last of each name.
    pub fn outputs(&self) -> BTreeMap<String, String> {
        let text = fs::read_to_string(self.path("output")).unwrap_or_default();
        text.lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// Runs git in a folder of the job.
    pub fn git(&self, folder: &str, arguments: &[&str]) {
        let (code, said) = ended(clean("git", &self.path(folder)).args(arguments));
        assert_eq!(code, 0, "git {}: {said}", arguments.join(" "));
    }
}

/// A release with one archive, whose program says its version and nothing else. Returns its address and the checksum.
fn release(job: &Job, says: &str) -> (String, String) {
    let name = {
        let (_, system) = ended(Command::new("uname").arg("-sm"));
        match system.trim() {
            "Linux x86_64" => "x86_64-unknown-linux-musl",
            "Linux aarch64" => "aarch64-unknown-linux-musl",
            "Darwin x86_64" => "x86_64-apple-darwin",
            "Darwin arm64" => "aarch64-apple-darwin",
            other => panic!("no archive is made for {other}"),
        }
    };
    let name = format!("windtunnel-{VERSION}-{name}");
    let folder = job.path("release");
    fs::create_dir_all(folder.join(&name)).expect("it can be made");
    let script = format!("#!/bin/sh\necho '{says}'\n");
    fs::write(folder.join(&name).join("windtunnel"), script).expect("it can be written");
    let pack = "chmod +x \"$1/windtunnel\" && tar -czf \"$1.tar.gz\" \"$1\" && \
                (sha256sum \"$1.tar.gz\" || shasum -a 256 \"$1.tar.gz\") >SHA256SUMS";
    let (code, said) = ended(clean("sh", &folder).args(["-c", pack, "sh", &name]));
    assert_eq!(code, 0, "{said}");
    let sums = fs::read_to_string(folder.join("SHA256SUMS")).expect("it is written");
    let sum = sums.split(' ').next().expect("a checksum").to_owned();
    (format!("file://{}", folder.display()), sum)
}

fn install(job: &Job, url: &str, more: &[(&str, &str)]) -> (i32, String) {
    let mut command = job.on_github("install.sh");
    command.env("WINDTUNNEL_VERSION", VERSION).env("WINDTUNNEL_URL", url).envs(more.iter().copied());
    ended(&mut command)
}

/// Every file below a folder, by name.
fn files_below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("listed").path();
        match path.is_dir() {
            true => names.extend(files_below(&path)),
            false => names.push(path.file_name().expect("named").to_string_lossy().into_owned()),
        }
    }
    names
}

#[test]
fn what_has_the_right_checksum_is_installed_once() {
    let job = Job::new();
    let (url, sum) = release(&job, &format!("windtunnel {VERSION}"));
    let (code, said) = install(&job, &url, &[("WINDTUNNEL_SHA256", &sum.to_uppercase())]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("was checked by the checksum given"), "{said}");
    let path = fs::read_to_string(job.path("path")).expect("it is on the path");
    assert!(path.trim_end().starts_with(&*job.path("tools").to_string_lossy()), "{path}");
    let (code, said) = ended(&mut Command::new(Path::new(path.trim_end()).join("windtunnel")));
    assert_eq!((code, said), (0, format!("windtunnel {VERSION}\n")));
    // It is there, so no release is asked; but another checksum asks for another archive.
    let (code, said) = install(&job, "file:///nowhere", &[("WINDTUNNEL_SHA256", &sum)]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("was here already"), "{said}");
    let (code, said) = install(&job, "file:///nowhere", &[("WINDTUNNEL_SHA256", &"a".repeat(64))]);
    assert_eq!(code, 2, "{said}");
    // A program that is not the one that was checked is not used.
    fs::write(Path::new(path.trim_end()).join("windtunnel"), "#!/bin/sh\necho other\n").expect("it can be written");
    let (code, said) = install(&job, "file:///nowhere", &[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("cannot be fetched"), "{said}");
    assert!(files_below(&job.path("temporary")).is_empty(), "the scripts clean up");
}

#[test]
fn what_has_another_checksum_is_refused_and_not_started() {
    let job = Job::new();
    let (url, sum) = release(&job, &format!("windtunnel {VERSION}"));
    let other = format!("{}{}", if sum.starts_with('0') { '1' } else { '0' }, &sum[1..]);
    let (code, said) = install(&job, &url, &[("WINDTUNNEL_SHA256", &other)]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains(&format!("::error title=windtunnel::windtunnel-{VERSION}-")) && said.contains(&other),
        "{said}"
    );
    // So by the list that comes with the template, and by that of the release.
    let archive = format!("windtunnel-{VERSION}-");
    let list = fs::read_to_string(job.path("release/SHA256SUMS")).expect("it is there").replacen(&sum, &other, 1);
    assert!(list.contains(&archive), "{list}");
    let mut command = job.on_azure("Install windtunnel");
    command.env("WINDTUNNEL_VERSION", VERSION).env("WINDTUNNEL_URL", &url).env("WINDTUNNEL_SUMS", &list);
    let (code, said) = ended(&mut command);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("##vso[task.logissue type=error]") && said.contains("that came with these scripts"),
        "{said}"
    );
    fs::write(job.path("release/SHA256SUMS"), &list).expect("it can be written");
    let (code, said) = install(&job, &url, &[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("the list of the release itself"), "{said}");
    fs::write(job.path("release/SHA256SUMS"), "").expect("it can be written");
    assert_eq!(install(&job, &url, &[]).0, 2, "a list without the archive is no check");
    assert!(files_below(&job.path("tools")).is_empty() && !job.path("path").exists(), "nothing was installed");
}

#[test]
fn the_list_of_the_release_is_used_where_there_is_no_better_one() {
    let job = Job::new();
    let (url, _) = release(&job, &format!("windtunnel {VERSION}"));
    let (code, said) = install(&job, &url, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("::notice title=windtunnel::") && said.contains("give sha256"), "{said}");
    // An archive that holds another version than it says.
    let job = Job::new();
    let (url, _) = release(&job, "windtunnel 9.9.9");
    let (code, said) = install(&job, &url, &[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("has another version: windtunnel 9.9.9"), "{said}");
}

#[test]
fn only_a_release_by_its_number_from_a_safe_place_is_installed() {
    let job = Job::new();
    let (url, _) = release(&job, &format!("windtunnel {VERSION}"));
    for (name, value, words) in [
        ("WINDTUNNEL_VERSION", "latest", "there is no latest"),
        ("WINDTUNNEL_VERSION", "0.1.0/../../x", "version must be a release"),
        ("WINDTUNNEL_VERSION", "0.1.0\n::set-env name=x::y", "version must be a release"),
        ("WINDTUNNEL_URL", "http://example.com/releases", "url must begin with https://"),
        ("WINDTUNNEL_SHA256", "abc", "has 64 hexadecimal digits"),
        ("WINDTUNNEL_ATTESTATION", "yes", "attestation must be true or false"),
    ] {
        let (code, said) = install(&job, &url, &[(name, value)]);
        assert_eq!(code, 2, "{name}={value}: {said}");
        assert!(said.contains(words), "{name}={value}: {said}");
        // What was given never begins a command of the service.
        assert!(said.lines().all(|line| !line.starts_with("::set-env")), "{said}");
    }
    assert!(files_below(&job.path("tools")).is_empty(), "nothing was installed");
}

/// Whether `gh attestation verify` is asked, and what it says, decides.
#[test]
fn an_attestation_that_is_asked_for_must_be_there() {
    let job = Job::new();
    let (url, _) = release(&job, &format!("windtunnel {VERSION}"));
    stub(&job, "gh", "[ \"$1 $2\" = 'attestation verify' ] || exit 9\nexit \"${STUB_CODE:-0}\"\n");
    let asked = [("WINDTUNNEL_ATTESTATION", "true"), ("STUB_CODE", "1")];
    let with_stub = |more: &[(&str, &str)]| {
        let mut command = job.on_github("install.sh");
        command.env("WINDTUNNEL_VERSION", VERSION).env("WINDTUNNEL_URL", &url).envs(more.iter().copied());
        ended(stubbed(&job, &mut command))
    };
    let (code, said) = with_stub(&asked);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("no attestation says"), "{said}");
    assert!(files_below(&job.path("tools")).is_empty(), "nothing was installed");
    let (code, said) = with_stub(&asked[..1]);
    assert_eq!(code, 0, "{said}");
}

/// Puts a program of our own before those of the machine.
pub fn stub(job: &Job, name: &str, script: &str) {
    let folder = job.path("stubs");
    fs::create_dir_all(&folder).expect("it can be made");
    fs::write(folder.join(name), format!("#!/bin/sh\n{script}")).expect("it can be written");
    let (code, said) = ended(Command::new("chmod").arg("+x").arg(folder.join(name)));
    assert_eq!(code, 0, "{said}");
}

pub fn stubbed<'c>(job: &Job, command: &'c mut Command) -> &'c mut Command {
    let path = command.get_envs().find_map(|(name, value)| if name == "PATH" { value } else { None });
    let path = path.expect("it is set").to_string_lossy().into_owned();
    command.env("PATH", format!("{}:{path}", job.path("stubs").display()))
}

/// A repository with an incident, a branch that makes it worse, and its merge, of which a clone of some depth is the sources. The pipeline
/// of the branch notices new instances after half an hour instead of two minutes, so they serve stale code for longer.
fn pull_request(depth: &str) -> Job {
    let job = Job::new();
    fs::create_dir_all(job.path("origin/scenarios")).expect("it can be made");
    let incident = text_of("scenarios/stale-image-scale-out.yaml");
    fs::write(job.path("origin/scenarios/incident.yaml"), &incident).expect("it can be written");
    job.git("origin", &["init", "--quiet", "-b", "main"]);
    job.git("origin", &["add", "."]);
    job.git("origin", &["commit", "--quiet", "-m", "An incident"]);
    job.git("origin", &["switch", "--quiet", "-c", "slower"]);
    let trigger = "trigger: { on: running, delay: PT2M }";
    assert!(incident.contains(trigger), "the scenario has it");
    fs::write(
        job.path("origin/scenarios/incident.yaml"),
        incident.replacen(trigger, &trigger.replace("PT2M", "PT30M"), 1),
    )
    .expect("it can be written");
    job.git("origin", &["commit", "--quiet", "-am", "Slower"]);
    // A commit of main that the branch does not have: what is compared with is main, not where the branch left it.
    job.git("origin", &["switch", "--quiet", "main"]);
    job.git("origin", &["commit", "--quiet", "--allow-empty", "-m", "Meanwhile"]);
    job.git("origin", &["switch", "--quiet", "-c", "merge"]);
    job.git("origin", &["merge", "--quiet", "--no-ff", "-m", "Merge", "slower"]);
    let origin = format!("file://{}", job.path("origin").display());
    job.git(".", &["clone", "--quiet", "--depth", depth, "--branch", "merge", &origin, "sources"]);
    job
}

/// `run.sh` with these inputs beside the paths, as in the build of a pull request.
fn run(job: &Job, more: &[(&str, &str)]) -> (i32, String) {
    let mut command = job.on_github("run.sh");
    command.env("GITHUB_BASE_REF", "main").env("WINDTUNNEL_PATHS", "scenarios").env("WINDTUNNEL_REPLICATIONS", "20");
    ended(command.envs(more.iter().copied()))
}

#[test]
fn a_pull_request_is_compared_with_what_it_is_merged_into() {
    let job = pull_request("2");
    let (code, said) = run(&job, &[]);
    assert_eq!(code, 5, "{said}");
    let outputs = job.outputs();
    assert_eq!((outputs["exit-code"].as_str(), outputs["verdict"].as_str()), ("5", "worse"));
    let (_, base) = ended(clean("git", &job.path("origin")).args(["rev-parse", "--short=12", "main"]));
    assert_eq!(outputs["against"], base.trim(), "the commit, so that the command on the page repeats the run anywhere");
    let page = fs::read_to_string(&outputs["markdown"]).expect("it is written");
    assert!(page.starts_with("### ❌ Windtunnel: ") && page.contains(base.trim()), "{page}");
    assert_eq!(fs::read_to_string(job.path("summary.md")).expect("it is written"), page);
    assert!(Path::new(&outputs["junit"]).is_file() && Path::new(&outputs["sarif"]).is_file(), "{outputs:?}");
    // Two lines are two margins; the page names both in the command that repeats the run.
    let (code, said) = run(&job, &[("WINDTUNNEL_WORSE", "cost.*=5%\n\nrollout.duration_s=20%\n")]);
    assert_eq!(code, 5, "{said}");
    let page = fs::read_to_string(&outputs["markdown"]).expect("it is written");
    assert!(page.contains(" --worse 'cost.*=5%' --worse rollout.duration_s=20% "), "{page}");
}

#[test]
fn a_shallow_clone_is_said_with_the_depth_that_it_needs() {
    let job = pull_request("1");
    let (code, said) = run(&job, &[]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("::error") && said.contains("`fetch-depth: 2`") && said.contains("`fetchDepth: 2`"),
        "{said}"
    );
    let (code, said) = run(&job, &[("WINDTUNNEL_AGAINST", "origin/main...")]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("no `origin/main`") && said.contains("`fetch-depth: 0`"), "{said}");
    // Without a comparison nothing of the past is needed: the expectations hold.
    let (code, said) = run(&job, &[("WINDTUNNEL_AGAINST", "none"), ("WINDTUNNEL_FILTER", "policy(baked-image)")]);
    assert_eq!(code, 0, "{said}");
    let outputs = job.outputs();
    assert_eq!(outputs["verdict"], "passed");
    for file in ["markdown", "junit", "sarif"] {
        assert!(Path::new(&outputs[file]).is_file(), "{file}");
    }
}

#[test]
fn what_cannot_be_read_is_said_under_the_pull_request_too() {
    let job = pull_request("2");
    fs::write(job.path("sources/scenarios/broken.yaml"), "windtunnel: 1\nhorizon: soon\n").expect("it can be written");
    let (code, said) = run(&job, &[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("::error title=windtunnel::nothing was tested"), "{said}");
    let outputs = job.outputs();
    assert_eq!(outputs["verdict"], "not-run");
    let page = fs::read_to_string(&outputs["markdown"]).expect("it is written");
    assert!(
        page.starts_with("### ⚠️ Windtunnel: nothing was tested\n\n    ") && page.contains("scenarios/broken.yaml"),
        "{page}"
    );
}

#[test]
fn inputs_are_words_and_never_code() {
    let job = pull_request("2");
    let word = "$(touch x)`touch x`;touch x";
    let (code, said) =
        run(&job, &[("WINDTUNNEL_PATHS", word), ("WINDTUNNEL_FILTER", word), ("WINDTUNNEL_ARGS", "--jobs\n1")]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains(word), "{said}");
    // What begins with a hyphen is a path all the same.
    let (code, said) = run(&job, &[("WINDTUNNEL_PATHS", "--help")]);
    assert_eq!(code, 2, "{said}");
    let (code, said) = run(&job, &[("WINDTUNNEL_PATHS", " \n")]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("paths names no scenario, and fleet no files"), "{said}");
    let (code, said) = run(&job, &[("WINDTUNNEL_CHANGED", "perhaps")]);
    assert_eq!(code, 2, "{said}");
    assert!(!job.path("sources/x").exists(), "{said}");
}

#[test]
fn the_template_ends_with_the_same_code_and_sets_the_same_words() {
    let job = pull_request("2");
    let mut command = job.on_azure("Test");
    command.env("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main").env("WINDTUNNEL_PATHS", "scenarios");
    let (code, said) = ended(command.env("WINDTUNNEL_REPLICATIONS", "20").env("WINDTUNNEL_CHANGED", "True"));
    assert_eq!(code, 5, "{said}");
    let page = job.path("temporary/windtunnel/windtunnel.md");
    for command in [
        format!("##vso[task.uploadsummary]{}", page.display()),
        "##vso[task.setvariable variable=windtunnel.exit-code]5".to_owned(),
        "##vso[task.setvariable variable=windtunnel.verdict]worse".to_owned(),
        format!("##vso[task.setvariable variable=windtunnel.markdown]{}", page.display()),
    ] {
        assert!(said.lines().any(|line| line == command), "{command}\n{said}");
    }
}

/// `gh`, which writes down what it is asked, and finds the comments that `STUB_FOUND` names.
const GH: &str = r#"
echo "gh $*" >>"$STUB_LOG"
case "$*" in *--paginate*) printf '%b' "$STUB_FOUND" ;; *) cat >>"$STUB_LOG" ;; esac
"#;

fn comment(job: &Job, page: &str, more: &[(&str, &str)]) -> (i32, String, String) {
    stub(job, "gh", GH);
    let log = job.path("log");
    let _ = fs::remove_file(&log);
    fs::write(job.path("page.md"), page).expect("it can be written");
    let mut command = job.on_github("comment.sh");
    command.env("WINDTUNNEL_MARKDOWN", job.path("page.md")).env("WINDTUNNEL_PULL_REQUEST", "7").env("STUB_LOG", &log);
    let (code, said) = ended(stubbed(job, command.env("STUB_FOUND", "").envs(more.iter().copied())));
    (code, said, fs::read_to_string(log).unwrap_or_default())
}

#[test]
fn a_comment_is_written_once_and_then_changed() {
    let job = Job::new();
    let (code, said, asked) = comment(&job, "### The page\n", &[]);
    assert_eq!(code, 0, "{said}");
    let written = "gh api --silent --method POST repos/team/fleet/issues/7/comments --field body=@-\n\
        <!-- windtunnel: windtunnel -->\n### The page\n";
    assert!(asked.ends_with(written), "{asked}");
    let (code, said, asked) =
        comment(&job, "### The page\n", &[("STUB_FOUND", "41\\n42\\n"), ("WINDTUNNEL_KEY", "canary")]);
    assert_eq!(code, 0, "{said}");
    let changed = "gh api --silent --method PATCH repos/team/fleet/issues/comments/41 --field body=@-\n\
        <!-- windtunnel: canary -->\n### The page\n";
    assert!(asked.ends_with(changed), "{asked}");
    // A page that the service does not take is cut at the end of a line.
    let (code, said, asked) = comment(&job, &"a line of the page\n".repeat(5000), &[]);
    assert_eq!(code, 0, "{said}");
    assert!(
        asked.len() < 65_000 && asked.ends_with("a line of the page\n\n\nThe rest is in the summary of the build.\n"),
        "{}",
        asked.len()
    );
}

#[test]
fn a_comment_that_cannot_be_written_changes_no_verdict() {
    let job = Job::new();
    let (code, said, asked) = comment(&job, "### The page\n", &[("WINDTUNNEL_PULL_REQUEST", "")]);
    assert_eq!((code, asked.as_str()), (0, ""), "{said}");
    assert!(!said.contains("::warning"), "a build of a branch has no pull request, and nothing is wrong: {said}");
    stub(&job, "gh", "exit 1\n");
    let mut command = job.on_github("comment.sh");
    command.env("WINDTUNNEL_MARKDOWN", job.path("page.md")).env("WINDTUNNEL_PULL_REQUEST", "7");
    let (code, said) = ended(stubbed(&job, &mut command));
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("::warning title=windtunnel::the comment was not written")
            && said.contains("pull-requests: write"),
        "{said}"
    );
}
