//! What stands around the instances: fault domains, the health extension, Scheduled Events, balancers, definitions.

use crate::plans::*;
use crate::support::*;
use serde_json::{Value, json};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, FD_02, FD_12, HD_33, RuleSet, SE_07, SE_08, Value as Assumed};

fn domains(plan: &Plan) -> Vec<Value> {
    let list = asked(plan, 50, "vmss/virtualMachines");
    let all = list["value"].as_array().expect("a list").iter();
    all.map(|instance| instance["properties"]["instanceView"]["platformFaultDomain"].clone()).collect()
}

/// Five instances are spread over the five domains that the platform is taken to find; under max spreading all show the same
/// one, under fixed spreading each its own (FD-02).
#[test]
fn max_spreading_shows_one_fault_domain() {
    let mut plan = rolling(5, RollingPolicy::default());
    plan.sets[0].fault_domains = 1;
    assert_eq!(domains(&plan), [0; 5].map(Value::from));
    plan.rules = RuleSet::without(FD_02);
    let mut all = domains(&plan);
    all.sort_by_key(Value::as_u64);
    assert_eq!(all, [0, 1, 2, 3, 4].map(Value::from), "a world in which it shows all");
    plan.rules = RuleSet::all();
    plan.sets[0].fault_domains = 5;
    let mut fixed = domains(&plan);
    fixed.sort_by_key(Value::as_u64);
    assert_eq!(fixed, [0, 1, 2, 3, 4].map(Value::from));
}

/// A Flexible machine shows neither fault domain nor update domain, however it is spread (FD-12).
#[test]
fn a_flexible_machine_shows_no_domain() {
    let mut plan = rolling(3, RollingPolicy::default());
    plan.sets[0].mode = OrchestrationMode::Flexible;
    plan.sets[0].fault_domains = 3;
    let view = |plan: &Plan| {
        let list = asked(plan, 50, "vmss/virtualMachines");
        asked(plan, 50, list["value"][1]["name"].as_str().unwrap())["properties"]["instanceView"].clone()
    };
    let shown = |view: &Value| [&view["platformFaultDomain"], &view["platformUpdateDomain"]].map(Value::is_number);
    assert_eq!(shown(&view(&plan)), [false; 2]);
    plan.rules = RuleSet::without(FD_12);
    assert_eq!(shown(&view(&plan)), [true; 2], "a world in which it shows both");
}

/// A machine of a Flexible set says that it is Spot, under which policy and for which price; one of a Uniform set has no such
/// property, nor has a virtual machine a protection policy.
#[test]
fn a_flexible_machine_says_whether_it_is_spot() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.sets[0].mode = OrchestrationMode::Flexible;
    plan.sets[0].size = "Standard_D2s_v5".into();
    plan.sets[0].spot =
        SpotPolicy { spot: true, eviction: EvictionPolicy::Delete, max_price: Some(0.5), ..SpotPolicy::default() };
    let protect = Act::Protect { set: 0, which: Which::All, from_scale_in: true, from_scale_set_actions: false };
    plan.timeline = vec![action("protect", 20, protect)];
    let machine = |plan: &Plan| {
        let list = asked(plan, 50, "vmss/virtualMachines");
        assert_eq!(list["value"][0]["properties"]["protectionPolicy"]["protectFromScaleIn"], true);
        asked(plan, 50, list["value"][0]["name"].as_str().unwrap())["properties"].clone()
    };
    let properties = machine(&plan);
    assert_eq!((&properties["priority"], &properties["evictionPolicy"]), (&json!("Spot"), &json!("Delete")));
    assert_eq!(properties["billingProfile"], json!({ "maxPrice": 0.5 }));
    assert_eq!(properties["hardwareProfile"], json!({ "vmSize": "Standard_D2s_v5" }));
    assert_eq!(properties["protectionPolicy"], Value::Null);
    plan.sets[0].spot = SpotPolicy::default();
    assert_eq!(machine(&plan)["priority"], "Regular");
    assert_eq!(machine(&plan)["evictionPolicy"], Value::Null);
}

/// The health extension says what it found in two statuses of its own (HD-33): at 99 s the application is healthy; at 300 s the
/// new image is not. Version 1 knows only the first of them.
#[test]
fn the_health_extension_says_what_it_found() {
    let mut plan = sick(5, RollingPolicy::default());
    let codes = |plan: &Plan, at_s| {
        let view = asked(plan, at_s, "vmss_0")["properties"]["instanceView"].clone();
        let list = view["extensions"][0]["substatuses"].as_array().cloned().unwrap_or_default();
        list.iter().map(|status| status["code"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&plan, 99), ["ComponentStatus/AppHealthStatus/succeeded"]);
    assert_eq!(codes(&plan, 300), ["ComponentStatus/AppHealthStatus/failed"]);
    plan.rules = RuleSet::without(HD_33);
    assert!(codes(&plan, 99).is_empty(), "a world in which it says nothing");
}

/// The third instance, which asks for events, is to be deleted at 1,000 s, and its model has it wait for 300 s: until 1,300 s,
/// or 09:21:40. The event came and is the first change of the list; its start is the second.
#[test]
fn a_guest_reads_what_is_to_happen_to_it() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.sets[0].profile.terminate = Some(s(300));
    plan.timeline = vec![scale(100, 3), scale(1000, 2)];
    plan.application.events = Some(EventListener {
        poll: Some(s(10)),
        on: u8::MAX,
        admin_down: false,
        approve_after: None,
        when_idle: false,
        unfiltered: false,
    });
    let document = |plan: &Plan, at_s| asked(plan, at_s, "vmss_2/scheduledEvents");
    assert_eq!(document(&plan, 900), json!({ "DocumentIncarnation": 1, "Events": [] }));
    let mut shown = document(&plan, 1100);
    let id = shown["Events"][0]["EventId"].take();
    assert_eq!(id.as_str().map(str::len), Some(36));
    let event = json!({
        "EventId": null,
        "EventType": "Terminate",
        "ResourceType": "VirtualMachine",
        "Resources": ["vmss_2"],
        "EventStatus": "Scheduled",
        "NotBefore": "Tue, 10 Mar 2026 09:21:40 GMT",
        "Description": "Virtual machine is going to be deleted.",
        "EventSource": "User",
        "DurationInSeconds": -1,
    });
    assert_eq!(shown, json!({ "DocumentIncarnation": 2, "Events": [event] }));
    assert_eq!(document(&plan, 150)["error"]["code"], "NotFound", "its system is not up");
    // The others of its placement group read it too (SE-07), and have to pass it over.
    let of_another = |plan: &Plan| asked(plan, 1100, "vmss_0/scheduledEvents")["Events"].clone();
    assert_eq!(of_another(&plan)[0]["Resources"], json!(["vmss_2"]));
    plan.rules = RuleSet::without(SE_07);
    assert_eq!(of_another(&plan), json!([]));
    plan.rules = RuleSet::all();
    let started = document(&plan, 1301);
    assert_eq!((&started["DocumentIncarnation"], &started["Events"][0]["EventStatus"]), (&json!(3), &json!("Started")));
    assert_eq!(started["Events"][0]["NotBefore"], "");
    plan.rules = RuleSet::without(SE_08);
    assert_eq!(document(&plan, 1301)["Events"][0]["NotBefore"], "Tue, 10 Mar 2026 09:21:40 GMT");
}

/// A machine that is deallocated has nobody who reports: no agent, no health, no extension.
#[test]
fn a_deallocated_machine_has_no_agent() {
    let mut plan = rolling(2, RollingPolicy::default());
    watch(&mut plan);
    let off = Act::Power { set: 0, which: Which::One(1), how: PowerAct::Deallocate };
    plan.timeline = vec![action("off", 100, off)];
    let view = asked(&plan, 1000, "vmss_1")["properties"]["instanceView"].clone();
    assert_eq!(view["statuses"][1]["code"], "PowerState/deallocated");
    for key in ["vmAgent", "vmHealth", "extensions"] {
        assert_eq!(view[key], Value::Null, "{key}");
    }
    assert!(asked(&plan, 1000, "vmss_0")["properties"]["instanceView"]["vmAgent"].is_object());
}

/// The pool has whoever is in it; at 150 s the third, created at 100 s, has joined at its creation or as it runs.
#[test]
fn a_balancer_lists_who_is_in_its_pool() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.timeline = vec![scale(100, 3)];
    let name = plan.pools[0].balancer.clone();
    let ids = |at_s| {
        let body = asked(&plan, at_s, &name);
        let pool = &body["properties"]["backendAddressPools"][0]["properties"]["backendIPConfigurations"];
        pool.as_array().expect("a list").iter().map(|ip| ip["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let of = |id: u32| {
        format!("virtualMachineScaleSets/vmss/virtualMachines/{id}/networkInterfaces/nic/ipConfigurations/ipconfig")
    };
    assert_eq!(ids(50), [of(0), of(1)]);
    assert_eq!(ids(300), [of(0), of(1), of(2)]);
    let pool = asked(&plan, 50, &format!("{name}/{}", plan.pools[0].name));
    assert_eq!(pool["type"], "Microsoft.Network/loadBalancers/backendAddressPools");
    assert_eq!(pool["properties"]["backendIPConfigurations"].as_array().map(Vec::len), Some(2));
}

/// Instance 0 is frozen from 101 s. Both instances of the gateway ask at 120, 150 and 180 s; the one that waits 5 s gives it up at 185 s,
/// the one that waits 30 s at 210 s: in between they do not agree.
#[test]
fn a_gateway_says_what_its_backends_are_to_each_of_its_instances() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.pools = [30, 5].map(|timeout| gateway_that_waits(timeout, u16::from(timeout == 5))).into();
    let traffic = EntryPoint::plain("gw", 0, 100.0).traffic;
    plan.entry_points = EntryPoint::plain_gateway("gw", (Tier::V2, 2), 0, 0, traffic);
    plan.sets[0].pools = vec![0, 1];
    plan.timeline = vec![disturb(101, &[0], Disturbance::Freeze, 900)];
    let health = |at_s| {
        let body = asked(&plan, at_s, "gw/backendhealth");
        let pool = &body["backendAddressPools"][0];
        assert_eq!(pool["backendAddressPool"]["id"], "applicationGateways/gw/backendAddressPools/pool");
        let setting = &pool["backendHttpSettingsCollection"][0];
        let of = "applicationGateways/gw/backendHttpSettingsCollection/setting";
        assert_eq!(setting["backendHttpSettings"]["id"], of);
        let servers = setting["servers"].as_array().expect("a list");
        servers.iter().map(|server| server["health"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(health(150), ["Healthy", "Healthy"]);
    assert_eq!(health(200), ["Partial", "Healthy"]);
    assert_eq!(health(250), ["Unhealthy", "Healthy"]);
    let both = asked(&plan, 150, "gw");
    assert_eq!(both["answers"][0]["body"]["type"], "Microsoft.Network/applicationGateways");
    assert_eq!(both["answers"][1]["request"], "POST applicationGateways/gw/backendhealth");
}

/// The pool of an instance of a gateway whose probe waits so many seconds.
fn gateway_that_waits(timeout: u64, instance: u16) -> Pool {
    let plain = Pool::plain_gateway("gw", Tier::V2, instance);
    let Prober::Gateway(of) = &plain.prober else { unreachable!("of a gateway") };
    Pool { prober: Prober::Gateway(GatewayProber { timeout: s(timeout), ..of.clone() }), ..plain }
}

/// A definition has the operating system of whoever is made from it.
#[test]
fn a_definition_is_there_beside_its_versions() {
    let mut plan = replicating();
    let asked_for = asked(&plan, 50, "images/app");
    let request = |at: usize| asked_for["answers"][at]["request"].as_str().unwrap_or_default().to_owned();
    assert_eq!(request(0), "GET images/app");
    assert_eq!(asked_for["answers"][0]["body"]["properties"]["osType"], "Linux");
    plan.sets.iter_mut().for_each(|set| set.windows = true);
    assert_eq!(asked(&plan, 50, "app")["answers"][0]["body"]["properties"]["osType"], "Windows");
}

/// What a run is to build has no number before it does, and no answer of its own.
#[test]
fn a_version_that_is_not_built_is_not_listed() {
    let plan = baking(Failing::Never);
    let requests = |at_s| {
        let all = asked(&plan, at_s, "app");
        let all = all["answers"].as_array().cloned().unwrap_or_default();
        all.iter().map(|answer| answer["request"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let version = |number| format!("GET images/app/versions/{number}?$expand=ReplicationStatus");
    assert_eq!(requests(99), ["GET images/app".to_owned(), version("1.0.0")]);
    assert_eq!(requests(1120), ["GET images/app".to_owned(), version("1.0.0"), version("1.0.1")]);
    assert_eq!(asked(&plan, 99, "app/nightly")["error"]["code"], "NotFound");
}

/// Every delete fails, and each takes 30 s. Resilient delete begins with the second at 130 s and gives up after the fifth, at 250 s
/// (LC-07); without it the first is the last. Either way the scale-in has failed, and the set with it.
#[test]
fn a_deletion_that_is_tried_again_says_so() {
    let mut plan = rolling(3, RollingPolicy::default());
    assume(&mut plan, A::VmDelete, Assumed::Dist(constant(30)));
    plan.sets[0].resilient_delete = true;
    let fail = Act::FailDeletes { set: 0, failing: 1.0, length: None };
    plan.timeline = vec![action("fail", 50, fail), scale(100, 2)];
    let word = |plan: &Plan, at_s| asked(plan, at_s, "vmss_2")["properties"]["resilientVMDeletionStatus"].clone();
    assert_eq!([99, 140, 249, 250].map(|at_s| word(&plan, at_s)), ["Enabled", "InProgress", "InProgress", "Failed"]);
    let own = |plan: &Plan, at_s| asked(plan, at_s, "vmss/instanceView")["statuses"][0]["code"].clone();
    assert_eq!(own(&plan, 249), "ProvisioningState/updating");
    assert_eq!(own(&plan, 250), "ProvisioningState/failed/InternalExecutionError");
    plan.sets[0].resilient_delete = false;
    assert_eq!(word(&plan, 130), "Disabled");
    assert_eq!(own(&plan, 130), "ProvisioningState/failed/InternalExecutionError");
}

/// Octopus answers in its own shape. Two machines are targets; one goes at 100 s, and a check of 600 s finds that. A deployment of
/// 100 s waits for a person since 160 s, when Octopus gave it up in the middle of a step.
#[test]
fn octopus_lists_its_machines_and_tasks() {
    use crate::support::octopus::{install, octopus};
    let mut plan = octopus(vec![install(200)]);
    plan.octopus.projects[0].guided = Some(Guided { answer: GuidedAnswer::Exclude, delay: s(900) });
    let deploy = Act::Octopus(OctopusAct::Deploy { project: 0, release: 1, place: 0, skip: 0 });
    plan.timeline = vec![action("deploy", 50, deploy), scale(100, 1)];
    let health = |at: u64| -> Vec<Value> {
        let list = asked(&plan, at, "octopus/machines");
        list["Items"].as_array().expect("a list").iter().map(|machine| machine["HealthStatus"].clone()).collect()
    };
    assert_eq!(health(500), ["Healthy", "Healthy"], "nobody has looked");
    assert_eq!(health(700), ["Healthy", "Unavailable"]);
    let task = asked(&plan, 200, "octopus/tasks")["Items"][0].clone();
    assert_eq!(task["State"], "Executing");
    assert_eq!((&task["HasPendingInterruptions"], &task["IsCompleted"]), (&json!(true), &json!(false)));
    let task = asked(&plan, 1100, "octopus/tasks")["Items"][0].clone();
    assert_eq!((&task["State"], &task["FinishedSuccessfully"]), (&json!("Success"), &json!(true)));
    assert_eq!(task["Description"], "Deploy web release c1 to production");
}

/// A release that is deployed to the only phase from 50 s on is under way there at 100 s, and complete at 300 s: both machines take 200 s,
/// side by side. Before anybody has deployed it there is no such release.
#[test]
fn octopus_says_how_far_a_release_has_come() {
    use crate::support::octopus::{install, octopus};
    let mut plan = octopus(vec![install(200)]);
    let live = Phase { name: "live".into(), manual: vec![0], automatic: Vec::new(), required: Required::All };
    plan.octopus.lifecycles = vec![Lifecycle { name: "usual".into(), phases: vec![live] }];
    (plan.octopus.projects[0].lifecycle, plan.octopus.projects[0].deployed) = (Some(0), None);
    let deploy = Act::Octopus(OctopusAct::Deploy { project: 0, release: 1, place: 0, skip: 0 });
    plan.timeline = vec![action("deploy", 50, deploy)];
    let of = |at: u64| asked(&plan, at, "octopus/releases/web-c1/progression");
    for (at, progress, task, next) in
        [(100, "Current", "Executing", json!(["production"])), (300, "Complete", "Success", json!([]))]
    {
        let answer = of(at);
        let phase = &answer["Phases"][0];
        assert_eq!((&phase["Progress"], &phase["Name"]), (&json!(progress), &json!("live")), "{at}");
        assert_eq!(phase["Deployments"][0]["Task"]["State"], task, "{at}");
        assert_eq!(phase["Deployments"][0]["Deployment"]["EnvironmentId"], "production", "{at}");
        assert_eq!(answer["NextDeployments"], next, "{at}");
    }
}

/// Azure DevOps shows a pool by what was set of it, and its machines by the state of each: at 350 s the sample of 300 s has ordered two
/// machines, which do not run yet, beside the one that has had a job since 310 s.
#[test]
fn a_pool_of_agents_is_shown_as_azure_devops_does() {
    let mut plan = rolling(1, RollingPolicy::default());
    plan.timeline = Vec::new();
    plan.agent_pools = vec![AgentPool {
        name: "build".into(),
        set: 0,
        max_capacity: 8,
        desired_idle: 2,
        recycle: true,
        time_to_live: AgentPool::TIME_TO_LIVE,
        max_saved: 1,
        created: None,
        jobs: vec![JobStream {
            name: "all".into(),
            from: SimTime::from_ms(310_000),
            until: None,
            every: Dist::Constant(SimDuration::from_mins(60)),
            count: Some(1),
            duration: Dist::Constant(SimDuration::from_mins(60)),
        }],
    }];
    plan.assumptions.set(A::AgentsSamplePhase, Assumed::Choice("aligned")).expect("within the range");
    let pool = asked(&plan, 350, "build");
    let of = |key: &str| pool[key].clone();
    assert_eq!([of("maxCapacity"), of("desiredIdle"), of("desiredSize")], [json!(8), json!(2), json!(3)]);
    assert_eq!([of("sizingAttempts"), of("timeToLiveMinutes"), of("state")], [json!(1), json!(30), json!("online")]);
    assert_eq!([of("recycleAfterEachUse"), of("maxSavedNodeCount")], [json!(true), json!(1)]);
    let nodes = asked(&plan, 350, "build/nodes");
    let states = nodes["value"].as_array().expect("a list").iter().map(|node| node["state"].clone());
    assert_eq!(states.collect::<Vec<_>>(), ["assigned", "creatingCompute", "creatingCompute"]);
}
