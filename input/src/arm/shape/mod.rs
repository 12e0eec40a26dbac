//! What modelled resources look like: every object with its canonical keys, and what each key holds.
//!
//! One table an object. Reading, normalising and evaluating a template all go by these tables.

pub mod elsewhere;
mod load_balancer;
pub mod matters;
mod others;
mod scale_set;
mod standby;
mod units;
mod unread;
mod walk;

pub use unread::SECRET;
pub(super) use unread::unread;
pub(super) use walk::normalise_as;

/// What a key holds.
#[derive(Debug)]
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
#[derive(Debug)]
pub struct Shape {
    /// What the object is, for messages.
    pub what: &'static str,
    /// The modelled keys.
    pub fields: &'static [(&'static str, Kind)],
    /// What stands under `properties`, for resources and their parts. `az` and PowerShell print it without that level.
    pub inner: Option<&'static Self>,
    /// Keys that Azure has here and that play no part in a simulation. They are listed as ignored, never taken for a misspelt one.
    pub known: &'static [&'static str],
    /// Other names of modelled keys: what a tool prints, and the canonical key.
    pub aliases: &'static [(&'static str, &'static str)],
    /// The key that a plain text stands for, where Azure wants an object with one key.
    pub short: Option<&'static str>,
}

impl Shape {
    const fn new(what: &'static str, fields: &'static [(&'static str, Kind)]) -> Self {
        Self { what, fields, inner: None, known: &[], aliases: &[], short: None }
    }

    const fn inner(self, inner: &'static Self) -> Self {
        Self { inner: Some(inner), ..self }
    }

    const fn known(self, known: &'static [&'static str]) -> Self {
        Self { known, ..self }
    }

    const fn aliases(self, aliases: &'static [(&'static str, &'static str)]) -> Self {
        Self { aliases, ..self }
    }

    /// The modelled field that a key means, whatever its case.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static (&'static str, Kind)> {
        let alias = self.aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(key));
        let key = alias.map_or(key, |(_, canonical)| canonical);
        self.fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(key))
    }

    /// Whether Azure has this key here although it is not modelled.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.known.iter().any(|known| known.eq_ignore_ascii_case(key))
    }
}

/// `{ "id": … }`, the way resources refer to each other. A plain name is accepted for it.
static REFERENCE: Shape = Shape {
    what: "a reference",
    fields: &[("id", Kind::Text)],
    inner: None,
    known: &["resourceGroup", "properties", "name", "subnet"],
    aliases: &[],
    short: Some("id"),
};

const REFERENCES: Kind = Kind::List(&Kind::Object(&REFERENCE));
const TEXTS: Kind = Kind::List(&Kind::Text);

/// A type of resource that is modelled or kept: its name, and its shape.
pub static RESOURCES: &[(&str, &Shape)] = &[
    (SCALE_SET, &scale_set::RESOURCE),
    (LOAD_BALANCER, &load_balancer::RESOURCE),
    ("Microsoft.Insights/autoscaleSettings", &others::AUTOSCALE),
    ("Microsoft.Compute/galleries/images", &others::GALLERY_IMAGE),
    ("Microsoft.Compute/galleries/images/versions", &others::GALLERY_VERSION),
    ("Microsoft.VirtualMachineImages/imageTemplates", &others::IMAGE_TEMPLATE),
    ("Microsoft.Maintenance/maintenanceConfigurations", &others::MAINTENANCE),
    ("Microsoft.Maintenance/configurationAssignments", &others::ASSIGNMENT),
    ("Microsoft.StandbyPool/standbyVirtualMachinePools", &standby::RESOURCE),
];

/// The type of a scale set.
pub const SCALE_SET: &str = "Microsoft.Compute/virtualMachineScaleSets";
/// The type of a load balancer.
pub const LOAD_BALANCER: &str = "Microsoft.Network/loadBalancers";

/// A child that is folded into a list of its parent: its type, the type of the parent, the path of the list, and its shape.
#[derive(Debug)]
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
        kind: "Microsoft.Network/loadBalancers/backendAddressPools",
        parent: LOAD_BALANCER,
        path: &["properties", "backendAddressPools"],
        shape: &load_balancer::BACKEND_POOL,
    },
    Child {
        kind: "Microsoft.Network/loadBalancers/inboundNatRules",
        parent: LOAD_BALANCER,
        path: &["properties", "inboundNatRules"],
        shape: &load_balancer::INBOUND_NAT_RULE,
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

/// The candidate that a word nearly is: the same letters in another order, or an edit distance of at most 2, and of no more than
/// a third of the word.
pub(super) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other = candidate.to_lowercase();
        let shorter = lower.chars().count().min(other.chars().count());
        if lower == other || shorter.abs_diff(lower.chars().count().max(other.chars().count())) > 2 {
            continue;
        }
        let distance =
            if letters(&lower) == letters(&other) && shorter > 2 { 1 } else { strsim::levenshtein(&lower, &other) };
        if distance <= 2 && distance * 3 <= shorter && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}
