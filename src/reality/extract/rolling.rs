//! Rolling upgrades, which the table of upgrades knows with who says what is healthy.

use super::super::case::{Call, Case};
use super::super::recordings::Recordings;
use super::super::recordings::tables::Upgrade;
use super::{Extract, Place};
use std::collections::BTreeMap;

/// The upgrades of each recording.
#[derive(Debug, Default)]
pub(super) struct Upgrades {
    cases: BTreeMap<(String, String, String), Vec<Case>>,
}

impl Upgrades {
    fn key(place: &Place) -> (String, String, String) {
        (place.repo.clone(), place.path.clone(), place.day.clone())
    }

    /// Whether the table has upgrades of this recording.
    pub(super) fn has(&self, place: &Place) -> bool {
        self.cases.contains_key(&Self::key(place))
    }

    /// The call for OS upgrades in this recording.
    pub(super) fn case(&self, place: &Place, cancelled: bool) -> Option<Case> {
        let wanted = if cancelled { Call::Cancelled } else { Call::OsUpgrade };
        let cases = self.cases.get(&Self::key(place))?;
        let found = cases.iter().find(|case| case.call == wanted);
        // One that was cancelled was read while it ran, too.
        found.or_else(|| cases.iter().find(|case| case.call == Call::Cancelled)).cloned()
    }
}

/// Takes every upgrade.
pub(super) fn take(recordings: &Recordings, extract: &mut Extract) -> Upgrades {
    let mut upgrades = Upgrades::default();
    for row in &recordings.upgrades {
        let place = Place::new(&row.repo, &row.path, &row.date);
        match case_of(row, &place) {
            Ok(case) => {
                let result = result_of(row, &case);
                extract.rolled(case.clone(), result, row.seconds, &place);
                upgrades.cases.entry(Upgrades::key(&place)).or_default().push(case);
            }
            Err(why) => extract.left(why, &place),
        }
    }
    upgrades
}

fn case_of(row: &Upgrade, place: &Place) -> Result<Case, &'static str> {
    let capacity = row.capacity.ok_or("an upgrade: the capacity is not recorded")?;
    let probe = row.probe().ok_or("an upgrade: who says what is healthy is not recorded")?;
    let operation = row.operation.to_ascii_lowercase();
    // A walk without a health source takes minutes: what is over at once was cancelled.
    let cancelled =
        operation.contains("cancelled") || row.status == "Cancelled" || (probe.is_none() && row.seconds < 5.0);
    let call = match () {
        () if operation.contains("extension") => Call::ExtensionUpgrade,
        () if operation.contains("put") => Call::ToRolling,
        () if cancelled => Call::Cancelled,
        () => Call::OsUpgrade,
    };
    let mut case = Case::new(call, capacity, capacity);
    case.windows = row.system.eq_ignore_ascii_case("windows");
    case.probe = probe;
    case.policy = row.upgraded.map(|upgraded| (20, upgraded, upgraded));
    case.failing = call == Call::ExtensionUpgrade && row.status == "Failed";
    case.unhealthy = row.error_code.starts_with("MaxUnhealthyInstance");
    Ok(case.plain(place.year()))
}

/// How it ended, in the words of the model.
fn result_of(row: &Upgrade, case: &Case) -> String {
    let numbers: Vec<&str> = row.error_numbers.split([';', ',']).map(str::trim).filter(|n| n.ends_with('%')).collect();
    match (row.status.as_str(), numbers.as_slice()) {
        ("Failed", [measured, limit, ..]) => format!("Faulted, {}, {measured} over {limit}", row.error_code),
        ("Failed", _) => format!("Faulted, {}", row.error_code),
        ("Cancelled", _) => format!("Cancelled, {}", row.error_code),
        _ if case.call == Call::Cancelled => "Cancelled".to_owned(),
        _ => "Completed".to_owned(),
    }
}
