//! What is deployed several times, what belongs to nothing that is known, and what only seems to say something.

use serde_json::{Value, json};

use super::{
    BALANCER, SET, balancer, interfaces, loaded, module, plan, problems, read, said, set, template, whole, with,
};

/// A module with the set, which is deployed once for each of these capacities.
fn deployed(capacities: &Value, group: Option<&str>) -> Value {
    let own = with(
        template(json!({ "web": set(json!("[parameters('count')]"), interfaces("lb/pool")) })),
        json!({ "languageVersion": "2.0", "parameters": { "count": { "type": "int" } } }),
    );
    let count = json!({ "count": { "value": "[variables('counts')[copyIndex()]]" } });
    let mut fleet = module("[format('fleet-{0}', copyIndex())]", count, own);
    fleet["copy"] = json!({ "name": "fleet", "count": "[length(variables('counts'))]", "mode": "serial" });
    if let Some(group) = group {
        fleet["resourceGroup"] = json!(group);
    }
    let all = json!({ "fleet": fleet, "lb": balancer("lb") });
    with(template(all), json!({ "languageVersion": "2.0", "variables": { "counts": capacities } }))
}

/// Writing a resource again as it is changes nothing: tests of modules deploy each of them twice.
#[test]
fn what_a_later_deployment_writes_again_is_there_once() {
    for group in [None, Some("fleets")] {
        let plan = whole("", &[("main.json", deployed(&json!([3, 3]), group))]);
        assert_eq!(plan.sets.iter().map(|set| set.capacity).collect::<Vec<_>>(), [3], "{group:?}");
    }
}

/// Written otherwise, or into another group, it is not the same; both are said.
#[test]
fn what_a_later_deployment_writes_otherwise_is_not_the_same() {
    for (capacities, group) in [
        (json!([3, 4]), None),
        (json!([3, 3]), Some("[format('fleet-{0}', copyIndex())]")),
        (json!([3, 3]), Some("[reference('nowhere').group]")),
    ] {
        let outcome = loaded("", &[("main.json", deployed(&capacities, group))]);
        assert_eq!(said(&outcome, "E0212").len(), 1, "{group:?}: {:?}", problems(&outcome));
    }
}

/// An instance whose set has no name that is known is part of nothing; the set is there all the same.
#[test]
fn an_instance_of_a_set_without_a_known_name_is_left_out() {
    let name = "[format('{0}/0', parameters('machine').name)]";
    let instance = json!({ "type": format!("{SET}/virtualMachines"), "name": name, "location": "westus2" });
    let more = json!({ "parameters": { "machine": { "type": "object" } } });
    let own = with(template(json!([set(json!(3), json!([])), instance])), more);
    let outcome = loaded("", &[("main.json", own)]);
    let messages: Vec<&str> = said(&outcome, "W0409").iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["`virtualMachines-1` is part of a resource whose name is not known"]);
    assert_eq!(plan(&outcome).sets[0].capacity, 3);
}

/// Modules write every key, with an expression that is null where nobody asked for it.
#[test]
fn a_key_that_can_matter_is_warned_about_where_it_says_something() {
    let chained = |value: &str| {
        let mut balancer = balancer("lb");
        balancer["properties"]["frontendIPConfigurations"] =
            json!([{ "name": "front", "properties": { "gatewayLoadBalancer": value } }]);
        let outcome = loaded("", &[("main.json", template(json!([set(json!(3), json!([])), balancer])))]);
        said(&outcome, "W0511").iter().filter(|problem| problem.message.contains("gatewayLoadBalancer")).count()
    };
    assert_eq!(chained("[if(empty(''), null(), createObject('id', 'other'))]"), 0);
    assert_eq!(chained("[if(empty('x'), null(), createObject('id', 'other'))]"), 1);
    // What has no value may say something.
    assert_eq!(chained("[reference('nowhere').chain]"), 1);
}

/// One configuration is assigned to several sets under its own name; to which, each assignment says.
#[test]
fn assignments_of_one_configuration_have_one_name() {
    let other = with(set(json!(2), json!([])), json!({ "name": "api" }));
    let window =
        json!({ "startDateTime": "2026-01-05 22:00", "duration": "05:00", "timeZone": "UTC", "recurEvery": "1Day" });
    let configuration = json!({
        "type": "Microsoft.Maintenance/maintenanceConfigurations", "name": "nights", "location": "westus2",
        "properties": { "maintenanceScope": "OSImage", "maintenanceWindow": window }
    });
    let assigned = |to: &str| {
        json!({
            "type": "Microsoft.Maintenance/configurationAssignments", "name": "nights", "location": "westus2",
            "scope": format!("[resourceId('{SET}', '{to}')]"),
            "properties": {
                "maintenanceConfigurationId": "[resourceId('Microsoft.Maintenance/maintenanceConfigurations', 'nights')]",
                "resourceId": format!("[resourceId('{SET}', '{to}')]")
            }
        })
    };
    let all = json!([set(json!(3), json!([])), other, configuration, assigned("web"), assigned("api")]);
    let plan = whole("", &[("main.json", template(all))]);
    assert_eq!(plan.os_upgrades.maintenance[0].sets, [0, 1]);
}

/// The id of a real subscription leads out of the files, however near the name of a balancer here is; a name that is written by hand is
/// a slip.
#[test]
fn an_id_that_azure_printed_leads_out_of_the_files() {
    let pool =
        |id: &str| loaded("", &[("main.json", template(json!([set(json!(3), interfaces(id)), balancer("lb-web")])))]);
    let of = |subscription: &str| {
        format!("/subscriptions/{subscription}/resourceGroups/g/providers/{BALANCER}/lb-web2/backendAddressPools/pool")
    };
    let printed = pool(&of("5d1f4b2a-1111-2222-3333-444455556666"));
    assert_eq!((said(&printed, "W0207").len(), said(&printed, "E0504").len()), (1, 0));
    for slip in [
        "lb-web2/pool",
        &of("00000000-0000-0000-0000-000000000000"),
        "[resourceId('Microsoft.Network/loadBalancers/backendAddressPools', 'lb-web2', 'pool')]",
    ] {
        let outcome = pool(slip);
        assert_eq!((said(&outcome, "W0207").len(), said(&outcome, "E0504").len()), (0, 1), "{slip}");
    }
}

/// A folder of templates that several others link to lies beside theirs; a published template has it beside itself. That is said, and
/// what lies beside the template itself goes before.
#[test]
fn a_shared_folder_of_linked_templates_is_found_above() {
    let uri = "[uri(deployment().properties.templateLink.uri, 'shared/fleet.json')]";
    let linked = json!({
        "type": "Microsoft.Resources/deployments", "name": "fleet", "properties": { "templateLink": { "uri": uri } }
    });
    let main = template(json!([linked]));
    let scenario = "windtunnel: 1\ntitle: t\nhorizon: PT30M\nresources: [{ template: infra/web/main.json }]\n";
    let fleet = |capacity: u32| template(json!([set(json!(capacity), json!([]))]));
    let above = read(scenario, &[("infra/web/main.json", main.clone()), ("infra/shared/fleet.json", fleet(5))]);
    assert_eq!(plan(&above).sets[0].capacity, 5);
    assert_eq!(said(&above, "N0412").len(), 1, "{:?}", problems(&above));
    let both = [
        ("infra/web/main.json", main),
        ("infra/shared/fleet.json", fleet(5)),
        ("infra/web/shared/fleet.json", fleet(7)),
    ];
    let beside = read(scenario, &both);
    assert_eq!((plan(&beside).sets[0].capacity, said(&beside, "N0412").len()), (7, 0));
}
