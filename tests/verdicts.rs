//! `test`: what expectations mean over time and over runs, how tests are chosen and shown, and the baselines of the bundled
//! scenarios. `UPDATE=1 cargo test --test verdicts` writes those anew.

#[path = "verdicts/outside.rs"]
mod outside;

use std::fs;
use windtunnel::claims::expect::Expectation;
use windtunnel::claims::quantity::{OPEN, names};
use windtunnel::experiment::judge::{Verdict, judge};
use windtunnel::experiment::moment::first_missed;
use windtunnel::experiment::overall::{Trial, Trials, judge_all};
use windtunnel::experiment::replay::Replay;
use windtunnel::input::{LoadOptions, Loaded, load_text};
use windtunnel_sim::measure::Stored;

/// Two instances that take 100 rps each, under a demand that rises from 100 rps by 1 rps in 6 s for half an hour: it passes
/// 200 rps at 600 s. At PT25M a third instance is asked for.
const RAMP: &str = "windtunnel: 1
title: A rising demand
horizon: PT30M
objective: 99%
resources:
  - type: Microsoft.Network/loadBalancers
    name: lb
    location: eastus
    sku: { name: Standard }
    properties:
      backendAddressPools: [{ name: web }]
      probes: [{ name: alive, properties: { protocol: Http, port: 80, requestPath: /healthz, intervalInSeconds: 5 } }]
      loadBalancingRules:
        - name: http
          properties: { protocol: Tcp, frontendPort: 80, backendPort: 80, backendAddressPool: { id: web }, probe: { id: alive } }
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 2 }
    properties:
      orchestrationMode: Uniform
      overprovision: false
      upgradePolicy: { mode: Manual }
      virtualMachineProfile:
        storageProfile: { imageReference: { id: web/1.0.0 } }
        networkProfile:
          networkInterfaceConfigurations:
            - name: nic
              properties: { ipConfigurations: [{ name: ip, properties: { loadBalancerBackendAddressPools: [{ id: web }] } }] }
application: { releases: [c1, c2], capacity: 100 rps, endpoints: { /healthz: [{ when: process, answer: 200 }] } }
images: { web: { 1.0.0: { code: c2 } } }
traffic: { lb: { demand: { points: [{ at: PT0S, rps: 100 rps }, { at: PT30M, rps: 400 rps }] } } }
timeline: [{ name: grow, at: PT25M, setCapacity: { scaleSet: vmss, capacity: 3 } }]
policies: { wide: { vmss: { sku: { capacity: 4 } }, timeline: [{ name: grow, $remove: true }] } }
";

fn ramp(expect: &str) -> Result<Loaded, windtunnel::input::Report> {
    let text = format!("{RAMP}expect:\n  - {{ name: e, {expect} }}\n");
    load_text("ramp.yaml", text, &LoadOptions::default())
}

/// What becomes of one expectation in one run of the rising demand.
fn judged(expect: &str) -> (Verdict, Option<u64>, Stored) {
    let loaded = ramp(expect).unwrap_or_else(|report| panic!("{expect}:\n{report}"));
    let planned = loaded.plan("as-written").expect("always");
    let replay = Replay::new(&planned.plan, 1);
    let judged = judge(&planned.expectations, &replay);
    let moment = first_missed(&planned.expectations[0], &replay);
    let at = moment.map(|moment| moment.at.ms()).or(judged[0].at.map(|at| at.ms()));
    (judged[0].verdict.clone(), at, judged[0].measured.stored())
}

#[track_caller]
fn passes(expect: &str, value: f64, at: Option<u64>) {
    let (verdict, found, observed) = judged(expect);
    assert_eq!(verdict, Verdict::Pass, "{expect}");
    let number = observed.seen().number().expect("a number");
    assert!((number - value).abs() < 1e-6, "{expect}: {number} is not {value}");
    assert_eq!(found, at, "{expect}");
}

#[track_caller]
fn misses(expect: &str, at: u64, words: &str) {
    let (verdict, found, _) = judged(expect);
    let Verdict::Fail(why) = verdict else { panic!("{expect}: {verdict:?}") };
    assert!(why.contains(words), "{expect}: {why}");
    assert_eq!(found, Some(at), "{expect}");
}

/// Demand is 100 + t / 6 rps at t seconds; 200 rps are served of whatever is more.
#[test]
fn at_an_instant_the_value_is_that_of_the_line_between_two_changes() {
    passes("measure: series.demand_rps, at: PT5M, is: 150 rps", 150.0, Some(300_000));
    passes("measure: series.served_rps, at: PT5M, is: 150", 150.0, Some(300_000));
    passes("measure: series.served_rps, at: PT20M, is: 200", 200.0, Some(1_200_000));
    passes("measure: series.failed_rps, at: PT20M, is: 100", 100.0, Some(1_200_000));
    // 100 of 300.
    passes("measure: series.harmed_pct, at: PT20M, between: [33.33%, 33.34%]", 100.0 / 3.0, Some(1_200_000));
    // At an instant everything that happens at it has happened: the third instance is asked for.
    passes("measure: series.instances, at: PT24M59.999S, is: 2", 2.0, Some(1_499_999));
    passes("measure: series.instances, at: grow, is: 3", 3.0, Some(1_500_000));
    passes("measure: series.state_creating, at: grow, is: 1", 1.0, Some(1_500_000));
    passes("measure: series.code_c2, at: grow, is: 3", 3.0, Some(1_500_000));
    passes("measure: series.rotation_code_c2, at: grow, is: 2", 2.0, Some(1_500_000));
    passes("measure: series.image_web/1.0.0, at: PT0S, is: 2", 2.0, Some(0));
    passes("measure: series.in_rotation, entryPoint: lb, at: PT0S, is: 2", 2.0, Some(0));
    passes("measure: series.instances, scaleSet: vmss, at: PT24M59.999S, is: 2", 2.0, Some(1_499_999));
    passes("measure: series.state_creating, scaleSet: vmss, at: grow, is: 1", 1.0, Some(1_500_000));
    passes("measure: series.capacity_rps, at: PT0S, is: 200 rps", 200.0, Some(0));
    misses("measure: series.demand_rps, at: PT5M, atMost: 149 rps", 300_000, "it is 150 rps at +5 min");
}

/// Nine instances over three zones, three in each. Zone 2 is lost from PT1H to PT3H, and what was in it is made anew where the
/// fewest are: 5, 0 and 4, which is nine. Nothing goes back.
#[test]
fn a_zone_and_a_scale_set_are_asked_for_by_name() {
    let text = fs::read_to_string("scenarios/zone-balance-after-an-outage.yaml").expect("it is bundled");
    let (text, _) = text.split_once("\nexpect:").expect("it expects something");
    let claims = [
        ("measure: series.instances, zone: 1, at: PT0S", 3),
        ("measure: series.instances, zone: eastus/1, at: PT4H", 5),
        ("measure: series.instances, zone: 2, at: PT4H", 0),
        ("measure: series.instances, zone: 3, at: PT4H", 4),
        ("measure: series.state_serving, zone: 2, at: PT4H", 0),
        ("measure: series.instances, scaleSet: vmss-pay, at: PT4H", 9),
        ("measure: capacity.least_instances, zone: 2", 0),
        ("measure: capacity.zone_gap_max, scaleSet: vmss-pay", 5),
    ];
    let claim = |(at, (claim, is)): (usize, &(&str, u32))| format!("  - {{ name: e{at}, {claim}, is: {is} }}\n");
    let text = format!("{text}\nexpect:\n{}", claims.iter().enumerate().map(claim).collect::<String>());
    let loaded = load_text("zones.yaml", text, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    let planned = loaded.plan("as-written").expect("always");
    let replay = Replay::new(&planned.plan, 1);
    for (judged, (claim, _)) in judge(&planned.expectations, &replay).iter().zip(claims) {
        assert_eq!(judged.verdict, Verdict::Pass, "{claim}");
    }
}

#[test]
fn at_every_instant_means_every_millisecond() {
    // (d − 200) / d passes 10 % where d = 2000 / 9 = 222.2…: at 6 × 122.2… = 733.3… s, so the first millisecond is 733.334 s.
    misses("measure: series.harmed_pct, atMost: 10%", 733_334, "at +12 min 13 s");
    // 1 rps too much at d = 201, which is 606 s; just at it the bound is passed.
    misses("measure: series.failed_rps, atMost: 1 rps", 606_001, "at +10 min 6 s");
    misses("measure: series.failed_rps, never: true, atLeast: 1 rps", 606_000, "at +10 min 6 s");
    // What is in a range leaves it at its upper end: d = 250 at 900 s.
    misses("measure: series.demand_rps, between: [100, 250]", 900_001, "at +15 min");
    // A part of the run: its greatest value is shown.
    passes("measure: series.harmed_pct, until: PT10M, is: 0%", 0.0, None);
    passes("measure: series.demand_rps, from: PT5M, until: PT10M, atMost: 200 rps", 200.0, None);
    passes("measure: series.demand_rps, from: PT5M, until: PT10M, atLeast: 150 rps", 150.0, None);
    passes("measure: series.demand_rps, from: grow, atLeast: 350 rps", 350.0, None);
    misses(
        "measure: series.demand_rps, from: PT10M, until: PT20M, never: true, between: [250, 260]",
        900_000,
        "it is 250",
    );
}

#[test]
fn within_means_at_some_instant_and_says_when() {
    // 300 rps at 1,200 s.
    passes("measure: series.demand_rps, within: PT20M, atLeast: 300 rps", 300.0, Some(1_200_000));
    misses(
        "measure: series.demand_rps, within: PT19M59S, atLeast: 300 rps",
        1_199_000,
        "did not hold at any instant up to +19 min 59 s",
    );
    // A range is entered between two changes: 250 rps at 900 s.
    passes("measure: series.demand_rps, within: PT30M, between: [250, 260]", 250.0, Some(900_000));
    passes("measure: series.demand_rps, from: PT10M, within: PT5M, atLeast: 250 rps", 250.0, Some(900_000));
    passes("measure: series.instances, from: grow, within: PT1S, atLeast: 3", 3.0, Some(1_500_000));
    // The run is over before the time is: not known.
    let (verdict, ..) = judged("measure: series.demand_rps, from: PT29M, within: PT2M, atLeast: 500 rps");
    assert!(matches!(verdict, Verdict::Inconclusive(why) if why.contains("the run ended at +30 min")));
}

/// Harmed requests: ∫ (d − 200) dt from 600 s on = (t − 600)² / 12. Offered in all: 250 rps × 1800 s = 450,000. So 1 % of
/// them, 4,500, are reached at t = 600 + √54,000 = 832.379… s; the third instance is too late to matter.
#[test]
fn a_measure_is_missed_at_the_instant_at_which_it_went_beyond() {
    let loaded = ramp("measure: blast_radius.requests_pct, atMost: 1%").expect("it loads");
    let planned = loaded.plan("as-written").expect("always");
    let replay = Replay::new(&planned.plan, 1);
    let moment = first_missed(&planned.expectations[0], &replay).expect("it is missed");
    assert_eq!(moment.at.ms(), 832_380);
    let entry = moment.entry.expect("harm was under way");
    // Harm begins at the first millisecond at which demand is above 200 rps.
    assert_eq!((entry.fact.kind().name, entry.time.ms()), ("harmStarted", 600_001));
    // What is yet to be reached has no first moment of not being so.
    let (verdict, at, _) = judged("measure: blast_radius.requests_pct, atLeast: 90%");
    assert!(matches!(verdict, Verdict::Fail(_)) && at.is_none());
    // Degraded: above 1 % harmed, d > 202.02…, from 612.12… s on; 60 s of it are over at 672.12… s.
    let (_, at, _) = judged("measure: downtime.degraded_s, atMost: 60");
    assert!(at.is_some_and(|at| (672_100..=672_140).contains(&at)), "{at:?}");
    // Harm goes on at the horizon: open, and beyond the bound already; or not known.
    let (verdict, ..) = judged("measure: time_to.recover_s, atMost: 60");
    assert!(matches!(verdict, Verdict::Fail(why) if why.contains("still open")));
    for open in ["atMost: 1h", "atLeast: 60", "never: true, atLeast: 1h"] {
        let (verdict, ..) = judged(&format!("measure: time_to.recover_s, {open}"));
        assert!(matches!(verdict, Verdict::Inconclusive(_)), "what is open never passes: {open}");
    }
    let (verdict, ..) = judged("measure: blast_radius.users_pct, atMost: 100%");
    assert!(matches!(verdict, Verdict::Fail(why) if why.contains("no users")), "no data fails");
}

#[test]
fn what_makes_no_sense_is_said_at_its_place() {
    for (expect, code, words) in [
        ("measure: downtime.full_s, at: PT5M, is: 0", "E0215", "one value for the whole run"),
        ("measure: series.instances, at: PT5M, from: PT1M, is: 0", "E0215", "`at` is one instant"),
        ("measure: series.instances, within: PT5M, until: PT9M, is: 0", "E0215", "both set the end"),
        ("measure: series.instances, within: PT5M, never: true, is: 0", "E0215", "means some instant"),
        ("measure: series.instances, stat: p95, is: 0", "E0215", "only at one instant"),
        ("measure: downtime.full_s, stat: p95, never: true, is: 0", "E0215", "`never` does not apply"),
        ("measure: downtime.full_s, stat: p95, holdsIn: 90%, is: 0", "E0215", "both say what must hold over many runs"),
        ("measure: downtime.full_s, confidence: 90%, is: 0", "E0215", "about many runs"),
        ("measure: downtime.full_s, holdsIn: 100%, is: 0", "E0110", "above 0% and below 100%, got `100%`"),
        ("measure: downtime.full_s, holdsIn: 0%, is: 0", "E0110", "above 0% and below 100%, got `0%`"),
        ("measure: downtime.full_s, holdsIn: 90%, confidence: 100%, is: 0", "E0110", "below 100%, got `100%`"),
        ("measure: versions.mixed_s, entryPoint: lb, is: 0", "E0215", "not given by entry point"),
        ("measure: series.instances, entryPoint: lb, is: 0", "E0215", "not given by entry point"),
        ("measure: downtime.full_s, entryPoint: lbx, is: 0", "E0205", "no entry point `lbx`"),
        ("measure: series.in_rotaton, is: 0", "E0208", "did you mean `series.in_rotation`?"),
        ("measure: series.nothing_like_it, is: 0", "E0208", "docs/guide/expectations.md lists"),
        ("measure: series.code_c9, is: 0", "E0203", "no release `c9`"),
        ("measure: series.image_web/9.0.0, is: 0", "E0206", "no image `web/9.0.0`"),
        ("measure: series.instances, at: grwo, is: 0", "E0230", "did you mean `grow`?"),
        ("measure: series.instances, policy: wide, at: grow, is: 0", "E0230", "under `wide`"),
        ("measure: series.instances, at: PT31M, is: 0", "E0110", "after the horizon"),
        ("measure: series.instances, within: soon, is: 0", "E0111", "not a duration"),
        ("measure: series.demand_rps, atMost: 5m", "E0111", ""),
    ] {
        let report = ramp(expect).err().unwrap_or_else(|| panic!("{expect} loads"));
        let codes: Vec<&str> = report.problems().iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [code], "{expect}:\n{report}");
        assert!(report.render(windtunnel::input::Colour::Plain).contains(words), "{expect}:\n{report}");
    }
}

fn expectation(expect: &str) -> Expectation {
    ramp(expect).unwrap_or_else(|report| panic!("{report}")).expectations.remove(0)
}

/// Runs made up: so many numbers from 1 on, so many that are open, and what each came to by itself.
fn trials(expectation: &Expectation, values: &[Stored]) -> Trials {
    let one = |observed: &Stored| {
        let verdict = match observed {
            Stored::Number(value) if expectation.test.holds(*value) == Some(true) => Verdict::Pass,
            Stored::Number(_) | Stored::Word(_) | Stored::NotComputed(_) => Verdict::Fail("no".into()),
            Stored::AtLeast(_) => Verdict::Inconclusive("open".into()),
        };
        Trial { verdict, observed: observed.clone(), never: None }
    };
    values.iter().map(one).collect()
}

/// `p` passes, `f` fails, `i` is inconclusive.
fn over(expect: &str, values: &[Stored]) -> (char, String) {
    let expectation = expectation(expect);
    let finding = judge_all(&expectation, &trials(&expectation, values), 3600.0);
    match finding.verdict {
        Verdict::Pass => ('p', finding.measured),
        Verdict::Fail(why) => ('f', why),
        Verdict::Inconclusive(why) => ('i', why),
    }
}

fn numbers(range: std::ops::RangeInclusive<u32>) -> Vec<Stored> {
    range.map(|n| Stored::Number(n.into())).collect()
}

/// Clopper and Pearson at 95 %: if all of n hold, the share is at least 0.025^(1/n): 0.9501 for 72, 0.9494 for 71. Of 80
/// in 100 it is at most 0.873, and of 90 in 100 it is 0.824 to 0.951.
#[test]
fn a_share_of_runs_is_held_to_its_interval() {
    let holds = "measure: downtime.full_s, holdsIn: 95%, atMost: 1000";
    assert_eq!(over(holds, &numbers(1..=72)).0, 'p');
    let (verdict, why) = over(holds, &numbers(1..=71));
    assert_eq!(verdict, 'i');
    assert!(why.contains("72 such runs would be enough (--replications 72)"), "{why}");
    let of = |held: u32| [numbers(1..=held), numbers(1001..=1100 - held)].concat();
    assert_eq!((over(holds, &of(80)).0, over(holds, &of(90)).0), ('f', 'i'));
    // At 99 % a run is worth less: 0.005^(1/104) = 0.9503, and 0.9499 for 103.
    let surer = "measure: downtime.full_s, holdsIn: 95%, confidence: 99%, atMost: 1000";
    assert_eq!((over(surer, &numbers(1..=104)).0, over(surer, &numbers(1..=103)).0), ('p', 'i'));
    // Ten open runs of a hundred may hold or not: 90 or 100.
    let open = [numbers(1..=90), vec![Stored::AtLeast(5.0); 10]].concat();
    assert_eq!(over(holds, &open).0, 'i');
}

/// `p95 ≤ x` is `95 % of the runs are ≤ x`, and `p95 ≥ x` is `no more than 95 % are below`: of 100, 99 or 100 within say yes
/// (0.9455 is not enough for 99, 0.9638 is for 100), and below 88 (0.936) the first fails.
#[test]
fn a_quantile_is_a_share_of_runs() {
    let stat = |stat: &str, bound: &str| format!("measure: downtime.full_s, stat: {stat}, {bound}");
    let hundred = numbers(1..=100);
    assert_eq!(over(&stat("p95", "atMost: 100"), &hundred).0, 'p');
    assert_eq!(over(&stat("p95", "atMost: 99"), &hundred).0, 'i');
    assert_eq!(over(&stat("p95", "atMost: 87"), &hundred).0, 'f');
    // 39 of 100 below say of the median that it is above: 0.39 is 0.294 to 0.493.
    assert_eq!(over(&stat("p50", "atLeast: 40"), &hundred).0, 'p');
    assert_eq!(over(&stat("p50", "atLeast: 50"), &hundred).0, 'i');
    assert_eq!(over(&stat("p50", "atLeast: 62"), &hundred).0, 'f');
    assert_eq!(over(&stat("p50", "between: [30, 70]"), &hundred).0, 'p');
    // An open run is above every bound.
    let open = [numbers(1..=80), vec![Stored::AtLeast(1.0); 20]].concat();
    assert_eq!(over(&stat("p95", "atMost: 1000000"), &open).0, 'f');
    assert_eq!(over(&stat("p50", "atMost: 80"), &open).0, 'p');
    let (verdict, why) =
        over(&stat("p95", "atMost: 1"), &[numbers(1..=9), vec![Stored::NotComputed("x".into())]].concat());
    assert!(verdict == 'f' && why.contains("no data: x (1 of 10 runs)"), "{why}");
}

/// 1 … 5: the mean is 3 ± 1.963.
#[test]
fn a_mean_is_held_to_its_interval_and_extremes_to_the_runs_that_were_made() {
    let stat = |stat: &str, bound: &str| format!("measure: downtime.full_s, stat: {stat}, {bound}");
    let five = numbers(1..=5);
    let verdicts = |which: &str, bounds: &[&str]| -> String {
        bounds.iter().map(|bound| over(&stat(which, bound), &five).0).collect()
    };
    assert_eq!(verdicts("mean", &["atMost: 5", "atMost: 4.9", "atMost: 1", "atLeast: 1", "atLeast: 5"]), "pifpf");
    assert_eq!(verdicts("mean", &["between: [1, 5]", "between: [1, 4]", "between: [6, 7]"]), "pif");
    assert_eq!(verdicts("max", &["atMost: 5", "atMost: 4.9", "is: 5"]), "pfp");
    assert_eq!(verdicts("min", &["atLeast: 1", "atLeast: 1.1", "is: 1"]), "pfp");
    let open = [five.clone(), vec![Stored::AtLeast(3.0)]].concat();
    assert_eq!(over(&stat("mean", "atMost: 1000"), &open).0, 'i', "there is no mean over open runs");
    assert_eq!(over(&stat("max", "atMost: 1000"), &open).0, 'i');
    assert_eq!(over(&stat("max", "atMost: 4"), &open).0, 'f');
    assert_eq!(over(&stat("min", "atLeast: 1"), &open).0, 'p', "an open run ends no lower than it is");
    assert_eq!(over(&stat("mean", "atMost: 5"), &five[..1]).0, 'i', "one run says nothing of how sure it is");
}

/// Of 100 runs that are all zero, up to 1 − 0.025^(1/100) = 3.6217 % of all may be something else, by Clopper and Pearson: up to
/// 3.62 % of requests in the mean, or of an hour 130.4 s. A measure without a greatest value has no bound.
#[test]
fn a_mean_of_zeros_passes_no_bound_below_what_others_may_be() {
    let zeros: Vec<Stored> = (0..100).map(|_| Stored::Number(0.0)).collect();
    let of = |measure: &str, test: &str| over(&format!("measure: {measure}, stat: mean, {test}"), &zeros);
    assert_eq!(of("blast_radius.requests_pct", "atMost: 3.7%"), ('p', "mean 0 % (0 to 3.622)".to_owned()));
    let (verdict, why) = of("blast_radius.requests_pct", "atMost: 3.6%");
    assert!(verdict == 'i' && why.starts_with("it is zero in all 100 runs, so in up to 3.62 % of all"), "{why}");
    assert_eq!(of("blast_radius.requests_pct", "is: 0%").0, 'i');
    assert_eq!(of("downtime.full_s", "atMost: 131").0, 'p');
    assert_eq!(of("downtime.full_s", "atMost: 130").0, 'i');
    let (verdict, why) = of("cost.regular_h", "atMost: 1000");
    assert!(verdict == 'i' && why.contains("has no bound"), "{why}");
    assert_eq!(of("cost.regular_h", "atLeast: 0").0, 'p', "no less than zero in any case");
    let one = [vec![Stored::Number(0.1)], zeros].concat();
    assert_eq!(
        over("measure: downtime.full_s, stat: mean, atMost: 1", &one).0,
        'p',
        "with one that is not zero there is a spread"
    );
}

#[test]
fn each_means_each_and_words_are_compared_as_words() {
    let (verdict, why) = over("measure: downtime.full_s, atMost: 4", &numbers(1..=5));
    assert!(verdict == 'f' && why.contains("(1 of 5 runs)"), "{why}");
    assert_eq!(over("measure: downtime.full_s, atMost: 5", &numbers(1..=5)), ('p', "1 to 5 s".to_owned()));
    let words = [vec![Stored::Word("halted".into()); 3], vec![Stored::AtLeast(7.0)]].concat();
    assert!(over("measure: downtime.full_s, atMost: 5", &words).0 == 'f');
    let expectation = expectation("measure: downtime.full_s, atMost: 5");
    let measured = judge_all(&expectation, &trials(&expectation, &words), 3600.0).measured;
    assert_eq!(measured, "≥ 7 s in 1, halted in 3");
}

#[test]
fn the_guide_lists_every_quantity_over_time() {
    let guide = fs::read_to_string("docs/guide/expectations.md").expect("it is there");
    let open = OPEN.map(|(start, rest, meaning)| (format!("{start}{rest}"), meaning.to_owned()));
    for (name, meaning) in names().into_iter().chain(open) {
        let row = guide.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        assert!(row.is_some_and(|row| row.ends_with(&format!("| {meaning} |"))), "{name}: {meaning}");
    }
}
