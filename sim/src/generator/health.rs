//! Health in random scenarios. All its draws are from streams of their own, so that everything else about a scenario is
//! what it would be without.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::SimDuration;
use crate::plan::{
    Body, Extension, HealthExtension, HealthSource, HealthVersion, HealthWord, Plan, ProbeProtocol, Said, ScaleSet,
};
use crate::rules::{A, Value};

impl Plan {
    /// With health: half of the sets get the extension, some of the others look at the probe of their first pool, and
    /// the endpoints say something about it.
    pub(super) fn with_health(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, 2);
        for endpoint in self.application.endpoints.iter_mut().skip(1) {
            for clause in &mut endpoint.clauses {
                clause.answer.body = draw.body();
            }
        }
        for set in &mut self.sets {
            draw.health(set);
        }
        let period = if draw.on_grid { draw.pick(&[0, 5_000, 6_000]) } else { draw.pick(&[0, 1, 6_000, 61_000]) };
        self.set_assumption(A::HealthAgentPeriod, Value::Time(SimDuration::from_ms(period)));
        let start = if draw.on_grid { draw.pick(&[0, 5_000]) } else { draw.pick(&[0, 4_321]) };
        self.set_assumption(A::HealthStart, Value::Time(SimDuration::from_ms(start)));
        let delay = draw.pick(&[0, 0, 1_000, 10_000]);
        self.set_assumption(A::HealthPlatformDelay, Value::Time(SimDuration::from_ms(delay)));
        self
    }
}

impl Draw {
    fn body(&mut self) -> Body {
        let state = match self.below(20) {
            0..=10 => Some(HealthWord::Exact(Said::Healthy)),
            11..=15 => Some(HealthWord::Exact(Said::Unhealthy)),
            16 => Some(HealthWord::OtherCase(Said::Healthy)),
            17 => Some(HealthWord::Other),
            _ => None,
        };
        Body { state, metrics_object: self.chance(0.05), ..Body::default() }
    }

    pub(super) fn health(&mut self, set: &mut ScaleSet) {
        if self.chance(0.5) {
            let of = self.health_extension(set.profile.extensions.len() as u16);
            let after = (0..of.extension).filter(|_| self.chance(0.5)).collect();
            let health = Extension::plain("health", Dist::Constant(self.length(0, 20)));
            let failure = if self.chance(0.05) { 0.3 } else { 0.0 };
            set.profile.extensions.push(Extension { after, failure, ..health });
            set.profile.health_extension = Some(of);
            set.profile.health_source = if self.chance(0.1) { HealthSource::Conflict } else { HealthSource::Extension };
        } else if self.chance(0.5) {
            set.profile.health_source = HealthSource::Probe(set.pools[0]);
        }
    }

    fn health_extension(&mut self, extension: u16) -> HealthExtension {
        let version = self.pick(&[HealthVersion::Rich, HealthVersion::Rich, HealthVersion::Binary]);
        let http = Some(ProbeProtocol::Http);
        let protocol = match self.below(20) {
            0 => None,
            1..=5 => Some(ProbeProtocol::Tcp),
            _ => http,
        };
        let grace = (version == HealthVersion::Rich && self.chance(0.5)).then(|| self.length(5, 120));
        HealthExtension {
            extension,
            version,
            protocol,
            endpoint: if protocol == http { self.pick(&[1, 2]) } else { 0 },
            interval: SimDuration::from_secs(self.pick(&[5, 5, 5, 7, 10, 30, 60])),
            probes: self.pick(&[1, 1, 2, 2, 3, 4]),
            grace,
        }
    }
}
