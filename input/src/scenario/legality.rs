//! What Azure refuses or ignores about scale sets, balancers and changes to them: one row a rule of the rulebook.
//!
//! Every row goes through [`Legality::refuse`] or [`Legality::warn`], which ask the rule set first, so that a test can
//! switch a rule off and see that the refusal goes with it. Rules about what happens at run time live in the simulator.

pub mod autoscale;
pub mod connections;
pub mod fixed;
pub mod health;
pub mod os_image;
pub mod os_upgrade;
pub mod repairs;
pub mod spot;
pub mod standby;
pub mod upgrade;

use crate::problem::{Answer, Problem, Problems};
use crate::tree::{Node, Span};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::rules::{Area, RuleId, RuleSet};

/// A value with its place; the place of the whole set where the value is a default.
#[derive(Clone, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
    /// It was written, and is not a default.
    pub given: bool,
}

/// What the rules want to know about a scale set.
#[derive(Clone, Debug)]
pub struct SetFacts {
    /// The name of the set.
    pub name: String,
    /// `orchestrationMode` is Flexible.
    pub flexible: At<bool>,
    /// `zones`.
    pub zones: At<Vec<u8>>,
    /// `zoneBalance`.
    pub zone_balance: At<bool>,
    /// `platformFaultDomainCount`.
    pub fault_domains: At<i64>,
    /// Most fault domains of the region (FD-06).
    pub region_fault_domains: u8,
    /// `singlePlacementGroup`.
    pub single_placement_group: At<bool>,
    /// `sku.capacity`.
    pub capacity: At<i64>,
    /// `sku.name`.
    pub size: String,
    /// `overprovision`.
    pub overprovision: At<bool>,
    /// `maxSurge` of the rolling upgrade policy.
    pub max_surge: At<bool>,
    /// `networkProfile.healthProbe`.
    pub health_probe: Option<Span>,
    /// The Application Health extension.
    pub health_extension: Option<Span>,
    /// `priorityMixPolicy`.
    pub priority_mix: Option<Span>,
    /// Inbound NAT pools.
    pub nat_pools: Option<Span>,
    /// A system-assigned identity.
    pub system_identity: Option<Span>,
    /// A balancer of the Basic SKU that its instances join.
    pub basic_balancer: Option<Span>,
    /// The extension of Service Fabric.
    pub service_fabric: Option<Span>,
    /// `proximityPlacementGroup`: its id, empty where there is none.
    pub proximity: At<String>,
    /// What of a set Azure does not add zones to: a reservation of capacity, a group of hosts.
    pub bound: Option<(Span, &'static str)>,
    /// `apiVersion` of the resource, where it is given: the date alone.
    pub api_version: Option<(String, Span)>,
    /// Where its image comes from.
    pub source: ImageSource,
    /// `extensionsTimeBudget`.
    pub budget: At<SimDuration>,
    /// Spot, and notices of deletion.
    pub spot: spot::SpotFacts,
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
        self.say(rule, Problem::error("E0501", format!("{message} ({rule})")), span, help);
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
            let message = format!("Azure answers {}: {} ({rule})", answer.code, answer.text.trim_end_matches('.'));
            self.problems.push(Problem::error(code, message).at(span, what).help(help).by(rule).answered(answer));
        }
    }

    /// Azure fixes this at creation; a policy or a write would change it.
    pub fn refuse_change(&mut self, rule: RuleId, (span, was): (&Span, &Span), answer: Answer, message: &str) {
        if self.rules.on(rule) {
            let problem = Problem::error("E0305", format!("{message} ({rule})")).at(span, "this changes it");
            let help = "write the value into the scenario itself, as another fleet";
            self.problems.push(problem.also(was, "as written").help(help).by(rule).answered(answer));
        }
    }

    /// The platform accepts this, and it has no effect or an unwanted one.
    pub fn warn(&mut self, rule: RuleId, span: &Span, message: &str, help: &str) {
        self.say(rule, Problem::warning("W0501", format!("{message} ({rule})")), span, help);
    }

    fn say(&mut self, rule: RuleId, problem: Problem, span: &Span, help: &str) {
        if self.rules.on(rule) {
            self.problems.push(problem.at(span, format!("see `windtunnel rules {rule}`")).help(help).by(rule));
        }
    }
}

type SetCheck = fn(RuleId, &SetFacts, &mut Legality<'_>);

/// The rules about one scale set, in the order of the rulebook.
pub static SET_RULES: &[(RuleId, SetCheck)] = &[
    (RuleId::new(Area::OR, 3), |rule, set, say| {
        let memory_preserving = !matches!(family(&set.size), 'G' | 'L' | 'N' | 'H');
        let spread = set.fault_domains.value > 1 && !memory_preserving;
        let limit = if spread { 200 } else { 1000 };
        if set.flexible.value && set.capacity.value > limit {
            let why =
                if spread { " of a size without memory-preserving updates over several fault domains" } else { "" };
            let message =
                format!("a Flexible scale set{why} holds at most {limit} instances, not {}", set.capacity.value);
            say.refuse(rule, &set.capacity.span, &message, "lower `sku.capacity`, or use several scale sets");
        }
    }),
    (RuleId::new(Area::OR, 4), |rule, set, say| {
        let single = set.single_placement_group.value;
        let limit = if single { 100 } else { 1000 };
        if !set.flexible.value && set.capacity.value > limit {
            let message = format!(
                "a Uniform scale set with singlePlacementGroup {single} holds at most {limit} instances, not {}",
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
    (RuleId::new(Area::OR, 5), |rule, set, say| {
        let (most, what, help) = match &set.source {
            ImageSource::Platform | ImageSource::Gallery => return,
            ImageSource::Managed(_) => {
                (600, "a managed image", "put the image into a Compute Gallery, which serves up to 1,000")
            }
            ImageSource::Storage { .. } => (100, "disks in a storage account", "use managed disks"),
        };
        let own = matches!(set.source, ImageSource::Storage { own: true, .. });
        let advised = if set.overprovision.value { 20 } else { 40 };
        let capacity = set.capacity.value;
        if capacity > most {
            let message = format!("a scale set from {what} holds at most {most} instances, not {capacity}");
            say.refuse(rule, &set.capacity.span, &message, help);
        } else if own && capacity > advised {
            let message = format!(
                "from an image of one's own in a storage account no more than {advised} instances are advised, and this is {capacity}"
            );
            say.warn(rule, &set.capacity.span, &message, help);
        }
    }),
    (RuleId::new(Area::OR, 7), |rule, set, say| {
        if let (false, Some(span)) = (set.flexible.value, &set.priority_mix) {
            say.refuse(
                rule,
                span,
                "a Uniform scale set is all Spot or all regular, and has no priorityMixPolicy",
                "write `orchestrationMode: Flexible`",
            );
        }
    }),
    (RuleId::new(Area::OR, 8), |rule, set, say| {
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
        refuse(&set.nat_pools, "inbound NAT pools", "use inbound NAT rules of the balancer");
        refuse(&set.system_identity, "a system-assigned identity", "use a user-assigned identity");
        refuse(&set.basic_balancer, "a Basic load balancer", "use the Standard SKU");
    }),
    (RuleId::new(Area::OR, 12), |rule, set, say| {
        if set.flexible.value && set.single_placement_group.given && set.single_placement_group.value {
            say.warn(
                rule,
                &set.single_placement_group.span,
                "singlePlacementGroup true of a Flexible scale set can be refused with InvalidParameter",
                "leave it out, or write `singlePlacementGroup: false`",
            );
        }
    }),
    (RuleId::new(Area::FD, 4), |rule, set, say| {
        if !set.flexible.value && set.zones.value.is_empty() && !(1..=5).contains(&set.fault_domains.value) {
            fault_domains(rule, set, say, "from 1 to 5 for a regional Uniform set");
        }
    }),
    (RuleId::new(Area::FD, 5), |rule, set, say| {
        if !set.flexible.value && !set.zones.value.is_empty() && !matches!(set.fault_domains.value, 1..=3 | 5) {
            fault_domains(rule, set, say, "1 or 5 for a Uniform set in zones");
        }
    }),
    (RuleId::new(Area::FD, 6), |rule, set, say| {
        if set.flexible.value && set.zones.value.is_empty() && !(1..=3).contains(&set.fault_domains.value) {
            fault_domains(rule, set, say, "1, 2 or 3 for a regional Flexible set");
        }
    }),
    (RuleId::new(Area::FD, 7), |rule, set, say| {
        if set.flexible.value && !set.zones.value.is_empty() && !(1..=3).contains(&set.fault_domains.value) {
            fault_domains(rule, set, say, "1 for a Flexible set in zones");
        }
    }),
    (RuleId::new(Area::FD, 8), |rule, set, say| {
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
    (RuleId::new(Area::FD, 9), |rule, set, say| {
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
    (RuleId::new(Area::PG, 5), |rule, set, say| {
        if let (false, Some(span)) = (set.single_placement_group.value, &set.basic_balancer) {
            say.refuse(
                rule,
                span,
                "several placement groups need a Standard load balancer, not a Basic one",
                "use the Standard SKU",
            );
        }
    }),
    (RuleId::new(Area::ZN, 7), |rule, set, say| {
        if set.zone_balance.given && set.zone_balance.value && set.zones.value.len() < 2 {
            let message =
                format!("zoneBalance needs more than one zone, and `{}` has {}", set.name, set.zones.value.len());
            say.refuse(rule, &set.zone_balance.span, &message, "add zones, or leave `zoneBalance` out");
        }
    }),
    (RuleId::new(Area::OP, 7), |rule, set, say| {
        // By default it is MS-09.
        if set.overprovision.value && set.overprovision.given && set.max_surge.value && !set.flexible.value {
            say.refuse(
                rule,
                &set.max_surge.span,
                "maxSurge true needs overprovision false, not true",
                "write `overprovision: false`",
            );
        }
    }),
    (RuleId::new(Area::EX, 6), |rule, set, say| {
        let (min, max) = (SimDuration::from_mins(15), SimDuration::from_mins(120));
        if set.budget.value < min || set.budget.value > max {
            let message = format!("extensionsTimeBudget is {}, outside its range {min} to {max}", set.budget.value);
            say.refuse(rule, &set.budget.span, &message, "the default is PT1H30M");
        }
    }),
];

fn fault_domains(rule: RuleId, set: &SetFacts, say: &mut Legality<'_>, allowed: &str) {
    let message = format!("platformFaultDomainCount is {}, and can be {allowed}", set.fault_domains.value);
    say.refuse(rule, &set.fault_domains.span, &message, "leave it out for the default");
}

/// The letter of a size's family: `Standard_D2s_v5` is D.
fn family(size: &str) -> char {
    let name = size.split_once('_').map_or(size, |(_, name)| name);
    name.chars().next().unwrap_or(' ').to_ascii_uppercase()
}

/// The legality of one balancer and its probes; `port` and the rest as written.
pub fn balancer(resource: &Node, say: &mut Legality<'_>) {
    if let Some(sku) = resource
        .arm_path(&["sku", "name"])
        .filter(|sku| sku.text().is_some_and(|text| text.eq_ignore_ascii_case("Basic")))
    {
        say.refuse(
            RuleId::new(Area::LB, 1),
            &sku.span,
            "the Basic load balancer retired on 30 September 2025",
            "write `sku: { name: Standard }`",
        );
    }
}

/// The ports that an HTTP probe refuses (LB-13).
const REFUSED_PORTS: &[i64] = &[19, 21, 25, 70, 110, 119, 143, 220, 993];

/// What the rules want to know about a probe.
#[derive(Debug)]
pub struct ProbeFacts {
    /// `intervalInSeconds`.
    pub interval: At<i64>,
    /// `probeThreshold`.
    pub threshold: At<i64>,
    /// `port`.
    pub port: At<i64>,
    /// The protocol is HTTP or HTTPS.
    pub http: bool,
    /// `numberOfProbes`.
    pub number_of_probes: Option<Span>,
}

/// The legality of one probe.
pub fn probe(facts: &ProbeFacts, say: &mut Legality<'_>) {
    if facts.interval.value < 5 {
        let message = format!("intervalInSeconds is {}, below the least interval of 5", facts.interval.value);
        say.refuse(RuleId::new(Area::LB, 2), &facts.interval.span, &message, "write 5 or more");
    }
    if facts.http && REFUSED_PORTS.contains(&facts.port.value) {
        let message = format!("an HTTP probe cannot ask port {}", facts.port.value);
        say.refuse(
            RuleId::new(Area::LB, 13),
            &facts.port.span,
            &message,
            "the ports 19, 21, 25, 70, 110, 119, 143, 220 and 993 are refused",
        );
    }
    if !(1..=100).contains(&facts.threshold.value) {
        let message = format!("probeThreshold is {}, outside its range 1 to 100", facts.threshold.value);
        say.refuse(RuleId::new(Area::LB, 7), &facts.threshold.span, &message, "the default is 1");
    }
    // Azure prints the old key beside the one that works; only who relies on it is to be warned.
    if let Some(span) = facts.number_of_probes.as_ref().filter(|_| !facts.threshold.given) {
        say.warn(
            RuleId::new(Area::LB, 6),
            span,
            "numberOfProbes is no longer honoured by the platform",
            "write `probeThreshold`",
        );
    }
}

/// An extension that cannot come after another.
pub fn extension_order(span: &Span, message: &str, say: &mut Legality<'_>) {
    say.refuse(
        RuleId::new(Area::EX, 3),
        span,
        message,
        "`provisionAfterExtensions` names extensions of the same model, without a circle",
    );
}

/// Two probes on one port for one pool.
pub fn two_probes(span: &Span, message: &str, say: &mut Legality<'_>) {
    say.refuse(RuleId::new(Area::LB, 15), span, message, "let both rules use the same probe");
}
