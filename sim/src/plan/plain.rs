//! The plainest of each thing, to start from: what a test or a generator does not set is as simple as can be.

use super::{
    Application, BalancingRule, Behind, Bill, Cpu, EntryPoint, GATEWAY_DRAIN, GATEWAY_INTERVAL, GATEWAY_PATIENCE,
    GATEWAY_THRESHOLD, GATEWAY_TIMEOUT, GatewayPart, GatewayProber, HealthSource, History, ImageReference, Needs,
    OrchestrationMode, Plan, Pool, Probe, ProbeProtocol, Prober, Quota, Region, ScaleInPolicy, ScaleSet, Segment,
    SpotPolicy, Tier, Traffic, UpgradePolicy, VmProfile, Zone,
};
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::rules::{Assumptions, RuleSet};

impl Plan {
    /// How many instances stand when a run begins: what tables with a row an instance are made for.
    #[must_use]
    pub fn initial_instances(&self) -> usize {
        self.sets.iter().map(|set| set.capacity as usize).sum()
    }

    /// An empty plan: one region, nothing in it, every rule and the defaults of every assumption.
    #[must_use]
    pub fn plain(title: &str, horizon: SimTime) -> Self {
        Self {
            title: title.into(),
            policy: "as-written".into(),
            start_unix_ms: 0,
            zone: Zone::NotGiven,
            horizon,
            objective: None,
            cold_start: false,
            assumptions: Assumptions::default(),
            rules: RuleSet::all(),
            regions: vec![Region::plain("eastus")],
            sets: Vec::new(),
            pools: Vec::new(),
            entry_points: Vec::new(),
            profiles: Vec::new(),
            gateways: Vec::new(),
            front_doors: Vec::new(),
            application: Application::plain(),
            definitions: Vec::new(),
            gallery: Vec::new(),
            images: Vec::new(),
            builders: Vec::new(),
            os_upgrades: super::OsUpgrades::default(),
            pipelines: Vec::new(),
            octopus: super::Octopus::default(),
            agent_pools: Vec::new(),
            timeline: Vec::new(),
            notes: Vec::new(),
            faults: Vec::new(),
            markets: Vec::new(),
            autoscale: Vec::new(),
            metrics: Vec::new(),
            history: History::default(),
            bill: Bill::default(),
            accepted: Vec::new(),
            refusals: Vec::new(),
            limits: super::Limits::default(),
        }
    }
}

impl Region {
    /// A region with three fault domains and no limit.
    #[must_use]
    pub fn plain(name: &str) -> Self {
        Self { name: name.into(), fault_domains: 3, domains_with_room: None, free: [None; 4], quota: Quota::default() }
    }
}

impl ScaleSet {
    /// A regional Uniform set of this many instances of the first image, behind the first pool.
    #[must_use]
    pub fn plain(name: &str, capacity: u32) -> Self {
        Self {
            name: name.into(),
            region: 0,
            mode: OrchestrationMode::Uniform,
            zones: Vec::new(),
            zone_balance: false,
            fault_domains: 1,
            single_placement_group: false,
            capacity,
            cores: 2,
            overprovision: false,
            skip_extensions_on_surplus: false,
            image: ImageReference::Version(0),
            windows: false,
            scale_in: ScaleInPolicy::Default,
            unhealthy_first: false,
            force_deletion: false,
            resilient_create: false,
            resilient_delete: false,
            upgrade: UpgradePolicy::default(),
            repairs: None,
            profile: VmProfile::plain(),
            pools: vec![0],
            size: "Standard_D2s_v5".into(),
            spot: SpotPolicy::default(),
            prices: None,
            upkeep: super::Upkeep::default(),
            start: super::Start::default(),
        }
    }
}

impl VmProfile {
    /// No extension, and nobody to say what is healthy.
    #[must_use]
    pub const fn plain() -> Self {
        Self {
            health_source: HealthSource::None,
            health_extension: None,
            extensions: Vec::new(),
            custom_data: None,
            extensions_budget: SimDuration::from_mins(90),
            terminate: None,
            os_image: None,
        }
    }
}

impl Pool {
    /// A pool probed over HTTP at the second endpoint every 5 s.
    #[must_use]
    pub fn plain(balancer: &str) -> Self {
        Self {
            balancer: balancer.into(),
            name: "pool".into(),
            probe: Some(Probe {
                name: "probe".into(),
                protocol: ProbeProtocol::Http,
                endpoint: 1,
                interval: SimDuration::from_secs(5),
                threshold: 1,
                probes: Probe::PROBES,
            }),
            all_probed_up: false,
            prober: Prober::Balancer,
        }
    }

    /// The pool of an instance of a gateway, with the default probe at the second endpoint (AG-01).
    #[must_use]
    pub fn plain_gateway(gateway: &str, tier: Tier, instance: u16) -> Self {
        let plain = Self::plain(gateway);
        let probe = plain.probe.map(|probe| Probe {
            name: "default".into(),
            interval: GATEWAY_INTERVAL,
            threshold: GATEWAY_THRESHOLD,
            ..probe
        });
        let prober = GatewayProber {
            tier,
            setting: "setting".into(),
            instance,
            timeout: GATEWAY_TIMEOUT,
            codes: Vec::new(),
            text: String::new(),
            drain: GATEWAY_DRAIN,
            patience: GATEWAY_PATIENCE,
        };
        Self { probe, prober: Prober::Gateway(prober), ..plain }
    }
}

impl EntryPoint {
    /// A listener of a gateway, the entry point at this place, whose pools begin at `pool`; with its parts where it has several instances.
    #[must_use]
    pub fn plain_gateway(
        gateway: &str,
        (tier, instances): (Tier, u16),
        at: u16,
        pool: u16,
        traffic: Option<Traffic>,
    ) -> Vec<Self> {
        let own =
            Self::listener(gateway, "listener", GatewayPart { tier, instances, cookie: false, scales: None }, traffic);
        if instances == 1 {
            return vec![Self { behind: Behind::Pool(pool), ..own }];
        }
        let parts: Vec<Self> = (0..instances).map(|number| Self::part(&own, at, number, pool + number)).collect();
        std::iter::once(own).chain(parts).collect()
    }

    /// The rule of a balancer that leads to this pool, with this many requests a second.
    #[must_use]
    pub fn plain(balancer: &str, pool: u16, rps: f64) -> Self {
        Self {
            resource: balancer.into(),
            name: "rule".into(),
            frontend: None,
            behind: Behind::Pool(pool),
            later: Vec::new(),
            rule: BalancingRule::default(),
            is_address: false,
            gateway: None,
            traffic: Some(Traffic::new(vec![Segment { start: SimTime::ZERO, rps, slope: 0.0 }])),
            routed: None,
        }
    }

    /// The rule of each of these pools, with the same requests a second.
    #[must_use]
    pub fn plain_of(pools: &[Pool], rps: f64) -> Vec<Self> {
        pools.iter().enumerate().map(|(at, pool)| Self::plain(&pool.balancer, at as u16, rps)).collect()
    }
}

impl Application {
    /// A process that is up at once and serves as long as it runs; it has no endpoint yet.
    #[must_use]
    pub const fn plain() -> Self {
        Self {
            releases: Vec::new(),
            flaws: Vec::new(),
            dependencies: Vec::new(),
            capacity_rps: None,
            warm_up: Dist::Constant(SimDuration::ZERO),
            endpoints: Vec::new(),
            serves: Needs::PROCESS,
            requires: None,
            groups: Vec::new(),
            who: Vec::new(),
            texts: Vec::new(),
            under_load: Vec::new(),
            events: None,
            jobs: None,
            cpu: Cpu { idle: 0.0, at_capacity: 1.0 },
        }
    }
}
