//! What can be asked of an instant, and the names that it goes by.

use super::{View, instance, version};
use crate::output::text::{did_you_mean, near};
use windtunnel_sim::azure::instances::Provisioning;
use windtunnel_sim::world::ids::{BuilderId, ImageId, InstanceId, SetId};

/// A request for which there is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
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
    /// An image template.
    Template(BuilderId),
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
    /// It is a load balancer.
    #[error(
        "`{name}` is a load balancer, and which backends its probe holds up is no answer of ARM: Azure shows it as the \
         metric DipAvailability. The columns in_rotation and held_up of timeseries.csv have it, and `windtunnel why RUN \
         '{name}@TIME'`; answers there are for {known}"
    )]
    Balancer {
        /// The name.
        name: String,
        /// What there is.
        known: String,
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
    #[error("there is no scale set, image or image template in this run")]
    Nothing,
}

impl Question {
    /// The request, from the first name that a scenario knows.
    #[must_use]
    pub fn path(self, view: &View<'_, '_>) -> String {
        let names = &view.instant.names;
        match self {
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
            Self::History(_) | Self::Set(_) | Self::Instances(_) | Self::Template(_) => String::new(),
        }
    }

    /// The names it answers to, beside its path.
    fn names(self, view: &View<'_, '_>) -> Vec<String> {
        let names = &view.instant.names;
        let of_set = |set: SetId, what: &str| {
            let name = names.set(set);
            vec![name.to_owned(), format!("virtualMachineScaleSets/{name}"), format!("{name}/{what}")]
        };
        match self {
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
        }
    }
}

/// Everything that can be asked: the sets, their instances, the versions, the templates.
fn all(view: &View<'_, '_>) -> Vec<Question> {
    let plan = view.instant.plan();
    let mut all = Vec::new();
    for set in (0..plan.sets.len()).map(|id| SetId(id as u16)) {
        all.extend([Question::Upgrade(set), Question::History(set)]);
        all.extend(view.is_uniform(set).then_some(Question::Set(set)));
        all.push(Question::Instances(set));
    }
    let instances = (0..view.instant.world.instances.rows.len()).map(|id| Question::Instance(InstanceId(id as u32)));
    let versions = (0..plan.images.len()).map(|id| Question::Version(ImageId(id as u16)));
    let templates = (0..plan.builders.len()).map(|id| Question::Template(BuilderId(id as u16)));
    all.extend(instances.chain(versions).chain(templates));
    all
}

/// What is asked where nothing is named: all that there is. The instances of a Uniform set are in the list of the set.
///
/// # Errors
/// Where there is nothing.
pub fn everything(view: &View<'_, '_>) -> Result<Vec<Question>, AskError> {
    let world = &view.instant.world;
    let is_there = |question: &Question| match *question {
        Question::Instance(of) => {
            let row = &world.instances.rows[of.index()];
            !view.is_uniform(row.set) && row.state != Provisioning::Deleted
        }
        Question::Version(image) => {
            let state = &world.gallery.versions[image.index()];
            state.published.is_some() && !state.deleted
        }
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
    if !found.is_empty() {
        return Ok(found);
    }
    let names = &view.instant.names;
    let plan = view.instant.plan();
    let balancers =
        plan.pools.iter().flat_map(|pool| [pool.balancer.clone(), format!("{}/{}", pool.balancer, pool.name)]);
    let short = wanted.strip_prefix("loadBalancers/").unwrap_or(&wanted).to_owned();
    if let Some(balancer) = balancers.into_iter().find(|balancer| balancer.eq_ignore_ascii_case(&short)) {
        return Err(AskError::Balancer { name: balancer, known: known(view) });
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
    Err(AskError::Unknown { name: name.to_owned(), hint: did_you_mean(&close), known: known(view) })
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
    const SHOWN: usize = 8;
    let plan = view.instant.plan();
    let sets = plan.sets.iter().map(|set| set.name.clone());
    let images = plan.images.iter().map(|image| image.name.clone());
    let templates = plan.builders.iter().map(|builder| builder.name.clone());
    let all: Vec<String> = sets.chain(images).chain(templates).collect();
    let more = all.len().saturating_sub(SHOWN);
    let mut text = all.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text += &format!(" and {more} more");
    }
    if text.is_empty() { "nothing".to_owned() } else { text }
}
