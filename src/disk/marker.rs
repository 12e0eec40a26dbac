//! The marker in a folder of ours: what kind of folder it is, and which files in it are ours.

use super::names::is_of_journal;
use super::ops::{self, said};
use crate::input::formats::MARKER;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

/// The name of the marker.
pub const NAME: &str = ".windtunnel";
/// What is ours in a folder on a mount point while it is written, by how its name begins.
pub(super) const WITHIN: &str = ".windtunnel.";

/// What a folder of ours is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The folder of a run.
    Run,
    /// The folder of a comparison.
    Comparison,
    /// The folder of the demo.
    Demo,
    /// The folder of a scorecard.
    Scorecard,
    /// The folder of a fit.
    Fit,
    /// A folder that is being written, and nothing yet.
    Draft,
}

impl Kind {
    /// The word in the marker.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Comparison => "comparison",
            Self::Demo => "demo",
            Self::Scorecard => "scorecard",
            Self::Fit => "fit",
            Self::Draft => "draft",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Run, Self::Comparison, Self::Demo, Self::Scorecard, Self::Fit, Self::Draft]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// What a file held when it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    hash: String,
}

impl Stamp {
    const HASH: usize = 32;

    pub(super) fn new(bytes: u64, hash: &blake3::Hash) -> Self {
        Self { bytes, hash: hash.to_hex()[..Self::HASH].to_owned() }
    }

    /// Of a file on the disk.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let (mut hasher, mut bytes, mut buffer) = (blake3::Hasher::new(), 0, vec![0; 1 << 18]);
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                return Ok(Self::new(bytes, &hasher.finalize()));
            }
            hasher.update(&buffer[..read]);
            bytes += read as u64;
        }
    }

    fn holds(&self, path: &Path, bytes: u64) -> bool {
        bytes == self.bytes && Self::of(path).is_ok_and(|now| now == *self)
    }
}

/// A marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// What the folder is.
    pub kind: Kind,
    /// All files are there.
    pub finished: bool,
    /// Of what it is: the scenario as it was named.
    pub of: String,
    /// The files that are ours, by their path in the folder with `/`.
    pub files: BTreeMap<String, Stamp>,
    /// Folders in it whose files are all ours, by their names: a journal, which grows while a comparison runs.
    pub journals: BTreeSet<String>,
}

impl Marker {
    pub(super) fn new(kind: Kind, of: &str) -> Self {
        Self { kind, finished: false, of: of.to_owned(), files: BTreeMap::new(), journals: BTreeSet::new() }
    }

    /// The marker of a folder; `None` where there is none that can be read, so that nothing in it is ours.
    pub fn of(folder: &Path) -> Option<Self> {
        let path = folder.join(NAME);
        if !fs::symlink_metadata(&path).ok()?.is_file() {
            return None;
        }
        let json: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        if json["format"] != MARKER.version {
            return None;
        }
        // A marker that names what lies elsewhere is not one of ours: nobody's file is removed for it.
        let within = |name: &str| Some(name.to_owned()).filter(|name| is_within(name));
        let stamp = |value: &Value| Some(Stamp { bytes: value[0].as_u64()?, hash: value[1].as_str()?.to_owned() });
        let file = |(name, value): (&String, &Value)| Some((within(name)?, stamp(value)?));
        let marker = Self {
            kind: Kind::parse(json["windtunnel"].as_str()?)?,
            finished: json["finished"].as_bool()?,
            of: json["of"].as_str()?.to_owned(),
            files: json["files"].as_object()?.iter().map(file).collect::<Option<_>>()?,
            journals: json["journals"]
                .as_array()?
                .iter()
                .map(|one| one.as_str().and_then(within))
                .collect::<Option<_>>()?,
        };
        // A draft has no files that are known yet.
        Some(marker).filter(|marker| marker.kind != Kind::Draft || marker.files.is_empty())
    }

    /// Puts the marker into `folder`, whole.
    pub(super) fn put(&self, folder: &Path) -> anyhow::Result<()> {
        let files: serde_json::Map<String, Value> =
            self.files.iter().map(|(name, stamp)| (name.clone(), json!([stamp.bytes, stamp.hash]))).collect();
        let json = json!({
            "windtunnel": self.kind.word(),
            "format": MARKER.version,
            "finished": self.finished,
            "of": self.of,
            "files": files,
            "journals": self.journals,
        });
        let draft = folder.join(format!("{NAME}.marker"));
        let write = || -> io::Result<()> {
            let _ = fs::remove_file(&draft);
            let mut out = ops::Out(ops::create_new(&draft)?);
            out.write_all(format!("{json:#}\n").as_bytes())?;
            ops::sync(&out.0)?;
            ops::rename(&draft, &folder.join(NAME))?;
            ops::sync_dir(folder)
        };
        said("write the marker of", folder, write()).inspect_err(|_| {
            let _ = fs::remove_file(&draft);
        })
    }

    /// What in `folder` is not as this marker says, the first few: files it does not list, and files that were changed
    /// since. In a folder that is not finished any file of a listed name is ours.
    pub(super) fn foreign(&self, folder: &Path) -> anyhow::Result<Vec<Foreign>> {
        let mut found = Vec::new();
        self.walk(folder, "", &mut found)?;
        Ok(found)
    }

    fn walk(&self, folder: &Path, inner: &str, found: &mut Vec<Foreign>) -> anyhow::Result<()> {
        for (path, kind) in entries(folder)? {
            if found.len() >= SHOWN {
                return Ok(());
            }
            let file = named(&path);
            if inner.is_empty() && (file == NAME || file.starts_with(WITHIN)) {
                continue;
            }
            let name = format!("{inner}{file}");
            if kind.is_dir() {
                if self.journals.contains(&name) {
                    walk_journal(&path, found)?;
                } else {
                    self.walk(&path, &format!("{name}/"), found)?;
                }
                continue;
            }
            match self.files.get(&name) {
                Some(_) if !kind.is_file() => found.push(Foreign { path, changed: false }),
                Some(stamp) => {
                    let bytes = said("look at", &path, fs::symlink_metadata(&path))?.len();
                    if self.finished && !stamp.holds(&path, bytes) {
                        found.push(Foreign { path, changed: true });
                    }
                }
                None => found.push(Foreign { path, changed: false }),
            }
        }
        Ok(())
    }

    /// Removes what is ours in `folder`, and the folder where nothing else is left in it.
    pub(super) fn remove(&self, folder: &Path) -> anyhow::Result<()> {
        if self.kind == Kind::Draft {
            // It says what it is called, so that one that was moved or copied is nobody's to remove.
            let own = folder.file_name().is_some_and(|name| name.to_string_lossy() == self.of);
            return if own { remove_tree(folder) } else { Ok(()) };
        }
        let mut folders = BTreeSet::new();
        for name in self.files.keys() {
            remove_file(folder, name)?;
            let path = folder.join(name);
            folders.extend(path.ancestors().skip(1).take_while(|above| *above != folder).map(Path::to_owned));
        }
        for name in &self.journals {
            remove_journal(folder, name)?;
        }
        remove_file(folder, NAME)?;
        // The deepest first: a folder sorts before what is in it.
        for inner in folders.iter().rev().map(PathBuf::as_path).chain([folder]) {
            let _ = ops::remove_dir(inner);
        }
        Ok(())
    }
}

/// Whether a name stays in its folder: some plain parts, and no `..`.
fn is_within(name: &str) -> bool {
    let mut parts = Path::new(name).components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Whether no link stands on the way from `folder` to what is named in it, so that it is there and not elsewhere.
pub(super) fn is_straight(folder: &Path, name: &str) -> bool {
    let above = Path::new(name).ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
    let is_link = |path: PathBuf| fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir());
    !above.map(|inner| folder.join(inner)).any(is_link)
}

/// Removes a file of ours, by its name in `folder`. What is no file there, or lies behind a link, is not ours and stays.
pub(super) fn remove_file(folder: &Path, name: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    let is_file = is_straight(folder, name) && fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
    if is_file { said("remove", &path, ops::remove_file(&path)) } else { Ok(()) }
}

/// What in a journal is not of one.
fn walk_journal(folder: &Path, found: &mut Vec<Foreign>) -> anyhow::Result<()> {
    for (path, kind) in entries(folder)? {
        if kind.is_dir() {
            walk_journal(&path, found)?;
        } else if found.len() < SHOWN && !(kind.is_file() && is_of_journal(&named(&path))) {
            found.push(Foreign { path, changed: false });
        }
    }
    Ok(())
}

/// Removes a journal, by its name in `folder`: what journals have, and the folder where nothing else is left in it.
pub(super) fn remove_journal(folder: &Path, name: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    let is_folder = is_straight(folder, name) && fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir());
    if is_folder { clear_journal(&path) } else { Ok(()) }
}

fn clear_journal(folder: &Path) -> anyhow::Result<()> {
    for (path, kind) in entries(folder)? {
        if kind.is_dir() {
            clear_journal(&path)?;
        } else if kind.is_file() && is_of_journal(&named(&path)) {
            said("remove", &path, ops::remove_file(&path))?;
        }
    }
    match ops::remove_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        done => said("remove", folder, done),
    }
}

fn named(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What is in a folder, in the order of the names.
fn entries(folder: &Path) -> anyhow::Result<Vec<(PathBuf, fs::FileType)>> {
    let list = || fs::read_dir(folder)?.map(|one| one.and_then(|one| Ok((one.path(), one.file_type()?)))).collect();
    let mut all: Vec<(PathBuf, fs::FileType)> = said("list", folder, list())?;
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

/// So many files are named in a refusal.
const SHOWN: usize = 3;

/// Something in a folder of ours that is not ours, or no longer.
#[derive(Debug)]
pub(super) struct Foreign {
    pub(super) path: PathBuf,
    /// It was ours, and somebody changed it.
    pub(super) changed: bool,
}

/// Removes a folder that is ours as a whole, where it is there. A link in it is removed, and not followed.
pub(super) fn remove_tree(folder: &Path) -> anyhow::Result<()> {
    if fs::symlink_metadata(folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(());
    }
    for (path, kind) in entries(folder)? {
        if kind.is_dir() {
            remove_tree(&path)?;
        } else {
            said("remove", &path, ops::remove_file(&path))?;
        }
    }
    said("remove", folder, ops::remove_dir(folder))
}
