//! The files of a revision of a git repository, read by git's own plumbing: nothing is checked out, and nothing of the user's is
//! touched.

use super::bicep;
use super::file::Disk;
use anyhow::{Context as _, bail};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{BufReader, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use windtunnel_input::files::{Compiled, Files, NotCompiled, Unreadable};

/// The files of a revision; those outside the repository are read from the disk.
#[derive(Debug)]
pub struct Revision {
    commit: String,
    /// The folder of the repository.
    top: PathBuf,
    /// The folder that relative paths begin at.
    here: PathBuf,
    /// What was read so far, by path: several scenarios have one template, and a commit does not change.
    read: Mutex<BTreeMap<String, Vec<u8>>>,
    /// All of it as files, once something is to be compiled.
    whole: OnceLock<Result<tempfile::TempDir, String>>,
}

impl Revision {
    /// A branch, a tag or a commit of the repository that the current folder is in; `main...` is the commit at which the current
    /// branch left `main`.
    ///
    /// # Errors
    ///
    /// There is no git, no repository, or no such revision; with what to do.
    pub fn open(name: &str) -> anyhow::Result<Self> {
        let here =
            std::env::current_dir().and_then(|folder| folder.canonicalize()).context("there is no current folder")?;
        let top = match git(&here, &["rev-parse", "--show-toplevel"]) {
            Ok(top) => PathBuf::from(top),
            Err(Failed::Nobody) => {
                bail!("git is not on the PATH, so `{name}` cannot be read; give a folder with the files of before")
            }
            Err(Failed::Said(said)) if said.contains("dubious ownership") => bail!(
                "git does not read this repository, since another user owns it: allow it with \
                 `git config --global --add safe.directory {}`",
                here.display()
            ),
            Err(Failed::Said(_)) => bail!(
                "there is no folder {name}, and the current folder is in no git repository; give a folder with the files of before, or \
                 a revision inside a repository"
            ),
        };
        let commit = match name.strip_suffix("...") {
            Some(branch) => {
                let branch = resolve(&here, branch)?;
                git(&here, &["merge-base", &branch, "HEAD"]).map_err(|_| apart(&here, name))?
            }
            None => resolve(&here, name)?,
        };
        Ok(Self { commit, top, here, read: Mutex::default(), whole: OnceLock::new() })
    }

    /// The commit, as git names it.
    #[must_use]
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// The files at or below a path, as paths that begin like it.
    ///
    /// # Errors
    ///
    /// Git cannot list them.
    pub fn list(&self, path: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let Some(inner) = self.inner(path) else {
            bail!("{} is not in the repository {}", path.display(), self.top.display())
        };
        let listing = ["ls-tree", "-r", "-z", "--name-only", &self.commit, "--", &inner];
        let listed = git(&self.top, if inner.is_empty() { &listing[..5] } else { &listing })
            .map_err(|failed| anyhow::anyhow!("git cannot list {}: {failed}", path.display()))?;
        let names = listed.split('\0').filter(|name| !name.is_empty());
        Ok(names.map(|name| named(path, &inner, name)).collect())
    }

    /// The path within the repository, with `/` between its parts; `None` outside of it.
    fn inner(&self, path: &Path) -> Option<String> {
        let mut whole = PathBuf::new();
        for part in self.here.join(path).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    whole.pop();
                }
                part => whole.push(part),
            }
        }
        let inner = whole.strip_prefix(&self.top).ok()?;
        Some(inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
    }

    /// The content of a file of the commit, at most so many bytes.
    fn object(&self, inner: &str, most: u64) -> Result<Vec<u8>, Unreadable> {
        if inner.contains('\n') {
            return Err(Unreadable::Missing);
        }
        let other = |error: std::io::Error| Unreadable::Other(super::file::why(&error));
        let mut reader = command(&self.top, &["cat-file", "--batch", "--follow-symlinks"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(other)?;
        let mut asked = reader.stdin.take().expect("it is piped");
        let answered = BufReader::new(reader.stdout.take().expect("it is piped"));
        let read = asked.write_all(format!("{}:{inner}\n", self.commit).as_bytes()).map_err(other);
        drop(asked);
        let content = read.and_then(|()| content(answered, most));
        // What was not read of a long file is not waited for.
        let _ = reader.kill();
        let _ = reader.wait();
        let content = content?;
        if content.starts_with(b"version https://git-lfs.github.com/spec/") {
            let why = "the repository has a pointer of Git LFS in its place; give a folder with the files of before";
            return Err(Unreadable::Other(why.to_owned()));
        }
        Ok(content)
    }

    /// Everything of the revision as files, in a folder that goes with this value.
    fn whole(&self) -> Result<&Path, String> {
        let made = self.whole.get_or_init(|| {
            let folder = tempfile::tempdir().map_err(|error| super::file::why(&error))?;
            // An index of its own: the user's stays as it is.
            let index = folder.path().join("index");
            let prefix = format!("--prefix={}/files/", folder.path().display());
            for arguments in [&["read-tree", &self.commit][..], &["checkout-index", "--all", &prefix]] {
                let mut command = command(&self.top, arguments);
                command.env("GIT_INDEX_FILE", &index);
                output(&mut command).map_err(|failed| failed.to_string())?;
            }
            Ok(folder)
        });
        made.as_ref().map(tempfile::TempDir::path).map_err(Clone::clone)
    }
}

/// The path of a file below `path`, which is `inner` in the repository.
fn named(path: &Path, inner: &str, file: &str) -> PathBuf {
    let below = file.strip_prefix(inner).unwrap_or(file).trim_start_matches('/');
    if below.is_empty() { path.to_owned() } else { path.join(below) }
}

impl Files for Revision {
    fn read(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unreadable> {
        let Some(inner) = self.inner(path) else { return Disk.read(path, most) };
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let content = match known.entry(inner) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let content = self.object(new.key(), most)?;
                new.insert(content)
            }
        };
        let length = content.len() as u64;
        if length > most { Err(Unreadable::TooLong(length)) } else { Ok(content.clone()) }
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, Unreadable> {
        if self.inner(folder).is_none() {
            return Disk.list(folder);
        }
        let all = Self::list(self, folder).map_err(|error| Unreadable::Other(format!("{error:#}")))?;
        if all.is_empty() {
            return Err(Unreadable::Missing);
        }
        let below = all.iter().filter_map(|path| path.strip_prefix(folder).ok()?.to_str());
        Ok(below.filter(|name| !name.is_empty() && !name.contains('/')).map(str::to_owned).collect())
    }

    fn compile(&self, path: &Path) -> Result<Compiled, NotCompiled> {
        let Some(inner) = self.inner(path) else { return Disk.compile(path) };
        let whole = self.whole().map_err(NotCompiled::Unusable)?;
        bicep::compile(&whole.join("files").join(inner))
    }

    fn compiler(&self) -> Option<String> {
        bicep::used()
    }
}

/// What git answers of one object: a line with its type and size, and its content.
fn content(mut answer: impl std::io::BufRead, most: u64) -> Result<Vec<u8>, Unreadable> {
    let other = |error: std::io::Error| Unreadable::Other(super::file::why(&error));
    let mut head = String::new();
    answer.read_line(&mut head).map_err(other)?;
    let words: Vec<&str> = head.trim_end().rsplitn(3, ' ').collect();
    match words[..] {
        [size, "blob", _] => {
            let size: u64 = size.parse().map_err(|_| Unreadable::Missing)?;
            if size > most {
                return Err(Unreadable::TooLong(size));
            }
            let mut bytes = Vec::new();
            answer.take(size).read_to_end(&mut bytes).map_err(other)?;
            Ok(bytes)
        }
        [_, "tree", _] => Err(Unreadable::Folder),
        [_, "symlink"] => Err(Unreadable::Other("it is a link out of the repository".to_owned())),
        [_, "loop"] => Err(Unreadable::Other("it is a link in a circle".to_owned())),
        [_, "commit", _] | ["submodule", ..] => Err(Unreadable::Other("it is in another repository".to_owned())),
        _ => Err(Unreadable::Missing),
    }
}

/// Why git did not do what was asked.
enum Failed {
    /// There is no git.
    Nobody,
    /// It says this.
    Said(String),
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nobody => f.write_str("git is not on the PATH"),
            Self::Said(said) => f.write_str(said),
        }
    }
}

fn command(at: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(at).args(arguments).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command
}

fn output(command: &mut Command) -> Result<String, Failed> {
    let done = command.stdin(Stdio::null()).output().map_err(|_| Failed::Nobody)?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).trim_end_matches('\n').to_owned());
    }
    Err(Failed::Said(String::from_utf8_lossy(&done.stderr).lines().next().unwrap_or_default().to_owned()))
}

fn git(at: &Path, arguments: &[&str]) -> Result<String, Failed> {
    output(&mut command(at, arguments))
}

/// The commit of a name.
fn resolve(here: &Path, name: &str) -> anyhow::Result<String> {
    let commit = format!("{name}^{{commit}}");
    git(here, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).map_err(|_| missing(here, name))
}

/// Whether it is a clone without all of the past.
fn is_shallow(here: &Path) -> bool {
    git(here, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| said == "true")
}

/// Why two revisions have no commit in common, and what to do.
fn apart(here: &Path, name: &str) -> anyhow::Error {
    if is_shallow(here) {
        return anyhow::anyhow!(
            "this clone is shallow and does not have the commit at which the current branch left `{}`: {DEEPER}",
            name.trim_end_matches("...")
        );
    }
    missing(here, name)
}

/// How a shallow clone gets what it lacks.
const DEEPER: &str = "fetch all of it, with `fetch-depth: 0` of actions/checkout, `fetchDepth: 0` of Azure Pipelines, or \
                      `git fetch --unshallow`";

/// Why there is no such revision, and what to do.
fn missing(here: &Path, name: &str) -> anyhow::Error {
    let branch = name.trim_end_matches("...");
    if is_shallow(here) {
        return anyhow::anyhow!("this clone is shallow and does not have `{branch}`: {DEEPER}");
    }
    let remote = format!("origin/{branch}");
    let help =
        match git(here, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{remote}^{{commit}}")]) {
            Ok(_) => format!("did you mean `{}`?", name.replacen(branch, &remote, 1)),
            Err(_) => "give a branch, a tag, a commit, or a folder with the files of before".to_owned(),
        };
    anyhow::anyhow!("there is no folder and no revision `{name}`: {help}")
}
