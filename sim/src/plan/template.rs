//! What a template says beyond its steps: what it may do, what it leaves behind, where it runs and what starts it.

use crate::engine::time::SimDuration;

/// What a template says beyond its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// What its identity may not do, though it must (IB-18); at most one, the first that is found.
    pub lacks: Option<Right>,
    /// `errorHandling.onCustomizerError` is abort (IB-06).
    pub keeps_on_customizer_error: bool,
    /// `errorHandling.onValidationError` is abort (IB-06).
    pub keeps_on_validation_error: bool,
    /// `vmProfile.vmSize`, or the default of its generation (IB-14).
    pub vm_size: String,
    /// What the first run makes that begins with the template (IB-16); an index into the images.
    pub auto_run: Option<u16>,
    /// What runs make that its trigger starts, in order (IB-15); empty where it has none.
    pub triggered: Vec<u16>,
    /// Where what it makes goes.
    pub output: Output,
    /// The home region of the definition is another one, and the image is copied there (IB-19).
    pub far: bool,
}

impl Default for Template {
    fn default() -> Self {
        Self {
            lacks: None,
            keeps_on_customizer_error: false,
            keeps_on_validation_error: false,
            vm_size: V1_SIZE.into(),
            auto_run: None,
            triggered: Vec::new(),
            output: Output::SharedImage,
            far: false,
        }
    }
}

/// The default size of a build machine of generation 1 (IB-14).
pub const V1_SIZE: &str = "Standard_D1_v2";
/// And of generation 2.
pub const V2_SIZE: &str = "Standard_D2ds_v4";

crate::words! {
    /// A right that the identity of a template needs beside those of [`super::ImageBuilder`]; its word is the code of the
    /// error where it lacks, of which the first two were recorded.
    pub enum Right {
        /// Write versions to the gallery.
        WriteImages = 0 => "BadSharedImageDistribute",
        /// Read the version that it starts from.
        ReadSource = 1 => "BadSharedImageVersionSource",
        /// Join its build machine to the subnet of `vnetConfig`.
        JoinSubnet = 2 => "LinkedAuthorizationFailed",
        /// Work in the staging group that it names.
        StagingGroup = 3 => "AuthorizationFailed",
    }
}

crate::words! {
    /// Where what a template makes goes.
    pub enum Output {
        /// A version of a gallery.
        SharedImage => "SharedImage",
        /// A managed image: in one region, without a version and without replicas.
        ManagedImage => "ManagedImage",
        /// A file in a storage account.
        Vhd => "VHD",
    }
}

/// What a customizer is (IB-05).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CustomizerKind {
    /// A shell script, or one of PowerShell, or a file.
    #[default]
    Script,
    /// `WindowsRestart`, which fails if the machine is not back within this.
    Restart {
        /// `restartTimeout`.
        timeout: SimDuration,
    },
    /// `WindowsUpdate`.
    Update,
}
