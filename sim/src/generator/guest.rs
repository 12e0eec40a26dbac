//! What runs inside the guest, in random scenarios: bad releases, scripts that stop the process, other settings of an
//! extension. Drawn from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::SimTime;
use crate::plan::{
    Act, Action, CustomData, Extension, ExtensionRelease, Flaw, GuestAct, ModelChange, Plan, UpgradeMode,
};

/// The item of the stream, beside those of the other kinds.
const ITEM: u64 = 23;

impl Plan {
    /// With scripts in the guest; in two of three scenarios there are none.
    pub(super) fn with_guest(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if draw.chance(0.66) {
            return self;
        }
        if draw.chance(0.7) {
            let flaw = Flaw { cannot: draw.pick(&[0, 1, 2, 3]), degrades: None, bad: true };
            self.application.flaws = vec![Flaw::default(), Flaw::default(), flaw];
        }
        let set = draw.below(self.sets.len() as u64) as usize;
        let profile = &mut self.sets[set].profile;
        let script = Extension {
            stops_process: draw.chance(0.6),
            installs: Some(0),
            configuration: "0".into(),
            ..Extension::plain("script", Dist::Constant(draw.length(0, 60)))
        };
        profile.extensions.push(script);
        for release in 1..2 + draw.below(2) as u16 {
            let mut profile = self.sets[set].profile.clone();
            let script = profile.extensions.last_mut().expect("it was just added");
            (script.installs, script.configuration) = (Some(release), release.to_string());
            script.failure = if draw.chance(0.2) { 0.5 } else { 0.0 };
            let change = ModelChange { profile: Some(profile), ..ModelChange::default() };
            let what = Act::ChangeModel { set: set as u16, change: Box::new(change) };
            let at = SimTime::ZERO + draw.length(0, 700);
            self.timeline.push(Action { name: format!("script {release}"), at, what });
        }
        if draw.chance(0.5) {
            let data = CustomData {
                duration: draw.dist(0, 200),
                failure: if draw.chance(0.5) { 0.5 } else { 0.0 },
                needs: 0,
                installs: draw.chance(0.5).then_some(2),
                starts_process: draw.chance(0.3),
            };
            self.sets[set].profile.custom_data = Some(data);
        }
        for i in 0..draw.below(3) {
            let (set, extension) = (set as u16, "script".to_owned());
            let what = GuestAct::ExpirePayload { set, extension, length: draw.lasting() };
            let at = SimTime::ZERO + draw.length(0, 900);
            self.timeline.push(Action { name: format!("guest {i}"), at, what: Act::Guest(what) });
        }
        self.with_releases(&mut draw, set);
        // The service fails on what a write has just begun.
        let writes = |action: &Action| match &action.what {
            Act::ChangeModel { set, .. } | Act::StartUpgrade { set } => Some((*set, action.at)),
            _ => None,
        };
        let writes: Vec<(u16, SimTime)> = self.timeline.iter().filter_map(writes).collect();
        for _ in 0..2 {
            let (set, at) = draw.pick(&writes);
            if draw.chance(0.7) {
                self.sets[usize::from(set)].upgrade.mode = UpgradeMode::Rolling;
            }
            let (name, at) = (format!("service of {set} at {at}"), at + draw.length(0, 60));
            self.timeline.push(Action { name, at, what: Act::Guest(GuestAct::FailUpgrade { set }) });
        }
        self.timeline.sort_by_key(|action| action.at);
        self
    }

    /// With releases of the script, which Azure may put on the set by itself.
    fn with_releases(&mut self, draw: &mut Draw, set: usize) {
        let automatic = draw.chance(0.7);
        for of in self.sets[set].profile.extensions.iter_mut().filter(|of| of.name == "script") {
            of.automatic = automatic;
        }
        for action in &mut self.timeline {
            let Act::ChangeModel { change, .. } = &mut action.what else { continue };
            for of in change.profile.iter_mut().flat_map(|profile| &mut profile.extensions) {
                of.automatic = automatic && of.name == "script";
            }
        }
        if draw.chance(0.7) {
            let rolling = &mut self.sets[set].upgrade.rolling;
            (rolling.max_unhealthy_percent, rolling.max_unhealthy_upgraded_percent) = (100, 100);
        }
        for i in 0..draw.below(3) {
            let release = ExtensionRelease {
                version: format!("1.{i}"),
                duration: draw.chance(0.3).then(|| draw.dist(0, 60)),
                failure: draw.pick(&[0.0, 0.0, 0.5, 0.5]),
                stops_process: draw.chance(0.6),
                cannot: draw.pick(&[0, 1, 3, 3]),
                bad: draw.chance(0.3),
            };
            let (set, extension, release) = (set as u16, "script".to_owned(), Box::new(release));
            let what = Act::Guest(GuestAct::PublishExtension { set, extension, release });
            let at = SimTime::ZERO + draw.length(0, 900);
            self.timeline.push(Action { name: format!("release {i}"), at, what });
            if i == 1 {
                // Somebody does not wait for it.
                let what = Act::Guest(GuestAct::UpgradeExtensions { set });
                self.timeline.push(Action { name: "newest extensions".into(), at: at + draw.length(0, 200), what });
            }
        }
    }
}
