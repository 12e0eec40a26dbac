//! Two runs beside each other, what followed from an entry, and the same from outside.

use super::{clock, close, file, first, plan};
use assert_cmd::Command;
use std::path::Path;
use windtunnel::experiment::after::followed;
use windtunnel::experiment::divergence::{Divergence, counterpart, parted};
use windtunnel::experiment::harm::chain;
use windtunnel::experiment::replay::Replay;
use windtunnel_sim::world::fact::{Fact, RolloutFact};

/// Up to 10:04 a run in which the upgrade is cancelled is the same. Then the cancel is in one alone; the rollback, refused in the one, is
/// done in the other.
#[test]
fn two_runs_part_where_somebody_acts_otherwise() {
    let plans = ["as-written", "cancel-then-rollback"].map(|policy| plan("scale-out.yaml", policy));
    let runs = [Replay::new(&plans[0], 1), Replay::new(&plans[1], 1)];
    let found = Divergence::of([&runs[0], &runs[1]]);
    let [left, right] = found.first.map(|record| record.expect("both go on"));
    close(right.time.seconds(), clock(1, 4, 0.0), 1e-9);
    assert!(left.time > right.time);
    assert_eq!(runs[0].ledger[found.common - 1].time, runs[1].ledger[found.common - 1].time);
    let words: Vec<[&str; 2]> =
        found.acts.iter().map(|pair| pair.map(|act| act.map_or("none", |act| act.fate.word()))).collect();
    assert!(words.contains(&["none", "done"]) && words.contains(&["refused", "done"]), "{words:?}");
    assert!(!Divergence::of([&runs[0], &runs[1]]).is_none() && Divergence::of([&runs[0], &runs[0]]).is_none());
    // What came before 10:04 is in both, and the refusal in one alone.
    let refused = first(&runs[0].ledger, |fact| fact.kind().name == "writeRefused");
    let scaled = first(&runs[0].ledger, |fact| matches!(fact, Fact::CapacitySet { .. }));
    assert!(
        counterpart((&runs[0], &scaled), &runs[1]).is_some() && counterpart((&runs[0], &refused), &runs[1]).is_none()
    );
    assert_eq!(parted(&runs[0], &refused, &runs[1]).map(|record| record.entry), Some(refused.entry));
    assert_eq!(parted(&runs[0], &scaled, &runs[1]), None);
}

/// What followed from an entry is every later one in whose chain of causes it stands.
#[test]
fn what_followed_has_it_among_its_causes() {
    let plan = plan("scale-out.yaml", "as-written");
    let replay = Replay::new(&plan, 1);
    let scaled = first(&replay.ledger, |fact| matches!(fact, Fact::CapacitySet { .. }));
    let after = followed(&replay.ledger, &scaled);
    let by_hand: Vec<_> = replay
        .ledger
        .iter()
        .filter(|record| {
            record.entry != scaled.entry && chain(&replay.ledger, record).any(|of| of.entry == scaled.entry)
        })
        .map(|record| record.entry)
        .collect();
    assert_eq!(after.iter().map(|one| one.record.entry).collect::<Vec<_>>(), by_hand);
    assert!(after.iter().any(|one| matches!(one.record.fact, Fact::Degraded { .. })));
}

fn said(at: &Path, args: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_windtunnel")).current_dir(at).args(args).assert().success();
    String::from_utf8(done.get_output().stdout.clone()).expect("UTF-8")
}

/// The verbs from outside: a run of each of two policies, `why` of each kind, `diff`, and all of it as Markdown. Azure would have said at
/// 10:05 of the six old instances how many are upgraded, which the ledger counts, and that the others are pending.
#[test]
fn the_verbs_answer_from_outside() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let scenario = file("scale-out.yaml").display().to_string();
    let page = said(at, &["run", &scenario, "--out", "one", "--format", "md"]);
    assert!(
        page.starts_with("## The scale-out that was meant to help\n") && page.contains("\n| 10:05:00 UTC | rollback |"),
        "{page}"
    );
    said(at, &["run", &scenario, "--policy", "cancel-then-rollback", "--out", "two"]);
    let summary: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(at.join("one/summary.json")).expect("written")).expect("JSON");
    assert_eq!(summary["acts"][2]["fate"], "refused");
    assert_eq!(summary["windows"].as_array().map(Vec::len), Some(2));
    let text = said(at, &["why", "one", "lb@PT1H6M"]);
    assert!(text.starts_with("66.7 % of the requests to lb are harmed at 10:06:00 UTC\n  because vmss_"), "{text}");
    assert!(text.contains("[why ") && text.contains("the last entry about it:"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&said(at, &["why", "one", "lb@PT1H6M", "--format", "json"])).expect("JSON");
    assert_eq!(json[0]["harm"]["reasons"].as_array().map(|all| all.len() >= 4), Some(true));
    let text = said(at, &["why", "one", "scale-out@PT1H", "--forward"]);
    assert!(
        text.contains("the capacity of vmss is set from 6 to 9")
            && text.contains("the version on vmss_6 begins to fail"),
        "{text}"
    );
    let page = said(at, &["why", "one", "rollback@PT2H", "--format", "md"]);
    assert!(page.starts_with("| entry | time | what | rule |\n") && page.contains("was refused"), "{page}");
    let text = said(at, &["why", "one", "rollback@PT2H", "--against", "two"]);
    assert!(text.starts_with("the way to 10:05:00 UTC") || text.starts_with("two has 10:05:00 UTC"), "{text}");
    let text = said(at, &["diff", "one", "two"]);
    assert!(
        text.contains("two: 10:04:00 UTC timeline, “cancel”") && text.contains("blast_radius.requests_pct"),
        "{text}"
    );
    let page = said(at, &["diff", "one", "two", "--format", "md"]);
    assert!(page.starts_with("**the first ") && page.contains("| measure | one | two |"), "{page}");
    let json: serde_json::Value =
        serde_json::from_str(&said(at, &["diff", "one", "one", "--format", "json"])).expect("JSON");
    assert_eq!(json["same"], true);
    let status = said(at, &["status", "one", "--at", "PT1H5M", "vmss/rollingUpgrades/latest"]);
    let plan = plan("scale-out.yaml", "as-written");
    let ledger = Replay::new(&plan, 1).ledger;
    let is_upgraded = |fact: &Fact| matches!(fact, Fact::Rollout(RolloutFact::InstanceUpgraded { .. }));
    let until = ledger.iter().take_while(|record| record.time.seconds() <= clock(1, 5, 0.0));
    let upgraded = until.filter(|record| is_upgraded(&record.fact)).count();
    assert!((3..6).contains(&upgraded), "{upgraded}");
    for (key, count) in [("successfulInstanceCount", upgraded), ("pendingInstanceCount", 6 - upgraded)] {
        assert!(status.contains(&format!("\"{key}\": {count}")), "{status}");
    }
    let page = said(at, &["status", "one", "--at", "PT1H5M", "vmss/rollingUpgrades/latest", "--format", "md"]);
    assert!(page.contains("```\n"), "{page}");
}
