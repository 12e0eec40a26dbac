//! What a timeline shows besides lengths of time: how calls are answered, what instances look like, and how upgrades stand.

use super::super::case::Call;
use super::super::recordings::timeline::{Upgrade, View};
use super::super::runs::counts;
use super::rolling::Upgrades;
use super::walk::{Set, verb_of};
use super::{Extract, Place, call_of};

impl Set<'_> {
    /// An upgrade that was refused before its first batch, since nobody was healthy; how often the probe comes is all the same.
    pub(super) fn gate(&self, code: &str, numbers: &[String], place: &Place, extract: &mut Extract) {
        let Ok(mut case) = self.case(Call::OsUpgrade, None) else {
            return extract.left("an upgrade: the capacity or the system is not recorded", place);
        };
        (case.unhealthy, case.probe) = (true, Some((15, 2)));
        if let [measured, limit, ..] = numbers {
            extract.fact(case, "result", &format!("Faulted, {code}, {measured} over {limit}"), place);
        }
    }

    /// A call was answered.
    pub(super) fn answered(
        &mut self,
        call: &str,
        named: Option<usize>,
        answer: &(u32, Option<String>),
        at: f64,
        place: &Place,
        extract: &mut Extract,
    ) {
        let call = call.to_ascii_lowercase();
        let Some((verb, single)) = verb_of(&call) else { return };
        let kind = if call.contains("rollingupgrades/cancel") { Ok(Call::CancelIdle) } else { call_of(verb) };
        let Ok(kind) = kind else { return };
        let Ok(case) = self.case(kind, if single { Some(1) } else { named }) else { return };
        match answer {
            (409, Some(code)) => extract.fact(case, "answer", &format!("409 {code}"), place),
            (200..=204, None) if kind == Call::Evict => {
                let instance = call.trim_end_matches("/simulateeviction").rsplit('/').next().unwrap_or_default();
                self.evicted = Some((instance.to_owned(), at));
            }
            _ => {}
        }
    }

    /// An instance was looked at.
    pub(super) fn viewed(&mut self, view: &View, place: &Place, extract: &mut Extract) {
        if let (Some(domain), Ok(id)) = (view.domain, view.instance.parse::<u32>()) {
            extract.lists.domain(place, self.name, self.case(Call::Create, None).ok(), id, domain);
        }
        let Some((evicted, at)) = &self.evicted else { return self.powered(view, place, extract) };
        let Ok(case) = self.case(Call::Evict, Some(1)) else { return };
        if *evicted != view.instance {
            return;
        }
        if view.code == 404 {
            extract.fact(case, "evicted instance", "is gone", place);
        } else if view.power == Some("deallocated") {
            extract.fact(case.clone(), "evicted instance", "is deallocated", place);
            if let Some(seconds) = view.provisioned.map(|then| then - at).filter(|seconds| *seconds > 0.0) {
                extract.duration(case, seconds, place);
            }
        }
        self.evicted = None;
    }

    /// An instance that was looked at runs, or does not, by the last call that is about that.
    fn powered(&self, view: &View, place: &Place, extract: &mut Extract) {
        let Some(power) = view.power else { return };
        let case = match &self.last_power {
            Some((case, one)) if one.as_ref().is_none_or(|one| *one == view.instance) => Some(case.clone()),
            Some(_) => None,
            None => self.case(Call::Create, None).ok(),
        };
        if let Some(case) = case {
            extract.fact(case, "power state", power, place);
        }
    }

    /// So many instances are Succeeded, and no other is there.
    pub(super) fn counted(&self, count: u32, place: &Place, extract: &mut Extract) {
        if let Some(case) = self.last.clone().or_else(|| self.case(Call::Create, None).ok()) {
            extract.fact(case, "instances", &count.to_string(), place);
        }
    }

    pub(super) fn listed(&self, list: &[(String, Option<u8>)], at: f64, place: &Place, extract: &mut Extract) {
        let case = self.case(Call::Create, None).ok();
        let evicts = self.evicted.is_some();
        extract.lists.add(place, self.name, case, at, list, evicts);
    }

    /// The state of an upgrade.
    pub(super) fn status(&self, upgrade: &Upgrade, place: &Place, upgrades: &Upgrades, extract: &mut Extract) {
        let [successful, failed, in_progress, pending] = upgrade.counts;
        let cancelled = upgrade.state == "Cancelled";
        let Some(case) = upgrades.case(place, cancelled) else { return };
        match upgrade.state.as_str() {
            "Completed" | "Cancelled" | "Faulted" => {
                if let Some(target) = &upgrade.target {
                    extract.fact(case.clone(), "failed instance", target, place);
                }
                extract.fact(case, "successful, failed, pending", &counts(successful, failed, pending), place);
            }
            "RollingForward" if successful + failed == 0 => {
                extract.fact(case, "first batch", &in_progress.to_string(), place);
            }
            _ => {}
        }
    }
}
