//! How a pool of scale set agents and a deployment to an environment are read, and what Azure Pipelines does not support.

use super::{plan_of, problems, said_by, scale_set};
use windtunnel::input::{LoadOptions, Loaded, Report, Severity, load_text};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{AgentPool, DeployCheck, Environment, JobStream, MaxParallel, Trigger};
use windtunnel_sim::rules::{DO_01, RuleSet};

const SET: &str = "overprovision: false
      upgradePolicy: { mode: Manual }";

const POOL: &str = "agentPools:
  build:
    scaleSet: vmss
    maxCapacity: 20
    desiredIdle: 2";

/// A scenario of one set with these properties, more resources, and these sections.
fn load(set: &str, resources: &str, sections: &str, rules: RuleSet) -> Result<Loaded, Report> {
    let set = scale_set("vmss", &format!("orchestrationMode: Uniform\n      {set}"), "");
    let set = set.replace("capacity: 2", "capacity: 0");
    let text = format!(
        "windtunnel: 1
title: t
horizon: PT1H
resources:
{set}
{resources}
{sections}
images: {{ web: {{ 1.0.0: {{}} }} }}
"
    );
    load_text("scenario.yaml", text, &LoadOptions { rules })
}

/// Of this severity by DO-01, and well without it.
#[track_caller]
fn said(severity: Severity, set: &str, resources: &str, sections: &str) {
    said_by(DO_01, severity, |rules| load(set, resources, sections, rules));
}

#[test]
fn a_pool_is_read_in_the_words_of_its_api() {
    let sections = format!(
        "{POOL}
    recycleAfterEachUse: true
    timeToLiveMinutes: 15
    maxSavedNodeCount: 1
    createdAt: PT5M
    jobs:
      nightly: {{ from: PT10M, until: PT30M, every: PT2M, count: 4, duration: PT8M }}"
    );
    let loaded = load(SET, "", &sections, RuleSet::all()).unwrap_or_else(|report| panic!("{report}"));
    let minutes = SimDuration::from_mins;
    let expected = AgentPool {
        name: "build".into(),
        set: 0,
        max_capacity: 20,
        desired_idle: 2,
        recycle: true,
        time_to_live: minutes(15),
        max_saved: 1,
        created: Some(SimTime::ZERO + minutes(5)),
        jobs: vec![JobStream {
            name: "nightly".into(),
            from: SimTime::ZERO + minutes(10),
            until: Some(SimTime::ZERO + minutes(30)),
            every: Dist::Constant(minutes(2)),
            count: Some(4),
            duration: Dist::Constant(minutes(8)),
        }],
    };
    assert_eq!(loaded.plan("as-written").expect("it always exists").plan.agent_pools, [expected]);
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
}

#[test]
fn what_a_pool_does_not_support_is_refused() {
    said(Severity::Error, "overprovision: true", "", POOL);
    // It is the default of a Uniform set.
    said(Severity::Error, "upgradePolicy: { mode: Manual }", "", POOL);
    said(Severity::Error, "overprovision: false\n      upgradePolicy: { mode: Automatic }", "", POOL);
    let setting = "  - type: Microsoft.Insights/autoscaleSettings
    name: scale
    location: eastus
    properties:
      enabled: true
      targetResourceUri: vmss
      profiles:
        - { name: all, capacity: { minimum: '1', maximum: '5', default: '1' }, rules: [] }";
    said(Severity::Error, SET, setting, POOL);
    let second = format!("{POOL}\n  deploy: {{ scaleSet: vmss, maxCapacity: 5, desiredIdle: 1 }}");
    said(Severity::Error, SET, "", &second);
    let protect = format!(
        "{POOL}\ntimeline:\n  - {{ name: keep, at: PT1M, protect: {{ scaleSet: vmss, protectFromScaleIn: true }} }}"
    );
    said(Severity::Warning, SET, "", &protect);
}

#[test]
fn a_pipeline_deploys_to_an_environment() {
    let sections = "application:
  releases: [c1]
  endpoints: { /healthz: [{ when: process, answer: 200 }] }
pipelines:
  web:
    scaleSets: [vmss]
    installs: c1
    duration: PT2M
    environment: { maxParallel: 25%, drains: true, preDeploy: 30s, postRouteTraffic: { path: /healthz, after: 1m }, removesGone: true }";
    let pipelines = plan_of(load(SET, "", sections, RuleSet::all())).pipelines;
    let expected = Environment {
        max_parallel: MaxParallel::Percent(25),
        drains: true,
        pre_deploy: SimDuration::from_secs(30),
        check: Some(DeployCheck { endpoint: 1, after: SimDuration::from_mins(1) }),
        removes_gone: true,
    };
    assert_eq!((pipelines[0].trigger, &pipelines[0].environment), (Trigger::Never, &Some(expected)));
    let count = plan_of(load(SET, "", &sections.replace("25%", "3"), RuleSet::all())).pipelines[0].environment.clone();
    assert_eq!(count.map(|environment| environment.max_parallel), Some(MaxParallel::Count(3)));
    for own in ["trigger: { on: created }", "parallel: 3", "adminState: { downAfter: 5s }"] {
        let text = sections.replace("duration: PT2M", &format!("duration: PT2M\n    {own}"));
        let said = load(SET, "", &text, RuleSet::all()).expect_err("it has no such thing").to_string();
        assert!(said.contains("E0641"), "{own}: {said}");
    }
}

/// A deployment goes to one machine at least: 0 is no count, and neither 0 % nor less than 1 % a share.
#[test]
fn a_deployment_goes_to_one_machine_at_least() {
    let with = |most: &str| {
        format!(
            "application: {{ releases: [c1] }}
pipelines: {{ web: {{ scaleSets: [vmss], installs: c1, duration: PT2M, environment: {{ maxParallel: {most} }} }} }}"
        )
    };
    for wrong in ["0%", "0.4%", "0", "101%"] {
        let outcome = load(SET, "", &with(wrong), RuleSet::all());
        let problem = problems(&outcome).iter().find(|problem| problem.code == "E0110");
        let problem = problem.unwrap_or_else(|| panic!("{wrong} is taken"));
        let (place, _) = problem.primary.as_ref().expect("it has a place");
        assert_eq!(&place.source.text[place.start..place.end], wrong);
    }
    for right in ["1%", "100%", "1"] {
        assert!(load(SET, "", &with(right), RuleSet::all()).is_ok(), "{right}");
    }
}

/// What a trigger brings to every machine, the machines have at first. What the timeline alone runs has yet to be installed, unless the
/// pipeline says what it has deployed.
#[test]
fn what_a_deployment_installs_is_not_there_before_it() {
    let deployed = |own: &str| {
        let sections = format!(
            "application: {{ releases: [c1, c2] }}
pipelines: {{ web: {{ scaleSets: [vmss], installs: c2, duration: PT2M, {own} }} }}"
        );
        plan_of(load(SET, "", &sections, RuleSet::all())).pipelines[0].deployed
    };
    assert_eq!(deployed("trigger: { on: running }"), Some(1));
    assert_eq!(deployed("environment: { maxParallel: 2 }"), None);
    assert_eq!(deployed("trigger: { on: never }"), None);
    assert_eq!(deployed("deployed: c1, environment: { maxParallel: 2 }"), Some(0));
    assert_eq!(deployed("deployed: c2, trigger: { on: never }"), Some(1));
}

#[test]
fn jobs_that_come_too_often_are_refused_before_they_run() {
    let with = |stream: &str| {
        let sections = format!("{POOL}\n    jobs: {{ all: {{ {stream} }} }}\nlimits: {{ entries: 1000 }}");
        load(SET, "", &sections, RuleSet::all())
    };
    let said = with("every: 1s, duration: 1m").expect_err("3,600 jobs").to_string();
    assert!(said.contains("E0595") && said.contains("a job of `all` of `build`"), "{said}");
    assert!(with("every: 1s, count: 5, duration: 1m").is_ok(), "five jobs are not many");
    assert!(with("every: 1s, from: 1m, until: 2m, duration: 1m").is_ok(), "nor are sixty");
    let said = with("every: 0s, duration: 1m").expect_err("without a pause").to_string();
    assert!(said.contains("E0110"), "{said}");
}
