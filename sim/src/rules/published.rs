//! The figures that somebody has published: each has a name that a scenario can write where a length of time, a rate of
//! eviction or a zone outage stands, and the rule that has its source.
//!
//! A figure is drawn as it was published and no finer. Of a mean or an "about", the number itself; of two ends, the ends
//! with nothing preferred between them; of a median and a 95th percentile, the lognormal through both.

use super::assumption_spec::{min, ms, s};
use super::{
    DI_01, DI_03, DI_04, DI_05, DI_06, DI_07, DI_08, DI_09, DI_10, DI_11, DI_12, DI_13, DI_14, DI_15, DI_18, DI_19,
    RuleId,
};
use crate::engine::random::Dist;
use crate::engine::time::SimDuration;

/// A published figure.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// What a scenario calls it: `DI-04/baked`.
    pub name: &'static str,
    /// The rule with its source.
    pub rule: RuleId,
    /// What it is.
    pub what: Published,
    /// What it is a figure of, and how it was made of what was published.
    pub doc: &'static str,
}

/// What was published.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Published {
    /// A length of time.
    Length(Dist),
    /// The chance of an eviction within an hour.
    Hourly(f64),
    /// How a zone was lost.
    Outage(OutageShape),
}

/// How a zone was lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutageShape {
    /// From the beginning until the first machines were back.
    pub length: SimDuration,
    /// How much later each machine was back.
    pub tail: Dist,
    /// Autoscale operations failed meanwhile, by the assumption `zone.outage_autoscale_success`.
    pub autoscale_fails: bool,
}

const fn always(value: SimDuration) -> Published {
    Published::Length(Dist::Constant(value))
}

const fn between(min: SimDuration, max: SimDuration) -> Published {
    Published::Length(Dist::Uniform { min, max })
}

const fn lognormal(median: SimDuration, sigma: f64) -> Published {
    Published::Length(Dist::LogNormal { median, sigma })
}

const fn figure(name: &'static str, rule: RuleId, what: Published, doc: &'static str) -> Figure {
    Figure { name, rule, what, doc }
}

/// Power was lost at 07:24, machines came back from 16:30, and all was over at 19:00.
const EAST_US_2023: OutageShape = OutageShape {
    length: min(9 * 60 + 6),
    tail: Dist::Uniform { min: SimDuration::ZERO, max: min(150) },
    autoscale_fails: false,
};

/// Cooling was off for nearly a day, and the incident lasted for about two.
const AUSTRALIA_EAST_2023: OutageShape = OutageShape {
    length: min(24 * 60),
    tail: Dist::Uniform { min: SimDuration::ZERO, max: min(24 * 60) },
    autoscale_fails: true,
};

/// Every figure, in the order of the rules.
pub const FIGURES: [Figure; 34] = [
    figure("DI-01/web-role", DI_01, always(ms(374_800)), "start of a WebRole, 2011–12: the mean"),
    figure("DI-01/worker-role", DI_01, always(ms(406_200)), "start of a WorkerRole, 2011–12: the mean"),
    figure("DI-01/vm-role", DI_01, always(ms(356_600)), "start of a VM role with Windows 2008 R2, 2011–12: the mean"),
    figure("DI-03/ssh", DI_03, between(s(23), s(25)), "create to SSH on another cloud, 2018, Debian 9: the two ends"),
    figure("DI-04/baked", DI_04, always(s(50)), "boot of a baked image: about 50 s"),
    figure("DI-04/setup", DI_04, between(min(4), min(6)), "set-up at boot by cloud-init: the two ends"),
    figure("DI-05/spread", DI_05, between(s(0), s(90)), "spread of one scale-out: up to 90 s"),
    figure("DI-06/quick", DI_06, between(s(0), min(5)), "a quick deployment on new machines: under 5 min"),
    figure("DI-06/setup", DI_06, between(min(10), min(30)), "a deployment with software set-up: the two ends"),
    figure(
        "DI-06/doubled",
        DI_06,
        between(min(20), min(60)),
        "a deployment that a second trigger doubles: the two ends",
    ),
    // ln(21 ÷ 20) ÷ 1.645 and ln(35 ÷ 34) ÷ 1.645.
    figure(
        "DI-07/linux",
        DI_07,
        lognormal(min(20), 0.029_66),
        "the optimize stage of 30 GB Linux: through P50 and P95",
    ),
    figure(
        "DI-07/windows",
        DI_07,
        lognormal(min(34), 0.017_62),
        "the optimize stage of 127 GB Windows: through P50 and P95",
    ),
    figure("DI-08/build", DI_08, between(min(10), min(60)), "an image build: the two ends"),
    figure(
        "DI-09/replication",
        DI_09,
        Published::Length(Dist::LogUniform { min: min(1), max: min(360) }),
        "a gallery replication: from minutes to the 6 h that Azure asks operators to wait, each doubling equally likely",
    ),
    figure("DI-10/migration", DI_10, between(s(0), s(5)), "the pause of a live migration: at most 5 s"),
    figure("DI-10/freeze", DI_10, between(s(0), s(10)), "nearly every freeze: under 10 s"),
    figure("DI-10/long", DI_10, always(s(30)), "the freeze that happens at most once in 18 months: about 30 s"),
    figure("DI-11/notice", DI_11, always(min(15)), "notice of a scheduled event: 15 min"),
    figure("DI-11/impact", DI_11, always(s(7)), "the impact of a scheduled event: about 7 s"),
    figure("DI-11/completion", DI_11, always(min(10)), "from the start of a scheduled event to its removal: 10 min"),
    figure(
        "DI-12/detection",
        DI_12,
        always(s(10)),
        "until a balancer with a 5 s interval leaves a frozen backend: about 10 s",
    ),
    figure("DI-13/ip-swap", DI_13, always(min(1)), "an address that moves between two balancers: about 1 min down"),
    figure("DI-13/gateway-rule", DI_13, always(s(1)), "a gateway whose rule is swapped: about 1 s down"),
    figure("DI-13/gateway-pool", DI_13, always(min(2)), "a gateway whose pools move: about 2 min with both versions"),
    figure("DI-14/0-5", DI_14, Published::Hourly(0.025), "the eviction rate 0 to 5 %: the middle of the band"),
    figure("DI-14/5-10", DI_14, Published::Hourly(0.075), "the eviction rate 5 to 10 %: the middle of the band"),
    figure("DI-14/10-15", DI_14, Published::Hourly(0.125), "the eviction rate 10 to 15 %: the middle of the band"),
    figure("DI-14/15-20", DI_14, Published::Hourly(0.175), "the eviction rate 15 to 20 %: the middle of the band"),
    figure("DI-14/20+", DI_14, Published::Hourly(0.20), "the eviction rate above 20 %: its lower end"),
    figure("DI-15/validation", DI_15, always(min(60)), "the validation of a version for Trusted Launch: the least"),
    figure("DI-18/length", DI_18, always(EAST_US_2023.length), "East US 2023: until the first machines were back"),
    figure("DI-18", DI_18, Published::Outage(EAST_US_2023), "a part of a zone loses power: East US, 16 September 2023"),
    figure("DI-19/length", DI_19, always(AUSTRALIA_EAST_2023.length), "Australia East 2023: cooling off for a day"),
    figure(
        "DI-19",
        DI_19,
        Published::Outage(AUSTRALIA_EAST_2023),
        "a part of a zone loses its cooling: Australia East, 30 August 2023",
    ),
];

/// The figure of this name.
#[must_use]
pub fn figure_named(name: &str) -> Option<Figure> {
    FIGURES.into_iter().find(|figure| figure.name == name)
}

/// What kind of figure a place can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A length of time.
    Length,
    /// A rate of eviction.
    Hourly,
    /// A zone outage.
    Outage,
}

/// The names of the figures that are in such a place; `N` is how many there are.
#[must_use]
pub const fn names<const N: usize>(of: Place) -> [&'static str; N] {
    let (mut list, mut at, mut i) = ([""; N], 0, 0);
    while i < FIGURES.len() {
        let fits = matches!(
            (FIGURES[i].what, of),
            (Published::Length(_), Place::Length)
                | (Published::Hourly(_), Place::Hourly)
                | (Published::Outage(_), Place::Outage)
        );
        if fits {
            list[at] = FIGURES[i].name;
            at += 1;
        }
        i += 1;
    }
    assert!(at == N, "the count of the names is that of the figures");
    list
}
