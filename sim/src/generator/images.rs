//! What a random scenario does to its images: versions that are published, excluded, deleted and baked while sets follow
//! `latest`. Drawn from a stream of its own, so that it moves no other draw of the scenario.

use crate::engine::luck::{Dist, Luck, Purpose, Stream, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Customizer, Failing, Image, ImageBuilder, ImageReference, Number, Plan, Publication, Region, Standing,
    Storage, Target, Version, Versioning,
};
use crate::rules::{A, Value};

/// The item of the stream, beside that of the scenario and that of the storm.
const ITEM: u64 = 2;

impl Plan {
    /// With what happens to its images; in two scenarios of five, nothing does.
    pub(super) fn with_images(mut self, number: u64, on_grid: bool) -> Self {
        let subject = Subject { place: name("generator"), cause: number, ordinal: 0 };
        let mut draw = Draw { stream: Luck::new(number).stream(Purpose::Generator, subject, ITEM), on_grid };
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
        let baked =
            Version { number: None, stands: Standing::In(Vec::new()), ..Version::standing(0, Number::default()) };
        self.images.push(Image { name: "app/nightly".into(), version: baked, ..newer });
        self.builders = vec![draw.builder()];
        if draw.stream.chance(0.3) {
            self.images[0].version.stands = Standing::Everywhere { replicas: Some(1) };
        }
        let mut acts = vec![draw.publish()];
        for _ in 0..draw.stream.below(6) {
            acts.push(draw.act());
        }
        for (i, what) in acts.into_iter().enumerate() {
            let at = SimTime::ZERO + draw.length(0, 600);
            self.timeline.push(Action { name: format!("image {i}"), at, what });
        }
        if draw.stream.chance(0.5) {
            let what = Act::Bake { builder: 0, image: 3 };
            self.timeline.push(Action { name: "bake".into(), at: SimTime::ZERO + draw.length(0, 300), what });
        }
        self.timeline.sort_by_key(|action| action.at);
        let times =
            [(A::GalleryReplicationBase, draw.length(10, 120)), (A::GalleryReplicationSlowFrom, draw.length(60, 300))];
        for (assumption, length) in times {
            self.set_assumption(assumption, Value::Time(length));
        }
        for assumption in [A::AibQueue, A::AibBuildVm] {
            let length = draw.length(0, 60);
            self.set_assumption(assumption, Value::Dist(Dist::Constant(length)));
        }
        let fails = if draw.stream.chance(0.3) { 0.3 } else { 0.0 };
        for (assumption, value) in [
            (A::GalleryReplicationPerGb, Value::Time(SimDuration::from_secs(1))),
            (A::GalleryReplicationRegionFactor, Value::Number(if on_grid { 0.0 } else { 0.1 })),
            (A::GalleryReplicationSigma, Value::Number(if on_grid { 0.0 } else { 0.3 })),
            (A::GalleryVmsPerReplica, Value::Count(1 + draw.stream.below(3))),
            (A::GalleryFailProbability, Value::Share(fails)),
            (A::GalleryReplicationSlowShare, Value::Share(if on_grid { 0.0 } else { 0.05 })),
            (A::GalleryReplicationCap, Value::Time(SimDuration::from_mins(15))),
        ] {
            self.set_assumption(assumption, value);
        }
        self
    }
}

struct Draw {
    stream: Stream,
    on_grid: bool,
}

impl Draw {
    fn length(&mut self, min_s: u64, max_s: u64) -> SimDuration {
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
        Version { stands: Standing::In(stands), shallow, ..Version::standing(0, number) }
    }

    fn publish(&mut self) -> Act {
        Act::Publish(Publication { image: 2, targets: self.targets(), excluded: self.flag() })
    }

    fn act(&mut self) -> Act {
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
        let duration = Dist::Constant(self.length(10, 120));
        ImageBuilder {
            name: "nightly".into(),
            definition: 0,
            source: Some(ImageReference::Definition(0)),
            region: 0,
            customizers: vec![Customizer { name: "install".into(), duration, failure }],
            optimize: false,
            windows: false,
            validators: Vec::new(),
            continue_on_failure: false,
            versioning: Versioning::Latest { major: None },
            targets: self.targets(),
            excluded: self.stream.chance(0.3),
            timeout: self.length(120, 600),
            reads_scripts: true,
            writes_images: self.stream.chance(0.9),
        }
    }
}
