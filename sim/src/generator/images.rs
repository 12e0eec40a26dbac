//! What a random scenario does to its images: versions that are published, excluded, deleted and baked while sets follow
//! `latest`. Drawn from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Availability, Customizer, CustomizerKind, Definition, Failing, FixedField, GalleryAct, Image,
    ImageBuilder, ImageReference, Number, Plan, Publication, Region, Right, SoftDelete, Storage, Target, Template,
    Version, Versioning, ZoneOutage,
};
use crate::rules::{A, Value};

/// The item of the stream, beside that of the scenario and that of the storm.
const ITEM: u64 = 2;
/// The item of what templates and galleries are beside their runs and versions.
const KEEPING: u64 = 112;

impl Plan {
    /// With what happens to its images; in two scenarios of five, nothing does.
    pub(super) fn with_images(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        let keeping = Draw::of(number, KEEPING);
        if draw.stream.chance(0.4) {
            return self;
        }
        self.regions.push(Region::plain("westus"));
        for set in &mut self.sets {
            if draw.stream.chance(0.6) {
                set.image = ImageReference::Definition(0);
            }
        }
        // Sometimes the version that is published last has the lowest number.
        let number = Number(if draw.stream.chance(0.3) { [0, 9, 0] } else { [1, 2, 0] });
        let newer = Image { name: format!("app/{number}"), code: Some(2), ..self.images[1].clone() };
        self.images.push(Image { version: draw.version(number), ..newer.clone() });
        let baked = Version {
            number: None,
            availability: Availability::In(Vec::new()),
            ..Version::everywhere(0, Number::default())
        };
        self.images.push(Image { name: "app/nightly".into(), version: baked, ..newer });
        self.builders = vec![draw.builder()];
        if draw.stream.chance(0.3) {
            self.images[0].version.availability = Availability::Everywhere { replicas: Some(1) };
        }
        let mut acts = vec![draw.publish()];
        for _ in 0..draw.stream.below(6) {
            acts.push(draw.image_act());
        }
        for (i, what) in acts.into_iter().enumerate() {
            let at = SimTime::ZERO + draw.whole_length(0, 600);
            self.timeline.push(Action { name: format!("image {i}"), at, what });
        }
        if draw.stream.chance(0.5) {
            let what = Act::Bake { builder: 0, image: 3 };
            self.timeline.push(Action { name: "bake".into(), at: SimTime::ZERO + draw.whole_length(0, 300), what });
        }
        self.timeline.sort_by_key(|action| action.at);
        let times = [
            (A::GalleryReplicationBase, draw.whole_length(10, 120)),
            (A::GalleryReplicationSlowFrom, draw.whole_length(60, 300)),
        ];
        self.set_assumption(A::GalleryReplicationShallow, Value::Time(times[0].1));
        for (assumption, length) in times {
            self.set_assumption(assumption, Value::Time(length));
        }
        for assumption in [A::AibQueue, A::AibBuildVm] {
            let length = draw.whole_length(0, 60);
            self.set_assumption(assumption, Value::Dist(Dist::Constant(length)));
        }
        let fails = if draw.stream.chance(0.3) { 0.3 } else { 0.0 };
        for (assumption, value) in [
            (A::GalleryReplicationPerGb, Value::Time(SimDuration::from_secs(1))),
            (A::GalleryReplicationRegionFactor, Value::Number(if draw.on_grid { 0.0 } else { 0.1 })),
            (A::GalleryReplicationSigma, Value::Number(if draw.on_grid { 0.0 } else { 0.3 })),
            (A::GalleryVmsPerReplica, Value::Count(1 + draw.stream.below(3))),
            (A::GalleryFailProbability, Value::Share(fails)),
            (A::GalleryReplicationSlowShare, Value::Share(if draw.on_grid { 0.0 } else { 0.05 })),
            (A::GalleryReplicationCap, Value::Time(SimDuration::from_mins(15))),
        ] {
            self.set_assumption(assumption, value);
        }
        self.with_keeping(keeping)
    }

    /// With what its template does by itself and leaves behind, and what its gallery keeps.
    fn with_keeping(mut self, mut draw: Draw) -> Self {
        for name in ["app/auto", "app/triggered", "app/triggered-2"] {
            self.images.push(Image { name: name.into(), ..self.images[3].clone() });
        }
        let builder = &mut self.builders[0];
        if draw.stream.chance(0.2) {
            builder.customizers[0].kind = CustomizerKind::Restart { timeout: draw.whole_length(5, 60) };
        }
        let rights = [Right::ReadSource, Right::JoinSubnet, Right::StagingGroup];
        builder.more = Template {
            lacks: draw.stream.chance(0.1).then(|| rights[draw.stream.below(3) as usize]),
            keeps_on_customizer_error: draw.stream.chance(0.4),
            keeps_on_validation_error: draw.stream.chance(0.4),
            auto_run: draw.stream.chance(0.3).then_some(4),
            triggered: if draw.stream.chance(0.3) { vec![5, 6] } else { Vec::new() },
            far: draw.stream.chance(0.2),
            ..Template::default()
        };
        let soft = draw
            .stream
            .chance(0.5)
            .then(|| SoftDelete { retention: draw.whole_length(30, 300), grace: draw.whole_length(0, 60) });
        self.gallery = vec![Definition {
            home: draw.stream.chance(0.7).then(|| draw.stream.below(2) as u16),
            specialized: draw.stream.chance(0.3),
            validated: draw.stream.chance(0.05),
            soft_delete: soft,
        }];
        self.keep_acts(&mut draw);
        let delay = if draw.stream.chance(0.3) { draw.whole_length(1, 60) } else { SimDuration::ZERO };
        for (assumption, value) in [
            (A::GalleryUsableDelay, Value::Dist(Dist::Constant(delay))),
            (A::AibCancel, Value::Dist(Dist::Constant(draw.whole_length(0, 20)))),
            (A::AibRegionCopy, Value::Dist(Dist::Constant(draw.whole_length(1, 60)))),
            (A::AibTriggerDisableAfter, Value::Count(1 + draw.stream.below(2))),
            (A::AibTimeoutState, Value::Choice(["Failed", "Canceled"][draw.stream.below(2) as usize])),
            (A::AibRightsChecked, Value::Choice(["submission", "run"][draw.stream.below(2) as usize])),
        ] {
            self.set_assumption(assumption, value);
        }
        self
    }

    /// What the timeline does to what a gallery keeps, to its definitions, and to its region.
    fn keep_acts(&mut self, draw: &mut Draw) {
        for i in 0..draw.stream.below(4) {
            let at = SimTime::ZERO + draw.whole_length(0, 700);
            let fields = [None, Some(FixedField::OsState), Some(FixedField::Identifier)];
            let what = match draw.stream.below(4) {
                0 => Act::Gallery(GalleryAct::WriteDefinition {
                    definition: 0,
                    changes: fields[draw.stream.below(3) as usize],
                }),
                _ => {
                    let image = draw.stream.below(3) as u16;
                    let (name, later) = (format!("restore {i}"), at + draw.whole_length(1, 300));
                    let what = Act::Gallery(GalleryAct::Restore { image });
                    self.timeline.push(Action { name, at: later, what });
                    Act::DeleteVersion { image }
                }
            };
            self.timeline.push(Action { name: format!("gallery {i}"), at, what });
        }
        if let Some(region) = self.gallery[0].home.filter(|_| draw.stream.chance(0.3)) {
            let (at, length) = (SimTime::ZERO + draw.whole_length(0, 500), draw.whole_length(60, 300));
            let outage = ZoneOutage {
                region,
                zones: vec![1, 2, 3],
                share: 0.0,
                allocates: true,
                length: Some(length),
                tail: None,
                autoscale_success: 1.0,
            };
            self.timeline.push(Action { name: "home".into(), at, what: Act::ZoneOutage(outage) });
            let what = draw.publish();
            self.timeline.push(Action { name: "publish in vain".into(), at: at + draw.whole_length(0, 60), what });
        }
        self.timeline.sort_by_key(|action| action.at);
    }
}

impl Draw {
    fn whole_length(&mut self, min_s: u64, max_s: u64) -> SimDuration {
        let ms = min_s * 1000 + self.stream.below((max_s - min_s) * 1000 + 1);
        SimDuration::from_ms(if self.on_grid { ms / 1000 * 1000 } else { ms })
    }

    fn flag(&mut self) -> Option<bool> {
        self.stream.chance(0.3).then(|| self.stream.chance(0.5))
    }

    fn targets(&mut self) -> Vec<Target> {
        let regions: &[u16] = [&[0][..], &[0, 1], &[1]][self.stream.below(3) as usize];
        let target = |&region: &u16| {
            let replicas = 1 + self.stream.below(2) as u32;
            Target { region, replicas, storage: Storage::StandardLrs, excluded: self.flag() }
        };
        regions.iter().map(target).collect()
    }

    fn version(&mut self, number: Number) -> Version {
        let stands = if self.stream.chance(0.3) { self.targets() } else { Vec::new() };
        let shallow = self.stream.chance(0.2);
        Version { availability: Availability::In(stands), shallow, ..Version::everywhere(0, number) }
    }

    fn publish(&mut self) -> Act {
        Act::Publish(Publication { image: 2, targets: self.targets(), excluded: self.flag() })
    }

    fn image_act(&mut self) -> Act {
        let image = self.stream.below(3) as u16;
        match self.stream.below(8) {
            0..=2 => self.publish(),
            3..=5 => {
                let regions = [&[][..], &[0], &[0, 1]][self.stream.below(3) as usize].to_vec();
                Act::Exclude { image, regions, excluded: self.stream.chance(0.6) }
            }
            6 => Act::DeleteVersion { image },
            _ => Act::CancelBake { builder: 0 },
        }
    }

    fn builder(&mut self) -> ImageBuilder {
        let failure = [Failing::Never, Failing::Swallowed, Failing::Stops][self.stream.below(3) as usize];
        let duration = Dist::Constant(self.whole_length(10, 120));
        ImageBuilder {
            name: "nightly".into(),
            definition: 0,
            source: Some(ImageReference::Definition(0)),
            region: 0,
            customizers: vec![Customizer { name: "install".into(), duration, failure, kind: CustomizerKind::Script }],
            optimize: false,
            windows: false,
            validators: Vec::new(),
            continue_on_failure: false,
            versioning: Versioning::Latest { major: None },
            targets: self.targets(),
            excluded: self.stream.chance(0.3),
            timeout: self.whole_length(120, 600),
            reads_scripts: true,
            writes_images: self.stream.chance(0.9),
            more: Template::default(),
        }
    }
}
