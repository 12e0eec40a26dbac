//! The rows, by area. A code is written out and never given again.

mod around;
mod autoscale;
mod guest;
mod health;
mod placement;
mod refusals;
mod repairs;
mod rollout;
mod spot;

pub use guest::{TEMPLATE, VERSION, regions_of, stops, swallowing};

use super::Row;
use std::sync::LazyLock;

/// `code name severity rule, finder, incident, what it shows; "statement"; "page".`
macro_rules! rows {
    ($($code:literal $name:literal $severity:ident $rule:ident, $look:ident($($find:expr)?), $incident:ident, $shows:ident;
        $statement:literal; $page:literal.)+) => {
        pub(super) static TABLE: &[$crate::lint::Row] = &[$($crate::lint::Row {
            code: $code,
            name: $name,
            severity: $crate::problem::Severity::$severity,
            rule: windtunnel_sim::rules::$rule,
            statement: $statement,
            page: $page,
            look: $crate::lint::Look::$look $(($find))?,
            incident: $crate::lint::Incident::$incident,
            shows: $crate::lint::Shows::$shows,
        }),+];
    };
}
use rows;

/// All rows, by code.
pub static ROWS: LazyLock<Vec<&'static Row>> = LazyLock::new(|| {
    let tables = [
        refusals::TABLE,
        rollout::TABLE,
        health::TABLE,
        repairs::TABLE,
        placement::TABLE,
        autoscale::TABLE,
        spot::TABLE,
        around::TABLE,
        guest::TABLE,
    ];
    tables.into_iter().flatten().collect()
});

/// The row of a code.
#[must_use]
pub fn row(code: &str) -> Option<&'static Row> {
    ROWS.iter().copied().find(|row| row.code.eq_ignore_ascii_case(code) || row.name == code)
}
