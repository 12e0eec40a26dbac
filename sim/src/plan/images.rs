//! Images: what a model refers to, where a version stands, how it is published, and how one is built.

use super::{CustomizerKind, Image, Plan, Template};
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};

/// How large a version is where nobody says, in gigabytes: the OS disk of a Linux machine.
pub const SIZE_GB: f64 = 30.0;

/// What a model says of its image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageReference {
    /// A definition of a gallery: its latest version, looked up when an instance is created (GA-07, OS-08).
    Definition(u16),
    /// This version, an index into [`Plan::images`].
    Version(u16),
    /// `latest` of a platform image: as a definition, but what is published is there in every region at once.
    PlatformLatest(u16),
}

/// The name of a version: three numbers, compared as numbers (GA-06).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(pub [u32; 3]);

impl Number {
    /// Reads `1.10.0`; `None` where the text is not three 32-bit whole numbers.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let mut next = || {
            let part = parts.next()?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
        };
        let number = Self([next()?, next()?, next()?]);
        parts.next().is_none().then_some(number)
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// What a gallery knows of a version.
#[derive(Clone, Debug)]
pub struct Version {
    /// Index of its definition.
    pub definition: u16,
    /// Its number; `None` for what a build numbers when it distributes.
    pub number: Option<Number>,
    /// Where it stands when the run begins.
    pub availability: Availability,
    /// `excludeFromLatest`: it is no candidate for `latest` in any region (GA-08).
    pub excluded: bool,
    /// How much of the disk is to be copied, in GB.
    pub size_gb: f64,
    /// `endOfLifeDate` (GA-18).
    pub end_of_life: Option<SimTime>,
    /// `blockDeletionBeforeEndOfLife` (GA-20).
    pub block_deletion_before_end_of_life: bool,
    /// `allowDeletionOfReplicatedLocations` (GA-20).
    pub allow_deletion_of_replicated: bool,
    /// `replicationMode` is Shallow (GA-17).
    pub shallow: bool,
}

impl Version {
    /// A version that is in every region when the run begins, with as many replicas as it takes.
    #[must_use]
    pub const fn everywhere(definition: u16, number: Number) -> Self {
        Self {
            definition,
            number: Some(number),
            availability: Availability::Everywhere { replicas: None },
            excluded: false,
            size_gb: SIZE_GB,
            end_of_life: None,
            block_deletion_before_end_of_life: false,
            allow_deletion_of_replicated: true,
            shallow: false,
        }
    }
}

/// Where a version stands when the run begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// In every region; `None`: with as many replicas as it takes, so that nothing is ever throttled.
    Everywhere {
        /// Replicas in each region.
        replicas: Option<u32>,
    },
    /// In these regions, each with its settings; nowhere where there are none.
    In(Vec<Target>),
}

crate::words! {
    /// `storageAccountType` of a replica (GA-16).
    #[derive(Default)]
    pub enum Storage {
        /// `Standard_LRS`, the default.
        #[default]
        StandardLrs => "Standard_LRS",
        /// `Standard_ZRS`.
        StandardZrs => "Standard_ZRS",
        /// `Premium_LRS`.
        PremiumLrs => "Premium_LRS",
    }
}

/// A target region of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Index of the region.
    pub region: u16,
    /// `regionalReplicaCount` (GA-15).
    pub replicas: u32,
    /// `storageAccountType`.
    pub storage: Storage,
    /// `excludeFromLatest` of the region, which wins over that of the version; `None` where the file is silent (GA-08).
    pub excluded: Option<bool>,
}

impl Target {
    /// A region with the defaults: one replica on `Standard_LRS`.
    #[must_use]
    pub const fn new(region: u16) -> Self {
        Self { region, replicas: 1, storage: Storage::StandardLrs, excluded: None }
    }
}

/// A version is written to the gallery: its target regions and whether it is excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The version, an index into [`Plan::images`].
    pub image: u16,
    /// The regions that it is to reach; those it reached before stay.
    pub targets: Vec<Target>,
    /// `excludeFromLatest` of the version; `None` leaves it as it is.
    pub excluded: Option<bool>,
}

/// An image template: how a version is built.
#[derive(Clone, Debug)]
pub struct ImageBuilder {
    /// Its name.
    pub name: String,
    /// Index of the definition that it distributes to.
    pub definition: u16,
    /// What it starts from; `None` for an image of which the scenario knows nothing.
    pub source: Option<ImageReference>,
    /// Index of the region of the template, where its source must be (IB-20).
    pub region: u16,
    /// What is done to the source, in order (IB-04).
    pub customizers: Vec<Customizer>,
    /// `optimize.vmBoot.state` is Enabled (IB-13).
    pub optimize: bool,
    /// The operating system is Windows.
    pub windows: bool,
    /// `validate.inVMValidations`, in order (IB-08).
    pub validators: Vec<Validator>,
    /// `validate.continueDistributeOnFailure` (IB-09).
    pub continue_on_failure: bool,
    /// How the version is numbered (IB-11).
    pub versioning: Versioning,
    /// Where it is distributed to.
    pub targets: Vec<Target>,
    /// `excludeFromLatest` at distribution (IB-12).
    pub excluded: bool,
    /// `buildTimeoutInMinutes` (IB-02).
    pub timeout: SimDuration,
    /// The identity may read the scripts of the customizers (IB-18).
    pub reads_scripts: bool,
    /// The identity may write image versions to the gallery (IB-18).
    pub writes_images: bool,
    /// What it says beyond its steps.
    pub more: Template,
}

/// A customizer of an image template.
#[derive(Clone, Debug)]
pub struct Customizer {
    /// Its name.
    pub name: String,
    /// How long it takes.
    pub duration: Dist,
    /// How it goes wrong.
    pub failure: Failing,
    /// What it is (IB-05).
    pub kind: CustomizerKind,
}

/// How a customizer goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// It does not.
    Never,
    /// It fails, and the build with it.
    Stops,
    /// An inner command fails, and the step reports success: a script without `set -e` (IB-04).
    Swallowed,
}

/// A validator of an image template, run on a machine made from the image.
#[derive(Clone, Debug)]
pub struct Validator {
    /// Its name.
    pub name: String,
    /// How long it takes; `None` for the assumption.
    pub duration: Option<Dist>,
    /// It fails whatever the image is.
    pub fails: bool,
    /// It fails where the image cannot reach one of these dependencies.
    pub reaches: u32,
}

/// How a version is numbered at distribution (IB-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versioning {
    /// One above the highest, or above the highest of this major.
    Latest {
        /// Only versions of this major count.
        major: Option<u32>,
    },
    /// The number of the source.
    Source,
    /// This number, which must be new.
    Explicit(Number),
}

impl Image {
    /// A version in which nothing is declared.
    #[must_use]
    pub fn plain(name: String, version: Version) -> Self {
        Self {
            name,
            code: None,
            boot: None,
            boot_failure: 0.0,
            process_start: None,
            cannot: 0,
            degrades: None,
            bad: false,
            version,
        }
    }
}

impl Plan {
    /// A reference as people write it: `web/1.0.0`, or `web/latest`.
    #[must_use]
    pub fn reference_name(&self, reference: ImageReference) -> String {
        match reference {
            ImageReference::Version(image) => self.images[usize::from(image)].name.clone(),
            ImageReference::Definition(of) | ImageReference::PlatformLatest(of) => {
                format!("{}/latest", self.definitions[usize::from(of)])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn a_number_is_three_whole_numbers_and_compares_as_such() {
        assert_eq!(Number::parse("1.10.0"), Some(Number([1, 10, 0])));
        assert!(Number::parse("1.10.0") > Number::parse("1.9.9"));
        for wrong in ["", "1", "1.2", "1.2.3.4", "1.2.x", "1.2.-3", "+1.2.3", "1.2.4294967296", "1..3"] {
            assert_eq!(Number::parse(wrong), None, "{wrong:?}");
        }
        assert_eq!(Number([22, 4, 202_405_010]).to_string(), "22.4.202405010");
    }
}
