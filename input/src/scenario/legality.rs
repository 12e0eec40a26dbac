//! What Azure refuses or ignores about scale sets, balancers and changes to them: one row a rule of the rulebook.
//!
//! Every row goes through [`Legality::refuse`] or [`Legality::warn`], which ask the rule set first, so that a test can
//! switch a rule off and see that the refusal goes with it. Rules about what happens at run time live in the simulator.

pub mod agents;
pub mod autoscale;
pub mod connections;
pub mod fixed;
pub mod health;
pub mod os_image;
pub mod os_upgrade;
pub mod repairs;
pub mod spot;
pub mod standby;
pub mod traffic_manager;
pub mod upgrade;

use crate::arm::shape::field::{Row, Wanted};
use crate::arm::shape::load_balancer::{self, Protocol, Sku};
use crate::arm::shape::scale_set::{self, Priority};
use crate::arm::shape::{Kind, Shape};
use crate::problem::{About, Answer, Lack, Problem, Problems};
use crate::quantity;
use crate::scenario::instants;
use crate::tree::{At, Node, Span};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::Probe;
use windtunnel_sim::rules::{self, RuleId, RuleSet};

/// A scale set as the rules see it: its resource, of which they read, and what follows from more than one property of it.
#[derive(Clone, Debug)]
pub struct SetFacts {
    /// The resource in normal form.
    pub resource: Node,
    /// `orchestrationMode` is Flexible.
    pub flexible: At<bool>,
    /// `zones`, or those that Azure may place the set in.
    pub zones: At<Vec<u8>>,
    /// `platformFaultDomainCount`, whose default depends on mode and zones.
    pub fault_domains: At<i64>,
    /// Most fault domains of the region (FD-06).
    pub region_fault_domains: u8,
    /// `singlePlacementGroup`, whose default depends on mode, zones and fault domains.
    pub single_placement_group: At<bool>,
    /// `overprovision`, whose default depends on the mode.
    pub overprovision: At<bool>,
    /// `sku.capacity`.
    pub capacity: At<i64>,
    /// `networkProfile.healthProbe`, where it names a probe.
    pub health_probe: Option<Span>,
    /// The Application Health extension.
    pub health_extension: Option<Span>,
    /// A balancer of the Basic SKU that its instances join.
    pub basic_balancer: Option<Span>,
    /// The extension of Service Fabric.
    pub service_fabric: Option<Span>,
    /// What of a set Azure does not add zones to: a reservation of capacity, a group of hosts.
    pub bound: Option<(Span, &'static str)>,
    /// `apiVersion` of the resource, where it is given: the date alone.
    pub api_version: Option<(String, Span)>,
    /// Where its image comes from.
    pub source: ImageSource,
    /// An autoscale setting that names the set.
    pub autoscaled: Option<Span>,
}

impl SetFacts {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.resource.name().unwrap_or_default()
    }

    /// `sku.name`.
    #[must_use]
    pub fn size(&self) -> &str {
        scale_set::SIZE.text(&self.resource).unwrap_or_default()
    }

    /// `priority`, where it is Spot.
    #[must_use]
    pub fn spot(&self) -> Option<Span> {
        scale_set::PRIORITY.get(&self.resource).filter(|at| at.value != Priority::Regular).map(|at| at.span)
    }

    /// `notBeforeTimeout` of the notices of deletion, where they are enabled.
    #[must_use]
    pub fn terminate(&self) -> Option<At<SimDuration>> {
        let enabled = scale_set::TERMINATE_NOTICE_ENABLED.on(&self.resource);
        enabled.map(|_| scale_set::TERMINATE_TIMEOUT.read(&self.resource))
    }

    /// `notBeforeTimeout` of the notices of a new OS image, where they are enabled.
    #[must_use]
    pub fn os_image(&self) -> Option<At<SimDuration>> {
        let enabled = scale_set::OS_IMAGE_NOTICE_ENABLED.on(&self.resource);
        enabled.map(|_| scale_set::OS_IMAGE_TIMEOUT.read(&self.resource))
    }

    /// Whether somebody says whether its instances are healthy.
    #[must_use]
    pub const fn has_health(&self) -> bool {
        self.health_extension.is_some() || self.health_probe.is_some() && !self.flexible.value
    }
}

/// Where the image of a set comes from, which decides what is possible with it (OS-02, OR-05).
#[derive(Clone, Debug)]
pub enum ImageSource {
    /// The marketplace: publisher, offer and sku.
    Platform,
    /// A Compute Gallery, or an image by its plain name.
    Gallery,
    /// A managed image, `Microsoft.Compute/images`.
    Managed(Span),
    /// A disk in a storage account; whether it is an image of one's own.
    Storage {
        /// Where it is named.
        span: Span,
        /// It is no image of the marketplace.
        own: bool,
    },
}

/// Says what the platform would say, for the rules that are on.
#[derive(Debug)]
pub struct Legality<'a> {
    /// The rules that are on.
    pub rules: &'a RuleSet,
    /// Where problems go.
    pub problems: &'a mut Problems,
}

impl Legality<'_> {
    /// The platform refuses this.
    pub fn refuse(&mut self, rule: RuleId, span: &Span, message: &str, help: &str) {
        self.report(rule, Problem::error("E0501", message), span, Some(help.to_owned()));
    }

    /// The platform refuses this, and what it answers is known; `code` is ours, and `what` stands at the place.
    pub fn refuse_as(
        &mut self,
        (code, rule): (&'static str, RuleId),
        answer: Answer,
        (span, what): (&Span, &str),
        help: &str,
    ) {
        if self.rules.on(rule) {
            let message = format!("Azure answers {}: {}", answer.code, answer.text.trim_end_matches('.'));
            self.problems.push(Problem::error(code, message).at(span, what).help(help).by(rule).answered(answer));
        }
    }

    /// Azure fixes this at creation; a policy or a write would change it.
    pub fn refuse_change(&mut self, rule: RuleId, (span, was): (&Span, &Span), answer: Answer, message: &str) {
        if self.rules.on(rule) {
            let problem = Problem::error("E0305", message).at(span, "this changes it");
            let help = "write the value into the scenario itself, as a different fleet";
            self.problems.push(problem.also(was, "as written").help(help).by(rule).answered(answer));
        }
    }

    /// The platform accepts this, and it has no effect or an unwanted one.
    pub fn warn(&mut self, rule: RuleId, span: &Span, message: &str, help: &str) {
        self.report(rule, Problem::warning("W0501", message), span, Some(help.to_owned()));
    }

    fn report(&mut self, rule: RuleId, problem: Problem, span: &Span, help: Option<String>) {
        if self.rules.on(rule) {
            self.problems.push(problem.at(span, format!("see `windtunnel rules {rule}`")).maybe_help(help).by(rule));
        }
    }
}

/// A rule of the platform about something, and what is to be said where it is broken.
pub type Check<Facts> = (RuleId, fn(RuleId, &Facts, &mut Legality<'_>));

/// The rules about one scale set, in the order of the rulebook.
pub static SET_RULES: &[Check<SetFacts>] = &[
    (rules::OR_03, |rule, set, say| {
        let memory_preserving = !matches!(family(set.size()), 'G' | 'L' | 'N' | 'H');
        let spread = set.fault_domains.value > 1 && !memory_preserving;
        let limit = if spread { 200 } else { 1000 };
        if set.flexible.value && set.capacity.value > limit {
            let why =
                if spread { " of a size without memory-preserving updates over several fault domains" } else { "" };
            let message =
                format!("a Flexible scale set{why} can have at most {limit} instances, got {}", set.capacity.value);
            say.refuse(rule, &set.capacity.span, &message, "lower `sku.capacity`, or use several scale sets");
        }
    }),
    (rules::OR_04, |rule, set, say| {
        let single = set.single_placement_group.value;
        let limit = if single { 100 } else { 1000 };
        if !set.flexible.value && set.capacity.value > limit {
            let message = format!(
                "a Uniform scale set with singlePlacementGroup {single} can have at most {limit} instances, got {}",
                set.capacity.value
            );
            say.refuse(
                rule,
                &set.capacity.span,
                &message,
                "write `singlePlacementGroup: false` for up to 1,000 instances",
            );
        }
    }),
    (rules::OR_05, |rule, set, say| {
        let (most, what, help) = match &set.source {
            ImageSource::Platform | ImageSource::Gallery => return,
            ImageSource::Managed(_) => {
                (600, "a managed image", "move the image to a Compute Gallery, which supports up to 1,000 instances")
            }
            ImageSource::Storage { .. } => (100, "disks in a storage account", "use managed disks"),
        };
        let own = matches!(set.source, ImageSource::Storage { own: true, .. });
        let advised = if set.overprovision.value { 20 } else { 40 };
        let capacity = set.capacity.value;
        if capacity > most {
            let message = format!("a scale set from {what} can have at most {most} instances, got {capacity}");
            say.refuse(rule, &set.capacity.span, &message, help);
        } else if own && capacity > advised {
            let message = format!(
                "for a custom image in a storage account at most {advised} instances are recommended, got {capacity}"
            );
            say.warn(rule, &set.capacity.span, &message, help);
        }
    }),
    (rules::OR_07, |rule, set, say| {
        if let (false, Some(mix)) = (set.flexible.value, scale_set::PRIORITY_MIX.find(&set.resource)) {
            say.refuse(
                rule,
                &mix.span,
                "the instances of a Uniform scale set are all Spot or all regular, so it has no priorityMixPolicy",
                "write `orchestrationMode: Flexible`",
            );
        }
    }),
    (rules::OR_08, |rule, set, say| {
        if !set.flexible.value {
            return;
        }
        let mut refuse = |span: &Option<Span>, what: &str, help: &str| {
            if let Some(span) = span {
                say.refuse(rule, span, &format!("a Flexible scale set does not support {what}"), help);
            }
        };
        let surplus = (set.overprovision.value && set.overprovision.given).then(|| set.overprovision.span.clone());
        refuse(&surplus, "overprovisioning", "write `overprovision: false`");
        refuse(&set.health_probe, "a load-balancer probe as its health source", "use the Application Health extension");
        refuse(&nat_pools(&set.resource), "inbound NAT pools", "use inbound NAT rules of the balancer");
        refuse(&system_identity(&set.resource), "a system-assigned identity", "use a user-assigned identity");
        refuse(&set.basic_balancer, "a Basic load balancer", "use the Standard SKU");
    }),
    (rules::OR_12, |rule, set, say| {
        if set.flexible.value && set.single_placement_group.given && set.single_placement_group.value {
            say.warn(
                rule,
                &set.single_placement_group.span,
                "singlePlacementGroup true of a Flexible scale set can be refused with InvalidParameter",
                "remove it, or write `singlePlacementGroup: false`",
            );
        }
    }),
    (rules::FD_04, |rule, set, say| {
        if !set.flexible.value && set.zones.value.is_empty() && !(1..=5).contains(&set.fault_domains.value) {
            fault_domains(rule, set, say, "from 1 to 5 for a regional Uniform set");
        }
    }),
    (rules::FD_05, |rule, set, say| {
        if !set.flexible.value && !set.zones.value.is_empty() && !matches!(set.fault_domains.value, 1..=3 | 5) {
            fault_domains(rule, set, say, "1 or 5 for a Uniform set in zones");
        }
    }),
    (rules::FD_06, |rule, set, say| {
        if set.flexible.value && set.zones.value.is_empty() && !(1..=3).contains(&set.fault_domains.value) {
            fault_domains(rule, set, say, "1, 2 or 3 for a regional Flexible set");
        }
    }),
    (rules::FD_07, |rule, set, say| {
        if set.flexible.value && !set.zones.value.is_empty() && !(1..=3).contains(&set.fault_domains.value) {
            fault_domains(rule, set, say, "1 for a Flexible set in zones");
        }
    }),
    (rules::FD_08, |rule, set, say| {
        let zonal = !set.zones.value.is_empty();
        if zonal && matches!(set.fault_domains.value, 2 | 3) {
            fault_domains(
                rule,
                set,
                say,
                if set.flexible.value { "1 for a set in zones" } else { "1 or 5 for a set in zones" },
            );
        }
        let most = i64::from(set.region_fault_domains);
        if set.flexible.value && !zonal && (most + 1..=3).contains(&set.fault_domains.value) {
            fault_domains(rule, set, say, &format!("at most {most} in this region"));
        }
    }),
    (rules::FD_09, |rule, set, say| {
        // Azure has answered with such sets, so that it is a warning; the default of a zonal set is not even a request.
        let asked = set.fault_domains.given && set.fault_domains.value == 1;
        if !set.flexible.value && asked && set.single_placement_group.value {
            say.warn(
                rule,
                &set.single_placement_group.span,
                "max spreading (platformFaultDomainCount 1) needs singlePlacementGroup false, not true",
                "write `singlePlacementGroup: false`",
            );
        }
    }),
    (rules::PG_05, |rule, set, say| {
        if let (false, Some(span)) = (set.single_placement_group.value, &set.basic_balancer) {
            say.refuse(
                rule,
                span,
                "several placement groups need a Standard load balancer, not a Basic one",
                "use the Standard SKU",
            );
        }
    }),
    (rules::ZN_07, |rule, set, say| {
        if let (Some(span), true) = (scale_set::ZONE_BALANCE.on(&set.resource), set.zones.value.len() < 2) {
            let message =
                format!("zoneBalance needs more than one zone, and `{}` has {}", set.name(), set.zones.value.len());
            say.refuse(rule, &span, &message, "add zones, or remove `zoneBalance`");
        }
    }),
    (rules::OP_07, |rule, set, say| {
        // By default it is MS-09.
        let Some(surge) = scale_set::MAX_SURGE.on(&set.resource) else { return };
        if set.overprovision.value && set.overprovision.given && !set.flexible.value {
            say.refuse(
                rule,
                &surge,
                "maxSurge true needs overprovision false, not true",
                "write `overprovision: false`",
            );
        }
    }),
];

fn fault_domains(rule: RuleId, set: &SetFacts, say: &mut Legality<'_>, allowed: &str) {
    let message = format!("platformFaultDomainCount is {}, and can be {allowed}", set.fault_domains.value);
    say.refuse(rule, &set.fault_domains.span, &message, "remove it to use the default");
}

/// The letter of a size's family: `Standard_D2s_v5` is D.
fn family(size: &str) -> char {
    let name = size.split_once('_').map_or(size, |(_, name)| name);
    name.chars().next().unwrap_or(' ').to_ascii_uppercase()
}

/// Inbound NAT pools of the network interfaces.
fn nat_pools(resource: &Node) -> Option<Span> {
    let mut all = scale_set::ip_configurations(resource);
    all.find(|ip| !scale_set::NAT_POOLS.items(ip).is_empty()).and_then(|ip| scale_set::NAT_POOLS.span(ip))
}

/// An identity that Azure makes for the set.
fn system_identity(resource: &Node) -> Option<Span> {
    let kind = scale_set::IDENTITY_TYPE.text(resource)?;
    kind.to_ascii_lowercase().contains("systemassigned").then(|| scale_set::IDENTITY_TYPE.span(resource))?
}

/// Holds every number and duration of an object, and of those inside, to what Azure accepts of it: the table of the object says
/// what that is, and by which rule.
pub fn check_ranges(node: &Node, shape: &'static Shape, say: &mut Legality<'_>) {
    if shape.switch.is_some_and(|switch| node.arm(switch.key).and_then(Node::text) != Some("true")) {
        return; // What is switched off holds for nothing.
    }
    for row in shape.rows {
        let Some(found) = node.arm(row.key()) else { continue };
        match row.kind() {
            Kind::Object(inner) => check_ranges(found, inner, say),
            Kind::List(Kind::Object(item)) => found.items().iter().for_each(|found| check_ranges(found, item, say)),
            _ => check_range(found, row, say),
        }
    }
    if let (Some(inner), Some(found)) = (shape.inner, node.arm("properties")) {
        check_ranges(found, inner, say);
    }
}

/// Holds one value to what Azure accepts of it.
fn check_range(node: &Node, row: &'static Row, say: &mut Legality<'_>) {
    let (Some(limits), Some(text)) = (row.limits(), node.text()) else { return };
    let amount = match row.kind() {
        Kind::Duration => quantity::duration(text).ok().and_then(|length| i64::try_from(length.ms()).ok()),
        _ => quantity::integer(text),
    };
    let Some(amount) = amount.filter(|amount| !(limits.least..=limits.most).contains(amount)) else { return };
    let message = format!("`{}` must be {}, got `{text}`", row.key(), Wanted(row.kind(), Some(limits)));
    let (which, bound) = if amount < limits.least { ("least", limits.least) } else { ("greatest", limits.most) };
    let bound = || match row.kind() {
        Kind::Duration => SimDuration::from_ms(bound.unsigned_abs()).to_string(),
        _ => bound.to_string(),
    };
    let help = row.default().map_or_else(|| format!("the {which} is {}", bound()), |it| format!("the default is {it}"));
    match limits.rule {
        Some(rule) => say.report(rule, Problem::error("E0501", message), &node.span, Some(help)),
        None => say.problems.push(Problem::error("E0110", message).at(&node.span, "out of range").help(help)),
    }
}

/// When the Basic load balancer retired: 30 September 2025.
const BASIC_RETIRED_MS: i64 = 1_759_190_400_000;

/// The legality of one balancer of a scenario. In a file of Azure's own one without `sku` was Basic; in a scenario that is left out.
/// An overlay calls it by this key, and gives it the Standard SKU like this.
pub fn balancer(resource: &Node, scenario: &Node, (key, help): (String, &str), say: &mut Legality<'_>) {
    let sku = load_balancer::SKU_NAME.get(resource);
    let is_of_file = !std::sync::Arc::ptr_eq(&resource.span.source, &scenario.span.source);
    match sku {
        Some(sku) if sku.value == Sku::Basic && instants::start(scenario) < BASIC_RETIRED_MS => {
            let message =
                "the Basic load balancer retired on 30 September 2025; in this run it probes as a Standard one does";
            say.warn(rules::LB_01, &sku.span, message, help);
        }
        Some(sku) if sku.value == Sku::Basic => {
            let problem = Problem::error("E0501", "the Basic load balancer retired on 30 September 2025");
            let problem = problem.about(About::Lacks(key, Lack::Standard));
            say.report(rules::LB_01, problem, &sku.span, Some(help.to_owned()));
        }
        None if is_of_file => {
            let name = resource.name().unwrap_or_default();
            let message =
                format!("the load balancer `{name}` has no `sku`, which meant Basic; it is treated as Standard");
            say.warn(rules::LB_01, &resource.span, &message, help);
        }
        _ => {}
    }
}

/// The ports that an HTTP probe refuses (LB-13).
const REFUSED_PORTS: &[i64] = &[19, 21, 25, 70, 110, 119, 143, 220, 993];

/// The legality of one probe.
pub fn probe(node: &Node, say: &mut Legality<'_>) {
    let port = load_balancer::PROBE_PORT.read(node);
    if load_balancer::PROBE_PROTOCOL.value(node) != Protocol::Tcp && REFUSED_PORTS.contains(&port.value) {
        let message = format!("an HTTP probe cannot use port {}", port.value);
        say.refuse(
            rules::LB_13,
            &port.span,
            &message,
            "the ports 19, 21, 25, 70, 110, 119, 143, 220 and 993 are refused",
        );
    }
    // Azure prints the old key beside the one that works, and every tool writes the usual number; who writes more relies on it.
    let old = load_balancer::NUMBER_OF_PROBES.get(node).filter(|old| old.value > Probe::PROBES);
    if let Some(old) = old.filter(|_| load_balancer::PROBE_THRESHOLD.get(node).is_none()) {
        let message = format!("the platform ignores numberOfProbes ({}): one failure takes a backend out", old.value);
        say.warn(rules::LB_06, &old.span, &message, "write `probeThreshold`");
    }
}

/// An extension that cannot come after another.
pub fn extension_order(span: &Span, message: &str, say: &mut Legality<'_>) {
    say.refuse(
        rules::EX_03,
        span,
        message,
        "`provisionAfterExtensions` must name extensions of the same model, without a circle",
    );
}

/// Two probes on one port for one pool.
pub fn two_probes(span: &Span, message: &str, say: &mut Legality<'_>) {
    say.refuse(rules::LB_15, span, message, "let both rules use the same probe");
}
