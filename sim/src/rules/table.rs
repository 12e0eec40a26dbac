//! The rulebook put together from the files of its areas.

use super::{
    Rule, app_health, autoscale, figures, gateways, images, lifecycle, load_balancer, orchestration, os_upgrade, own,
    pipelines, placement, protection, repairs, spot, upgrades, vip_swap,
};

/// Makes the rows of one file, and a constant for every id.
///
/// A row reads: constant `=` area number, confidence, source keys, statement, status, tests. The status and the tests
/// stand on a line of their own, since they are what changes when the program learns a rule.
macro_rules! rows {
    ($($name:ident = $area:ident $number:literal, $confidence:ident, $source:literal, $statement:literal,
       $status:expr, $tests:expr;)+) => {
        $(
            #[doc = $statement]
            pub const $name: crate::rules::RuleId =
                crate::rules::RuleId::new(crate::rules::Area::$area, $number);
        )+

        /// The rows of this file, sorted by id.
        pub(super) const ROWS: &[crate::rules::Rule] = {
            #[allow(unused_imports, reason = "a file need not have rules of every status")]
            use crate::rules::Status::{Absent, Approximated, Exact};
            &[$(crate::rules::Rule {
                id: $name,
                statement: $statement,
                source: $source,
                confidence: crate::rules::Confidence::$confidence,
                status: $status,
                tests: &$tests,
            }),+]
        };
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
const ALL: [Rule; COUNT] = {
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
