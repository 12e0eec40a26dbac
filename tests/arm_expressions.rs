//! Every function of the template language: an ordinary case, and a call that it does not accept.

use std::collections::BTreeSet;

use windtunnel::input::arm::{expression, load};
use windtunnel::input::json::{self, Dialect};
use windtunnel::input::tree::Node;

/// The value of an expression in a template, as JSON, or why it has none.
fn evaluate(text: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("template.json");
    let template = format!(
        r#"{{
          "parameters": {{
            "size": {{ "type": "int", "defaultValue": 3 }},
            "name": {{ "type": "string", "defaultValue": "Web" }}
          }},
          "variables": {{
            "images": {{ "ubuntu": {{ "sku": "22_04" }}, "other": "[reference('nothing')]" }},
            "some": [{{ "id": 1 }}, {{ "id": "[reference('nothing')]" }}, {{ "id": 3 }}],
            "list": [1, 2, 3],
            "a": "[variables('b')]",
            "b": "[variables('a')]",
            "copy": [{{ "name": "disks", "count": 2, "input": "[copyIndex('disks', 1)]" }}]
          }},
          "functions": [{{ "namespace": "contoso", "members": {{
            "twice": {{ "parameters": [{{ "name": "x", "type": "int" }}], "output": {{ "type": "int", "value": "[mul(parameters('x'), 2)]" }} }},
            "four": {{ "parameters": [{{ "name": "y", "type": "int" }}], "output": {{ "type": "int", "value": "[contoso.twice(contoso.twice(parameters('y')))]" }} }}
          }} }}],
          "resources": [{{
            "type": "Microsoft.Network/loadBalancers", "name": "lb", "location": "westus2", "copy": {{ "name": "lbs", "count": 1 }},
            "properties": {{ "probes": [{{ "name": "p" }}] }}
          }}, {{
            "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "v",
            "copy": {{ "name": "sets", "count": 1 }},
            "properties": {{ "virtualMachineProfile": {{ "osProfile": {{ "customData": {} }} }} }}
          }}]
        }}"#,
        serde_json::to_string(text).expect("a text is JSON")
    );
    std::fs::write(&path, template).expect("the template is written");
    let (resources, problems) = load(&path, None, &[]);
    let field = ["properties", "virtualMachineProfile", "osProfile", "customData"];
    let is_set =
        |node: &&Node| node.arm("type").and_then(Node::text) == Some("Microsoft.Compute/virtualMachineScaleSets");
    match resources.iter().find(is_set).and_then(|resource| resource.arm_path(&field)) {
        Some(value) => Ok(json::print(value)),
        None => {
            let note = problems.0.iter().find(|problem| problem.code == "N0409");
            Err(note.and_then(|note| note.help.clone()).unwrap_or_else(|| "absent".to_owned()))
        }
    }
}

const ORDINARY: &[(&str, &str)] = &[
    ("if(equals(1, 1), 'yes', reference('never'))", r#""yes""#),
    ("if(false(), reference('never'), 'no')", r#""no""#),
    ("equals(createArray(1, 'a'), createArray(1, 'a'))", "true"),
    ("not(true())", "false"),
    ("and(true(), false(), reference('never'))", "false"),
    ("or(false(), true(), reference('never'))", "true"),
    ("coalesce(null(), 'x', reference('never'))", r#""x""#),
    ("bool('True')", "true"),
    ("int('12')", "12"),
    ("string(12)", r#""12""#),
    ("string(createArray(1, 'a'))", r#""[1,\"a\"]""#),
    ("json('{\"a\": [1, true]}')", r#"{"a":[1,true]}"#),
    ("greater(2, 1)", "true"),
    ("greaterOrEquals('b', 'b')", "true"),
    ("less(2, 1)", "false"),
    ("lessOrEquals(1, 1)", "true"),
    ("concat('a', 1, true())", r#""a1True""#),
    ("concat(createArray(1), createArray(2))", "[1,2]"),
    ("toLower('AbC')", r#""abc""#),
    ("toUpper('AbC')", r#""ABC""#),
    ("trim('  a ')", r#""a""#),
    ("replace('a-b-c', '-', '')", r#""abc""#),
    ("split('a,b;c', createArray(',', ';'))", r#"["a","b","c"]"#),
    ("join(createArray('a', 1), '-')", r#""a-1""#),
    ("substring('abcdef', 1, 3)", r#""bcd""#),
    ("startsWith('abc', 'AB')", "true"),
    ("endsWith('abc', 'bc')", "true"),
    ("indexOf('abcabc', 'C')", "2"),
    ("lastIndexOf('abcabc', 'a')", "3"),
    ("padLeft(7, 3, '0')", r#""007""#),
    ("format('{0}-{1:D3}-{{}}', 'a', 7)", r#""a-007-{}""#),
    ("base64('hello')", r#""aGVsbG8=""#),
    ("length(uniqueString('a', 'b'))", "13"),
    ("equals(uniqueString('ab'), uniqueString('a', 'b'))", "false"),
    ("length(guid('a'))", "36"),
    ("uri('https://a/b/c', 'd/e')", r#""https://a/b/d/e""#),
    ("uriComponent('a b/c')", r#""a%20b%2Fc""#),
    ("array('a')", r#"["a"]"#),
    ("createArray(1, 'a')", r#"[1,"a"]"#),
    ("createObject('a', 1)", r#"{"a":1}"#),
    ("length('abc')", "3"),
    ("empty(createArray())", "true"),
    ("contains(createObject('Key', 1), 'key')", "true"),
    ("contains('abc', 'b')", "true"),
    ("first('abc')", r#""a""#),
    ("last(createArray(1, 2))", "2"),
    ("take(createArray(1, 2, 3), 2)", "[1,2]"),
    ("skip('abc', 1)", r#""bc""#),
    ("union(createObject('a', 1), createObject('a', 2, 'b', 3))", r#"{"a":2,"b":3}"#),
    ("union(createArray(1, 2), createArray(2, 3))", "[1,2,3]"),
    ("intersection(createArray(1, 2), createArray(2, 3))", "[2]"),
    ("shallowMerge(createArray(createObject('a', 1), createObject('b', 2)))", r#"{"a":1,"b":2}"#),
    ("flatten(createArray(createArray(1), createArray(2)))", "[1,2]"),
    ("items(createObject('b', 2, 'a', 1))", r#"[{"key":"a","value":1},{"key":"b","value":2}]"#),
    ("objectKeys(createObject('a', 1))", r#"["a"]"#),
    ("coalesce(tryGet(createObject('a', 1), 'b'), 'none')", r#""none""#),
    ("add(2, 3)", "5"),
    ("sub(2, 3)", "-1"),
    ("mul(2, 3)", "6"),
    ("div(7, 2)", "3"),
    ("mod(7, 2)", "1"),
    ("min(3, 1, 2)", "1"),
    ("max(createArray(3, 1))", "3"),
    ("range(2, 3)", "[2,3,4]"),
    ("copyIndex(5)", "5"),
    ("float('0.5')", "0.5"),
    ("indexFromEnd(createArray(1, 2, 5), 1)", "5"),
    ("coalesce(tryIndexFromEnd(createArray(1), 2), 'none')", r#""none""#),
    ("sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))", "[1,2,3]"),
    ("mapValues(createObject('a', 2, 'b', 3), lambda('v', mul(lambdaVariables('v'), 3)))", r#"{"a":6,"b":9}"#),
    (
        "groupBy(createArray('ab', 'cd', 'ae'), lambda('x', first(lambdaVariables('x'))))",
        r#"{"a":["ab","ae"],"c":["cd"]}"#,
    ),
    ("base64ToString('aGVsbG8=')", r#""hello""#),
    ("base64ToJson(base64('{\"n\": 4}')).n", "4"),
    ("dataUri('Hello')", r#""data:text/plain;charset=utf8;base64,SGVsbG8=""#),
    ("dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", r#""Hello, World!""#),
    ("uriComponentToString('a%20b%2Fc')", r#""a b/c""#),
    ("if(true(), 'kept', fail('never'))", r#""kept""#),
    // 4 + 8 hours are noon; the base is written in the long form, and so is the sum.
    ("dateTimeAdd('2026-01-31T04:00:00Z', 'PT8H')", r#""2026-01-31T12:00:00Z""#),
    // 31 January and 1 day is 1 February; one year here is 365 days, of which 2024 has one more.
    ("dateTimeAdd('20260131T040000Z', 'P1D')", r#""20260201T040000Z""#),
    ("dateTimeAdd('2024-01-01 00:00:00Z', 'P1Y', 'yyyy-MM-dd')", r#""2024-12-31""#),
    ("dateTimeAdd('2026-03-01T00:00:00Z', '-P1D', 'ddd, d MMM yy')", r#""Sat, 28 Feb 26""#),
    // A day has 86,400 seconds.
    ("dateTimeFromEpoch(86400)", r#""1970-01-02T00:00:00Z""#),
    ("dateTimeToEpoch('1970-01-02T01:00:00+01:00')", "86400"),
    // 4 bits are free, so 16 addresses: .16 to .31, of which the first and the last are the network's own.
    (
        "parseCidr('10.0.0.20/28')",
        r#"{"network":"10.0.0.16","netmask":"255.255.255.240","broadcast":"10.0.0.31","firstUsable":"10.0.0.17","lastUsable":"10.0.0.30","cidr":28}"#,
    ),
    ("parseCidr('fdad:3236:5555::/48').lastUsable", r#""fdad:3236:5555:ffff:ffff:ffff:ffff:ffff""#),
    // Parts of 256 addresses: the third begins 512 after the network.
    ("cidrSubnet('10.144.0.0/20', 24, 2)", r#""10.144.2.0/24""#),
    ("cidrHost('10.144.3.0/24', 4)", r#""10.144.3.5""#),
    ("managementGroup().name", r#""management-group""#),
    (
        "managementGroupResourceId('A.B/c', 'n')",
        r#""/providers/Microsoft.Management/managementGroups/management-group/providers/A.B/c/n""#,
    ),
    ("length(deployer().objectId)", "36"),
    ("contoso.twice(2)", "4"),
    ("contoso.four(3)", "12"),
    // A part that has no value spoils neither the length nor its neighbours.
    ("length(variables('some'))", "3"),
    ("variables('some')[2].id", "3"),
    ("last(split(reference('lb').probes[0].id, '/providers/'))", r#""Microsoft.Network/loadBalancers/lb/probes/p""#),
    ("reference(resourceId('Microsoft.Network/loadBalancers', 'lb'), '2024-05-01', 'Full').location", r#""westus2""#),
    ("length(references('lbs'))", "1"),
    ("resourceInfo('lb').type", r#""Microsoft.Network/loadBalancers""#),
    ("parameters('SIZE')", "3"),
    ("variables('images')[toLower('Ubuntu')].SKU", r#""22_04""#),
    ("variables('disks')", "[1,2]"),
    ("variables('list')[1]", "2"),
    ("resourceGroup().location", r#""eastus""#),
    ("subscription().subscriptionId", r#""00000000-0000-0000-0000-000000000000""#),
    ("tenant().tenantId", r#""00000000-0000-0000-0000-000000000000""#),
    ("deployment().name", r#""windtunnel""#),
    ("environment().suffixes.storage", r#""core.windows.net""#),
    (
        "resourceId('g', 'Microsoft.Network/loadBalancers/probes', 'lb', 'p')",
        r#""/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/loadBalancers/lb/probes/p""#,
    ),
    ("subscriptionResourceId('s', 'A.B/c', 'n')", r#""/subscriptions/s/providers/A.B/c/n""#),
    ("tenantResourceId('A.B/c', 'n')", r#""/providers/A.B/c/n""#),
    ("extensionResourceId('/x', 'A.B/c', 'n')", r#""/x/providers/A.B/c/n""#),
    ("pickZones('Microsoft.Compute', 'virtualMachines', 'eastus', 2, 1)", r#"["2","3"]"#),
    ("length(newGuid())", "36"),
    ("utcNow('yyyy-MM-dd')", r#""2026-01-01""#),
    ("map(createArray(1, 2), lambda('x', 'i', add(lambdaVariables('x'), lambdaVariables('i'))))", "[1,3]"),
    ("filter(range(0, 5), lambda('x', greater(lambdaVariables('x'), 2)))", "[3,4]"),
    ("reduce(range(1, 4), 0, lambda('sum', 'x', add(lambdaVariables('sum'), lambdaVariables('x'))))", "10"),
    ("toObject(createArray('a'), lambda('x', lambdaVariables('x')), lambda('x', 1))", r#"{"a":1}"#),
    ("createObject('a', 1).?b.?c", "absent"),
    ("'it''s'", r#""it's""#),
];

const WRONG: &[(&str, &str)] = &[
    ("if('x', 1, 2)", "a boolean"),
    ("equals(1)", "2 arguments"),
    ("not(1)", "a boolean"),
    ("and(true())", "at least 2"),
    ("or(1, 2)", "a boolean"),
    ("true(1)", "0 arguments"),
    ("false(1)", "0 arguments"),
    ("null(1)", "0 arguments"),
    ("coalesce()", "at least 1"),
    ("bool('maybe')", "`true`, `false`"),
    ("int('x')", "a whole number"),
    ("string()", "1 argument"),
    ("json('{')", "not JSON"),
    ("greater(1, 'a')", "the same kind"),
    ("greaterOrEquals(true(), 1)", "a whole number or a text"),
    ("less(createArray(), 1)", "a whole number or a text"),
    ("lessOrEquals(1)", "2 arguments"),
    ("concat(createArray(1), 'a')", "a list"),
    ("toLower(1)", "a text"),
    ("toUpper(null())", "a text"),
    ("trim(1)", "a text"),
    ("replace('a', '', 'b')", "an empty text"),
    ("split('a', 1)", "a text or a list"),
    ("join('a', 'b')", "a list"),
    ("substring('abc', 2, 5)", "3 characters"),
    ("startsWith(1, 'a')", "a text"),
    ("endsWith('a')", "2 arguments"),
    ("indexOf(1, 'a')", "a text or a list"),
    ("lastIndexOf(1, 'a')", "a text or a list"),
    ("padLeft('a', 3, 'xy')", "a single character"),
    ("format('{1}', 'a')", "no argument for"),
    ("base64(1)", "a text"),
    ("uniqueString(1)", "a text"),
    ("guid()", "at least 1"),
    ("uri('a')", "2 arguments"),
    ("uriComponent(1)", "a text"),
    ("array()", "1 argument"),
    ("createArray(reference('x'))", "asks a running Azure for `x`"),
    ("reference('lb').etag", "only a running Azure knows 'etag' of 'lb'"),
    ("references('nothing')", "asks a running Azure"),
    ("resourceInfo('nothing')", "asks a running Azure"),
    ("variables('some')[1].id", "asks a running Azure for `nothing`"),
    ("string(variables('some'))", "asks a running Azure for `nothing`"),
    ("contoso.twice()", "takes 1 argument, not 0"),
    ("contoso.twice('a')", "a whole number"),
    ("float('x')", "a number"),
    ("indexFromEnd(createArray(1), 2)", "leaves a list of 1"),
    ("tryIndexFromEnd('a', 1)", "a list"),
    ("sort(createArray(1, 2), lambda('a', 'b', 1))", "a boolean"),
    ("mapValues(1, lambda('v', 1))", "an object"),
    ("groupBy(createArray(1), lambda('x', 1))", "a text"),
    ("base64ToString('*')", "not base64"),
    ("base64ToJson(base64('{'))", "not JSON"),
    ("dataUri()", "1 argument"),
    ("dataUriToString('hello')", "not a data URI"),
    ("uriComponentToString('%4')", "a broken `%`"),
    ("fail('no such size')", "is reached: no such size"),
    ("dateTimeAdd('today', 'P1D')", "not an instant"),
    ("dateTimeAdd('2026-01-01T00:00:00Z', '1 day')", "a length of time"),
    ("dateTimeFromEpoch('a')", "a whole number"),
    ("dateTimeToEpoch('soon')", "not an instant"),
    ("parseCidr('10.0.0.0')", "not a range"),
    ("cidrSubnet('10.0.0.0/24', 23, 0)", "leaves the range"),
    ("cidrHost('10.0.0.0/30', 3)", "leaves the range"),
    ("managementGroup(1)", "0 arguments"),
    ("managementGroupResourceId('A.B/c')", "at least 2"),
    ("deployer(1)", "0 arguments"),
    ("createObject('a')", "a value for every key"),
    ("length(1)", "a text, a list or an object"),
    ("empty(1)", "a text, a list or an object"),
    ("contains(1, 2)", "a text, a list or an object"),
    ("first(1)", "a text or a list"),
    ("last(createObject())", "a text or a list"),
    ("take(1, 1)", "a text or a list"),
    ("skip('a', 'b')", "a whole number"),
    ("union(createArray(), createObject())", "lists only"),
    ("intersection(createArray(), 1)", "lists only"),
    ("shallowMerge(createArray(1))", "a list of objects"),
    ("flatten(createArray(1))", "a list of lists"),
    ("items(1)", "an object"),
    ("objectKeys(1)", "an object"),
    ("tryGet('a')", "at least 2"),
    ("add(1, 'a')", "a whole number"),
    ("sub(1)", "2 arguments"),
    ("mul(9223372036854775807, 2)", "has no value"),
    ("div(1, 0)", "has no value"),
    ("mod(1, 0)", "has no value"),
    ("min(createArray())", "an empty list"),
    ("max('a')", "whole numbers"),
    ("range(0, 100000)", "out of bounds"),
    ("copyIndex('nowhere')", "does not run here"),
    ("parameters('sizes')", "did you mean"),
    ("variables('nothing')", "declares no variable"),
    ("variables('a')", "refers to itself"),
    ("variables('list')[7]", "has no `7`"),
    ("resourceGroup('x')", "0 arguments"),
    ("subscription().nothing", "has no `nothing`"),
    ("tenant(1)", "0 arguments"),
    ("deployment(1)", "0 arguments"),
    ("environment(1)", "0 arguments"),
    ("resourceId('A.B/c/d', 'n')", "needs 2 names, not 1"),
    ("subscriptionResourceId('x', 'y')", "names no type"),
    ("tenantResourceId('x', 'A.B/c', 'n')", "too many"),
    ("extensionResourceId('/x', 'A.B/c', 'n', 'm')", "needs 1 names, not 2"),
    ("pickZones('a', 'b', 'c', 4)", "the 3 zones"),
    ("newGuid(1)", "0 arguments"),
    ("utcNow(1, 2)", "0 to 1 arguments"),
    ("map(createArray(1), 1)", "a lambda"),
    ("filter(createArray(1), lambda('x', 1))", "a boolean"),
    ("reduce(1, 0, lambda('x', 1))", "a list"),
    ("toObject(createArray(1), lambda('x', createArray()))", "a text"),
    ("lambdaVariables('x')", "no lambda here has"),
    ("lambda('x', 1)", "no function takes it"),
    ("listKeys('a', 'b')", "a live Azure"),
    ("tolowr('A')", "is not evaluated"),
    ("contoso.name('A')", "`contoso.name` is not evaluated"),
    ("concat('a'", "expected `,` or `)`"),
    ("concat('a)", "a text is not closed"),
];

#[test]
fn every_function_has_an_ordinary_case() {
    for (expression, expected) in ORDINARY {
        let value = evaluate(&format!("[{expression}]")).unwrap_or_else(|_| "absent".to_owned());
        assert_eq!(value, *expected, "{expression}");
    }
}

#[test]
fn every_function_refuses_what_it_cannot_use() {
    for (expression, expected) in WRONG {
        let why = evaluate(&format!("[{expression}]")).expect_err(expression);
        assert!(why.contains(expected), "{expression}: {why}");
    }
}

#[test]
fn the_tables_of_this_test_are_complete() {
    let called = |table: &[(&str, &str)]| -> BTreeSet<String> {
        let words = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase).collect()
        };
        table.iter().flat_map(|(expression, _)| words(expression)).collect()
    };
    let (ordinary, wrong) = (called(ORDINARY), called(WRONG));
    for name in expression::names() {
        let name = name.to_ascii_lowercase();
        assert!(ordinary.contains(&name), "{name} has no ordinary case");
        assert!(wrong.contains(&name), "{name} has no wrong case");
    }
}

#[test]
fn brackets_do_not_make_an_expression() {
    for (text, literal) in [
        ("[[concat('a')]", "[concat('a')]"),
        ("[Unit]\nDescription=a\n[Install]", "[Unit]\nDescription=a\n[Install]"),
        ("[concat('a')", "[concat('a')"),
        ("plain", "plain"),
    ] {
        assert_eq!(evaluate(text), Ok(serde_json::to_string(literal).expect("a text is JSON")));
    }
}

#[test]
fn nothing_grows_without_bound() {
    let deep = format!("[{}1{}]", "array(".repeat(300), ")".repeat(300));
    assert!(evaluate(&deep).is_err());
    let lambda = "map(range(0, 10000), lambda('x', range(0, 10000)))";
    assert!(evaluate(&format!("[{lambda}]")).is_err());
    let chain = format!("[variables('list'){}]", "[0]".repeat(500));
    assert!(evaluate(&chain).is_err());
}

#[test]
fn expressions_print_to_what_they_parse_from() {
    for (expression, _) in ORDINARY {
        let parsed = expression::parse(expression).expect(expression);
        assert_eq!(expression::parse(&expression::print(&parsed)).as_ref(), Ok(&parsed));
    }
}

mod properties {
    use std::sync::Arc;

    use proptest::prelude::*;
    use windtunnel::input::problem::Problems;
    use windtunnel::input::tree::{Key, Scalar, Source, Span, Value};

    use super::{Dialect, Node, expression, json};

    fn span() -> Span {
        Span { source: Arc::new(Source { name: String::new(), text: String::new(), hidden: false }), start: 0, end: 0 }
    }

    fn parse(text: &str) -> Option<Node> {
        let source = Arc::new(Source { name: "test".to_owned(), text: text.to_owned(), hidden: false });
        json::parse(&source, Dialect::Azure, &mut Problems::default())
    }

    fn tree() -> impl Strategy<Value = Node> {
        let scalar = prop_oneof![
            any::<String>().prop_map(|text| Scalar { text, quoted: true }),
            any::<i64>().prop_map(|number| Scalar { text: number.to_string(), quoted: false }),
            any::<bool>().prop_map(|is| Scalar { text: is.to_string(), quoted: false }),
        ];
        let leaf = prop_oneof![Just(Value::Null), scalar.prop_map(Value::Scalar)];
        let leaf = leaf.prop_map(|value| Node { span: span(), value });
        leaf.prop_recursive(6, 64, 6, |inner| {
            let map = prop::collection::btree_map(any::<String>(), inner.clone(), 0..6);
            let map = map.prop_map(|map| {
                Value::Map(map.into_iter().map(|(text, node)| (Key { text, span: span() }, node)).collect())
            });
            prop_oneof![prop::collection::vec(inner, 0..6).prop_map(Value::Seq), map]
                .prop_map(|value| Node { span: span(), value })
        })
    }

    proptest! {
        #[test]
        fn json_prints_to_what_it_parses_from(tree in tree()) {
            prop_assert_eq!(parse(&json::print(&tree)), Some(tree));
        }

        #[test]
        fn json_never_panics(text in any::<String>()) {
            _ = parse(&text);
        }

        #[test]
        fn json_like_text_never_panics(text in r#"[\[\]{}:,"\\/* u0-9a-f.\n]{0,60}"#) {
            _ = parse(&text);
        }

        #[test]
        fn expressions_never_panic(text in r"[a-c()\[\],.?' 0-9é-]{0,60}") {
            if let Ok(parsed) = expression::parse(&text) {
                prop_assert_eq!(expression::parse(&expression::print(&parsed)), Ok(parsed));
            }
        }
    }
}

/// The functions that Azure documents for templates, by the sections of its page "ARM template functions", and what Bicep compiles to
/// beside them.
const OF_AZURE: &[(&str, &[&str])] = &[
    (
        "array",
        &[
            "array",
            "concat",
            "contains",
            "createArray",
            "empty",
            "first",
            "indexFromEnd",
            "indexOf",
            "intersection",
            "last",
            "lastIndexOf",
            "length",
            "max",
            "min",
            "range",
            "skip",
            "take",
            "tryGet",
            "tryIndexFromEnd",
            "union",
        ],
    ),
    ("CIDR", &["parseCidr", "cidrSubnet", "cidrHost"]),
    ("comparison", &["coalesce", "equals", "greater", "greaterOrEquals", "less", "lessOrEquals"]),
    ("date", &["dateTimeAdd", "dateTimeFromEpoch", "dateTimeToEpoch", "utcNow"]),
    ("deployment", &["deployer", "deployment", "environment", "parameters", "variables"]),
    ("lambda", &["filter", "groupBy", "map", "mapValues", "reduce", "sort", "toObject", "lambda", "lambdaVariables"]),
    ("logical", &["and", "bool", "false", "if", "not", "or", "true"]),
    ("numeric", &["add", "copyIndex", "div", "float", "int", "min", "max", "mod", "mul", "sub"]),
    (
        "object",
        &[
            "contains",
            "createObject",
            "empty",
            "intersection",
            "items",
            "json",
            "length",
            "null",
            "objectKeys",
            "shallowMerge",
            "tryGet",
            "union",
        ],
    ),
    (
        "resource",
        &[
            "extensionResourceId",
            "listAccountSas",
            "listKeys",
            "listSecrets",
            "pickZones",
            "providers",
            "reference",
            "references",
            "resourceId",
            "resourceInfo",
            "subscriptionResourceId",
            "tenantResourceId",
            "managementGroupResourceId",
            "toLogicalZone",
            "toLogicalZones",
            "toPhysicalZone",
            "toPhysicalZones",
        ],
    ),
    ("scope", &["managementGroup", "resourceGroup", "subscription", "tenant"]),
    (
        "string",
        &[
            "base64",
            "base64ToJson",
            "base64ToString",
            "concat",
            "contains",
            "dataUri",
            "dataUriToString",
            "empty",
            "endsWith",
            "first",
            "flatten",
            "format",
            "guid",
            "indexOf",
            "join",
            "json",
            "last",
            "lastIndexOf",
            "length",
            "newGuid",
            "padLeft",
            "replace",
            "skip",
            "split",
            "startsWith",
            "string",
            "substring",
            "take",
            "toLower",
            "toUpper",
            "trim",
            "uniqueString",
            "uri",
            "uriComponent",
            "uriComponentToString",
        ],
    ),
    ("any", &["fail"]),
];

#[test]
fn every_function_of_azures_pages_is_evaluated_or_needs_a_live_azure() {
    let evaluated: BTreeSet<&str> = expression::names().collect();
    let online: BTreeSet<&str> = expression::only_online().collect();
    let mut documented = BTreeSet::new();
    for (section, names) in OF_AZURE {
        for name in *names {
            assert!(evaluated.contains(name) != online.contains(name), "{section}: {name}");
            documented.insert(*name);
            if online.contains(name) {
                let why = evaluate(&format!("[{name}('x', 'y')]")).expect_err(name);
                assert!(why.contains(&format!("`{name}` needs a live Azure")), "{name}: {why}");
            }
        }
    }
    let unknown: Vec<&&str> = evaluated.difference(&documented).collect();
    assert!(unknown.is_empty(), "not in Azure's list: {unknown:?}");
}
