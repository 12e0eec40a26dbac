//! The variants of enums as the sources of the simulator have them, so that nobody who adds one can forget to list it.

use std::path::Path;

/// The sources in which an enum is looked for.
#[derive(Debug)]
pub struct Sources(String);

impl Sources {
    /// Everything in these files and folders below `sim/src/`.
    pub fn read(places: &[&str]) -> Self {
        let mut all = String::new();
        for place in places {
            take_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(place), &mut all);
        }
        Self(all)
    }

    /// The variants of an enum: its name, and the type that it wraps, if it wraps one. `None` where there is no such enum.
    pub fn variants(&self, of: &str) -> Option<Vec<(&str, Option<&str>)>> {
        let head = format!("pub enum {of} {{\n");
        let at = self.0.find(&head)?;
        // One that a macro declares is indented.
        let indent = &self.0[self.0[..at].rfind('\n').map_or(0, |line| line + 1)..at];
        let body = &self.0[at + head.len()..];
        let body = &body[..body.find(&format!("\n{indent}}}")).expect("an enum ends")];
        let inner = format!("{indent}    ");
        let found = body.lines().filter_map(|line| {
            let line = line.strip_prefix(&inner).filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))?;
            let end = line.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(line.len());
            let wrapped = line[end..].strip_prefix('(').and_then(|rest| rest.split(')').next());
            Some((&line[..end], wrapped))
        });
        Some(found.collect())
    }

    /// The names of all variants; of one that wraps another enum, those of that, behind its own.
    ///
    /// # Panics
    /// If there is no such enum.
    pub fn names(&self, of: &str) -> Vec<String> {
        let variants = self.variants(of).unwrap_or_else(|| panic!("no enum {of} in the sources"));
        let mut all = Vec::new();
        for (name, wrapped) in variants {
            match wrapped.and_then(|inner| self.variants(inner)) {
                Some(inner) => all.extend(inner.into_iter().map(|(one, _)| format!("{name}.{one}"))),
                None => all.push(name.to_owned()),
            }
        }
        all
    }
}

fn take_in(place: &Path, all: &mut String) {
    if place.is_dir() {
        let entries = std::fs::read_dir(place).expect("a folder of sources");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        paths.iter().for_each(|path| take_in(path, all));
    } else {
        *all += &std::fs::read_to_string(place).expect("a source");
    }
}

/// The first word of what `Debug` writes: the name of a variant.
pub fn word(debug: &str) -> &str {
    &debug[..debug.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(debug.len())]
}
