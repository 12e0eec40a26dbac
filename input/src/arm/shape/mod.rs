//! What modelled resources look like: every object with its canonical keys, and what each key holds.
//!
//! One table an object. Reading, normalising and evaluating a template all go by these tables.

#[macro_use]
pub mod field;
pub mod autoscale;
pub mod front_door;
pub mod gateway;
pub mod health;
pub mod instance;
mod kept;
pub mod load_balancer;
pub mod maintenance;
pub mod matters;
pub mod scale_set;
pub mod standby;
pub mod traffic_manager;
mod units;
mod unread;
mod walk;

use super::super::tree::Node;
use field::{Field, Live, Row};
use matters::{Matters, matters};

pub use unread::SECRET;
pub(super) use unread::unread;
pub(super) use walk::normalise_as;
pub use walk::{Whose, refuse_kinds};

/// What a key holds.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A length of time.
    Duration,
    /// Availability zones.
    Zones,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// An object with known keys.
    Object(&'static Shape),
    /// A list of one kind.
    List(&'static Self),
    /// Whatever the user put there, kept as it is.
    Open,
}

/// An object: its keys, in canonical order.
pub struct Shape {
    /// What the object is, for messages.
    pub what: &'static str,
    /// The modelled keys.
    pub rows: &'static [Row],
    /// The object around it, and its key there; none for a resource, and for an item of a list.
    pub place: Option<(&'static Self, &'static str)>,
    /// What stands under `properties`, for resources and their parts. `az` and PowerShell print it without that level.
    pub inner: Option<&'static Self>,
    /// Keys that Azure has here and that play no part in a simulation. They are listed as ignored, never taken for a misspelt one.
    pub known: &'static [&'static str],
    /// Keys on which nothing acts although they can matter to a rollout, modelled or not.
    pub matters: &'static [Matters],
    /// Nothing acts on the resource, and a scenario says elsewhere what of it can matter: one warning (W0511) lists what is met.
    pub elsewhere: bool,
    /// Other names of modelled keys: what a tool prints, and the canonical key.
    pub aliases: &'static [(&'static str, &'static str)],
    /// What switches the object on; what of it is written beside `false` holds for nothing.
    pub switch: Option<&'static Field<bool>>,
    /// What a write of what is in it does, where its rows do not say.
    pub live: Option<Live>,
    /// The key that a plain text stands for, where Azure wants an object with one key.
    pub short: Option<&'static str>,
    /// By what an element of a list of such objects is known, where it has no name.
    pub keyed: Option<&'static Keyed>,
}

/// Keys that lead to a value.
pub type Path = &'static [&'static str];

/// By what an element of a list is known that has no name.
#[derive(Debug)]
pub struct Keyed {
    /// By these values.
    pub by: &'static [Path],
    /// It is written out whole where it has all of these; one that lacks some is a change of the one that its key means.
    pub whole: &'static [Path],
}

/// By what a patch knows the elements of a list.
#[derive(Clone, Copy, Debug)]
pub enum KnownBy {
    /// By their names.
    Name,
    /// By other values of theirs.
    Values(&'static Keyed),
    /// By nothing, so that the list is replaced whole.
    Nothing,
}

impl Kind {
    /// By what a patch knows elements of this kind.
    #[must_use]
    pub fn known_by(&self) -> KnownBy {
        match self {
            Self::Object(shape) => match shape.keyed {
                Some(keyed) => KnownBy::Values(keyed),
                None if shape.rows.iter().any(|row| row.key() == "name") => KnownBy::Name,
                None => KnownBy::Nothing,
            },
            // What nobody reads may have names.
            Self::Open => KnownBy::Name,
            _ => KnownBy::Nothing,
        }
    }

    /// What stands at a key of an object of this kind, where a table says it.
    #[must_use]
    pub fn at(&self, key: &str) -> Option<Self> {
        let Self::Object(shape) = self else { return None };
        match shape.inner.filter(|_| key.eq_ignore_ascii_case("properties")) {
            Some(inner) => Some(Self::Object(inner)),
            None => shape.row(key).map(Row::kind),
        }
    }

    /// The kind of a list's elements.
    #[must_use]
    pub const fn element(&self) -> Option<Self> {
        if let Self::List(of) = self { Some(**of) } else { None }
    }
}

impl Shape {
    const fn new(what: &'static str, rows: &'static [Row]) -> Self {
        Self {
            what,
            rows,
            place: None,
            inner: None,
            known: &[],
            matters: &[],
            elsewhere: false,
            aliases: &[],
            switch: None,
            live: None,
            short: None,
            keyed: None,
        }
    }

    const fn at(self, around: &'static Self, key: &'static str) -> Self {
        Self { place: Some((around, key)), ..self }
    }

    const fn inner(self, inner: &'static Self) -> Self {
        Self { inner: Some(inner), ..self }
    }

    const fn known(self, known: &'static [&'static str]) -> Self {
        Self { known, ..self }
    }

    const fn matters(self, matters: &'static [Matters]) -> Self {
        Self { matters, ..self }
    }

    const fn elsewhere(self) -> Self {
        Self { elsewhere: true, ..self }
    }

    const fn switch(self, switch: &'static Field<bool>) -> Self {
        Self { switch: Some(switch), ..self }
    }

    const fn live(self, live: Live) -> Self {
        Self { live: Some(live), ..self }
    }

    const fn keyed(self, keyed: &'static Keyed) -> Self {
        Self { keyed: Some(keyed), ..self }
    }

    const fn aliases(self, aliases: &'static [(&'static str, &'static str)]) -> Self {
        Self { aliases, ..self }
    }

    /// The row that a key means, whatever its case.
    #[must_use]
    pub fn row(&self, key: &str) -> Option<&'static Row> {
        let alias = self.aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(key));
        let key = alias.map_or(key, |(_, canonical)| canonical);
        self.rows.iter().find(|row| row.key().eq_ignore_ascii_case(key))
    }

    /// Whether it is a reference to another resource.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        std::ptr::eq(self, &REFERENCE)
    }

    /// The keys that lead to it from a resource, or from the item of a list that holds it.
    fn path(&self) -> Vec<&'static str> {
        let Some((around, key)) = self.place else { return Vec::new() };
        let mut path = around.path();
        path.push(key);
        path
    }

    /// The object in a resource, or in the item of a list that holds it.
    pub fn find<'n>(&self, holder: &'n Node) -> Option<&'n Node> {
        match self.place {
            Some((around, key)) => around.find(holder)?.arm(key),
            None => Some(holder),
        }
    }

    /// How a key can matter on which nothing acts.
    #[must_use]
    pub fn weighty(&self, key: &str) -> Option<&'static Matters> {
        self.matters.iter().find(|one| one.key.eq_ignore_ascii_case(key))
    }

    /// Whether Azure has this key here although it is not modelled.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.known.iter().any(|known| known.eq_ignore_ascii_case(key)) || self.weighty(key).is_some()
    }
}

/// `{ "id": … }`, the way resources refer to each other. A plain name is accepted for it.
static REFERENCE: Shape = Shape {
    short: Some("id"),
    ..Shape::new("a reference", &[Row::Kept("id", Kind::Text)]).known(&[
        "resourceGroup",
        "properties",
        "name",
        "subnet",
    ])
};

/// The id or plain name that a reference holds: `{ id: … }` or the text itself, and its last segment.
#[must_use]
pub fn reference(node: &Node) -> Option<(&str, &Node)> {
    let holder = node.arm("id").unwrap_or(node);
    holder.text().map(|text| (text, holder))
}

const REFERENCES: Kind = Kind::List(&Kind::Object(&REFERENCE));
const TEXTS: Kind = Kind::List(&Kind::Text);

/// A type of resource that is modelled or kept: its name, and its shape.
pub static RESOURCES: &[(&str, &Shape)] = &[
    (SCALE_SET, &scale_set::RESOURCE),
    (LOAD_BALANCER, &load_balancer::RESOURCE),
    (GATEWAY, &gateway::RESOURCE),
    (AUTOSCALE, &autoscale::RESOURCE),
    ("Microsoft.Compute/galleries/images", &kept::GALLERY_IMAGE),
    ("Microsoft.Compute/galleries/images/versions", &kept::GALLERY_VERSION),
    ("Microsoft.VirtualMachineImages/imageTemplates", &kept::IMAGE_TEMPLATE),
    (MAINTENANCE, &maintenance::MAINTENANCE),
    (ASSIGNMENT, &maintenance::ASSIGNMENT),
    (STANDBY_POOL, &standby::RESOURCE),
    (TRAFFIC_MANAGER, &traffic_manager::RESOURCE),
    (FRONT_DOOR, &front_door::RESOURCE),
];

/// The type of a scale set.
pub const SCALE_SET: &str = "Microsoft.Compute/virtualMachineScaleSets";
/// The type of a load balancer.
pub const LOAD_BALANCER: &str = "Microsoft.Network/loadBalancers";
/// The type of an application gateway.
pub const GATEWAY: &str = "Microsoft.Network/applicationGateways";
/// The type of an autoscale setting.
pub const AUTOSCALE: &str = "Microsoft.Insights/autoscaleSettings";
/// The type of a maintenance configuration.
pub const MAINTENANCE: &str = "Microsoft.Maintenance/maintenanceConfigurations";
/// The type of its assignment to a set.
pub const ASSIGNMENT: &str = "Microsoft.Maintenance/configurationAssignments";
/// The type of a profile of Traffic Manager.
pub const TRAFFIC_MANAGER: &str = "Microsoft.Network/trafficManagerProfiles";
/// The type of public addresses, which a frontend names and which have the address themselves.
pub const PUBLIC_IP: &str = "Microsoft.Network/publicIPAddresses";
/// The type of a profile of Front Door Standard or Premium.
pub const FRONT_DOOR: &str = "Microsoft.Cdn/profiles";
/// The type of an origin group of one.
const ORIGIN_GROUP: &str = "Microsoft.Cdn/profiles/originGroups";
/// The type of an endpoint of one.
const AFD_ENDPOINT: &str = "Microsoft.Cdn/profiles/afdEndpoints";
/// The type of a standby pool.
pub const STANDBY_POOL: &str = "Microsoft.StandbyPool/standbyVirtualMachinePools";

/// A child that is folded into a list of its parent, which may be a child itself: its type, the type of the parent, the path of the list,
/// and its shape.
pub struct Child {
    /// The full type.
    pub kind: &'static str,
    /// The type of the parent.
    pub parent: &'static str,
    /// Where the parent keeps it.
    pub path: &'static [&'static str],
    /// Its shape, an item of that list.
    pub shape: &'static Shape,
}

/// All children that are folded.
pub static CHILDREN: &[Child] = &[
    Child {
        kind: "Microsoft.Compute/virtualMachineScaleSets/extensions",
        parent: SCALE_SET,
        path: &["properties", "virtualMachineProfile", "extensionProfile", "extensions"],
        shape: &scale_set::EXTENSION,
    },
    Child {
        kind: super::instances::INSTANCES,
        parent: SCALE_SET,
        path: &["properties", "virtualMachines"],
        shape: &instance::INSTANCE,
    },
    Child {
        kind: "Microsoft.Network/loadBalancers/backendAddressPools",
        parent: LOAD_BALANCER,
        path: &["properties", "backendAddressPools"],
        shape: &load_balancer::BACKEND_POOL,
    },
    // These four are no types of templates: `az network lb probe list` and Terraform have them.
    Child {
        kind: "Microsoft.Network/loadBalancers/backendAddressPools/loadBalancerBackendAddresses",
        parent: "Microsoft.Network/loadBalancers/backendAddressPools",
        path: &["properties", "loadBalancerBackendAddresses"],
        shape: &load_balancer::BACKEND_ADDRESS,
    },
    Child {
        kind: "Microsoft.Network/loadBalancers/probes",
        parent: LOAD_BALANCER,
        path: &["properties", "probes"],
        shape: &load_balancer::PROBE,
    },
    Child {
        kind: "Microsoft.Network/loadBalancers/loadBalancingRules",
        parent: LOAD_BALANCER,
        path: &["properties", "loadBalancingRules"],
        shape: &load_balancer::RULE,
    },
    Child {
        kind: "Microsoft.Network/loadBalancers/inboundNatPools",
        parent: LOAD_BALANCER,
        path: &["properties", "inboundNatPools"],
        shape: &load_balancer::INBOUND_NAT_POOL,
    },
    Child {
        kind: "Microsoft.Network/loadBalancers/inboundNatRules",
        parent: LOAD_BALANCER,
        path: &["properties", "inboundNatRules"],
        shape: &load_balancer::INBOUND_NAT_RULE,
    },
    Child {
        kind: "Microsoft.Network/trafficManagerProfiles/azureEndpoints",
        parent: TRAFFIC_MANAGER,
        path: &["properties", "endpoints"],
        shape: &traffic_manager::ENDPOINT,
    },
    Child {
        kind: "Microsoft.Network/trafficManagerProfiles/externalEndpoints",
        parent: TRAFFIC_MANAGER,
        path: &["properties", "endpoints"],
        shape: &traffic_manager::ENDPOINT,
    },
    Child {
        kind: "Microsoft.Network/trafficManagerProfiles/nestedEndpoints",
        parent: TRAFFIC_MANAGER,
        path: &["properties", "endpoints"],
        shape: &traffic_manager::ENDPOINT,
    },
    Child {
        kind: AFD_ENDPOINT,
        parent: FRONT_DOOR,
        path: &["properties", "afdEndpoints"],
        shape: &front_door::ENDPOINT,
    },
    Child {
        kind: "Microsoft.Cdn/profiles/afdEndpoints/routes",
        parent: AFD_ENDPOINT,
        path: &["properties", "routes"],
        shape: &front_door::ROUTE,
    },
    Child { kind: ORIGIN_GROUP, parent: FRONT_DOOR, path: &["properties", "originGroups"], shape: &front_door::GROUP },
    Child {
        kind: "Microsoft.Cdn/profiles/originGroups/origins",
        parent: ORIGIN_GROUP,
        path: &["properties", "origins"],
        shape: &front_door::ORIGIN,
    },
];

/// The canonical name and shape of a type of resource, whatever its case.
#[must_use]
pub fn resource(kind: &str) -> Option<(&'static str, &'static Shape)> {
    RESOURCES.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind)).copied()
}

/// The child that a type names, whatever its case.
#[must_use]
pub fn child(kind: &str) -> Option<&'static Child> {
    CHILDREN.iter().find(|child| child.kind.eq_ignore_ascii_case(kind))
}

/// The last part of a type.
#[must_use]
pub fn without_namespace(kind: &str) -> &str {
    kind.rsplit('/').next().unwrap_or(kind)
}
