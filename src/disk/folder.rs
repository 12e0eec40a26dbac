//! A folder, whole or not at all.
//!
//! The draft stands beside the target under a name of its own. When all its files are flushed, the two change places at
//! one instant, and then what is ours of the old one is removed. Where the target is a mount point, or the folder it lies
//! in cannot be written, the draft stands inside the target and its files are put in place one by one; meanwhile the
//! marker says "not finished", and who reads the folder refuses it.

use super::file::{parent_of, unique};
use super::lock::Lock;
use super::marker::{Foreign, Kind, Marker, Stamp, WITHIN, is_straight, remove_file, remove_journal, remove_tree};
use super::names::{file_name, is_of_journal};
use super::ops::{self, Out, said};
use anyhow::bail;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

/// The size of the pieces in which files are written.
const PIECE: usize = 1 << 18;

/// What to do where the target holds more than this program wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreigners {
    /// Refuse, and name it.
    Refuse,
    /// Replace what is ours, changed or not, and leave the rest where it is.
    Keep,
}

impl Foreigners {
    /// As `--force` says.
    pub const fn of_force(force: bool) -> Self {
        if force { Self::Keep } else { Self::Refuse }
    }
}

/// What a folder is to be.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// What kind.
    pub kind: Kind,
    /// Of what: the scenario as it was named.
    pub of: &'a str,
    /// The user named the place; elsewhere a folder of another scenario is not replaced.
    pub named: bool,
    /// What becomes of foreign files.
    pub foreigners: Foreigners,
}

/// A folder being written. Dropped before it is finished, it leaves no trace.
#[derive(Debug)]
pub struct Draft {
    target: PathBuf,
    place: Place,
    draft: PathBuf,
    foreigners: Foreigners,
    marker: Marker,
    /// The folder in the draft that files go to: empty, or with a `/` at its end.
    inner: String,
    written: Vec<PathBuf>,
    done: bool,
    _lock: Lock,
}

/// Where a draft stands, and so how it takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the same folder as the target.
    Beside,
    /// In the target itself.
    Within,
}

impl Draft {
    /// Begins a folder that is to stand at `target`. Nothing there changes until [`Draft::finish`].
    ///
    /// # Errors
    ///
    /// Something is there that is not to be replaced, another program writes it, or the disk refuses.
    pub fn begin(target: &Path, wanted: Wanted<'_>) -> anyhow::Result<Self> {
        let target = settled(target)?;
        ops::create_dir_all(parent_of(&target))?;
        refuse_what_is_no_folder(&target)?;
        let (place, lock) = lock(&target)?;
        sweep(&target, place)?;
        allowed(&target, wanted)?;
        let draft = draft_of(&target, place)?;
        let begun = Self {
            target,
            place,
            draft,
            foreigners: wanted.foreigners,
            marker: Marker::new(wanted.kind, wanted.of),
            inner: String::new(),
            written: Vec::new(),
            done: false,
            _lock: lock,
        };
        let own = begun.draft.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Marker::new(Kind::Draft, &own).put(&begun.draft)?;
        Ok(begun)
    }

    /// Where the folder will stand.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where a file stands until the folder is finished.
    pub fn path(&self, name: &str) -> PathBuf {
        self.draft.join(name)
    }

    /// From now on files go to this folder in it; to the top for an empty name.
    pub fn enter(&mut self, folder: &str) {
        self.inner = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    }

    /// Writes one file, by its path in the folder; a failure names it as it will be called.
    pub fn file(&mut self, name: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        let name = format!("{}{name}", self.inner);
        let path = self.draft.join(&name);
        let write = || -> io::Result<Stamp> {
            if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
                fs::create_dir_all(folder)?;
            }
            let mut out = Stamping::new(BufWriter::with_capacity(PIECE, Out(ops::create_new(&path)?)));
            fill(&mut out)?;
            out.flush()?;
            Ok(Stamp::new(out.bytes, &out.hasher.finalize()))
        };
        let stamp = said("write", &self.target.join(&name), write())?;
        self.marker.files.insert(name, stamp);
        self.written.push(path);
        Ok(())
    }

    /// Gives the folder a journal that was written elsewhere, which stays there too: its files get a second name.
    pub fn journal(&mut self, name: &str, from: &Path) -> anyhow::Result<()> {
        link_all(from, &self.draft.join(name))?;
        self.marker.journals.insert(name.to_owned());
        Ok(())
    }

    /// Lets journals of the finished folder grow on in one that is ours: their files get a second name there.
    pub fn grow_on(&self, journals: &[&str], name: &str) -> anyhow::Result<PathBuf> {
        let growing = self.growing(name)?;
        for journal in journals {
            let from = self.target.join(journal);
            if from.is_dir() {
                ops::create_dir_all(&growing)?;
                link_all(&from, &growing.join(journal))?;
            }
        }
        Ok(growing)
    }

    /// A folder in the target that grows before this one is finished, and is ours: the journal of a comparison. The marker
    /// of the target says so from now on; what is finished there stays as it is.
    pub fn growing(&self, name: &str) -> anyhow::Result<PathBuf> {
        let mut marker = match Marker::of(&self.target) {
            Some(marker) => marker,
            None => {
                ops::create_dir_all(&self.target)?;
                Marker { finished: false, files: BTreeMap::new(), ..self.marker.clone() }
            }
        };
        if marker.journals.insert(name.to_owned()) {
            marker.put(&self.target)?;
        }
        Ok(self.target.join(name))
    }

    /// Drops what grew in the target under this name.
    ///
    /// # Errors
    ///
    /// The disk refuses, or it is not ours.
    pub fn drop_grown(&self, name: &str) -> anyhow::Result<()> {
        match Marker::of(&self.target) {
            Some(marker) if marker.journals.contains(name) => remove_journal(&self.target, name),
            _ => Ok(()),
        }
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    ///
    /// The disk refuses, or something foreign has come into the target meanwhile. Then what was there is still there whole,
    /// but for a mount point, where the marker says "not finished".
    pub fn finish(mut self) -> anyhow::Result<()> {
        for path in &self.written {
            said("flush", path, File::open(path).and_then(|file| ops::sync(&file)))?;
        }
        let old = Marker::of(&self.target);
        let foreign = foreign(&self.target, old.as_ref())?;
        if self.foreigners == Foreigners::Refuse {
            refuse_foreign(&self.target, &foreign)?;
        }
        self.marker.finished = true;
        if self.place == Place::Beside && foreign.iter().all(|one| one.changed) {
            self.marker.put(&self.draft)?;
            self.exchange()?;
            self.done = true;
            // The new one stands; what cannot be removed of the old one is swept away by the next writer.
            let _ = old.unwrap_or_else(|| Marker::new(Kind::Run, "")).remove(&self.draft);
            return Ok(());
        }
        self.one_by_one(old)
    }

    /// The draft and the target change places.
    fn exchange(&self) -> anyhow::Result<()> {
        let (draft, target) = (&self.draft, &self.target);
        let swap = || -> io::Result<()> {
            if fs::symlink_metadata(target).is_err() {
                ops::rename(draft, target)?;
            } else if !ops::exchange(draft, target)? {
                // The old one waits under another name, from where the next writer would bring it back.
                let aside = beside(target, "old");
                ops::rename(target, &aside)?;
                if let Err(error) = ops::rename(draft, target) {
                    ops::rename(&aside, target)?;
                    return Err(error);
                }
                ops::rename(&aside, draft)?;
            }
            ops::sync_dir(parent_of(target))
        };
        said("put the new folder at", target, swap())
    }

    /// Puts the files in place one by one, and removes those of the old folder that the new one does not have.
    fn one_by_one(mut self, old: Option<Marker>) -> anyhow::Result<()> {
        let target = self.target.clone();
        for name in self.marker.files.keys() {
            let to = target.join(name);
            if !is_straight(&target, name) {
                bail!("a folder on the way to {} is a link or a file; move it away", to.display());
            }
            let ours = old.as_ref().is_some_and(|old| old.files.contains_key(name)) && to.is_file();
            if fs::symlink_metadata(&to).is_ok() && !ours {
                bail!("{} was not written by windtunnel and is in the place of a file; move it away", to.display());
            }
        }
        if self.place == Place::Within || target.is_dir() {
            let mut both = Marker { finished: false, ..self.marker.clone() };
            if let Some(old) = &old {
                both.files.extend(old.files.iter().map(|(name, stamp)| (name.clone(), stamp.clone())));
                both.journals.extend(old.journals.iter().cloned());
            }
            both.put(&target)?;
        }
        for name in self.marker.files.keys() {
            let (from, to) = (self.draft.join(name), target.join(name));
            ops::create_dir_all(parent_of(&to))?;
            said("put in place", &to, ops::rename(&from, &to))?;
        }
        for name in self.marker.journals.clone() {
            let to = target.join(&name);
            remove_journal(&target, &name)?;
            if fs::symlink_metadata(&to).is_ok() {
                bail!(
                    "{} contains files that windtunnel did not write and is in the place of a journal; move it away",
                    to.display()
                );
            }
            said("put in place", &to, ops::rename(&self.draft.join(&name), &to))?;
        }
        if let Some(mut old) = old {
            old.files.retain(|name, _| !self.marker.files.contains_key(name));
            old.journals.retain(|name| !self.marker.journals.contains(name));
            for name in old.files.keys() {
                remove_file(&target, name)?;
            }
            for name in &old.journals {
                remove_journal(&target, name)?;
            }
        }
        self.marker.put(&target)?;
        self.done = true;
        let _ = remove_tree(&self.draft);
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.done {
            let _ = remove_tree(&self.draft);
        }
    }
}

/// Counts and hashes what goes through it.
struct Stamping<W> {
    inner: W,
    bytes: u64,
    hasher: blake3::Hasher,
}

impl<W: Write> Stamping<W> {
    fn new(inner: W) -> Self {
        Self { inner, bytes: 0, hasher: blake3::Hasher::new() }
    }
}

impl<W: Write> Write for Stamping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Gives the files of a journal a second name in a new folder.
fn link_all(from: &Path, to: &Path) -> anyhow::Result<()> {
    said("make", to, ops::create_dir(to))?;
    for entry in said("list", from, fs::read_dir(from))? {
        let entry = said("list", from, entry)?;
        if !is_of_journal(&entry.file_name().to_string_lossy()) {
            continue;
        }
        said("keep", &entry.path(), ops::link(&entry.path(), &to.join(entry.file_name())))?;
    }
    Ok(())
}

/// Where a scenario's folder goes when nobody names a place: `reports/NAME/INNER`, or, where another scenario of that name has
/// it, the same with the folders of its path before its name.
pub fn default_place(scenario: &Path, name: &str, inner: &str) -> PathBuf {
    let place = |name: &str| Path::new("reports").join(file_name(name)).join(inner);
    let of = scenario.display().to_string();
    match Marker::of(&place(name)) {
        Some(marker) if marker.of != of => {
            let above = scenario.parent().into_iter().flat_map(Path::components);
            let folders = above.filter(|part| matches!(part, Component::Normal(_)));
            let parts = folders.map(|part| part.as_os_str().to_string_lossy().into_owned()).chain([name.to_owned()]);
            place(&parts.collect::<Vec<_>>().join("-"))
        }
        _ => place(name),
    }
}

/// Refuses to read a folder that is being written, or was when its writer ended.
///
/// # Errors
///
/// Its marker says "not finished".
pub fn refuse_unfinished(folder: &Path) -> anyhow::Result<()> {
    match Marker::of(folder) {
        Some(marker) if !marker.finished => {
            bail!("{} is not finished: its writer was interrupted; write it again", folder.display())
        }
        _ => Ok(()),
    }
}

/// The target under a name that can be renamed: `.` and `a/..` have none.
fn settled(target: &Path) -> anyhow::Result<PathBuf> {
    if target.file_name().is_some() {
        return Ok(target.to_owned());
    }
    said("find", target, fs::canonicalize(target))
}

fn refuse_what_is_no_folder(target: &Path) -> anyhow::Result<()> {
    let shown = target.display();
    match fs::symlink_metadata(target) {
        Ok(found) if found.is_symlink() => {
            bail!("{shown} is a link, which is not replaced; name the folder it points to with --out")
        }
        Ok(found) if !found.is_dir() => bail!("{shown} is a file, not a folder; choose another place with --out"),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => said("look at", target, Err(error)),
    }
}

/// Refuses what is not to be replaced: a folder that is not ours, of another kind or of another scenario.
fn allowed(target: &Path, wanted: Wanted<'_>) -> anyhow::Result<()> {
    if wanted.foreigners == Foreigners::Keep {
        return Ok(());
    }
    let marker = Marker::of(target);
    refuse_foreign(target, &foreign(target, marker.as_ref())?)?;
    let Some(marker) = marker else { return Ok(()) };
    let shown = target.display();
    // A comparison that was cut off has no files yet, and its runs.
    if marker.kind != wanted.kind && !(marker.files.is_empty() && marker.journals.is_empty()) {
        let (is, wants) = (marker.kind.word(), wanted.kind.word());
        bail!(
            "{shown} is the folder of a {is}, not of a {wants}; choose another with --out, or replace it with \
            --force"
        );
    }
    if !wanted.named && marker.of != wanted.of {
        let (was, of) = (&marker.of, wanted.of);
        bail!("{shown} belongs to {was}, not to {of}; choose another with --out, or replace it with --force");
    }
    Ok(())
}

/// What in the target is not ours; all of it where it has no marker.
fn foreign(target: &Path, marker: Option<&Marker>) -> anyhow::Result<Vec<Foreign>> {
    if !target.is_dir() {
        return Ok(Vec::new());
    }
    match marker {
        Some(marker) => marker.foreign(target),
        None => Marker::new(Kind::Run, "").foreign(target),
    }
}

fn refuse_foreign(target: &Path, foreign: &[Foreign]) -> anyhow::Result<()> {
    let Some(first) = foreign.first() else { return Ok(()) };
    let shown = |path: &Path| path.strip_prefix(target).unwrap_or(path).display().to_string();
    let names: Vec<String> = foreign.iter().map(|one| shown(&one.path)).collect();
    let (folder, names) = (target.display(), names.join(", "));
    if first.changed {
        bail!(
            "{folder} has a file that was changed since it was written ({names}); choose another folder, or replace \
             it with --force"
        );
    }
    bail!("{folder} has files that windtunnel did not write ({names}); choose another folder, or move them away")
}

/// Takes the right to write `target`, and says where its draft is to stand.
fn lock(target: &Path) -> anyhow::Result<(Place, Lock)> {
    if is_mount(target) {
        return Ok((Place::Within, Lock::take(target.join(format!("{WITHIN}lock")), target)?));
    }
    match Lock::take(beside(target, "lock"), target) {
        Ok(lock) => Ok((Place::Beside, lock)),
        // Its folder cannot be written, but perhaps the target itself can.
        Err(_) if target.is_dir() && !may_write(parent_of(target)) => {
            Ok((Place::Within, Lock::take(target.join(format!("{WITHIN}lock")), target)?))
        }
        Err(error) => Err(error),
    }
}

/// A hidden path beside the target.
fn beside(target: &Path, what: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{what}"))
}

fn may_write(folder: &Path) -> bool {
    let probe = folder.join(format!(".windtunnel.{}", unique()));
    File::create_new(&probe).is_ok_and(|_| fs::remove_file(&probe).is_ok())
}

fn draft_of(target: &Path, place: Place) -> anyhow::Result<PathBuf> {
    loop {
        let draft = match place {
            Place::Beside => beside(target, &format!("{}.writing", unique())),
            Place::Within => target.join(format!("{WITHIN}{}.writing", unique())),
        };
        match ops::create_dir(&draft) {
            Ok(()) => return Ok(draft),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return said("write", target, Err(error)),
        }
    }
}

/// Clears what writers left that were killed: their drafts, and an old folder that never came back. The lock is held, so
/// none of them is at work.
fn sweep(target: &Path, place: Place) -> anyhow::Result<()> {
    let aside = beside(target, "old");
    if place == Place::Beside && aside.is_dir() && Marker::of(&aside).is_some() {
        if fs::symlink_metadata(target).is_err() {
            said("bring back", target, ops::rename(&aside, target))?;
        } else if let Some(marker) = Marker::of(&aside) {
            marker.remove(&aside)?;
        }
    }
    let (folder, begins) = match place {
        Place::Beside => {
            let name = target.file_name().unwrap_or_default().to_string_lossy();
            (parent_of(target), format!(".{name}."))
        }
        Place::Within => (target, WITHIN.to_owned()),
    };
    for entry in said("list", folder, fs::read_dir(folder))? {
        let path = said("list", folder, entry)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let own = name.strip_prefix(&begins).and_then(|rest| rest.strip_suffix(".writing"));
        let numbered = own.is_some_and(|own| !own.is_empty() && own.bytes().all(|b| b.is_ascii_digit() || b == b'-'));
        if numbered && fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir()) {
            match Marker::of(&path) {
                Some(marker) => marker.remove(&path)?,
                // It was killed before its marker was written: it is empty, or it is not ours.
                None => drop(ops::remove_dir(&path)),
            }
        }
    }
    Ok(())
}

/// Whether something is mounted at the target, so that it cannot be renamed.
#[cfg(target_os = "linux")]
fn is_mount(target: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    statx(CWD, target, AtFlags::empty(), StatxFlags::BASIC_STATS)
        .is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn is_mount(target: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (fs::metadata(target), fs::metadata(parent_of(target))) {
        (Ok(own), Ok(above)) => own.dev() != above.dev(),
        _ => false,
    }
}

#[cfg(not(unix))]
const fn is_mount(_target: &Path) -> bool {
    false
}
