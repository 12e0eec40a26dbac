//! Plans for these tests, and what is answered at an instant of one.

use crate::support::*;
use serde_json::Value;
use windtunnel::experiment::instant::Instant;
use windtunnel::output::azure_json::{self, View};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Value as Assumed};

/// 2026-03-10T09:00:00Z.
pub const START: i64 = 1_773_133_200_000;

/// `size` instances in mode Rolling whose model gets another image at 100 s. An instance is out for 75 s of its swap, and
/// boots for 40 s: it is upgraded 115 s after its batch began.
pub fn rolling(size: u32, policy: RollingPolicy) -> Plan {
    let mut plan = plan();
    plan.start_unix_ms = START;
    plan.horizon = at(20_000);
    plan.images.push(image("app/1.1.0", 1));
    plan.sets[0].capacity = size;
    plan.sets[0].upgrade = UpgradePolicy { mode: UpgradeMode::Rolling, rolling: policy, ..UpgradePolicy::default() };
    plan.timeline = vec![new_image(100, 1)];
    assume(&mut plan, A::VmBootLinux, Assumed::Dist(constant(45)));
    plan
}

/// The model of the first set gets this image.
pub fn new_image(at_s: u64, image: u16) -> Action {
    let change = ModelChange { image: Some(ImageReference::Version(image)), ..ModelChange::default() };
    action(&format!("image {image} at {at_s}"), at_s, Act::ChangeModel { set: 0, change: Box::new(change) })
}

/// Gives the first set the health extension of version 1, which asks `/healthz` every 5 s.
pub fn watch(plan: &mut Plan) {
    let profile = &mut plan.sets[0].profile;
    profile.health_source = HealthSource::Extension;
    profile.extensions = vec![extension("health", 0)];
    profile.health_extension = Some(HealthExtension {
        extension: 0,
        version: HealthVersion::Binary,
        protocol: Some(ProbeProtocol::Http),
        endpoint: 1,
        interval: s(5),
        probes: 1,
        grace: None,
    });
}

/// The rollout under watch, with an image that never becomes healthy.
pub fn sick(size: u32, policy: RollingPolicy) -> Plan {
    let mut plan = rolling(size, policy);
    watch(&mut plan);
    plan.images[1].cannot = 1;
    plan.application.endpoints[1].clauses[0].when.dependencies = 1;
    plan
}

/// The same, with automatic repairs on the first set.
pub fn repaired(mut plan: Plan) -> Plan {
    plan.sets[0].repairs = Some(RepairsPolicy { enabled: true, ..RepairsPolicy::default() });
    plan
}

/// A run of a template that begins at 100 s: queued for 60 s, its build machine takes 180 s, it customizes for 300 s until
/// 640 s, and distributes 30 GB to the east in 5 min + 30 × 6 s = 480 s, until 1,120 s.
pub fn baking(failure: Failing) -> Plan {
    let mut plan = two_regions();
    plan.start_unix_ms = START;
    plan.images[1].name = "app/nightly".into();
    plan.images[1].version.number = None;
    assume(&mut plan, A::AibBuildVm, Assumed::Dist(constant(180)));
    plan.builders = vec![ImageBuilder {
        name: "nightly".into(),
        definition: 0,
        source: Some(ImageReference::Version(0)),
        region: 0,
        customizers: vec![Customizer {
            name: "install".into(),
            duration: constant(300),
            failure,
            kind: CustomizerKind::Script,
        }],
        optimize: false,
        windows: false,
        validators: Vec::new(),
        continue_on_failure: false,
        versioning: Versioning::Latest { major: None },
        targets: vec![Target::new(0)],
        excluded: false,
        timeout: s(240 * 60),
        reads_scripts: true,
        writes_images: true,
        more: Template::default(),
    }];
    plan.timeline = vec![action("bake", 100, Act::Bake { builder: 0, image: 1 })];
    assume(&mut plan, A::AibBuildVm, Assumed::Dist(constant(180)));
    plan
}

/// 1.1.0 is published to the east and the west at 100 s; each replication takes 600 s.
pub fn replicating() -> Plan {
    let mut plan = two_regions();
    plan.start_unix_ms = START;
    plan.definitions[0] = "app".into();
    let targets =
        vec![Target { replicas: 2, ..Target::new(0) }, Target { storage: Storage::StandardZrs, ..Target::new(1) }];
    let publication = Publication { image: 1, targets, excluded: Some(true) };
    plan.timeline = vec![action("publish", 100, Act::Publish(publication))];
    assume(&mut plan, A::GalleryReplicationBase, Assumed::Time(s(600)));
    assume(&mut plan, A::GalleryReplicationPerGb, Assumed::Time(s(0)));
    assume(&mut plan, A::GalleryReplicationRegionFactor, Assumed::Number(0.0));
    plan
}

/// Ten instances that follow `latest` under watch; 1.1.0 is published to their region at 100 s, and there at 580 s.
fn following() -> Plan {
    let mut plan = two_regions();
    plan.start_unix_ms = START;
    plan.horizon = at(20_000);
    plan.sets[0].capacity = 10;
    watch(&mut plan);
    assume(&mut plan, A::VmBootLinux, Assumed::Dist(constant(45)));
    let publication = Publication { image: 1, targets: vec![Target::new(0)], excluded: None };
    plan.timeline = vec![action("publish", 100, Act::Publish(publication))];
    plan
}

/// Azure brings them to it by itself, from 4,180 s on, and it is never healthy; 100 s after each halt it tries again.
pub fn automatic_and_sick() -> Plan {
    let mut plan = following();
    let os = OsUpgradePolicy { enabled: true, ..OsUpgradePolicy::default() };
    plan.sets[0].upgrade = UpgradePolicy { mode: UpgradeMode::Rolling, os, ..UpgradePolicy::default() };
    plan.images[1].cannot = 1;
    plan.application.endpoints[1].clauses[0].when.dependencies = 1;
    assume(&mut plan, A::OsUpgradeRetryAfter, Assumed::Time(s(100)));
    plan
}

/// A call brings them to it at 700 s.
pub fn by_call() -> Plan {
    let mut plan = following();
    plan.timeline.push(action("by hand", 700, Act::StartOsUpgrade { set: 0 }));
    plan
}

/// The body that `name` gives at an instant, or what stands for several.
pub fn asked(plan: &Plan, at_s: u64, name: &str) -> Value {
    let instant = Instant::new(plan, 7, at(at_s)).expect("it comes that far");
    let view = View::new(&instant);
    let questions = azure_json::ask(&view, name).expect("it is there");
    let answers: Vec<_> = questions.into_iter().map(|question| view.answer(question)).collect();
    azure_json::document(&view, &answers)
}

/// `rollingUpgrades/latest` of the first set.
pub fn latest(plan: &Plan, at_s: u64) -> Value {
    asked(plan, at_s, "vmss/rollingUpgrades/latest")
}
