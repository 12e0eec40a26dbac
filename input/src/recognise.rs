//! Whether a file is what it should be, before anything of it is shown.
//!
//! A scenario may come from a stranger, and may name any file of the machine that reads it: `template: /etc/passwd`. What is
//! said of a file that is not what it should be names the file and what was expected, and shows none of its text.

use super::problem::did_you_mean;

/// Keys of which a scenario has one at least.
const SCENARIO: [&str; 3] = ["windtunnel", "title", "horizon"];

/// What Azure's own files hold one of at least: templates, parameters, bodies, and what the tools print.
const AZURE: [&str; 28] = [
    "\"resources\"",
    "\"parameters\"",
    "schema.management.azure.com",
    "microsoft.compute/",
    "microsoft.network/",
    "microsoft.insights/",
    "microsoft.resources/",
    "microsoft.standbypool/",
    "microsoft.virtualmachineimages/",
    "microsoft.maintenance/",
    "microsoft.managedidentity/",
    "\"virtualmachineprofile\"",
    "\"upgradepolicy\"",
    "\"orchestrationmode\"",
    "\"backendaddresspools\"",
    "\"loadbalancingrules\"",
    "\"frontendipconfigurations\"",
    "\"targetresourceuri\"",
    "\"elasticityprofile\"",
    "\"publishingprofile\"",
    "\"maintenancescope\"",
    "\"instanceview\"",
    "\"provisioningstate\"",
    "\"runningstatus\"",
    "\"planned_values\"",
    "\"terraform_version\"",
    "\"resource_changes\"",
    "\"root_module\"",
];

/// Whether a text is a scenario, be it a broken one: it has one of its first keys, at the beginning of a line or in quotes.
#[must_use]
pub fn is_scenario(text: &str) -> bool {
    let begins = |line: &str, key: &str| {
        let line = line.trim_start_matches(['\u{feff}', '{', ' ', '"', '\'']);
        line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
    };
    let quoted = |key: &str| text.trim_start().starts_with('{') && text.contains(&format!("\"{key}\""));
    SCENARIO.iter().any(|key| quoted(key) || text.lines().any(|line| begins(line, key)))
}

/// Whether a file that nobody named is meant as a scenario: a line of it begins with `windtunnel:`, or its first key is a
/// slip of that word.
#[must_use]
pub fn is_meant_as_scenario(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let key_of = |line: &str| {
        let line = line.strip_prefix('{').map_or(line, str::trim_start).trim_start_matches(['"', '\'']);
        line.split_once(':').map(|(key, _)| key.trim_end_matches(['"', '\'', ' ']).to_owned())
    };
    let says = |line: &&str| !matches!(line.trim_start().chars().next(), None | Some('#' | '%')) && *line != "---";
    let first = text.lines().find(says).and_then(key_of);
    let slips = |key: String| did_you_mean(&key, [SCENARIO[0]]).is_some();
    text.lines().any(|line| key_of(line).is_some_and(|key| key == SCENARIO[0])) || first.is_some_and(slips)
}

/// Whether a text is of Azure's, be it a broken one: an object or a list, and something in it that such files hold.
#[must_use]
pub fn is_azure(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    AZURE.iter().any(|mark| lower.contains(mark))
}

/// Whether a text is a trace: its first row names the columns.
#[must_use]
pub fn is_trace(text: &str) -> bool {
    let rows = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let first = rows.into_iter().find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let has = |column: &str| first.split(',').any(|name| name.trim().trim_matches('"').eq_ignore_ascii_case(column));
    has("rps") || super::scenario::trace::TIME.iter().any(|name| has(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_the_first_key_is_still_meant_as_a_scenario() {
        for text in [
            "title: t\nwindtunnel: 1",
            "windtunel: 1\ntitle: t",
            "# of mine\n---\n\nWindTunnel : 1",
            "wind-tunnel: 1",
            "\u{feff}\"windtunell\": 1",
            "{ windtunel: 1 }",
        ] {
            assert!(is_meant_as_scenario(text), "{text}");
        }
        for text in
            ["apiVersion: v1\nkind: Secret", "title: t\nhorizon: PT1H", "", "- windtunel", "winds: 1\nwindtunel: 1"]
        {
            assert!(!is_meant_as_scenario(text), "{text}");
        }
    }

    #[test]
    fn broken_files_of_the_right_kind_are_known_and_secrets_are_not() {
        for text in
            ["windtunnel: 1", "# a\ntitle: t", "{ windtunnel: 1, title: t }", "{\"horizon\" 3", "\u{feff}title : x"]
        {
            assert!(is_scenario(text), "{text}");
        }
        for text in [
            "{ \"resources\" : none }",
            "{\"type\": \"Microsoft.Compute/virtualMachineScaleSets\"",
            "[{\"instanceView\"",
        ] {
            assert!(is_azure(text), "{text}");
        }
        assert!(is_trace("# day\n time , rps\n0,1") && is_trace("time;rate,rps") && !is_trace("a,b\n1,2"));
        for secret in [
            "root:x:0:0:root:/root:/bin/bash\n",
            "HOME=/root\0TOKEN=abc\0",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\n-----END",
            "{\"auths\": {\"ghcr.io\": {\"auth\": \"abc\"}}}",
            "{\"clientId\": \"a\", \"clientSecret\": \"b\", \"activeDirectoryEndpointUrl\": \"https://login.microsoftonline.com\"}",
            "apiVersion: v1\nkind: Secret\ndata: { password: abc }\n",
            "[default]\naws_secret_access_key = abc\n",
        ] {
            assert!(!is_scenario(secret) && !is_azure(secret) && !is_trace(secret), "{secret}");
        }
    }
}
