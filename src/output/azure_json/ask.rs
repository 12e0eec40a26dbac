//! What can be asked of an instant, and the names that it goes by.

use super::balancer::{self, BalancerId};
use super::gateway::{self, GatewayId};
use super::{View, agents, definition, document, front_door, instance, octopus, standby, version};
use windtunnel_sim::azure::instances::{Provisioning, is_present};
use windtunnel_sim::plan::Code;
use windtunnel_sim::world::ids::{
    AgentPoolId, AutoscaleId, BuilderId, DefinitionId, EntryPointId, FrontDoorId, ImageId, InstanceId, PoolId,
    ProfileId, ProjectId, SetId,
};
use windtunnel_words::suggest::{near, or_meant};

/// A request for which there is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// A set itself.
    Resource(SetId),
    /// `rollingUpgrades/latest` of a set.
    Upgrade(SetId),
    /// `osUpgradeHistory` of a set.
    History(SetId),
    /// `instanceView` of a Uniform set.
    Set(SetId),
    /// `virtualMachines` of a set.
    Instances(SetId),
    /// An instance.
    Instance(InstanceId),
    /// A version of an image.
    Version(ImageId),
    /// A definition of images.
    Definition(DefinitionId),
    /// An image template.
    Template(BuilderId),
    /// An autoscale setting.
    Autoscale(AutoscaleId),
    /// A load balancer.
    Balancer(BalancerId),
    /// A pool of a load balancer.
    Pool(PoolId),
    /// A rule of a load balancer, or a listener of a gateway.
    Rule(EntryPointId),
    /// A probe of a load balancer.
    Probe(PoolId),
    /// An application gateway.
    Gateway(GatewayId),
    /// `backendhealth` of an application gateway.
    BackendHealth(GatewayId),
    /// A profile of Traffic Manager.
    Profile(ProfileId),
    /// A profile of Front Door, by the first of its routes.
    FrontDoor(FrontDoorId),
    /// The origins of one.
    Origins(FrontDoorId),
    /// Their health.
    OriginHealth(FrontDoorId),
    /// The standby pool of a set.
    Standby(SetId),
    /// `runtimeViews/latest` of the standby pool of a set.
    StandbyView(SetId),
    /// A pool of scale set agents.
    Agents(AgentPoolId),
    /// The machines of a pool of agents.
    AgentNodes(AgentPoolId),
    /// The activity log, of the whole run or of one set.
    Activity(Option<SetId>),
    /// The document of Scheduled Events as an instance reads it.
    Events(InstanceId),
    /// The deployment targets of Octopus.
    Machines,
    /// The deployments of Octopus.
    Tasks,
    /// How far a release has come in its lifecycle.
    Progression(ProjectId, Code),
}

/// What can be asked, as `--help` says it: the name, and what it answers.
const NAMES: &[(&str, &str)] = &[
    ("SET", "a scale set with everything below"),
    ("virtualMachineScaleSets/SET", "the same"),
    ("SET/resource", "the set itself: its state, its capacity, its model"),
    ("SET/instanceView", "counts of states, the state of the set, services"),
    ("SET/virtualMachines", "its instances"),
    ("SET/rollingUpgrades/latest", "the last upgrade"),
    ("SET/osUpgradeHistory", "the last five OS upgrades"),
    ("SET/activityLog", "the operations on it"),
    ("INSTANCE", "an instance with its instance view"),
    ("INSTANCE/scheduledEvents", "what its guest reads of Scheduled Events"),
    ("IMAGE, IMAGE/VERSION", "a gallery image with its versions, or one version"),
    ("TEMPLATE", "an image template with its last run"),
    ("SETTING", "an autoscale setting"),
    ("BALANCER, BALANCER/POOL", "a load balancer, or who is in a pool"),
    ("BALANCER/RULE, BALANCER/PROBE", "a rule or a probe of a load balancer, as it is now"),
    ("GATEWAY, GATEWAY/LISTENER", "an application gateway, or a listener"),
    ("GATEWAY/backendhealth", "what each of its backends is to its probes"),
    ("PROFILE", "a Traffic Manager profile with the monitor status of each endpoint, or a Front Door profile"),
    ("PROFILE/origins", "the origins of a Front Door profile, as they are configured"),
    ("PROFILE/originHealth", "how many of its edge sites hold each of them healthy, as the metric of Azure Monitor"),
    ("STANDBYPOOL", "a standby pool, and how many of its machines are in which state"),
    ("AGENTPOOL, AGENTPOOL/nodes", "a pool of scale set agents, as Azure DevOps has it, and its machines"),
    ("activityLog", "every operation of the run, with its caller and its result"),
    ("octopus/machines", "the deployment targets of Octopus, in its own shape"),
    ("octopus/tasks", "its deployments, the latest first"),
    ("octopus/releases/PROJECT-RELEASE/progression", "how far a release has come in the phases of its lifecycle"),
];

/// What can be asked, a line each.
pub fn names() -> String {
    let wide = NAMES.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = NAMES.iter().map(|(name, what)| format!("  {name:<wide$}  {what}\n"));
    format!("What can be asked:\n{}", lines.collect::<String>())
}

/// Why nothing can be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// Nothing has that name.
    #[error("there is no `{name}`{hint}; there is {known}")]
    Unknown {
        /// The name.
        name: String,
        /// What may have been meant.
        hint: String,
        /// What there is.
        known: String,
    },
    /// It is the health of a load balancer.
    #[error(
        "which backends the probe of `{name}` holds up is no answer of ARM: Azure shows it as the metric DipAvailability. \
         The columns in_rotation and probed_up of timeseries.csv have it, and `windtunnel why RUN '{name}@TIME'`; \
         `{name}` alone answers with its rules, its probes and who is in its pools"
    )]
    Balancer {
        /// The name.
        name: String,
    },
    /// A Flexible set has no instance view.
    #[error(
        "`{set}` is Flexible, and such a set has no instance view of its own: ask for {set}/virtualMachines, or for one \
         of its machines{example}"
    )]
    Flexible {
        /// The name of the set.
        set: String,
        /// One of its machines.
        example: String,
    },
    /// The run holds nothing that answers.
    #[error("there is no resource in this run")]
    Nothing,
}

impl Question {
    /// The request, from the first name that a scenario knows.
    pub fn path(self, view: &View<'_, '_>) -> String {
        let names = &view.instant.names;
        match self {
            Self::Resource(set) => format!("virtualMachineScaleSets/{}", names.set(set)),
            Self::Upgrade(set) => format!("virtualMachineScaleSets/{}/rollingUpgrades/latest", names.set(set)),
            Self::History(set) => format!("virtualMachineScaleSets/{}/osUpgradeHistory", names.set(set)),
            Self::Set(set) => format!("virtualMachineScaleSets/{}/instanceView", names.set(set)),
            Self::Instances(set) => {
                let expand = if view.is_uniform(set) { "?$expand=instanceView" } else { "" };
                format!("virtualMachineScaleSets/{}/virtualMachines{expand}", names.set(set))
            }
            Self::Instance(of) => format!("{}?$expand=instanceView", instance::path(view, of)),
            Self::Version(image) => {
                let number = view.number(image).unwrap_or_else(|| "?".to_owned());
                format!("images/{}/versions/{number}?$expand=ReplicationStatus", version::definition(view, image))
            }
            Self::Template(builder) => {
                format!("imageTemplates/{}", view.instant.plan().builders[builder.index()].name)
            }
            Self::Definition(of) => format!("images/{}", names.definition(of)),
            Self::Autoscale(of) => format!("autoscalesettings/{}", view.instant.plan().autoscale[of.index()].name),
            Self::Balancer(of) => format!("loadBalancers/{}", balancer::name(view, of)),
            Self::Pool(of) => balancer::place_of_pool(view, of).join("/"),
            Self::Rule(of) => balancer::place_of_rule(view, of).join("/"),
            Self::Probe(of) => balancer::place_of_probe(view, of).join("/"),
            Self::Gateway(of) => format!("applicationGateways/{}", gateway::name(view, of)),
            Self::BackendHealth(of) => format!("applicationGateways/{}/backendhealth", gateway::name(view, of)),
            Self::Profile(of) => format!("trafficManagerProfiles/{}", names.profile_of_traffic(of)),
            Self::FrontDoor(of) => format!("Microsoft.Cdn/profiles/{}", front_door::name(view, of)),
            Self::Origins(of) => {
                format!("Microsoft.Cdn/profiles/{}/originGroups/*/origins", front_door::name(view, of))
            }
            Self::OriginHealth(of) => format!(
                "Microsoft.Cdn/profiles/{}/providers/Microsoft.Insights/metrics?metricnames=OriginHealthPercentage",
                front_door::name(view, of)
            ),
            Self::Standby(set) => {
                format!("standbyVirtualMachinePools/{}", standby::name(view, set).unwrap_or_default())
            }
            Self::StandbyView(set) => {
                let name = standby::name(view, set).unwrap_or_default();
                format!("standbyVirtualMachinePools/{name}/runtimeViews/latest")
            }
            Self::Agents(pool) => format!("_apis/distributedtask/elasticpools/{}", agents::name(view, pool)),
            Self::AgentNodes(pool) => format!("_apis/distributedtask/elasticpools/{}/nodes", agents::name(view, pool)),
            Self::Activity(None) => "Microsoft.Insights/eventtypes/management/values".to_owned(),
            Self::Activity(Some(set)) => {
                let filter = format!("?$filter=resourceUri eq 'virtualMachineScaleSets/{}'", names.set(set));
                format!("Microsoft.Insights/eventtypes/management/values{filter}")
            }
            Self::Machines => "octopus/api/machines".to_owned(),
            Self::Tasks => "octopus/api/tasks".to_owned(),
            Self::Progression(project, of) => {
                format!("octopus/api/releases/{}/progression", octopus::release(view, (project, of)))
            }
            Self::Events(of) => format!("169.254.169.254/metadata/scheduledevents (on {})", names.instance(of)),
        }
    }

    /// Why it has no answer.
    pub(super) fn missing(self, view: &View<'_, '_>) -> String {
        let names = &view.instant.names;
        match self {
            Self::Upgrade(set) => format!("There was no rolling upgrade of {} yet.", names.set(set)),
            Self::Instance(of) => format!("The instance {} is deleted.", names.instance(of)),
            Self::Version(image) if view.instant.world.gallery.versions[image.index()].deleted => {
                format!("The version {} is deleted.", names.image(image))
            }
            Self::Version(image) => format!("The version {} is not published yet.", names.image(image)),
            Self::Events(of) => format!("On {} nobody asks: its system is not up.", names.instance(of)),
            Self::Rule(_) | Self::Probe(_) => format!("There is no {} now.", self.path(view)),
            Self::Resource(_)
            | Self::History(_)
            | Self::Set(_)
            | Self::Instances(_)
            | Self::Template(_)
            | Self::Definition(_)
            | Self::Autoscale(_)
            | Self::Balancer(_)
            | Self::Pool(_)
            | Self::Gateway(_)
            | Self::BackendHealth(_)
            | Self::Profile(_)
            | Self::FrontDoor(_)
            | Self::Origins(_)
            | Self::OriginHealth(_)
            | Self::Standby(_)
            | Self::StandbyView(_)
            | Self::Activity(_)
            | Self::Agents(_)
            | Self::AgentNodes(_)
            | Self::Machines
            | Self::Tasks
            | Self::Progression(..) => String::new(),
        }
    }

    /// The names it answers to, beside its path.
    fn names(self, view: &View<'_, '_>) -> Vec<String> {
        let names = &view.instant.names;
        let of_set = |set: SetId, what: &str| {
            let name = names.set(set);
            vec![name.to_owned(), format!("virtualMachineScaleSets/{name}"), format!("{name}/{what}")]
        };
        // By the name alone of what has several answers, all are asked for.
        let with = |name: &str, ends: &[&str]| ends.iter().map(|end| format!("{name}{end}")).collect::<Vec<_>>();
        match self {
            Self::Resource(set) => of_set(set, "resource"),
            Self::Upgrade(set) => of_set(set, "rollingUpgrades/latest"),
            Self::History(set) => of_set(set, "osUpgradeHistory"),
            Self::Set(set) => of_set(set, "instanceView"),
            Self::Instances(set) => of_set(set, "virtualMachines"),
            Self::Instance(of) => {
                let set = names.set(view.instant.world.instances.rows[of.index()].set);
                let (name, id) = (names.instance(of), view.instance_id(of));
                vec![name.to_owned(), format!("virtualMachines/{name}"), format!("{set}/virtualMachines/{id}")]
            }
            Self::Version(image) => {
                let (definition, number) = (version::definition(view, image), view.number(image));
                let mut all = vec![definition.to_owned(), format!("images/{definition}")];
                all.extend(number.map(|number| format!("{definition}/{number}")));
                all.push(names.image(image).to_owned());
                all
            }
            Self::Template(builder) => vec![view.instant.plan().builders[builder.index()].name.clone()],
            Self::Definition(of) => vec![names.definition(of).to_owned()],
            Self::Autoscale(of) => {
                let name = &view.instant.plan().autoscale[of.index()].name;
                vec![format!("autoscaleSettings/{name}"), name.clone()]
            }
            Self::Balancer(of) => vec![balancer::name(view, of).to_owned()],
            Self::Pool(of) => balancer::short(&balancer::place_of_pool(view, of)),
            Self::Rule(of) => balancer::short(&balancer::place_of_rule(view, of)),
            Self::Probe(of) => balancer::short(&balancer::place_of_probe(view, of)),
            Self::Gateway(of) => vec![gateway::name(view, of).to_owned()],
            Self::BackendHealth(of) => with(gateway::name(view, of), &["", "/backendhealth", "/health"]),
            Self::Profile(of) => vec![names.profile_of_traffic(of).to_owned()],
            Self::FrontDoor(of) => with(front_door::name(view, of), &["", "/profile"]),
            Self::Origins(of) => with(front_door::name(view, of), &["", "/origins"]),
            Self::OriginHealth(of) => with(front_door::name(view, of), &["", "/originHealth"]),
            Self::Standby(set) => vec![standby::name(view, set).unwrap_or_default().to_owned()],
            Self::StandbyView(set) => {
                with(standby::name(view, set).unwrap_or_default(), &["", "/runtimeViews/latest", "/runtimeViews"])
            }
            Self::Machines => vec!["octopus/machines".to_owned()],
            Self::Tasks => vec!["octopus/tasks".to_owned()],
            Self::Progression(project, of) => {
                let name = octopus::release(view, (project, of));
                with(&format!("octopus/releases/{name}"), &["/progression", ""])
            }
            Self::Agents(pool) => {
                let name = agents::name(view, pool);
                vec![name.to_owned(), format!("elasticpools/{name}")]
            }
            Self::AgentNodes(pool) => {
                let name = agents::name(view, pool);
                vec![format!("{name}/nodes"), format!("elasticpools/{name}/nodes")]
            }
            Self::Activity(None) => vec!["activityLog".to_owned(), "activityLogs".to_owned()],
            Self::Activity(Some(set)) => of_set(set, "activityLog").split_off(2),
            Self::Events(of) => {
                let (name, set) = (names.instance(of), names.set(view.instant.world.instances.rows[of.index()].set));
                let machine = format!("{set}/virtualMachines/{}", view.instance_id(of));
                vec![format!("{name}/scheduledEvents"), format!("scheduledEvents/{name}"), machine + "/scheduledEvents"]
            }
        }
    }
}

/// Everything that can be asked: the sets, their instances, the images, the templates, what stands around them.
fn all(view: &View<'_, '_>) -> Vec<Question> {
    let plan = view.instant.plan();
    let mut all = Vec::new();
    for set in (0..plan.sets.len()).map(|id| SetId(id as u16)) {
        all.extend([Question::Resource(set), Question::Upgrade(set), Question::History(set)]);
        all.extend(view.is_uniform(set).then_some(Question::Set(set)));
        all.push(Question::Instances(set));
    }
    let ids = || (0..view.instant.world.instances.rows.len()).map(|id| InstanceId(id as u32));
    all.extend(ids().map(Question::Instance));
    let definitions = (0..plan.definitions.len()).map(|id| DefinitionId(id as u16));
    for of in definitions {
        all.extend(definition::is_of_gallery(view, of).then_some(Question::Definition(of)));
        let versions = (0..plan.images.len()).filter(|&id| plan.images[id].version.definition == of.0);
        all.extend(versions.map(|id| Question::Version(ImageId(id as u16))));
    }
    all.extend((0..plan.builders.len()).map(|id| Question::Template(BuilderId(id as u16))));
    all.extend((0..plan.autoscale.len()).map(|id| Question::Autoscale(AutoscaleId(id as u16))));
    all.extend(balancer::all(view).into_iter().map(Question::Balancer));
    all.extend(balancer::pools(view).into_iter().map(Question::Pool));
    all.extend(balancer::rules(view).into_iter().map(Question::Rule));
    all.extend(balancer::probes(view).into_iter().map(Question::Probe));
    all.extend(gateway::all(view).into_iter().flat_map(|of| [Question::Gateway(of), Question::BackendHealth(of)]));
    all.extend((0..plan.profiles.len()).map(|id| Question::Profile(ProfileId(id as u16))));
    let front_doors = front_door::all(view).into_iter();
    all.extend(front_doors.flat_map(|of| [Question::FrontDoor(of), Question::Origins(of), Question::OriginHealth(of)]));
    let pooled = (0..plan.sets.len()).map(|id| SetId(id as u16)).filter(|&set| standby::name(view, set).is_some());
    all.extend(pooled.flat_map(|set| [Question::Standby(set), Question::StandbyView(set)]));
    let agents = (0..plan.agent_pools.len()).map(|id| AgentPoolId(id as u16));
    all.extend(agents.flat_map(|pool| [Question::Agents(pool), Question::AgentNodes(pool)]));
    all.push(Question::Activity(None));
    all.extend((0..plan.sets.len()).map(|id| Question::Activity(Some(SetId(id as u16)))));
    all.extend(ids().map(Question::Events));
    if plan.octopus.is_there() {
        all.extend([Question::Machines, Question::Tasks]);
        let releases = windtunnel_sim::delivery::octopus::created(&view.instant.world);
        let releases = releases.filter(|(project, _)| plan.octopus.lifecycle(project.0).is_some());
        all.extend(releases.map(|(project, of)| Question::Progression(project, of)));
    }
    all
}

/// Whether a version has a number by which it could be asked for: one that is to be built yet has none.
fn is_numbered(view: &View<'_, '_>, question: Question) -> bool {
    !matches!(question, Question::Version(image) if view.number(image).is_none())
}

/// What is asked where nothing is named: all that there is. The instances of a Uniform set are in the list of the set.
pub fn everything(view: &View<'_, '_>) -> Result<Vec<Question>, AskError> {
    let world = &view.instant.world;
    let announced = document::announced(view);
    let is_there = |question: &Question| match *question {
        Question::Instance(of) => {
            let row = &world.instances.rows[of.index()];
            !view.is_uniform(row.set) && row.state != Provisioning::Deleted
        }
        Question::Version(image) => {
            let state = &world.gallery.versions[image.index()];
            state.published.is_some() && !state.deleted
        }
        // They stand in what the balancer and the log of all answer.
        Question::Pool(_) | Question::Rule(_) | Question::Probe(_) | Question::Activity(Some(_)) => false,
        // A list without an event of its own says little; any is answered by name.
        Question::Events(of) => is_present(&world.instances.rows[of.index()]) && announced.contains(&of),
        _ => true,
    };
    let found: Vec<Question> = all(view).into_iter().filter(is_there).collect();
    if found.is_empty() { Err(AskError::Nothing) } else { Ok(found) }
}

/// What is asked by a name: that of a set, an instance, an image, a version or a template, perhaps after its type, or the
/// end of a request.
///
/// # Errors
/// Where nothing has that name; the error says what has.
pub fn ask(view: &View<'_, '_>, name: &str) -> Result<Vec<Question>, AskError> {
    let wanted = plain(name);
    let is = |name: &String| plain(name).eq_ignore_ascii_case(&wanted);
    let answers = |question: &Question| question.names(view).iter().any(is) || is(&question.path(view));
    let found: Vec<Question> = all(view).into_iter().filter(answers).collect();
    // One that has no number is meant only where nothing else has the name.
    let numbered: Vec<Question> = found.iter().copied().filter(|&question| is_numbered(view, question)).collect();
    if !numbered.is_empty() {
        return Ok(numbered);
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let names = &view.instant.names;
    let plan = view.instant.plan();
    let lower = wanted.to_ascii_lowercase();
    if let Some(short) = ["/dipavailability", "/probes", "/health"].iter().find_map(|end| lower.strip_suffix(end)) {
        let short = short.strip_prefix("loadbalancers/").unwrap_or(short);
        if let Some(pool) = plan.pools.iter().find(|pool| pool.balancer.eq_ignore_ascii_case(short)) {
            return Err(AskError::Balancer { name: pool.balancer.clone() });
        }
    }
    for set in (0..plan.sets.len()).map(|id| SetId(id as u16)).filter(|&set| !view.is_uniform(set)) {
        let path = Question::Set(set).path(view);
        if is(&path) || Question::Set(set).names(view).iter().any(is) {
            let example =
                view.instances(set).next().map_or_else(String::new, |of| format!(" ({})", names.instance(of)));
            return Err(AskError::Flexible { set: names.set(set).to_owned(), example });
        }
    }
    let every: Vec<String> = all(view).into_iter().flat_map(|question| question.names(view)).collect();
    let mut close = near(&wanted, every.iter().map(String::as_str));
    close.dedup();
    Err(AskError::Unknown { name: name.to_owned(), hint: or_meant(&close), known: known(view) })
}

/// The name without what a scenario does not know: subscription, resource group, provider, gallery, query.
fn plain(name: &str) -> String {
    let name = name.trim().trim_matches('/');
    let name = name.split_once('?').map_or(name, |(path, _)| path).trim_end_matches('/');
    let lower = name.to_ascii_lowercase();
    let name = lower.rfind("providers/").map_or(name, |at| &name[at + "providers/".len()..]);
    let name = match name.split_once('/') {
        Some((provider, rest)) if provider.to_ascii_lowercase().starts_with("microsoft.") => rest,
        _ => name,
    };
    // `galleries/{gallery}/images/…`, where the gallery has no name here.
    let parts: Vec<&str> = name.split('/').collect();
    match parts[..] {
        [first, _, third, ..] if first.eq_ignore_ascii_case("galleries") && third.eq_ignore_ascii_case("images") => {
            parts[2..].join("/")
        }
        _ => name.to_owned(),
    }
}

/// What there is, in a few words.
fn known(view: &View<'_, '_>) -> String {
    const SHOWN: usize = 10;
    let plan = view.instant.plan();
    let sets = plan.sets.iter().map(|set| set.name.clone());
    let images = plan.images.iter().map(|image| image.name.clone());
    let templates = plan.builders.iter().map(|builder| builder.name.clone());
    let settings = plan.autoscale.iter().map(|setting| setting.name.clone());
    let balancers = balancer::all(view).into_iter().map(|of| balancer::name(view, of).to_owned());
    let gateways = gateway::all(view).into_iter().map(|of| gateway::name(view, of).to_owned());
    let profiles = plan.profiles.iter().map(|profile| profile.name.clone());
    let profiles = profiles.chain(front_door::all(view).into_iter().map(|of| front_door::name(view, of).to_owned()));
    let standby = (0..plan.sets.len()).filter_map(|id| standby::name(view, SetId(id as u16)).map(str::to_owned));
    let agents = plan.agent_pools.iter().map(|pool| pool.name.clone());
    let octopus = ["octopus/machines", "octopus/tasks"].iter().filter(|_| plan.octopus.is_there());
    let log = octopus.chain(&["activityLog"]).map(|&name| name.to_owned());
    // Of many versions the first are enough, so that they hide nothing else.
    let all = sets.chain(balancers).chain(gateways).chain(profiles).chain(standby).chain(agents).chain(settings);
    let all: Vec<String> = all.chain(templates).chain(log).chain(images).collect();
    let more = all.len().saturating_sub(SHOWN);
    let mut text = all.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text += &format!(" and {more} more");
    }
    if text.is_empty() { "nothing".to_owned() } else { text }
}
