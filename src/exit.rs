//! Exit codes: documented constants, one a cause.

/// Everything went as asked.
pub const OK: u8 = 0;
/// We are wrong: a broken invariant, a bug.
pub const INTERNAL: u8 = 1;
/// The command line or a file is wrong.
pub const USAGE: u8 = 2;
/// An expectation failed.
pub const EXPECTATION_FAILED: u8 = 3;
/// Nothing was selected.
pub const NOTHING_SELECTED: u8 = 4;
/// Where that is asked for: one fleet differs from the other, or the runs from what the baselines keep.
pub const DIFFERS: u8 = 5;
/// Something is surely worse than before, than the baseline, or than the reference.
pub const WORSE: u8 = 5;
/// Two runs that must be the same are not.
pub const NOT_DETERMINISTIC: u8 = 6;
/// Neither passed nor failed: more replications, or more data, would tell.
pub const INCONCLUSIVE: u8 = 7;
/// The baseline is missing, or cannot be compared with.
pub const BASELINE_UNUSABLE: u8 = 8;
/// Ctrl-C or SIGTERM: what was done is kept. As shells have it: 128 and the number of the signal.
pub const INTERRUPTED: u8 = 130;
