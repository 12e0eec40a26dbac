//! Incidents with unknowns, hidden variants of them, and what they leave to see.

use windtunnel::experiment::fit::{Evidence, Judged, SEEDS};
use windtunnel::infer::posterior::log_sum;
use windtunnel::infer::stream::Stream;
use windtunnel::input::LoadOptions;
use windtunnel::input::drawable::Drawable;
use windtunnel::input::files::NoFiles;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_sim::world::run::{Options, Run};

const PAUSE: &str = "properties.upgradePolicy.rollingUpgradePolicy.pauseTimeBetweenBatches";

/// An incident with its unknowns, and its text.
pub fn incident(name: &str) -> (Drawable, String) {
    let bundled = |name: &str| std::fs::read_to_string(format!("scenarios/{name}.yaml")).expect("it is bundled");
    let one = |name: &str, path: &str, prior: &str| format!("  {name}: {{ path: \"{path}\", {prior} }}\n");
    let range = |from: &str, to: &str| format!("uniform: {{ min: {from}, max: {to} }}");
    let (text, unknown) = match name {
        "scale-out" => (
            std::fs::read_to_string("tests/fit/incidents/scale-out.yaml").expect("it is there"),
            one("pause", &format!("vmss.{PAUSE}"), &range("PT10M", "PT40M"))
                + &one("swap", "assumptions.vm.os_disk_swap.lognormal.median", &range("PT30S", "PT5M"))
                + &one("failure", "images.shop.8.0.0.degrades.after", &range("PT4M", "PT15M")),
        ),
        "slow-failure" => (
            bundled("slow-failure"),
            one("start", "timeline[new version].at", &range("PT5M", "PT20M"))
                + &one("failure", "images.feed-image.2.0.0.degrades.after", &range("PT4M", "PT15M"))
                + &one("swap", "assumptions.vm.os_disk_swap", &range("PT30S", "PT5M")),
        ),
        "shallow-probe" => (
            bundled("shallow-probe-greenlights"),
            one("start", "timeline[new version].at", &range("PT5M", "PT20M"))
                + &one("pause", &format!("vmss-orders.{PAUSE}"), &range("PT0S", "PT10M"))
                + &one("swap", "assumptions.vm.os_disk_swap", &range("PT30S", "PT5M")),
        ),
        "stale-image" => (
            bundled("stale-image-scale-out"),
            one("scale out", "timeline[scale out].at", &range("PT5M", "PT20M"))
                + &one("delay", "pipelines.deploy.trigger.delay", &range("PT0S", "PT10M"))
                + &one("length", "pipelines.deploy.duration.uniform.max", &range("PT4M", "PT10M")),
        ),
        "zone-outage" => (
            bundled("zone-outage-mid-rollout"),
            one("outage", "timeline[the outage].at", &range("PT11M", "PT19M"))
                + &one("length", "timeline[the outage].zoneOutage.for", &range("PT30M", "PT1H30M"))
                + &one("zone", "timeline[the outage].zoneOutage.zones", "oneOf: [[1], [2], [3]]"),
        ),
        other => panic!("no incident {other}"),
    };
    let text = format!("{text}\nunknown:\n{unknown}");
    let drawable = Drawable::read(&NoFiles, &format!("{name}.yaml"), text.clone(), &LoadOptions::default());
    (drawable.unwrap_or_else(|report| panic!("{report}")), text)
}

/// A truth: shares of the priors, and the seed of the incident.
pub fn truth(variant: u64, unknowns: usize) -> (Vec<f64>, u64) {
    let mut stream = Stream::new(variant, &[0x7247]);
    let shares = (0..unknowns).map(|_| stream.unit()).collect();
    (shares, SEEDS.0 + stream.below(SEEDS.1 as usize) as u64)
}

/// The share of requests that was harmed in each of the first minutes, in percent points, with an error of a normal distribution; one in
/// a hundred is anything.
pub struct Minutes {
    /// By minute.
    pub observed: Vec<f64>,
    sd: f64,
}

const MINUTE: SimDuration = SimDuration::from_mins(1);
const MOST: u64 = 160;

impl Minutes {
    /// What a hidden variant leaves to see, with an error of 2 points.
    pub fn of(drawable: &Drawable, shares: &[f64], seed: u64, noise: u64) -> Self {
        let plan = drawable.plan("as-written", shares).expect("a variant can be planned");
        let mut stream = Stream::new(noise, &[0x0b5e]);
        let sd = 2.0;
        let observed = simulated(&plan, seed);
        let observed = observed.into_iter().map(|value| match stream.unit() < 0.01 {
            true => 100.0 * stream.unit(),
            false => value + sd * stream.normal(),
        });
        Self { observed: observed.collect(), sd }
    }
}

/// The harmed share of each minute of a run, in percent.
fn simulated(plan: &Plan, seed: u64) -> Vec<f64> {
    let mut sink = Watched::new(plan, Series::new(plan));
    let mut run = Run::new(plan, seed, Options::default(), &mut sink);
    run.advance(plan.horizon, &mut sink);
    run.finish(&mut sink);
    let minutes = MOST.min(plan.horizon.ms() / MINUTE.ms());
    let (mut offered, mut harmed) = (vec![0.0; minutes as usize], vec![0.0; minutes as usize]);
    for (row, until) in sink.observers.spans(EntryPointId(0)) {
        let Some(requests) = row.requests else { continue };
        let (mut from, until) = (row.time.ms(), until.ms().min(minutes * MINUTE.ms()));
        while from < until {
            let minute = from / MINUTE.ms();
            let to = until.min((minute + 1) * MINUTE.ms());
            let totals = requests.integrate(SimTime::from_ms(from), SimTime::from_ms(to));
            offered[minute as usize] += totals.offered;
            harmed[minute as usize] += totals.failed + totals.stale;
            from = to;
        }
    }
    offered
        .iter()
        .zip(harmed)
        .map(|(offered, harmed)| if *offered > 0.0 { 100.0 * harmed / offered } else { 0.0 })
        .collect()
}

impl Evidence for Minutes {
    fn log_likelihood(&self, plan: &Plan, seed: u64) -> f64 {
        let of = |(simulated, observed): (f64, &f64)| {
            let z = (observed - simulated) / self.sd;
            let right = -z * z / 2.0 - libm::log(self.sd * 2.506_628_274_631);
            log_sum(&[right + libm::log(0.99), libm::log(0.01 / 100.0)])
        };
        simulated(plan, seed).into_iter().zip(&self.observed).map(of).sum()
    }

    fn judged(&self, plan: &Plan, seed: u64) -> Vec<Judged> {
        let of = |(minute, (simulated, observed)): (u64, (f64, &f64))| Judged {
            name: "harmed share".to_owned(),
            from: SimTime::from_ms(minute * MINUTE.ms()),
            until: SimTime::from_ms((minute + 1) * MINUTE.ms()),
            observed: Some(*observed),
            simulated: Some(simulated),
            within: (observed - simulated).abs() <= 2.0 * self.sd,
        };
        (0..).zip(simulated(plan, seed).into_iter().zip(&self.observed)).map(of).collect()
    }
}
