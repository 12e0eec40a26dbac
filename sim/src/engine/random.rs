//! Keyed randomness: every draw comes from a stream named by what it is about.
//!
//! A stream is a pure function of the seed, a purpose and a subject. Nothing is shared between streams, so one more draw
//! in one place moves no draw anywhere else. The bits are ChaCha8, taken by the traits of `rand`, and of these only
//! `next_u64`; everything above them (ranges, floats, distributions, shuffles) is ours and on `libm`, so that neither a
//! crate upgrade nor a platform moves a number. `clippy.toml` lists what of `rand` is not used.

use super::time::SimDuration;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a stream of draws is for. The numbers are part of every result: they are never changed nor reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// How long a new instance takes from its create request to running.
    Provision = 1,
    /// How long the operating system takes to boot.
    Boot = 2,
    /// The phase of a balancer probe against one backend.
    ProbePhase = 3,
    /// How long an extension takes on one instance.
    Extension = 4,
    /// Whether an extension fails on one instance.
    ExtensionFailure = 5,
    /// The order of extensions that are not put in sequence.
    ExtensionOrder = 6,
    /// How long a pipeline takes on one instance.
    PipelineRun = 7,
    /// Whether a pipeline fails on one instance.
    PipelineFailure = 8,
    /// How long the application takes to warm up.
    WarmUp = 9,
    /// Whether an instance fails to boot.
    BootFailure = 10,
    /// Whether a delete of an instance fails.
    DeleteFailure = 68,
    /// The phase of the probes of a backend whose machine was stopped and runs again.
    ProbePhaseAgain = 84,
    /// How long an instance is out of service beside its boot: a new disk, a restart, a resize, another host.
    OutOfService = 85,
    /// How long the machine of an instance takes to stop.
    Stop = 86,
    /// How long an instance takes to be deleted.
    Deletion = 87,
    /// Random scenarios.
    Generator = 11,
    /// How long a process takes from its start to listening.
    ProcessStart = 12,
    /// The phase of the health extension of an instance that is present when the run begins.
    HealthPhase = 13,
    /// The phase of the agent of an instance, which reports health.
    AgentPhase = 14,
    /// How long the replication of an image to one region takes.
    Replication = 30,
    /// Whether the replication of an image to one region fails.
    ReplicationFailure = 31,
    /// How long a customizer of an image template takes.
    Customizer = 32,
    /// How long a validator of an image template takes.
    Validator = 33,
    /// How long a process works until it degrades.
    Degrade = 40,
    /// When Azure takes Spot capacity back, by place.
    EvictionWave = 50,
    /// Which instances a wave takes, by place and slot.
    EvictionHit = 51,
    /// Whether a guest gets notice of its eviction, by place and slot.
    EvictionNotice = 52,
    /// Whether a try brings an evicted instance back, by place and slot.
    SpotRestore = 53,
    /// The phase at which an application asks for scheduled events.
    EventsPhase = 54,
    /// When jobs come.
    JobArrival = 55,
    /// How long a job runs.
    JobLength = 56,
    /// How long a machine is away when its host is in trouble.
    HostTrouble = 57,
    /// When a random fault comes.
    FaultTime = 64,
    /// How long a random fault lasts.
    FaultLength = 65,
    /// Which instances a fault hits.
    FaultHit = 66,
    /// In which zone a regional instance is.
    ZoneOfRegional = 60,
    /// Which instances the partial loss of a zone takes.
    ZoneHit = 61,
    /// How much later than its zone a machine is back.
    ZoneReturn = 62,
    /// In which zone the storage of a replica is.
    ReplicaZone = 63,
    /// How long cloud-init takes with custom data.
    CustomData = 90,
    /// Whether it fails.
    CustomDataFailure = 91,
    /// How long after a pipeline notices an instance it begins to work on it.
    PipelineDelay = 92,
    /// When the engine of autoscale first runs.
    AutoscalePhase = 45,
    /// How long a write takes until it returns, by the name of the act.
    Write = 110,
    /// The phase of the probes of a backend after a write that gives them another interval.
    ProbePhaseWritten = 111,
    /// How long a machine of a standby pool takes to be made, to boot, to listen and to warm up.
    StandbyMake = 105,
    /// How long an extension takes on it.
    StandbyExtension = 106,
    /// Whether it, or an extension on it, fails to come up.
    StandbyFailure = 107,
    /// How long after its wave a member of a group is evicted, by place and slot.
    EvictionDelay = 112,
    /// How long before a freeze its event is raised.
    FreezeNotice = 113,
    /// How long a stage of an image build takes.
    BuildStage = 114,
    /// How long a replica that is complete cannot be used yet.
    UsableDelay = 115,
    /// How long the validation of a version for Trusted Launch takes.
    VersionValidation = 116,
    /// Whether an action of autoscale fails while a zone is lost, by setting.
    AutoscaleFailure = 117,
    /// How long the platform takes for a create call, whatever it takes for each of its machines.
    CreateCall = 138,
    /// How long the agent of a new Windows machine takes before it runs the first extension.
    AgentWait = 139,
    /// How long the agent is busy in an upgrade of extensions that brings nothing new.
    ExtensionWork = 121,
    /// When Octopus first scans for triggers, and when policies first check.
    OctopusPhase = 140,
    /// What the script of a health check of Octopus finds.
    OctopusCheck = 141,
    /// How long a step of a deployment takes on one instance.
    OctopusStep = 142,
    /// Whether it fails there.
    OctopusFailure = 143,
    /// When a pool of agents is first sampled.
    AgentSample = 160,
    /// How long an agent takes to be installed and started.
    AgentStartup = 161,
    /// How long a gateway takes to know that an instance came or went.
    GatewayUpdate = 175,
    /// How long a gateway takes to scale out.
    GatewayScaleOut = 176,
    /// The phase of a probe of an instance of a gateway that is new.
    GatewayProbePhase = 177,
    /// When a place first probes an endpoint of Traffic Manager.
    PlacePhase = 150,
    /// Which backend such a probe meets, where they would not all answer alike.
    PlaceMeets = 151,
    /// When the cached answer of a cohort of resolvers first expires.
    ResolverPhase = 152,
    /// When a configuration of Front Door reaches an edge site.
    EdgeConfigured = 153,
    /// When Azure first notices a version after automatic OS upgrade was enabled.
    FirstDetection = 100,
}

/// What a stream is about: two words that name the subject, and an ordinal within it.
///
/// An instance is (its set, the cause of its creation) and its ordinal within that cause, so that a policy that creates one
/// instance more for another cause moves no draw of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The name of the place, hashed by [`name`].
    pub place: u64,
    /// The cause, hashed by [`name`].
    pub cause: u64,
    /// The ordinal within the cause.
    pub ordinal: u32,
}

/// The hash under which a name enters a key (FNV-1a, 64 bit).
#[must_use]
pub const fn name(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}

/// Names of what a purpose is drawn for, beside the subject: 0 where there is one stream a purpose.
pub type Item = u64;

/// The randomness of one run: opens streams.
///
/// A seed of 2^32 to 2^62 is a *varied* one: its low 32 bits are a plain seed, and above them stand [`VARIATIONS`], a few bits for each
/// group of subjects. A group whose bits are 0 draws as under the plain seed, every other value draws anew. So a part of the chance of a
/// run can be changed and all else kept, which is what a search for the chance of an incident moves by (the blocks of Tran, Kohn, Quiroz
/// and Villani, arXiv 1603.02485), and each such run has a seed by which it is repeated.
#[derive(Clone, Copy, Debug)]
pub struct Randomness {
    seed: u64,
}

/// The bits of a seed that vary a part of its chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variations {
    /// The place of the lowest of them.
    pub shift: u32,
    /// How many groups of subjects there are.
    pub groups: u32,
    /// How many bits each has.
    pub bits: u32,
}

/// Those of a seed: about as many groups as an incident has instances, each with as many draws as one of them most often needs.
pub const VARIATIONS: Variations = Variations { shift: 32, groups: 10, bits: 3 };

impl Randomness {
    /// The randomness of the run with this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The seed.
    #[must_use]
    pub const fn seed(self) -> u64 {
        self.seed
    }

    /// The seed under which a subject draws.
    const fn of(self, subject: Subject) -> u64 {
        let Variations { shift, groups, bits } = VARIATIONS;
        let varied = self.seed >> shift;
        if varied == 0 || varied >> (groups * bits) != 0 {
            return self.seed;
        }
        let plain = self.seed & ((1 << shift) - 1);
        let mixed = (subject.place ^ subject.cause.rotate_left(17)).wrapping_add(subject.ordinal as u64);
        let mixed = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let group = (mixed * groups as u64) >> 32;
        match (varied >> (group as u32 * bits)) & ((1 << bits) - 1) {
            0 => plain,
            // No plain seed and no other varied one is like it.
            own => plain | own << shift | 1 << 63,
        }
    }

    /// The stream for `purpose` and `item` of `subject`.
    #[must_use]
    pub fn stream(self, purpose: Purpose, subject: Subject, item: Item) -> Stream {
        let mut key = [0_u8; 32];
        key[0..8].copy_from_slice(&self.of(subject).to_le_bytes());
        key[8..16].copy_from_slice(&subject.place.to_le_bytes());
        key[16..24].copy_from_slice(&subject.cause.to_le_bytes());
        key[24..28].copy_from_slice(&subject.ordinal.to_le_bytes());
        key[28..32].copy_from_slice(&(purpose as u32).to_le_bytes());
        let mut bits = ChaCha8Rng::from_seed(key);
        bits.set_stream(item);
        Stream(bits)
    }
}

/// One stream of draws.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A whole number below `n`, without bias (Lemire's method).
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "a range has at least one value");
        let mut wide = u128::from(self.bits()) * u128::from(n);
        if (wide as u64) < n {
            let threshold = n.wrapping_neg() % n;
            while (wide as u64) < threshold {
                wide = u128::from(self.bits()) * u128::from(n);
            }
        }
        (wide >> 64) as u64
    }

    /// A number in [0, 1) with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A standard normal number (Box and Muller's method, the cosine branch).
    pub fn normal(&mut self) -> f64 {
        let u = 1.0 - self.unit();
        let v = self.unit();
        libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v)
    }

    /// A permutation of 0..n (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }

    /// A length of time from `dist`, rounded to the millisecond.
    pub fn duration(&mut self, dist: &Dist) -> SimDuration {
        let ms = match *dist {
            Dist::Constant(value) => return value,
            Dist::Uniform { min, max } => {
                return SimDuration::from_ms(min.ms() + self.below(max.ms() - min.ms() + 1));
            }
            Dist::Exponential { mean } => -libm::log(1.0 - self.unit()) * mean.ms() as f64,
            Dist::LogNormal { median, sigma } => median.ms() as f64 * libm::exp(sigma * self.normal()),
            Dist::LogUniform { min, max } => self.log_uniform(min, max),
            Dist::SlowTail { median, sigma, share, min, max } => {
                // The body is drawn first, so that it is what a plain lognormal would have been.
                let body = median.ms() as f64 * libm::exp(sigma * self.normal());
                if self.chance(share) { self.log_uniform(min, max) } else { body }
            }
            Dist::TwoModes { first, second, share } => {
                // One normal for both, so that a share of 0 or 1 is a plain lognormal of the same draws.
                let normal = self.normal();
                let (median, sigma) = if self.chance(share) { second } else { first };
                median.ms() as f64 * libm::exp(sigma * normal)
            }
        };
        SimDuration::from_ms(libm::round(ms) as u64)
    }

    /// Milliseconds whose logarithm is uniform between those of the bounds; from 0 on, it begins at 1 ms.
    fn log_uniform(&mut self, min: SimDuration, max: SimDuration) -> f64 {
        let (from, to) = (min.ms().max(1) as f64, max.ms().max(1) as f64);
        from * libm::exp(libm::log(to / from) * self.unit())
    }
}

/// A distribution of lengths of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dist {
    /// Always the same.
    Constant(SimDuration),
    /// Every millisecond from `min` to `max`, both included, is equally likely.
    Uniform {
        /// The shortest.
        min: SimDuration,
        /// The longest.
        max: SimDuration,
    },
    /// Memoryless, with this mean.
    Exponential {
        /// The mean.
        mean: SimDuration,
    },
    /// The logarithm is normal with standard deviation `sigma`.
    LogNormal {
        /// Half of the draws lie below it.
        median: SimDuration,
        /// Standard deviation of the natural logarithm.
        sigma: f64,
    },
    /// The logarithm is uniform: each doubling from `min` to `max` is equally likely.
    LogUniform {
        /// The shortest.
        min: SimDuration,
        /// The longest.
        max: SimDuration,
    },
    /// Lognormal but for a share that takes far longer: the logarithm of those is uniform from `min` to `max`.
    SlowTail {
        /// Half of the draws of the body lie below it.
        median: SimDuration,
        /// Standard deviation of the natural logarithm of the body.
        sigma: f64,
        /// The share of the tail, 0 to 1.
        share: f64,
        /// The shortest of the tail.
        min: SimDuration,
        /// The longest of the tail.
        max: SimDuration,
    },
    /// Of two lognormals, each with its median and the standard deviation of the natural logarithm: mostly one, and for a
    /// share the other.
    TwoModes {
        /// The one.
        first: (SimDuration, f64),
        /// The other.
        second: (SimDuration, f64),
        /// The share of the other, 0 to 1.
        share: f64,
    },
}

impl Dist {
    /// A length that hardly a draw exceeds: the longest, where there is one, and of the others three standard deviations above the
    /// median (1 in 740), or as rare a one.
    #[must_use]
    pub fn long(self) -> SimDuration {
        self.within(3.0, 740.0)
    }

    /// A length that no draw exceeds: likewise, six standard deviations (1 in a thousand millions).
    #[must_use]
    pub fn longest(self) -> SimDuration {
        self.within(6.0, 1e9)
    }

    fn within(self, deviations: f64, one_in: f64) -> SimDuration {
        let above =
            |length: SimDuration, factor: f64| SimDuration::from_ms(libm::round(length.ms() as f64 * factor) as u64);
        let normal = |(median, sigma): (SimDuration, f64)| above(median, libm::exp(deviations * sigma));
        match self {
            Self::Constant(length) => length,
            Self::Uniform { max, .. } | Self::LogUniform { max, .. } => max,
            Self::Exponential { mean } => above(mean, libm::log(one_in)),
            Self::LogNormal { median, sigma } => normal((median, sigma)),
            Self::SlowTail { median, sigma, max, .. } => normal((median, sigma)).max(max),
            Self::TwoModes { first, second, .. } => normal(first).max(normal(second)),
        }
    }
}
