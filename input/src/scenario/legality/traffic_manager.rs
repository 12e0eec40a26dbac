//! What Azure refuses of a Traffic Manager profile, and what it accepts that leads users nowhere.

use super::Legality;
use crate::address::Address;
use crate::arm::reference::{reference_name, split_id};
use crate::arm::shape::traffic_manager::{
    CODE_MAX, CODE_MIN, CODES, ENDPOINT_STATUS, ENDPOINTS, GEOGRAPHY, INTERVAL, LEAST_CHILDREN, METHOD,
    MonitorProtocol, PATH, PRIORITY, PROTOCOL, SUBNET_FIRST, SUBNET_LAST, SUBNET_SCOPE, SUBNETS, Switch, TARGET,
    TARGET_ID, TIMEOUT,
};
use crate::tree::{At, Node, Span};
use windtunnel_sim::plan::RoutingMethod;
use windtunnel_sim::rules::{self, RuleId};

/// A profile, and all those of the scenario.
#[derive(Clone, Copy)]
pub struct ProfileFacts<'a> {
    /// It.
    pub resource: &'a Node,
    /// All of them, with it.
    pub all: &'a [&'a Node],
}

/// A rule about a profile, and what is to be said where it is broken.
type Check = (RuleId, fn(RuleId, ProfileFacts<'_>, &mut Legality<'_>));

/// Holds a profile to the rules.
pub fn profile(facts: ProfileFacts<'_>, say: &mut Legality<'_>) {
    PROFILE_RULES.iter().for_each(|(rule, check)| check(*rule, facts, say));
    for once in ONCE {
        unique(once, facts.resource, say);
    }
}

/// How long a probe waits for its answer.
pub fn timeout(resource: &Node) -> At<u32> {
    TIMEOUT.or(resource, most_timeout(resource))
}

fn most_timeout(resource: &Node) -> u32 {
    if INTERVAL.value(resource) == 10 { 9 } else { 10 }
}

static PROFILE_RULES: &[Check] = &[
    (rules::TM_01, |rule, of, say| {
        let interval = INTERVAL.read(of.resource);
        if ![10, 30].contains(&interval.value) {
            let message = format!("intervalInSeconds must be 10 or 30, got {}", interval.value);
            say.refuse(rule, &interval.span, &message, "30 is the default, and 10 costs more");
        }
    }),
    (rules::TM_03, |rule, of, say| {
        let (timeout, most) = (timeout(of.resource), most_timeout(of.resource));
        if !(5..=most).contains(&timeout.value) {
            let every = INTERVAL.value(of.resource);
            let message =
                format!("timeoutInSeconds must be 5 to {most} with probes every {every} s, got {}", timeout.value);
            say.refuse(rule, &timeout.span, &message, "a probe is over before the next one goes out");
        }
    }),
    (rules::TM_04, |rule, of, say| {
        let ranges = CODES.items(of.resource);
        if let Some(ninth) = ranges.get(8) {
            let message = format!("a profile has at most 8 ranges of status codes, got {}", ranges.len());
            say.refuse(rule, &ninth.span, &message, "join ranges that touch");
        }
        for range in ranges {
            let (least, most) = (CODE_MIN.or(range, 200), CODE_MAX.or(range, 200));
            if least.value > most.value {
                let message = format!("a range of status codes begins at {} and ends at {}", least.value, most.value);
                say.refuse(rule, &least.span, &message, "write the lower one as `min`");
            }
        }
    }),
    (rules::TM_04, |rule, of, say| {
        let Some(path) = PATH.node(of.resource) else { return };
        let text = path.text().unwrap_or_default();
        if PROTOCOL.value(of.resource) == MonitorProtocol::Tcp {
            if !text.is_empty() {
                say.refuse(
                    rule,
                    &path.span,
                    "a probe over TCP has no path",
                    "remove `path`, or write `protocol: HTTP`",
                );
            }
        } else if !text.starts_with('/') {
            let message = format!("the path of a probe begins with `/`, got `{text}`");
            say.refuse(rule, &path.span, &message, &format!("write `path: /{text}`"));
        }
    }),
    (rules::TM_08, |rule, of, say| {
        let is_on = |endpoint: &Node| ENDPOINT_STATUS.value(endpoint) == Switch::Enabled;
        if !ENDPOINTS.items(of.resource).iter().any(is_on) {
            let message = "the profile has no endpoint that is enabled, so that users get no answer";
            say.warn(rule, &of.resource.span, message, "add one, or write `endpointStatus: Enabled`");
        }
    }),
    (rules::TM_10, |rule, of, say| {
        for endpoint in ENDPOINTS.items(of.resource) {
            let Some(id) = target(endpoint).and_then(Node::text) else { continue };
            let is_child = |one: &&&Node| one.is_named(reference_name(id)) && is_of(endpoint, "nestedEndpoints");
            let Some(child) = of.all.iter().find(is_child) else { continue };
            let (least, count) = (LEAST_CHILDREN.read(endpoint), ENDPOINTS.items(child).len());
            if least.value as usize > count {
                let message = format!(
                    "minChildEndpoints is {}, and the nested profile has {count}: it is never healthy",
                    least.value
                );
                say.warn(rule, &least.span, &message, &format!("write at most {count}"));
            }
        }
    }),
    (rules::TM_10, |rule, of, say| {
        for endpoint in ENDPOINTS.items(of.resource).iter().filter(|one| is_of(one, "azureEndpoints")) {
            let Some(to) = TARGET_ID.node(endpoint) else { continue };
            let kind = to.text().and_then(split_id).map(|(kind, _)| kind.to_ascii_lowercase()).unwrap_or_default();
            if kind.ends_with("trafficmanagerprofiles") {
                let message =
                    "an endpoint of the type azureEndpoints leads to a public IP or an app, and not to a profile";
                let help = "write `type: Microsoft.Network/trafficManagerProfiles/nestedEndpoints`";
                say.refuse(rule, &to.span, message, help);
            }
        }
    }),
    (rules::TM_10, |rule, of, say| {
        if METHOD.value(of.resource) == RoutingMethod::MultiValue {
            for endpoint in ENDPOINTS.items(of.resource).iter().filter(|one| is_of(one, "azureEndpoints")) {
                let span = endpoint.arm("type").map_or(&endpoint.span, |kind| &kind.span);
                let message = "the endpoints of a MultiValue profile are external ones, given by their addresses";
                let help = "write `type: Microsoft.Network/trafficManagerProfiles/externalEndpoints` and `target`";
                say.refuse(rule, span, message, help);
            }
        }
    }),
    (rules::TM_10, |rule, of, say| {
        for endpoint in ENDPOINTS.items(of.resource) {
            let codes = GEOGRAPHY.items(endpoint);
            if codes.is_empty() && METHOD.value(of.resource) == RoutingMethod::Geographic {
                let message = "an endpoint of a Geographic profile has at least one region";
                say.refuse(rule, &endpoint.span, message, "write `geoMapping: [WORLD]` for all others");
            }
            for code in codes.iter().filter(|code| !code.text().is_some_and(is_region)) {
                let message = format!("Traffic Manager has no region `{}`", code.text().unwrap_or_default());
                say.refuse(rule, &code.span, &message, REGIONS);
            }
        }
    }),
    (rules::TM_10, |rule, of, say| {
        let endpoints = ENDPOINTS.items(of.resource);
        let mut blocks: Vec<(usize, Block)> = Vec::new();
        for (at, endpoint) in endpoints.iter().enumerate() {
            for node in SUBNETS.items(endpoint) {
                match Block::of(node) {
                    Err((span, message)) => {
                        say.refuse(rule, &span, &message, "write `{ first: 203.0.113.0, scope: 24 }`")
                    }
                    Ok(block) => {
                        if let Some((other, _)) = blocks.iter().find(|(own, other)| *own != at && block.meets(*other)) {
                            let other = endpoints[*other].name().unwrap_or_default();
                            let message = format!("the range overlaps with one of the endpoint `{other}`");
                            say.refuse(rule, &node.span, &message, "give each address to one endpoint");
                        }
                        blocks.push((at, block));
                    }
                }
            }
        }
        if METHOD.value(of.resource) == RoutingMethod::Subnet {
            let mut rest = endpoints.iter().filter(|endpoint| SUBNETS.items(endpoint).is_empty());
            if let Some(second) = rest.nth(1) {
                let message = "two endpoints have no `subnets`, and all other users get the first of them";
                say.warn(rule, &second.span, message, "write `subnets: [{ first: 203.0.113.0, scope: 24 }]`");
            }
        } else if let Some((at, _)) = blocks.first() {
            let message = format!("subnets beside the method {} are not modelled", method(of.resource));
            say.warn(rule, &endpoints[*at].span, &message, "write `trafficRoutingMethod: Subnet`, or remove `subnets`");
        }
    }),
];

/// The method, as it is written.
fn method(resource: &Node) -> &'static str {
    METHOD.value(resource).word()
}

/// Whether an endpoint is said to be of a type.
fn is_of(endpoint: &Node, kind: &str) -> bool {
    let said = endpoint.arm("type").and_then(Node::text).unwrap_or_default();
    said.rsplit('/').next().is_some_and(|said| said.eq_ignore_ascii_case(kind))
}

/// Where an endpoint leads.
pub fn target(endpoint: &Node) -> Option<&Node> {
    TARGET_ID.node(endpoint).or_else(|| TARGET.node(endpoint))
}

/// What no two endpoints of a profile share.
struct Once {
    what: &'static str,
    /// The method by which it counts; `None` for all.
    of: Option<RoutingMethod>,
    /// Where an endpoint says it.
    at: fn(&Node) -> Vec<&Node>,
    /// Whether Azure refuses it, or it cannot be meant.
    refused: bool,
    help: &'static str,
}

static ONCE: &[Once] = &[
    Once {
        what: "name",
        of: None,
        at: |endpoint| endpoint.arm("name").into_iter().collect(),
        refused: true,
        help: "rename one of them",
    },
    Once {
        what: "priority",
        of: Some(RoutingMethod::Priority),
        at: |endpoint| PRIORITY.node(endpoint).into_iter().collect(),
        refused: true,
        help: "give each endpoint a priority of its own",
    },
    Once {
        what: "region",
        of: Some(RoutingMethod::Geographic),
        at: |endpoint| GEOGRAPHY.items(endpoint).iter().collect(),
        refused: true,
        help: "map each region to one endpoint; nest a profile to lead it to several",
    },
    Once {
        what: "target",
        of: None,
        at: |endpoint| target(endpoint).into_iter().collect(),
        refused: false,
        help: "lead one of them elsewhere: both fail together",
    },
];

fn unique(once: &Once, resource: &Node, say: &mut Legality<'_>) {
    if once.of.is_some_and(|of| of != METHOD.value(resource)) {
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    for node in ENDPOINTS.items(resource).iter().flat_map(once.at) {
        let Some(text) = node.text() else { continue };
        if !seen.iter().any(|known| known.eq_ignore_ascii_case(text)) {
            seen.push(text);
            continue;
        }
        let message = format!("two endpoints have the {} `{}`", once.what, reference_name(text));
        if once.refused {
            say.refuse(rules::TM_10, &node.span, &message, once.help);
        } else {
            say.warn(rules::TM_10, &node.span, &message, once.help);
        }
    }
}

/// What to write for a region.
pub const REGIONS: &str = "write a country, `FR`, a state of one, `US-CA`, a group, `GEO-EU`, or `WORLD`";

/// The groups of countries.
const GROUPS: [&str; 9] = ["WORLD", "GEO-AF", "GEO-AN", "GEO-AP", "GEO-AS", "GEO-EU", "GEO-ME", "GEO-NA", "GEO-SA"];

/// The countries and territories of ISO 3166-1, by their first letter.
const COUNTRIES: [(char, &str); 26] = [
    ('A', "DEFGILMOQRSTUWXZ"),
    ('B', "ABDEFGHIJLMNOQRSTVWYZ"),
    ('C', "ACDFGHIKLMNORUVWXYZ"),
    ('D', "EJKMOZ"),
    ('E', "CEGHRST"),
    ('F', "IJKMOR"),
    ('G', "ABDEFGHILMNPQRSTUWY"),
    ('H', "KMNRTU"),
    ('I', "DELMNOQRST"),
    ('J', "EMOP"),
    ('K', "EGHIMNPRWYZ"),
    ('L', "ABCIKRSTUVY"),
    ('M', "ACDEFGHKLMNOPQRSTUVWXYZ"),
    ('N', "ACEFGILOPRUZ"),
    ('O', "M"),
    ('P', "AEFGHKLMNRSTWY"),
    ('Q', "A"),
    ('R', "EOSUW"),
    ('S', "ABCDEGHIJKLMNORSTVXYZ"),
    ('T', "CDFGHJKLMNORTVWZ"),
    ('U', "AGMSYZ"),
    ('V', "ACEGINU"),
    ('W', "FS"),
    ('X', "K"),
    ('Y', "ET"),
    ('Z', "AMW"),
];

/// Whether a text is the code of a region: that of a group, a country, or a state of one.
#[must_use]
pub fn is_region(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    let (country, state) =
        text.split_once('-').map_or((text.as_str(), None), |(country, state)| (country, Some(state)));
    let mut letters = country.chars();
    let is_country = match (letters.next(), letters.next(), letters.next()) {
        (Some(first), Some(second), None) => {
            COUNTRIES.iter().any(|(letter, seconds)| *letter == first && seconds.contains(second))
        }
        _ => false,
    };
    let is_state = |state: &str| (1..=3).contains(&state.len()) && state.chars().all(|of| of.is_ascii_alphanumeric());
    GROUPS.contains(&text.as_str()) || is_country && state.is_none_or(is_state)
}

/// The addresses of a range.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    bits: u32,
    first: u128,
    last: u128,
}

impl Block {
    /// From `first` to `last`, or as many around `first` as `scope` leaves bits; what is wrong with it, and where.
    ///
    /// # Errors
    ///
    /// It is no range.
    pub fn of(range: &Node) -> Result<Self, (Span, String)> {
        let read = |node: &Node| {
            let text = node.text().unwrap_or_default();
            Address::of(text).ok_or_else(|| (node.span.clone(), format!("`{text}` is no IP address")))
        };
        let Some(first) = SUBNET_FIRST.node(range) else {
            return Err((range.span.clone(), "the range of addresses has no `first`".to_owned()));
        };
        let address @ Address { bits, number: first } = read(first)?;
        if let Some(node) = SUBNET_LAST.node(range).filter(|node| node.text().is_some()) {
            let last = read(node)?;
            if last.bits != bits || last.number < first {
                return Err((node.span.clone(), "the range of addresses ends before it begins".to_owned()));
            }
            return Ok(Self { bits, first, last: last.number });
        }
        let scope = SUBNET_SCOPE.get(range);
        if let Some(scope) = scope.as_ref().filter(|scope| scope.value > bits) {
            return Err((
                scope.span.clone(),
                format!("`scope` is at most {bits} for such an address, got {}", scope.value),
            ));
        }
        let free = address.free(scope.map_or(bits, |scope| scope.value));
        Ok(Self { bits, first: first & !free, last: first | free })
    }

    /// Whether an address is in it.
    #[must_use]
    pub fn holds(self, of: Address) -> bool {
        self.bits == of.bits && (self.first..=self.last).contains(&of.number)
    }

    fn meets(self, other: Self) -> bool {
        self.bits == other.bits && self.first <= other.last && other.first <= self.last
    }
}
