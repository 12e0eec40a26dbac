//! Pipelines and the stale-image incident. An instance that is created at 100 s listens at 200 s with the image's old
//! code and is probed up at 205 s. The pipeline notices it at 200 s, begins at 300 s and is done at 500 s.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::measure::Measures;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{Fact, Record, Service};
use windtunnel_sim::world::run::{Options, run};

type Proved = Result<Vec<Record>, String>;

proofs! { "pipeline":
    EX_07 a_pipeline_works_on_an_instance_one_run_at_a_time,
    EX_07 a_pipeline_waits_for_the_machine,
    EX_08 what_a_pipeline_did_is_lost_on_scale_out,
    EX_09 the_stale_window_is_the_end_of_the_run_less_the_first_good_probe,
    OC_05 the_window_of_a_pipeline_slides,
    IN_01 a_new_instance_is_a_clone_of_the_image,
    IN_02 users_come_at_the_first_good_probe,
    IN_04 stale_requests_are_the_share_of_stale_backends,
}

fn incident(rules: RuleSet) -> Plan {
    let mut plan = Plan { rules, horizon: at(1200), pipelines: vec![pipeline()], ..plan() };
    plan.application.requires = Some(Requires { code: 1, from: at(0), touches: 0.5 });
    plan.timeline = vec![scale(100, 3)];
    plan
}

fn began(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::PipelineStarted { .. }))
}

fn ended(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::PipelineSucceeded { .. }))
}

fn became(ledger: &[Record], service: Service) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::ServiceChanged { instance, to } if instance.0 == 2 && *to == service))
}

/// Two runs are asked for on the one instance, at 100 s and at 150 s: the second begins when the first is done at 300 s.
fn a_pipeline_works_on_an_instance_one_run_at_a_time(rules: RuleSet) -> Proved {
    let mut plan = incident(rules);
    plan.sets[0].capacity = 1;
    let again = |at: u64| action(&format!("run at {at}"), at, Act::RunPipeline { pipeline: 0 });
    plan.timeline = vec![again(100), again(150)];
    let ledger = ledger(&plan);
    same("began", began(&ledger), vec![100.0, 300.0])?;
    same("ended", ended(&ledger), vec![300.0, 500.0])?;
    Ok(ledger)
}

/// Asked for at 100 s, when the instance is created, it begins when the machine has booted at 200 s, and no user meets old code. On a
/// machine that restarts at 250 s the run that ends at 400 s fails: nothing is installed.
fn a_pipeline_waits_for_the_machine(rules: RuleSet) -> Proved {
    let mut plan = incident(rules);
    (plan.pipelines[0].trigger, plan.pipelines[0].delay) = (Trigger::Created, constant(0));
    let ledger = ledger(&plan);
    same("began", began(&ledger), vec![200.0])?;
    same("ended", ended(&ledger), vec![400.0])?;
    plan.timeline.push(action("restart", 250, Act::Power { set: 0, which: Which::One(2), how: PowerAct::Restart }));
    let broken = crate::support::ledger(&plan);
    same("ended of a machine that restarts", ended(&broken), vec![])?;
    let failed = |fact: &Fact| matches!(fact, Fact::PipelineFailed { instance, .. } if instance.0 == 2);
    same("failed", times(&broken, failed), vec![400.0])?;
    Ok(ledger)
}

/// The initial instances have the pipeline's code; the new one serves the image's until the pipeline comes again.
fn what_a_pipeline_did_is_lost_on_scale_out(rules: RuleSet) -> Proved {
    let ledger = ledger(&incident(rules));
    same("stale", became(&ledger, Service::Stale), vec![200.0])?;
    let installed = |fact: &Fact| matches!(fact, Fact::CodeInstalled { instance, .. } if instance.0 == 2);
    same("installed", times(&ledger, installed), vec![500.0])?;
    Ok(ledger)
}

/// 500 − 205 s = 295 s, at the end of which the service is as good as users need. With a baked image there is none.
fn the_stale_window_is_the_end_of_the_run_less_the_first_good_probe(rules: RuleSet) -> Proved {
    let mut baked = incident(rules.clone());
    baked.images[0].code = Some(1);
    same("a baked image", became(&ledger(&baked), Service::Stale), vec![])?;
    let ledger = ledger(&incident(rules));
    let up = times(&ledger, |fact| matches!(fact, Fact::ProbeUp { instance, .. } if instance.0 == 2));
    let window: Vec<f64> = became(&ledger, Service::Ready).iter().zip(&up).map(|(end, start)| end - start).collect();
    same("window", window, vec![295.0])?;
    Ok(ledger)
}

/// Two at a time on five instances, with lengths of their own: each run after the second begins when any run ends.
fn the_window_of_a_pipeline_slides(rules: RuleSet) -> Proved {
    let mut plan = incident(rules);
    plan.sets[0].capacity = 5;
    plan.pipelines[0].parallel = 2;
    plan.pipelines[0].duration = Dist::Uniform { min: s(20), max: s(200) };
    plan.timeline = vec![action("run", 100, Act::RunPipeline { pipeline: 0 })];
    let ledger = ledger(&plan);
    let mut expected = vec![100.0, 100.0];
    expected.extend(ended(&ledger).into_iter().take(3));
    same("began", began(&ledger), expected)?;
    Ok(ledger)
}

/// No code is installed on the new instance before the pipeline does.
fn a_new_instance_is_a_clone_of_the_image(rules: RuleSet) -> Proved {
    let ledger = ledger(&incident(rules));
    let installed = |fact: &Fact| matches!(fact, Fact::CodeInstalled { instance, .. } if instance.0 == 2);
    same("installed", first(&ledger, installed), Some(500.0))?;
    same("stale", became(&ledger, Service::Stale), vec![200.0])?;
    Ok(ledger)
}

/// At 205 s, and not when the pipeline ends.
fn users_come_at_the_first_good_probe(rules: RuleSet) -> Proved {
    let ledger = ledger(&incident(rules));
    let came = |fact: &Fact| matches!(fact, Fact::InRotation { instance, .. } if instance.0 == 2);
    same("in", times(&ledger, came), vec![205.0])?;
    Ok(ledger)
}

/// One of three is stale in rotation from 205 to 500 s, and half of the requests touch the difference: of 100 a second,
/// 100 × ⅓ × ½ × 295 = 4916.7 are stale.
fn stale_requests_are_the_share_of_stale_backends(rules: RuleSet) -> Proved {
    let plan = incident(rules);
    let (mut measures, mut ledger) = (Measures::new(&plan), Vec::new());
    run(&plan, 7, Options::default(), &mut (&mut measures, &mut ledger));
    same("harm begins", times(&ledger, |fact| matches!(fact, Fact::HarmStarted { .. })), vec![205.0])?;
    same("harm ends", times(&ledger, |fact| matches!(fact, Fact::HarmEnded { .. })), vec![500.0])?;
    let stale = measures.totals()[0].1.stale;
    same("stale requests", (stale * 10.0).round() / 10.0, 4916.7)?;
    Ok(ledger)
}
