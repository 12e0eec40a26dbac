//! Published figures: each name means what the row of its rule says, and means nothing where that rule is switched off.

use windtunnel::input::{LoadOptions, Report, load_text};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Act, Plan};
use windtunnel_sim::rules::published::{FIGURES, Published};
use windtunnel_sim::rules::{A, RuleId, RuleSet, Value};

const HEAD: &str = "windtunnel: 1
title: t
horizon: PT72H
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 3 }
    zones: ['1', '2', '3']
    properties:
      orchestrationMode: Flexible
      singlePlacementGroup: false
      virtualMachineProfile: { priority: Spot, storageProfile: { imageReference: { id: web/1.0.0 } } }
";

fn load(rest: &str, rules: RuleSet) -> Result<Plan, Report> {
    let loaded = load_text("scenario.yaml", format!("{HEAD}{rest}"), &LoadOptions { rules })?;
    Ok(loaded.plan("as-written").expect("it always exists").plan.clone())
}

fn plan(rest: &str) -> Plan {
    load(rest, RuleSet::all()).unwrap_or_else(|report| panic!("{report}"))
}

/// The same is refused, for the name of the figure, in a world without its rule.
fn nothing_without(rule: RuleId, name: &str, rest: &str) {
    let report = load(rest, RuleSet::without(rule)).err().map(|report| report.to_string()).unwrap_or_default();
    assert!(report.contains(&format!("`published` must be a published figure, got `{name}`")), "{name}: {report}");
}

fn rule_of(name: &str) -> RuleId {
    FIGURES.iter().find(|figure| figure.name == name).map(|figure| figure.rule).expect("a figure")
}

const fn s(seconds: u64) -> SimDuration {
    SimDuration::from_secs(seconds)
}

const fn between(min: u64, max: u64) -> Dist {
    Dist::Uniform { min: s(min), max: s(max) }
}

/// Read off the rows of the rulebook, in seconds. A mean or an "about" is always drawn, two ends are drawn evenly. The two
/// medians with a 95th percentile: ln(21 ÷ 20) ÷ 1.645 = 0.02966 and ln(35 ÷ 34) ÷ 1.645 = 0.01762. East US lost power at
/// 07:24 and machines came back from 16:30: 9 h 6 min.
const LENGTHS: &[(&str, Dist)] = &[
    ("DI-01/web-role", Dist::Constant(SimDuration::from_ms(374_800))),
    ("DI-01/worker-role", Dist::Constant(SimDuration::from_ms(406_200))),
    ("DI-01/vm-role", Dist::Constant(SimDuration::from_ms(356_600))),
    ("DI-03/ssh", between(23, 25)),
    ("DI-04/baked", Dist::Constant(s(50))),
    ("DI-04/setup", between(240, 360)),
    ("DI-05/spread", between(0, 90)),
    ("DI-06/quick", between(0, 300)),
    ("DI-06/setup", between(600, 1800)),
    ("DI-06/doubled", between(1200, 3600)),
    ("DI-07/linux", Dist::LogNormal { median: s(1200), sigma: 0.029_66 }),
    ("DI-07/windows", Dist::LogNormal { median: s(2040), sigma: 0.017_62 }),
    ("DI-08/build", between(600, 3600)),
    ("DI-09/replication", Dist::LogUniform { min: s(60), max: s(21_600) }),
    ("DI-10/migration", between(0, 5)),
    ("DI-10/freeze", between(0, 10)),
    ("DI-10/long", Dist::Constant(s(30))),
    ("DI-11/notice", Dist::Constant(s(900))),
    ("DI-11/impact", Dist::Constant(s(7))),
    ("DI-11/completion", Dist::Constant(s(600))),
    ("DI-12/detection", Dist::Constant(s(10))),
    ("DI-13/ip-swap", Dist::Constant(s(60))),
    ("DI-13/gateway-rule", Dist::Constant(s(1))),
    ("DI-13/gateway-pool", Dist::Constant(s(120))),
    ("DI-15/validation", Dist::Constant(s(3600))),
    ("DI-18/length", Dist::Constant(s(32_760))),
    ("DI-19/length", Dist::Constant(s(86_400))),
];

#[test]
fn a_length_that_was_published_is_drawn_as_its_row_says() {
    for &(name, expected) in LENGTHS {
        let rest = format!("images: {{ web: {{ 1.0.0: {{ boot: {{ published: {name} }} }} }} }}\n");
        assert_eq!(plan(&rest).images[0].boot, Some(expected), "{name}");
        nothing_without(rule_of(name), name, &rest);
    }
    let lengths = FIGURES.iter().filter(|figure| matches!(figure.what, Published::Length(_)));
    assert_eq!(lengths.count(), LENGTHS.len());
}

#[test]
fn an_assumption_may_be_a_published_figure() {
    let rest = "assumptions: { extension.duration: { published: DI-06/quick } }\n";
    assert_eq!(plan(rest).assumptions.value(A::ExtensionDuration), Value::Dist(between(0, 300)));
    nothing_without(rule_of("DI-06/quick"), "DI-06/quick", rest);
    let unknown = load("assumptions: { extension.duration: { published: DI-06/slow } }\n", RuleSet::all());
    let report = unknown.expect_err("no such figure").to_string();
    assert!(report.contains("`published` must be a published figure, got `DI-06/slow`"), "{report}");
}

/// The middles of the bands; of the open one, its lower end.
#[test]
fn a_published_band_of_evictions_is_its_middle() {
    for (name, expected) in [
        ("DI-14/0-5", 0.025),
        ("DI-14/5-10", 0.075),
        ("DI-14/10-15", 0.125),
        ("DI-14/15-20", 0.175),
        ("DI-14/20+", 0.2),
    ] {
        let rest = format!("spot: {{ eastus: {{ evictionRate: {{ published: {name} }} }} }}\n");
        assert_eq!(plan(&rest).markets[0].hourly, expected, "{name}");
        nothing_without(rule_of(name), name, &rest);
    }
}

/// Power was gone at 07:24, machines were back from 16:30 to 19:00: 9 h 6 min, and a tail of 2 h 30 min. Cooling was off for
/// a day of two, and 65 % of the actions of autoscale succeeded. The share of machines is the assumption of both, a half.
#[test]
fn a_published_outage_has_its_length_tail_and_success_of_autoscale() {
    let outage = |name: &str, more: &str| {
        let rest =
            format!("timeline: [{{ name: z, at: 1h, zoneOutage: {{ zones: [1], published: {name}{more} }} }}]\n");
        let plan = plan(&rest);
        nothing_without(rule_of(name), name, &rest);
        let Act::ZoneOutage(outage) = &plan.timeline[0].what else { panic!("{:?}", plan.timeline) };
        (outage.share, outage.length, outage.tail, outage.autoscale_success)
    };
    assert_eq!(outage("DI-18", ""), (0.5, Some(s(32_760)), Some(between(0, 9000)), 1.0));
    assert_eq!(outage("DI-19", ""), (0.5, Some(s(86_400)), Some(between(0, 86_400)), 0.65));
    let more = ", share: 100%, for: PT1H, tail: 5m, autoscaleSuccess: 0%";
    assert_eq!(outage("DI-19", more), (1.0, Some(s(3600)), Some(Dist::Constant(s(300))), 0.0));
}

#[test]
fn a_tail_and_a_uniform_logarithm_are_read_as_written() {
    let boot = |text: &str| plan(&format!("images: {{ web: {{ 1.0.0: {{ boot: {text} }} }} }}\n")).images[0].boot;
    let tail = "{ slowTail: { median: 45s, sigma: 0.4, share: 1%, min: 5m, max: 22m } }";
    assert_eq!(boot(tail), Some(Dist::SlowTail { median: s(45), sigma: 0.4, share: 0.01, min: s(300), max: s(1320) }));
    assert_eq!(boot("{ logUniform: { min: 1m, max: 6h } }"), Some(Dist::LogUniform { min: s(60), max: s(21_600) }));
    let wrong = "images: { web: { 1.0.0: { boot: { logUniform: { min: 6h, max: 1m } } } } }\n";
    assert!(load(wrong, RuleSet::all()).expect_err("backwards").to_string().contains("swap the two"));
}
