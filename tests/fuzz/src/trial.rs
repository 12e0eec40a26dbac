//! One mutant: what it is, how it is tried, and what is wrong about what comes of it.

use crate::corpus::{Base, Corpus};
use crate::{Args, mutate, tries, verbs};
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

/// The kinds of mutants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    Scenarios,
    AzureFiles,
    CommandLines,
    Plans,
    Journals,
    Baselines,
}

impl Kind {
    const fn words(self) -> &'static str {
        match self {
            Self::Scenarios => "scenarios",
            Self::AzureFiles => "Azure files",
            Self::CommandLines => "command lines",
            Self::Plans => "plans",
            Self::Journals => "journals",
            Self::Baselines => "baselines",
        }
    }
}

/// What the draws of a mutant come from.
fn draws(number: u64) -> Rng {
    Rng::with_seed(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
}

/// Of what kind a mutant is; the shares of the kinds, in a hundred.
fn kind(rng: &mut Rng) -> Kind {
    match rng.u8(0..100) {
        0..60 => Kind::Scenarios,
        // Few: each takes as long as many others, since it is several processes.
        60 if rng.u8(0..4) == 0 => Kind::CommandLines,
        60..80 => Kind::AzureFiles,
        80..90 => Kind::Plans,
        90..95 => Kind::Journals,
        _ => Kind::Baselines,
    }
}

/// The same by its number.
pub(crate) fn kind_of(number: u64) -> Kind {
    kind(&mut draws(number))
}

/// A mutant.
pub(crate) struct Mutant {
    kind: Kind,
    /// What it was made of.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    /// The other files of its fleet, as they are.
    pub(crate) beside: Vec<Base>,
}

/// A mutant and what is left of its draws.
fn make(corpus: &Corpus, number: u64) -> (Mutant, Rng) {
    let mut rng = draws(number);
    let kind = kind(&mut rng);
    let pick = |rng: &mut Rng, bases: &[Base]| bases[rng.usize(..bases.len())].clone();
    let mut beside = Vec::new();
    let Base { path, text } = match kind {
        Kind::Scenarios if rng.u8(0..8) == 0 => pick(&mut rng, &corpus.broken),
        Kind::Scenarios => pick(&mut rng, &corpus.scenarios),
        Kind::AzureFiles => pick(&mut rng, &corpus.azure),
        Kind::CommandLines => {
            beside.clone_from(&corpus.fleets[rng.usize(..corpus.fleets.len())]);
            beside.swap_remove(rng.usize(..beside.len()))
        }
        Kind::Plans => pick(&mut rng, &corpus.plans),
        Kind::Journals => Base { path: PathBuf::from("000000.json"), text: tries::journal().to_owned() },
        Kind::Baselines => pick(&mut rng, &corpus.baselines),
    };
    let text = match kind {
        Kind::Scenarios => mutate::yaml(&mut rng, corpus, &text),
        _ => mutate::json(&mut rng, corpus, &text),
    };
    (Mutant { kind, path, text, beside }, rng)
}

/// Tries one mutant: its kind, and what is wrong about it.
pub(crate) fn mutant(corpus: &Corpus, bench: &Bench, number: u64) -> (String, Option<String>) {
    let (mutant, mut rng) = make(corpus, number);
    let Mutant { kind, path, text, .. } = &mutant;
    let tried = panic::catch_unwind(AssertUnwindSafe(|| match kind {
        Kind::Scenarios => tries::scenario(path, text.clone(), &mut rng),
        Kind::AzureFiles => tries::azure(bench, text),
        Kind::CommandLines => verbs::fleet(corpus, bench, &mutant, &mut rng),
        Kind::Plans => tries::plan(text, &mut rng),
        Kind::Journals => tries::block(bench, text),
        Kind::Baselines => tries::baseline(bench, text),
    }));
    let (taken, found) = match tried {
        Ok(Ok(taken)) => (taken, None),
        Ok(Err(wrong)) => (true, Some(wrong)),
        Err(payload) if payload.is::<Enough>() => (true, None),
        Err(_) => (true, Some(PANIC.take().unwrap_or_else(|| "panicked".to_owned()))),
    };
    let words = kind.words();
    (
        format!("{words} {}", if taken { "taken" } else { "refused" }),
        found.map(|what| format!("({words}, from {}) {what}", path.display())),
    )
}

/// Prints one mutant and what is wrong about it.
pub(crate) fn one(args: &Args, number: u64) -> anyhow::Result<ExitCode> {
    let corpus = Corpus::read(args.more.as_deref());
    let folder = tempfile::tempdir()?;
    let bench = Bench::new(folder.path())?;
    println!("{}", make(&corpus, number).0.text);
    let (_, found) = mutant(&corpus, &bench, number);
    println!("# mutant {number}: {}", found.as_deref().unwrap_or("nothing is wrong"));
    Ok(if found.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
