//! The whole template language as teams use it: modules that give each other values, references to resources of the same files, linked
//! templates, functions of the template's own, overlays; and that no value goes missing without a word.
//!
//! Every expected value is worked out by hand from the template beside it.

#[path = "arm_language/again.rs"]
mod again;
#[path = "arm_language/composed.rs"]
mod composed;
#[path = "common/files.rs"]
mod files;

use files::{plan, problems, read, said};
use serde_json::{Value, json};
use windtunnel::input::{Loaded, Report};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{HealthSource, Plan};
use windtunnel_sim::rules;

const SET: &str = "Microsoft.Compute/virtualMachineScaleSets";
const BALANCER: &str = "Microsoft.Network/loadBalancers";

/// A scenario with one template, and the files beside it.
fn loaded(beside: &str, files: &[(&str, Value)]) -> Result<Loaded, Report> {
    let endpoints = "/healthz: [{ when: process, answer: 200 }]";
    let scenario = format!(
        "windtunnel: 1\ntitle: t\nhorizon: PT30M\nresources:\n  - {{ template: main.json{beside} }}\n\
         application: {{ capacity: 100 rps, endpoints: {{ {endpoints} }} }}\n"
    );
    read(&scenario, files)
}

/// The plan of a template in which everything has a value.
fn whole(beside: &str, files: &[(&str, Value)]) -> Plan {
    let outcome = loaded(beside, files);
    for code in ["W0401", "W0402", "W0403", "W0410", "N0403", "N0405", "N0409"] {
        assert!(said(&outcome, code).is_empty(), "{code}: {:?}", said(&outcome, code));
    }
    plan(&outcome)
}

fn template(resources: Value) -> Value {
    json!({ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "resources": resources })
}

/// A template with more beside its resources.
fn with(mut template: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("an object") };
    template.as_object_mut().expect("an object").extend(more);
    template
}

/// A balancer with one pool, one probe and a rule for both.
fn balancer(name: &str) -> Value {
    let part =
        |kind: &str, part: &str| json!({ "id": format!("[resourceId('{BALANCER}/{kind}', '{name}', '{part}')]") });
    json!({
        "type": BALANCER, "name": name, "location": "westus2", "sku": { "name": "Standard" },
        "properties": {
            "backendAddressPools": [{ "name": "pool" }],
            "probes": [{ "name": "alive", "properties": { "protocol": "Http", "port": 80, "requestPath": "/healthz" } }],
            "loadBalancingRules": [{ "name": "web", "properties": {
                "backendAddressPool": part("backendAddressPools", "pool"), "probe": part("probes", "alive"),
                "protocol": "Tcp", "frontendPort": 80, "backendPort": 80
            } }]
        }
    })
}

/// The network interfaces of a set that joins a pool.
fn interfaces(pool: &str) -> Value {
    json!([{ "name": "nic", "properties": { "primary": true, "ipConfigurations": [
        { "name": "ip", "properties": { "loadBalancerBackendAddressPools": [{ "id": pool }] } }
    ] } }])
}

fn set(capacity: Value, interfaces: Value) -> Value {
    json!({
        "type": SET, "name": "web", "location": "westus2", "sku": { "name": "Standard_D2s_v3", "capacity": capacity },
        "properties": { "orchestrationMode": "Uniform", "upgradePolicy": { "mode": "Manual" },
            "virtualMachineProfile": { "networkProfile": { "networkInterfaceConfigurations": interfaces } } }
    })
}

/// A deployment that evaluates its template for itself, as Bicep compiles a module.
fn module(name: &str, parameters: Value, template: Value) -> Value {
    json!({
        "type": "Microsoft.Resources/deployments", "name": name,
        "properties": { "expressionEvaluationOptions": { "scope": "inner" }, "parameters": parameters, "template": template }
    })
}

/// The balancers whose pools the one set joins, sorted.
fn joined(plan: &Plan) -> Vec<String> {
    let pools = plan.sets[0].pools.iter().map(|pool| &plan.pools[usize::from(*pool)]);
    let mut names: Vec<String> = pools.map(|pool| format!("{}/{}", pool.balancer, pool.name)).collect();
    names.sort();
    names
}

const POOL_OF_LB: &str = "[resourceId('Microsoft.Network/loadBalancers/backendAddressPools', 'lb', 'pool')]";

/// The balancer in a module that gives back its pool.
fn balancer_module() -> Value {
    let outputs = json!({ "outputs": { "poolId": { "type": "string", "value": POOL_OF_LB } } });
    module("network", json!({}), with(template(json!([balancer("lb")])), outputs))
}

#[test]
fn a_set_joins_the_pool_that_a_module_gives_back() {
    let by_id =
        "[reference(resourceId('Microsoft.Resources/deployments', 'network'), '2022-09-01').outputs.poolId.value]";
    let fleet = with(
        template(json!([set(json!(3), interfaces("[parameters('pool')]"))])),
        json!({ "parameters": { "pool": { "type": "string" } } }),
    );
    let two = template(json!([balancer_module(), module("fleet", json!({ "pool": { "value": by_id } }), fleet)]));
    assert_eq!(joined(&whole("", &[("main.json", two)])), ["lb/pool"]);
    // The same by the symbolic name that Bicep writes, and whichever comes first.
    let symbols =
        json!({ "b": balancer_module(), "a": set(json!(3), interfaces("[reference('b').outputs.poolId.value]")) });
    let symbolic = with(template(symbols), json!({ "languageVersion": "2.0" }));
    assert_eq!(joined(&whole("", &[("main.json", symbolic)])), ["lb/pool"]);
}

#[test]
fn a_reference_gives_what_azure_would_show_of_a_resource_of_the_same_files() {
    let by_id = format!("[reference(resourceId('{BALANCER}', 'lb')).backendAddressPools[0].id]");
    let info = "[format('{0}/backendAddressPools/pool', resourceInfo('lb').id)]";
    let of_two = "[references('many')[1].backendAddressPools[0].id]";
    for (pool, expected) in [
        (by_id.as_str(), "lb/pool"),
        ("[reference('lb').backendAddressPools[0].id]", "lb/pool"),
        ("[reference('lb', '2024-05-01', 'Full').properties.backendAddressPools[0].id]", "lb/pool"),
        (info, "lb/pool"),
        // The second of two balancers by one loop is lb-1.
        (of_two, "lb-1/pool"),
        ("[reference('many[1]').backendAddressPools[0].id]", "lb-1/pool"),
    ] {
        let many = with(
            balancer("x"),
            json!({ "name": "[format('lb-{0}', copyIndex())]", "copy": { "name": "many", "count": 2 } }),
        );
        let resources = json!({ "lb": balancer("lb"), "many": many, "web": set(json!(3), interfaces(pool)) });
        assert_eq!(joined(&whole("", &[("main.json", template(resources))])), [expected], "{pool}");
    }
}

#[test]
fn a_reference_is_read_wherever_it_is_passed_on() {
    let pool = format!("[reference(resourceId('{BALANCER}', 'lb')).backendAddressPools[0].id]");
    let nics = json!({ "type": "array" });
    let inner = with(
        template(json!([set(json!(3), json!("[parameters('nics')]"))])),
        json!({ "parameters": { "nics": nics } }),
    );
    let in_list = module("fleet", json!({ "nics": { "value": interfaces(&pool) } }), inner);
    let in_default = json!({ "parameters": { "nics": { "type": "array", "defaultValue": interfaces(&pool) } } });
    let by_parameter = set(json!(3), json!("[parameters('nics')]"));
    let mut whole_model = set(json!(3), interfaces(&pool));
    let properties = whole_model["properties"].take();
    whole_model["properties"] = json!("[variables('model')]");
    let mut by_copy = set(json!(3), json!([]));
    by_copy["properties"]["virtualMachineProfile"]["networkProfile"] =
        json!({ "copy": [{ "name": "networkInterfaceConfigurations", "count": 1, "input": interfaces(&pool)[0] }] });
    for (main, what) in [
        (template(json!([balancer("lb"), in_list])), "a list in a parameter of a module"),
        (with(template(json!([balancer("lb"), by_parameter])), in_default), "the default of a parameter"),
        (
            with(template(json!([balancer("lb"), whole_model])), json!({ "variables": { "model": properties } })),
            "a variable",
        ),
        (template(json!([balancer("lb"), by_copy])), "the input of a copy"),
    ] {
        assert_eq!(joined(&whole("", &[("main.json", main)])), ["lb/pool"], "{what}");
    }
}

#[test]
fn a_probe_that_is_referred_to_is_the_health_source() {
    let mut fleet = set(json!(4), interfaces(POOL_OF_LB));
    fleet["properties"]["upgradePolicy"]["mode"] = json!("Rolling");
    let id = format!("[reference(resourceId('{BALANCER}', 'lb')).probes[0].id]");
    fleet["properties"]["virtualMachineProfile"]["networkProfile"]["healthProbe"] = json!({ "id": id });
    let plan = whole("", &[("main.json", template(json!([balancer("lb"), fleet])))]);
    assert_ne!(plan.sets[0].profile.health_source, HealthSource::None, "a Rolling upgrade is gated by the probe");
}

#[test]
fn values_that_modules_and_functions_make() {
    let five = with(template(json!([])), json!({ "outputs": { "n": { "type": "int", "value": "[add(2, 3)]" } } }));
    let list = json!({ "outputs": { "all": { "type": "array", "copy": { "count": 4, "input": "[copyIndex(1)]" } } } });
    let functions = json!([{ "namespace": "__bicep", "members": {
        "twice": { "parameters": [{ "name": "x", "type": "int" }], "output": { "type": "int", "value": "[mul(parameters('x'), 2)]" } }
    } }]);
    let more =
        json!({ "functions": functions, "parameters": { "sizes": { "type": "array", "defaultValue": [1, 2, 5] } } });
    for (capacity, expected) in [
        ("[reference('five').outputs.n.value]", 5),
        // Four values from 1: the last is 4.
        ("[last(reference('list').outputs.all.value)]", 4),
        ("[__bicep.twice(4)]", 8),
        ("[mapValues(createObject('a', 2), lambda('v', mul(lambdaVariables('v'), 3))).a]", 6),
        ("[base64ToJson(base64('{\"n\": 7}')).n]", 7),
        ("[parameters('sizes')[sub(length(parameters('sizes')), 1)]]", 5),
        ("[indexFromEnd(parameters('sizes'), 2)]", 2),
        // 29 of 32 bits are fixed.
        ("[parseCidr('10.0.0.0/29').cidr]", 29),
        ("[int(float('3'))]", 3),
        ("[if(contains(parameters('sizes'), 5), reference('five').outputs.n.value, 0)]", 5),
        ("[length(groupBy(createArray('a1', 'a2', 'b1'), lambda('x', first(lambdaVariables('x')))))]", 2),
    ] {
        let modules = [
            module("five", json!({}), five.clone()),
            module("list", json!({}), with(template(json!([])), list.clone())),
        ];
        let resources = json!([modules[0], modules[1], set(json!(capacity), json!([]))]);
        assert_eq!(
            whole("", &[("main.json", with(template(resources), more.clone()))]).sets[0].capacity,
            expected,
            "{capacity}"
        );
    }
}

#[test]
fn a_name_by_a_function_of_the_template_is_the_name() {
    let functions = json!([{ "namespace": "contoso", "members": {
        "name": { "parameters": [{ "name": "x", "type": "string" }], "output": { "type": "string", "value": "[concat(parameters('x'), 'eb')]" } }
    } }]);
    let fleet = with(set(json!(2), json!([])), json!({ "name": "[contoso.name('w')]" }));
    let main = with(template(json!([fleet])), json!({ "functions": functions }));
    assert_eq!(whole("", &[("main.json", main)]).sets[0].name, "web");
}

#[test]
fn linked_templates_that_lie_beside_are_followed_with_their_parameters() {
    let fleet = with(
        template(json!([set(json!("[parameters('n')]"), json!([]))])),
        json!({ "parameters": { "n": { "type": "int" } }, "outputs": { "n": { "type": "int", "value": "[parameters('n')]" } } }),
    );
    let link = |key: &str, address: &str| {
        let properties = json!({ "templateLink": { key: address }, "parameters": { "n": { "value": 9 } } });
        json!({ "type": "Microsoft.Resources/deployments", "name": "linked", "properties": properties })
    };
    let main = |link: Value| ("main.json", template(json!([link])));
    let nested = || ("nested/fleet.json", fleet.clone());
    for (key, address) in [
        ("relativePath", "nested/fleet.json"),
        ("relativePath", "./nested/../nested/fleet.json"),
        ("uri", "[uri(deployment().properties.templateLink.uri, 'nested/fleet.json')]"),
        ("uri", "https://raw.githubusercontent.com/contoso/templates/main/nested/fleet.json?sv=1"),
    ] {
        let outcome = loaded("", &[main(link(key, address)), nested()]);
        assert_eq!(plan(&outcome).sets[0].capacity, 9, "{address}: {:?}", problems(&outcome).0);
        let far = address.starts_with("https");
        assert_eq!(
            said(&outcome, "N0412").len(),
            usize::from(far),
            "{address}: that a file stands in for an address is said"
        );
    }
    // A file that is linked to links on, from where it lies itself; and its output comes back.
    let middle = json!([link("relativePath", "fleet.json")]);
    let outer = json!({ "type": "Microsoft.Resources/deployments", "name": "outer",
        "properties": { "templateLink": { "relativePath": "nested/middle.json" } } });
    let files = [("main.json", template(json!([outer]))), ("nested/middle.json", template(middle)), nested()];
    assert_eq!(whole("", &files).sets[0].capacity, 9);
    // One that is not there names its file.
    let outcome = loaded("", &[main(link("relativePath", "nested/other.json")), nested()]);
    assert!(said(&outcome, "N0405")[0].message.contains("`nested/other.json`"), "{:?}", said(&outcome, "N0405"));
}

#[test]
fn a_template_that_links_to_itself_ends() {
    let link = json!({ "type": "Microsoft.Resources/deployments", "name": "again",
        "properties": { "templateLink": { "relativePath": "other.json" } } });
    let outcome =
        loaded("", &[("main.json", template(json!([link.clone()]))), ("other.json", template(json!([link])))]);
    assert!(outcome.is_err(), "there is nothing to simulate, and it is said");
    assert_eq!(said(&outcome, "N0405").len(), 1, "the second link is not followed: {:?}", problems(&outcome).0);
}

#[test]
fn no_value_goes_missing_without_a_word() {
    // A batch size inside an object that a module is given: the default would apply.
    let policy = json!({ "mode": "Manual", "rollingUpgradePolicy": { "maxBatchInstancePercent": "[reference('gone').outputs.n.value]" } });
    let mut fleet = set(json!(3), json!([]));
    fleet["properties"]["upgradePolicy"] = json!("[parameters('of').up]");
    let inner = with(template(json!([fleet])), json!({ "parameters": { "of": { "type": "object" } } }));
    let main = template(json!([module("fleet", json!({ "of": { "value": { "up": policy } } }), inner)]));
    let outcome = loaded("", &[("main.json", main.clone())]);
    let found = said(&outcome, "W0401");
    assert!(found.len() == 1 && found[0].message.contains("`gone`"), "{found:?}");
    assert!(found[0].primary.as_ref().expect("a place").1.contains("upgradePolicy"), "{found:?}");
    // With an overlay that gives the value nothing is missing.
    let overlay = ", overlay: { web: { properties: { upgradePolicy: { mode: Manual, rollingUpgradePolicy: { maxBatchInstancePercent: 25 } } } } }";
    assert!(said(&loaded(overlay, &[("main.json", main)]), "W0401").is_empty());
    // A pool inside a list: the set would serve nobody.
    let fleet = set(json!(3), json!("[parameters('nics')]"));
    let inner = with(template(json!([fleet])), json!({ "parameters": { "nics": { "type": "array" } } }));
    let gone = interfaces("[reference('gone').outputs.pool.value]");
    let main = template(json!([balancer("lb"), module("fleet", json!({ "nics": { "value": gone } }), inner)]));
    assert_eq!(said(&loaded("", &[("main.json", main)]), "W0401").len(), 1);
}

#[test]
fn what_only_a_running_azure_knows_is_named() {
    let main = template(json!([balancer("lb"), set(json!("[reference('lb').instances]"), json!([]))]));
    let outcome = loaded("", &[("main.json", main.clone())]);
    assert!(said(&outcome, "W0401")[0].message.contains("only a running Azure knows 'instances' of 'lb'"));
    assert!(said(&outcome, "W0401")[0].help.as_ref().expect("advice").contains("`overlay`"));
    assert_eq!(whole(", overlay: { web: { sku: { capacity: 4 } } }", &[("main.json", main)]).sets[0].capacity, 4);
}

#[test]
fn a_condition_that_rests_on_a_stand_in_says_so() {
    let fleet = with(set(json!(3), json!([])), json!({ "condition": "[parameters('deployFleet')]" }));
    let parameters = json!({ "parameters": { "deployFleet": { "type": "bool" } } });
    let main = with(template(json!([fleet.clone()])), parameters);
    let outcome = loaded("", &[("main.json", main.clone())]);
    let found = said(&outcome, "W0410");
    assert!(
        found[0].message.contains("`web` is not deployed") && found[0].message.contains("`deployFleet`"),
        "{found:?}"
    );
    assert!(said(&outcome, "W0408")[0].message.contains("leave 1 resource out"), "{:?}", said(&outcome, "W0408"));
    assert_eq!(whole(", set: { deployFleet: true }", &[("main.json", main)]).sets[0].capacity, 3);
    // One that rests on what is known says nothing.
    let known = with(
        template(json!([fleet])),
        json!({ "parameters": { "deployFleet": { "type": "bool", "defaultValue": true } } }),
    );
    whole("", &[("main.json", known)]);
}

#[test]
fn of_two_resources_of_one_name_the_one_that_is_deployed_is_referred_to() {
    let other = with(
        balancer("lb"),
        json!({ "condition": false, "properties": { "backendAddressPools": [{ "name": "other" }] } }),
    );
    let pool = format!("[reference(resourceId('{BALANCER}', 'lb')).backendAddressPools[0].id]");
    let main = template(json!([other, balancer("lb"), set(json!(3), interfaces(&pool))]));
    assert_eq!(joined(&whole("", &[("main.json", main)])), ["lb/pool"]);
}

#[test]
fn children_and_existing_resources_are_referred_to() {
    let mut lb = balancer("lb");
    lb["properties"]["backendAddressPools"] = json!([]);
    let child = json!({ "type": format!("{BALANCER}/backendAddressPools"), "name": "lb/pool", "properties": {} });
    let existing = json!({ "type": BALANCER, "name": "lb", "existing": true });
    let fleet = set(json!(3), interfaces("[reference('known').backendAddressPools[0].id]"));
    let inner = template(json!({ "known": existing, "web": fleet }));
    let main = template(json!({ "lb": lb, "pool": child, "fleet": module("fleet", json!({}), inner) }));
    assert_eq!(joined(&whole("", &[("main.json", main)])), ["lb/pool"]);
}

#[test]
fn any_part_of_the_allowed_list_is_allowed() {
    let fleet = with(
        set(json!(3), json!([])),
        json!({ "zones": "[map(parameters('z'), lambda('i', string(lambdaVariables('i'))))]" }),
    );
    let parameters = json!({ "z": { "type": "array", "allowedValues": [1, 2, 3], "defaultValue": [1, 2, 3] } });
    let main = || ("main.json", with(template(json!([fleet.clone()])), json!({ "parameters": parameters.clone() })));
    assert_eq!(whole(", set: { z: [1, 3] }", &[main()]).sets[0].zones, [1, 3]);
    let outcome = loaded(", set: { z: [1, 4] }", &[main()]);
    assert!(said(&outcome, "E0412")[0].message.contains("holds `4`"), "{:?}", said(&outcome, "E0412"));
}

#[test]
fn names_are_unique_by_type_and_a_policy_says_which() {
    let resource = |kind: &str, rest: &str| format!("  - {{ type: {kind}, name: web, location: westus2, {rest} }}\n");
    let text = |more: &str, policy: &str| {
        let fleet = "sku: { name: Standard_D2s_v3, capacity: 2 }, properties: { orchestrationMode: Uniform, virtualMachineProfile: {} }";
        let profile = "{ name: p, capacity: { minimum: 1, maximum: 3, default: 1 }, rules: [] }";
        let setting = format!("properties: {{ enabled: true, targetResourceUri: web, profiles: [{profile}] }}");
        let (fleet, setting) = (resource(SET, fleet), resource("Microsoft.Insights/autoscaleSettings", &setting));
        let head = "windtunnel: 1\ntitle: t\nhorizon: PT30M\nresources:\n";
        format!("{head}{fleet}{setting}{more}application: {{ capacity: 10 rps }}\npolicies:\n  more: {{ {policy} }}\n")
    };
    let load = |text: String| read(&text, &[]);
    let outcome = load(text("", "virtualMachineScaleSets/web: { sku: { capacity: 3 } }"));
    assert_eq!(plan(&outcome).sets[0].capacity, 2);
    let more = outcome.as_ref().expect("it loads").plan("more").expect("it is there");
    assert_eq!(
        (more.plan.sets[0].capacity, &*more.diff[0].path.to_string()),
        (3, "virtualMachineScaleSets/web.sku.capacity")
    );
    let outcome = load(text("", "web: { sku: { capacity: 3 } }"));
    let help = said(&outcome, "E0214")[0].help.as_ref().expect("a way out");
    assert!(help.contains("`virtualMachineScaleSets/web` or `autoscaleSettings/web`"), "{help}");
    // A second one of the same type is refused all the same.
    let again = resource(
        "Microsoft.Insights/autoscaleSettings",
        "properties: { enabled: false, targetResourceUri: web, profiles: [] }",
    );
    assert_eq!(said(&load(text(&again, "virtualMachineScaleSets/web: { sku: { capacity: 3 } }")), "E0212").len(), 1);
}

#[test]
fn an_overlay_mends_a_file_and_is_checked_like_the_users_own() {
    let main = || ("main.json", template(json!([balancer("lb"), set(json!(3), interfaces(POOL_OF_LB))])));
    let probe = "lb: { properties: { probes: [{ name: alive, properties: { intervalInSeconds: 15 } }] } }";
    let plan = whole(&format!(", overlay: {{ web: {{ sku: {{ capacity: 6 }} }}, {probe} }}"), &[main()]);
    let interval = plan.pools[0].probe.as_ref().expect("a probe").interval;
    assert_eq!((plan.sets[0].capacity, interval), (6, SimDuration::from_secs(15)));
    for (overlay, code) in [
        ("wbe: { sku: { capacity: 6 } }", "E0301"),
        ("web: { sku: { capacity: 3 } }", "E0302"),
        ("web: { sku: { capacity: many } }", "E0503"),
        ("web: { sku: { capcity: 6 } }", "E0408"),
        ("web: { sku: 6 }", "E0306"),
    ] {
        let outcome = loaded(&format!(", overlay: {{ {overlay} }}"), &[main()]);
        let found = said(&outcome, code);
        assert_eq!(found.len(), 1, "{overlay}: {:?}", problems(&outcome).0);
        let place = found[0].primary.as_ref().expect("a place");
        assert_eq!(place.0.source.name, "scenario.yaml", "{overlay}");
    }
}

#[test]
fn a_reference_to_nothing_is_no_health_source() {
    let mut fleet = set(json!(3), json!([]));
    fleet["properties"]["upgradePolicy"]["mode"] = json!("Rolling");
    fleet["properties"]["virtualMachineProfile"]["networkProfile"]["healthProbe"] = json!({});
    let outcome = loaded("", &[("main.json", template(json!([fleet])))]);
    assert!(problems(&outcome).iter().any(|problem| problem.rule == Some(rules::UM_05)));
}

#[test]
fn a_resource_that_lacks_something_says_how_to_give_it_without_an_edit() {
    let fleet = json!({ "type": SET, "name": "web", "properties": { "orchestrationMode": "Uniform", "virtualMachineProfile": {} } });
    let main = || ("main.json", template(json!([fleet.clone()])));
    for (given, wanted) in [
        ("", "overlay: { web: { location: eastus } }"),
        (", overlay: { web: { location: eastus } }", "overlay: { web: { sku: { capacity: 3 } } }"),
    ] {
        let outcome = loaded(given, &[main()]);
        let helps: Vec<&str> = said(&outcome, "E0502").iter().filter_map(|problem| problem.help.as_deref()).collect();
        assert!(helps.iter().any(|help| help.contains(wanted)), "{helps:?}");
    }
    // What the helps say, together.
    let mended = loaded(", overlay: { web: { location: eastus, sku: { capacity: 3 } } }", &[main()]);
    assert_eq!(plan(&mended).sets[0].capacity, 3);
}

#[test]
fn a_balancer_of_a_file_without_a_sku_was_basic_and_says_so() {
    let with_sku = |sku: Value| {
        let mut lb = balancer("lb");
        lb["sku"] = sku;
        ("main.json", template(json!([lb, set(json!(3), interfaces(POOL_OF_LB))])))
    };
    use windtunnel::input::Severity::{Error, Warning};
    let severity = |outcome: &Result<Loaded, Report>| {
        let said = problems(outcome).iter().find(|problem| problem.rule == Some(rules::LB_01));
        said.map(|problem| problem.severity)
    };
    assert_eq!(severity(&loaded("", &[with_sku(Value::Null)])), Some(Warning));
    assert_eq!(severity(&loaded("", &[with_sku(json!({ "name": "Standard" }))])), None);
    assert_eq!(severity(&loaded("", &[with_sku(json!({ "name": "Basic" }))])), Some(Error));
    let mended = loaded(", overlay: { lb: { sku: { name: Standard } } }", &[with_sku(json!({ "name": "Basic" }))]);
    assert_eq!(severity(&mended), None);
    // A run that begins before it retired is one of then.
    let scenario =
        "windtunnel: 1\ntitle: t\nstart: 2025-09-29T23:59:59Z\nhorizon: PT30M\nresources: [{ template: main.json }]\n";
    assert_eq!(severity(&read(scenario, &[with_sku(json!({ "name": "Basic" }))])), Some(Warning));
}

#[test]
fn what_resource_graph_prints_is_a_list_of_resources() {
    let found = json!({ "count": 1, "data": [set(json!(5), json!([]))], "skip_token": null, "total_records": 1 });
    let scenario = "windtunnel: 1\ntitle: t\nhorizon: PT30M\nresources: [{ file: found.json }]\n";
    assert_eq!(plan(&read(scenario, &[("found.json", found)])).sets[0].capacity, 5);
}

#[test]
fn a_health_extension_takes_an_empty_path_for_none() {
    let settings = json!({ "protocol": "tcp", "port": 22, "requestPath": "" });
    let properties = json!({ "publisher": "Microsoft.ManagedServices", "type": "ApplicationHealthLinux",
        "typeHandlerVersion": "1.0", "settings": settings });
    let mut fleet = set(json!(3), json!([]));
    fleet["properties"]["virtualMachineProfile"]["extensionProfile"] =
        json!({ "extensions": [{ "name": "health", "properties": properties }] });
    let plan = whole("", &[("main.json", template(json!([fleet])))]);
    assert_eq!(plan.sets[0].profile.health_source, HealthSource::Extension);
}
