//! What runs inside the guest, in random scenarios: bad releases, scripts that stop the process, other settings of an
//! extension. Drawn from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::luck::{Dist, Luck, Purpose, Subject, name};
use crate::engine::time::SimTime;
use crate::plan::{Act, Action, Extension, Flaw, ModelChange, Plan};

/// The item of the stream, beside those of the other kinds.
const ITEM: u64 = 23;

impl Plan {
    /// With scripts in the guest; in two of three scenarios there are none.
    pub(super) fn with_guest(mut self, number: u64) -> Self {
        let subject = Subject { place: name("generator"), cause: number, ordinal: 0 };
        let stream = Luck::new(number).stream(Purpose::Generator, subject, ITEM);
        let mut draw = Draw { stream, grid: number % 2 == 1 };
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
        for release in 1..1 + draw.below(3) as u16 {
            let mut profile = self.sets[set].profile.clone();
            let script = profile.extensions.last_mut().expect("it was just added");
            (script.installs, script.configuration) = (Some(release), release.to_string());
            script.failure = if draw.chance(0.2) { 0.5 } else { 0.0 };
            let change = ModelChange { profile: Some(profile), ..ModelChange::default() };
            let what = Act::ChangeModel { set: set as u16, change: Box::new(change) };
            let at = SimTime::ZERO + draw.length(0, 700);
            self.timeline.push(Action { name: format!("script {release}"), at, what });
        }
        self.timeline.sort_by_key(|action| action.at);
        self
    }
}
