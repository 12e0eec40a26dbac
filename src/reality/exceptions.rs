//! Quantities whose median is farther off than the target, each with the reason.

/// A quantity that may be off.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    /// The beginning of its name.
    pub quantity: &'static str,
    /// Whether only where no value is of the newest years.
    pub older: bool,
    /// Why.
    pub reason: &'static str,
}

/// All of them.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        quantity: "create, Windows Uniform, 5",
        older: false,
        reason: "of four values since 2023 three (57 to 68 s less the network) are shorter than one machine alone took in the middle \
                 (83 s), and the slowest of five is not quicker than one; those of 2020 and 2021 (105 to 174 s) are within the bands",
    },
    Exception {
        quantity: "restart,",
        older: true,
        reason: "before 2022, 13 of 23 recorded restarts were over in 1.3 to 20 s; since then 13 of 13 took 25 s and more, and the \
                 model has those",
    },
];

/// The exception of a quantity.
pub fn exception(name: &str, is_new: bool) -> Option<&'static Exception> {
    EXCEPTIONS.iter().find(|known| name.starts_with(known.quantity) && !(known.older && is_new))
}

/// Lists that no seed makes, each with the reason: the beginning of the set-up, the list.
pub const IMPOSSIBLE: &[(&str, &str, &str)] = &[
    (
        "Linux Uniform, 2, zones",
        "0 2 3 4",
        "one of four was made anew while the set was created, as an instance is whose allocation fails; nothing else says so",
    ),
    (
        "scale-in: Linux Uniform, 5 → 4",
        "0 1 4 5 6 > 0 4 5 6",
        "the fullest fault domain holds 1 and 6, and 1 went; in twelve others the highest id of that domain did",
    ),
];

/// Why a list cannot be produced.
pub fn why_impossible(set_up: &str, list: &str) -> &'static str {
    let known = IMPOSSIBLE.iter().find(|(begins, ids, _)| set_up.starts_with(begins) && *ids == list);
    known.map_or("not explained", |(.., why)| why)
}
