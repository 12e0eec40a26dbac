//! One mutant: what it is, how it is tried, and what is wrong about what comes of it.

use crate::corpus::{Base, Corpus};
use crate::{mutate, tries};
use fastrand::Rng;
use std::cell::RefCell;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

thread_local! {
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A run is left when it has come to so many entries: it need not end, and it must not fill the memory.
#[derive(Debug)]
pub(crate) struct Enough;

/// A folder of one's own to write mutants to.
#[derive(Debug)]
pub(crate) struct Bench {
    folder: PathBuf,
}

impl Bench {
    pub(crate) fn new(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Writes a mutant, and gives its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        fs::write(&path, text).expect("the folder can be written to");
        path
    }

    /// An empty folder for a mutant.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let path = self.folder.join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the folder can be written to");
        path
    }
}

/// Panics are noted and not printed.
pub(crate) fn quiet() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let text = info.payload_as_str().unwrap_or("no message");
        PANIC.set(Some(format!("panicked at {place}: {text}")));
    }));
}

/// The kinds of mutants, and of how many in a hundred mutants each is.
fn kind(rng: &mut Rng) -> &'static str {
    match rng.u8(0..100) {
        0..60 => "scenarios",
        60..80 => "Azure files",
        80..90 => "plans",
        90..95 => "journals",
        _ => "baselines",
    }
}

/// The text of a mutant and where it is from.
fn make(corpus: &Corpus, number: u64) -> (&'static str, PathBuf, String, Rng) {
    let mut rng = Rng::with_seed(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d);
    let kind = kind(&mut rng);
    let pick = |rng: &mut Rng, bases: &[Base]| {
        let base = &bases[rng.usize(..bases.len())];
        (base.path.clone(), base.text.clone())
    };
    let (path, text) = match kind {
        "scenarios" if rng.u8(0..8) == 0 => pick(&mut rng, &corpus.broken),
        "scenarios" => pick(&mut rng, &corpus.scenarios),
        "Azure files" => pick(&mut rng, &corpus.azure),
        "plans" => pick(&mut rng, &corpus.plans),
        "journals" => (PathBuf::from("000000.json"), tries::journal().to_owned()),
        _ => pick(&mut rng, &corpus.baselines),
    };
    let text = match kind {
        "scenarios" => mutate::yaml(&mut rng, corpus, &text),
        _ => mutate::json(&mut rng, corpus, &text),
    };
    (kind, path, text, rng)
}

/// Tries one mutant: its kind, and what is wrong about it.
pub(crate) fn mutant(corpus: &Corpus, bench: &Bench, number: u64) -> (String, Option<String>) {
    let (kind, path, text, mut rng) = make(corpus, number);
    let tried = panic::catch_unwind(AssertUnwindSafe(|| match kind {
        "scenarios" => tries::scenario(&path, text, &mut rng),
        "Azure files" => tries::azure(bench, &text),
        "plans" => tries::plan(&text, &mut rng),
        "journals" => tries::block(bench, &text),
        _ => tries::baseline(bench, &text),
    }));
    let (taken, found) = match tried {
        Ok(Ok(taken)) => (taken, None),
        Ok(Err(wrong)) => (true, Some(wrong)),
        Err(payload) if payload.is::<Enough>() => (true, None),
        Err(_) => (true, Some(PANIC.take().unwrap_or_else(|| "panicked".to_owned()))),
    };
    (
        format!("{kind} {}", if taken { "taken" } else { "refused" }),
        found.map(|what| format!("({kind}, from {}) {what}", path.display())),
    )
}

/// Prints one mutant and what is wrong about it.
pub(crate) fn one(number: u64) -> anyhow::Result<ExitCode> {
    let corpus = Corpus::read();
    let folder = tempfile::tempdir()?;
    let bench = Bench::new(folder.path())?;
    println!("{}", make(&corpus, number).2);
    let (_, found) = mutant(&corpus, &bench, number);
    println!("# mutant {number}: {}", found.as_deref().unwrap_or("nothing is wrong"));
    Ok(if found.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
