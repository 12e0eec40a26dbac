//! The hash of the sources that make a result what it is, for whoever repeats a run: `SOURCES`, at build time.
//!
//! Each crate that makes results hashes its own, by this one script. The hash is of the
//! sorted paths and of the texts with one kind of line end, and so the same on every machine.

use std::fs;
use std::path::{Path, PathBuf};

/// Where they are.
const FOLDER: &str = "src";

fn main() {
    println!("cargo:rerun-if-changed={FOLDER}");
    println!("cargo:rustc-env=SOURCES={:016x}", hash(Path::new(FOLDER)));
}

/// The hash of every Rust file under a folder, by its path there.
pub(crate) fn hash(folder: &Path) -> u64 {
    let mut files = Vec::new();
    within(folder, &mut files);
    let name = |path: &PathBuf| path.strip_prefix(folder).expect("it lies below").to_string_lossy().replace('\\', "/");
    let mut named: Vec<(String, PathBuf)> = files.into_iter().map(|path| (name(&path), path)).collect();
    named.sort();
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    for (name, path) in named {
        hash.add(name.as_bytes());
        hash.add(&[0]);
        hash.add(&fs::read(&path).expect("a source can be read"));
        hash.add(&[0]);
    }
    hash.0
}

/// Every Rust file under a folder.
fn within(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder of sources can be listed") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            within(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
}

/// FNV-1a, of 64 bits: it tells builds apart, and guards against nobody.
struct Fnv(u64);

impl Fnv {
    /// Adds bytes; a carriage return is left out.
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().filter(|byte| **byte != b'\r') {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
