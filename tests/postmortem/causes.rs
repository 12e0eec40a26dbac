//! Several causes, and what did not happen.

use super::{clock, first, looked_at, plan};
use windtunnel::experiment::causes::{self, HarmAt, Kind};
use windtunnel::experiment::replay::Replay;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{Fact, RolloutFact};
use windtunnel_sim::world::ids::EntryPointId;

fn harm(replay: &Replay<'_>, entry_point: u16, at: f64) -> HarmAt {
    let at = SimTime::from_ms((at * 1000.0) as u64);
    causes::harm_at(replay, EntryPointId(entry_point), at).expect("users are harmed")
}

/// At 10:06 two of batch 1, three of the scale-out and one of batch 2 take users without serving them: six of nine. The probe asks for
/// /live, which the process alone answers, and takes none of them out.
#[test]
fn why_two_thirds_fail_at_ten_six() {
    let plan = plan("scale-out.yaml", "as-written");
    let replay = Replay::new(&plan, 1);
    let harm = harm(&replay, 0, clock(1, 6, 0.0));
    assert_eq!((harm.share * 9.0).round() as u32, 6, "{}", harm.share);
    let causes: Vec<&str> =
        harm.reasons.iter().filter(|one| one.kind == Kind::Cause).map(|one| one.text.as_str()).collect();
    let of = |what: &str| causes.iter().filter(|text| text.contains(what)).count();
    assert_eq!(of("batch 1 of the upgrade of vmss"), 1, "{causes:#?}");
    assert_eq!(of("batch 2 of the upgrade of vmss"), 1, "{causes:#?}");
    assert_eq!(of("“scale-out” of 09:20:00 UTC"), 1, "{causes:#?}");
    let scaled = causes.iter().find(|text| text.contains("scale-out")).expect("it is there");
    assert!(scaled.starts_with("vmss_6, vmss_7 and vmss_8 take users without serving them"), "{scaled}");
    let absent: Vec<_> = harm.reasons.iter().filter(|one| one.kind == Kind::Absent).collect();
    assert!(
        absent[0].text.contains("out of rotation: the probe “live” of lb asks for /live, which goes on answering 200")
    );
    assert_eq!(absent[0].rule, rules::LB_04);
}

/// Batch 2 begins while the two of batch 1 do not serve: the upgrade goes by the same probe, which holds them healthy (RU-27).
#[test]
fn why_nothing_halts_the_upgrade() {
    looked_at("scale-out.yaml", "as-written", |run| {
        let second =
            first(&run.replay.ledger, |fact| matches!(fact, Fact::Rollout(RolloutFact::BatchStarted { batch: 2, .. })));
        let reasons = causes::of(run.replay, &second);
        let gate = reasons.iter().find(|one| one.rule == rules::RU_27).expect("nothing halts it");
        assert_eq!(gate.kind, Kind::Absent);
        assert!(gate.text.contains("the probe “live” of lb holds ") && gate.text.contains(" Healthy"), "{}", gate.text);
    });
}

/// The blip of batch 1 ends by its probes, and that is what is said of it.
#[test]
fn a_probe_that_has_yet_to_notice_is_said_to_do_so() {
    let plan = plan("scale-out.yaml", "as-written");
    let replay = Replay::new(&plan, 1);
    let blip = harm(&replay, 0, 1.0);
    assert!(blip.reasons.iter().any(|one| one.text.contains("out of rotation yet: the probe “live” of lb does so by")));
}

/// Demand passes what four machines serve. Two of six lack: the extension failed on one and is about to fail on the other; autoscale, which
/// added them, adds no more, as its last look at the rule that adds says.
#[test]
fn why_the_scale_out_did_not_help() {
    let plan = plan("certificate.yaml", "as-written");
    let replay = Replay::new(&plan, 1);
    let began = first(&replay.ledger, |fact| matches!(fact, Fact::HarmStarted { .. }));
    let said: Vec<String> = causes::of(&replay, &began).into_iter().map(|one| one.text).collect();
    let all = said.join("\n");
    assert!(said[0].contains("demand at k8s-lb is 400 rps, and the 4 that are ready can serve 400 rps"), "{all}");
    assert!(all.contains("1 of the 6 of k8s-f64sv2az2-25250458-vmss did not come up"), "{all}");
    assert!(all.contains("and will not come up") && all.contains("extension vmssCSE fails on"), "{all}");
    assert!(all.contains("nothing adds instances to k8s-f64sv2az2-25250458-vmss: at "), "{all}");
    let later = harm(&replay, 0, clock(1, 0, 0.0));
    let all: Vec<String> = later.reasons.iter().map(|one| one.text.clone()).collect();
    assert!(
        all.iter().any(|text| text.starts_with("2 of the 6 of k8s-f64sv2az2-25250458-vmss did not come up")),
        "{all:#?}"
    );
}

/// The other region has six machines of 100 rps and 800 rps to serve from 31 min on. Nobody looks after its capacity.
#[test]
fn why_the_other_region_fell_too() {
    let plan = plan("throttled-probes.yaml", "as-written");
    let replay = Replay::new(&plan, 1);
    let all: Vec<String> = harm(&replay, 1, clock(0, 31, 1.0)).reasons.into_iter().map(|one| one.text).collect();
    assert!(all[0].contains("demand at lb-cus is 800 rps, and the 6 that are ready can serve 600 rps"), "{all:#?}");
    assert!(all[1].contains("nothing adds instances to at-cus: autoscale does not look after it"), "{all:#?}");
}

/// With the entry by which an instance stops serving, harm grows.
#[test]
fn an_entry_with_which_harm_grows_says_so() {
    looked_at("scale-out.yaml", "as-written", |run| {
        let step = run.windows[1].extent.steps[1];
        let record = run.replay.ledger[step.entry.expect("an entry did it").0 as usize - 1];
        let reasons = causes::of(run.replay, &record);
        assert!(
            reasons
                .iter()
                .any(|one| one.kind == Kind::Outcome && one.text.starts_with("with it the harm at lb grows from"))
        );
    });
}
