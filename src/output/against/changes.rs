//! What somebody changed in the files, each place once, with the incidents that read it.

use crate::experiment::against::{Became, Incident};
use crate::experiment::assessment::listed;
use crate::input::arm::is_compiled;
use crate::input::difference::Changed;
use crate::input::tree::Span;
use crate::output::difference::{cells as values, place};

/// So many lines are shown; the JSON has all.
pub(super) const SHOWN: usize = 10;

/// A value that a run reads and that differs, with the incidents whose it is.
pub struct Line {
    /// The value, before and now.
    pub changed: Changed,
    /// The incidents, by their places among those that were run.
    pub incidents: Vec<usize>,
}

/// Each value that differs once, given those of each incident; those of incidents that got worse first.
pub fn lines(incidents: &[Incident<'_>], of: Vec<Vec<Changed>>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (at, all) in of.into_iter().enumerate() {
        for changed in all {
            match lines.iter_mut().find(|line| is_same(&line.changed, &changed)) {
                Some(line) => line.incidents.push(at),
                None => lines.push(Line { changed, incidents: vec![at] }),
            }
        }
    }
    let worst = |line: &Line| line.incidents.iter().map(|at| incidents[*at].became()).min();
    lines.sort_by_key(|line| worst(line).is_none_or(|became| became > Became::Unclear));
    lines
}

/// Whether it is one change that two incidents have. What is secret has a number in each alone.
fn is_same(one: &Changed, other: &Changed) -> bool {
    let at = |changed: &Changed| changed.at.each_ref().map(|span| span.as_ref().map(place));
    one.place == other.place && at(one) == at(other) && (one.is_secret || one.values == other.values)
}

impl Line {
    /// Where it stands now in a file that somebody wrote.
    pub fn now(&self) -> Option<&Span> {
        self.changed.at[1].as_ref().filter(|span| !span.source.name.is_empty() && !is_compiled(&span.source.name))
    }

    /// Where it stands now, or else where it stood before; its path, and its values.
    pub fn cells(&self) -> [String; 4] {
        let [path, old, new] = values(&self.changed);
        let at = match &self.changed.at {
            [_, Some(now)] => place(now),
            [Some(before), None] => format!("{} (before)", place(before)),
            [None, None] => String::new(),
        };
        [at, path, old, new]
    }

    /// The same in a line.
    pub fn sentence(&self) -> String {
        let [at, path, old, new] = self.cells();
        let at = if at.is_empty() { at } else { format!("{at}: ") };
        format!("{at}{path}: {old} → {new}")
    }

    /// The incidents of it that got worse.
    pub fn worse(&self, incidents: &[Incident<'_>]) -> Vec<String> {
        let all = self.incidents.iter().map(|at| &incidents[*at]);
        all.filter(|incident| incident.became() == Became::Worse).map(Incident::name).collect()
    }
}

/// Names in a list; of many the first, and how many more.
pub(super) fn some(names: &[String]) -> String {
    listed(&names.iter().map(String::as_str).collect::<Vec<_>>())
}
