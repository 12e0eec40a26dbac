//! Every key of a scenario file: the one table behind the check, the schema, the reference and the readers.

mod accept;
mod answers;
mod autoscale;
mod azure_devops;
mod bill;
mod bounds;
mod builders;
pub mod choices;
mod deployments;
mod expect;
mod faults;
mod guest;
mod images;
mod lengths;
mod load;
mod observed;
mod pipelines;
mod regions;
mod spot;
mod timeline;
mod unknown;
mod values;

pub use accept::ACCEPTANCES;
pub use {
    accept::acceptance::OBJECT as ACCEPTANCE, scenario::OBJECT as SCENARIO, timeline::timeline_entry::OBJECT as ACTION,
};
pub(crate) use {
    accept::*, answers::*, autoscale::*, azure_devops::*, bill::*, bounds::*, builders::*, deployments::*, expect::*,
    faults::*, guest::*, images::*, lengths::*, load::*, observed::*, pipelines::*, regions::*, spot::*, timeline::*,
    unknown::*, values::*,
};

use super::field::*;
use super::shape::Kind::{self, Any, Either, Integer, List, MapOf, Scalar, Word};
use super::shape::{Names, Need};
use choices::*;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::Word as _;
use windtunnel_sim::rules::{A, key};

object! {
    /// A fleet in Azure's own words, the world around it, and the policies to compare.
    mod scenario "Scenario"
    gone [
        ("gates", "waves and the health gates between them come in a later release"),
        ("galleries", "`images` says where a version is replicated to"),
    ];
    /// version of this format
    WINDTUNNEL: Whole<u32, 1, 1> = required("windtunnel");
    /// what the scenario shows, in a line
    TITLE: Text = required("title");
    /// what happens, to which machines, and what to look at
    DESCRIPTION: Text = renamed("description", "story", Need::Optional);
    /// civil time of t = 0; absent, instants are lengths of time since the start alone, and tables take Monday, 5 January 2026, 00:00 UTC
    START: Timestamp = optional("start");
    /// the time zone of times of day and of what people read, as Azure names it: `W. Europe Standard Time`; absent, the offset of `start`
    TIME_ZONE: Text = optional("timeZone");
    /// the run ends at this instant; what is still open is open
    HORIZON: SomeMoment = required("horizon");
    /// share of requests that must not be harmed
    OBJECTIVE: Share = optional("objective");
    /// initial instances are created at t = 0 instead of being present in steady state
    COLD_START: Flag = default("coldStart", false);
    /// the fleet: ARM resources inline, `{ template, parameters, set, overlay }` or `{ file, overlay }`
    RESOURCES: Tree = required("resources", List(&Any));
    /// what is known of the regions
    REGIONS: Tree = optional("regions", MapOf(Names::Of("location"), &region::MAPPING));
    /// what Azure cannot know: what the application answers, and what its users need
    APPLICATION: Tree = optional("application", application::MAPPING);
    /// versions of images, and what is in them
    IMAGES: Tree = optional("images", MapOf(Names::Of("image"), &MapOf(Names::Of("version"), &image_version::MAPPING)));
    /// what image definitions are for, and what their galleries do (GA-01)
    IMAGE_DEFINITIONS: Tree = optional("imageDefinitions", MapOf(Names::Of("image"), &image_definition::MAPPING));
    /// image templates, which `bake` runs
    IMAGE_BUILDERS: Tree = optional("imageBuilders", MapOf(Names::Of("image template"), &image_builder::MAPPING));
    /// release pipelines that work on instances from outside (EX-08)
    PIPELINES: Tree = optional("pipelines", MapOf(Names::Of("pipeline"), &pipeline::MAPPING));
    /// Octopus Deploy beside the fleet: targets, machine policies, projects with their triggers and steps (OC-01)
    OCTOPUS: Tree = optional("octopus", octopus::MAPPING);
    /// pools of scale set agents of Azure DevOps, and the jobs that come to them (DO-01)
    AGENT_POOLS: Tree = optional("agentPools", MapOf(Names::Of("agent pool"), &agent_pool::MAPPING));
    /// what users send to each entry point: a load balancer, or one `rule`, `frontend` or `pool` of it as `lb-web/http`; a listener of an
    /// application gateway, `gateway/listener`; a Traffic Manager profile; an endpoint of Front Door, or `endpoint/route`; a public IP, or
    /// a port of it as `pip-web/443`
    TRAFFIC: Tree = optional("traffic", MapOf(Names::Of("entry point"), &traffic::MAPPING));
    /// the users behind every entry point that names none of its own
    USERS: Tree = optional("users", users::MAPPING);
    /// what happens when; sorted by time
    TIMELINE: Tree = optional("timeline", List(&timeline_entry::MAPPING));
    /// other values for numbers that Azure does not publish
    ASSUMPTIONS: Tree = optional("assumptions", MapOf(Names::Of("key of an assumption"), &Any));
    /// named patches on this file, `file` for files of them; docs/scenario.md says how they merge, and how a template is one
    POLICIES: Tree = optional("policies", MapOf(Names::Of("policy"), &Any));
    /// what must hold; each is a named test
    EXPECT: Tree = optional("expect", List(&expectation::MAPPING));
    /// what was observed of the incident, with which runs are compared; nothing follows from it
    OBSERVED: Tree = optional("observed", List(&observation::MAPPING));
    /// what is not known, and what is thought of it: `windtunnel fit` says what the observations tell of each; every other verb takes
    /// what the file says
    UNKNOWN: Tree = optional("unknown", MapOf(Names::Of("name of what is unknown"), &unknown_value::MAPPING));
    /// by what share of what there was a measure may get worse before `test --against` calls a change worse; a measure of harm by none
    /// where it is not named, any other one by any
    WORSE: Tree = optional("worse", MapOf(Names::Of("measure, or measures as `cost.*`,"), &Kind::Percent(0.0, f64::INFINITY)));
    /// metrics that rules of autoscale read, beside `Percentage CPU`, which follows the load
    METRICS: Tree = optional("metrics", MapOf(Names::Of("metric, or resource/metric,"), &metric::MAPPING));
    /// what was before t = 0, for forecasts
    HISTORY: Tree = optional("history", history::MAPPING);
    /// how much a run may come to before it is stopped
    LIMITS: Tree = optional("limits", limits::MAPPING);
    /// what instances of each size cost, in credits; `cost.credits` needs them
    PRICES: Tree = optional("prices", MapOf(Names::Of("size"), &prices::MAPPING));
    /// what is billed beside instances costs; credits
    PRICE_LIST: Tree = optional("priceList", price_list::MAPPING);
    /// how often Azure takes Spot instances back, and what they cost
    SPOT: Tree = optional("spot", MapOf(Names::Of("location"), &spot_market::MAPPING));
    /// what goes wrong at random
    FAULTS: Tree = optional("faults", MapOf(Names::Of("fault"), &fault::MAPPING));
}

fields! {
    /// the set
    SCALE_SET: Text = required("scaleSet");
    /// how long; to the end where absent
    FOR: Time = optional("for");
    /// until this instant, where `for` does not say how long
    UNTIL: Moment = optional("until");
}
