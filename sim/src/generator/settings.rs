//! Writes to autoscale settings in a random scenario. Drawn from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Action, Change, Plan, Predictive, ScaleChange, ScaleProfile, SettingWritten, Write};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 975;
/// What is written of settings, beside what else is written.
const SETTINGS: u16 = u16::MAX / 2;

impl Plan {
    /// With writes to the autoscale settings that there are.
    pub(super) fn with_written_settings(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        // What only has limits waits for the end of a move.
        let scales = |at: &u16| self.autoscale[usize::from(*at)].profiles.iter().any(|of| !of.rules.is_empty());
        let those: Vec<u16> = (0..self.autoscale.len() as u16).filter(scales).collect();
        if those.is_empty() || draw.chance(0.6) {
            return self;
        }
        for nth in 0..1 + draw.below(4) {
            let at = draw.pick(&those);
            let setting = &mut self.autoscale[usize::from(at)];
            let mut profiles = Vec::new();
            for (number, profile) in (0_u16..).zip(&setting.profiles) {
                if draw.chance(0.4) {
                    profiles.push(number);
                    continue;
                }
                profiles.push((setting.profiles.len() + setting.later.len()) as u16);
                setting.later.push(draw.rewritten(profile));
            }
            let predictive = match draw.below(6) {
                0 => None,
                1 => Some(Predictive { acts: draw.chance(0.7), look_ahead: None }),
                _ => setting.predictive,
            };
            let now = SettingWritten { enabled: draw.chance(0.85), profiles, predictive };
            let changes = vec![Change::Setting { setting: at, now }];
            let what = Act::Write(Write { group: SETTINGS + at, ..Write::plain(&setting.name, changes) });
            let at = SimTime::ZERO + draw.length(1, 800);
            self.timeline.push(Action { name: format!("write of a setting {nth}"), at, what });
        }
        self.timeline.sort_by_key(|action| action.at);
        self
    }
}

impl Draw {
    /// A profile as a write leaves it: other limits, thresholds, changes and cooldowns.
    fn rewritten(&mut self, before: &ScaleProfile) -> ScaleProfile {
        let mut now = before.clone();
        if self.chance(0.6) {
            now.minimum = self.pick(&[0, 1, 3, 5]);
            now.maximum = now.minimum + self.pick(&[0, 1, 3]);
            now.default = now.minimum;
        }
        for rule in &mut now.rules {
            if self.chance(0.4) {
                rule.trigger.threshold = self.pick(&[20.0, 45.0, 75.0]);
            }
            if self.chance(0.3) {
                rule.cooldown = SimDuration::from_mins(self.pick(&[1, 3, 8]));
            }
            if self.chance(0.3) {
                rule.change = ScaleChange::Count(self.pick(&[1, 2, 3]));
            }
        }
        if self.chance(0.1) {
            now.rules.truncate(1);
        }
        now
    }
}
