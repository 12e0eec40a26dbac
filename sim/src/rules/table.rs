//! The rulebook put together from the files of its areas.

use super::{
    Rule, app_health, autoscale, figures, gateways, images, lifecycle, load_balancer, orchestration, os_upgrade, own,
    pipelines, placement, protection, repairs, spot, upgrades, vip_swap,
};

/// Makes the rows of one file, and a constant for every id, which is the constant's name: `LB_05` is `LB-05`.
///
/// A row reads: id, confidence, source keys, status; statement; how the program deviates or why it has no such rule, where the
/// status is not `Exact`; tests.
macro_rules! rows {
    ($($id:ident: $confidence:ident, $source:literal, $status:ident,
       $statement:literal, $($reason:literal,)? [$($test:literal),* $(,)?];)+) => {
        $(
            #[doc = $statement]
            pub const $id: crate::rules::RuleId = crate::rules::RuleId::named(stringify!($id));
        )+

        /// The rows of this file, sorted by id.
        pub(super) const ROWS: &[crate::rules::Rule] = &[$(crate::rules::Rule {
            id: $id,
            statement: $statement,
            source: $source,
            confidence: crate::rules::Confidence::$confidence,
            status: crate::rules::Status::$status$(($reason))?,
            tests: &[$($test),*],
        }),+];
    };
}
pub(super) use rows;

/// The files, in the order of the numbers of their areas.
const FILES: &[&[Rule]] = &[
    orchestration::ROWS,
    placement::ROWS,
    upgrades::ROWS,
    os_upgrade::ROWS,
    app_health::ROWS,
    repairs::ROWS,
    protection::ROWS,
    lifecycle::ROWS,
    load_balancer::ROWS,
    gateways::ROWS,
    vip_swap::ROWS,
    autoscale::ROWS,
    spot::ROWS,
    images::ROWS,
    pipelines::ROWS,
    figures::ROWS,
    own::ROWS,
];

const COUNT: usize = {
    let mut count = 0;
    let mut file = 0;
    while file < FILES.len() {
        count += FILES[file].len();
        file += 1;
    }
    count
};

/// The files end to end. An order that is not that of the ids does not compile, since the look-up is a binary search.
static ALL: [Rule; COUNT] = {
    let mut all = [FILES[0][0]; COUNT];
    let (mut at, mut file) = (0, 0);
    while file < FILES.len() {
        let mut row = 0;
        while row < FILES[file].len() {
            all[at] = FILES[file][row];
            assert!(at == 0 || all[at - 1].id.packed() < all[at].id.packed(), "the rules are not sorted by id");
            at += 1;
            row += 1;
        }
        file += 1;
    }
    all
};

/// Every rule, sorted by id.
pub static RULES: &[Rule] = &ALL;
