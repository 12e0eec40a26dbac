//! The keys of how much a run may come to.

use super::super::shape::{Kind, Need, Object};
use super::key;
use Kind::Integer;
use Need::Default;

/// What a run may come to before it is stopped.
pub static LIMITS: Object = Object {
    name: "Limits",
    doc: "How much a run may come to before it is stopped with an error that names what makes it. Raise a limit where you mean it: \
          an entry takes some hundred bytes of memory where a run is written out.",
    one_of: &[],
    entries: &[
        key(
            "entries",
            Integer(1_000, 4_000_000_000),
            Default("10000000"),
            "entries of the ledger; 20 for each instance that stands at the beginning, if that is more",
        ),
        key("events", Integer(1_000, 1_000_000_000_000), Default("300000000"), "events, most of which are probes"),
    ],
};
