//! What runs inside the guest beside the system: the extensions of a model, and what is wrong with the code they install.

use super::{Act, Application, Code, Degrades, Plan, ProbeProtocol};
use crate::engine::random::Dist;
use crate::engine::time::SimDuration;

/// An extension of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// Its name in the model.
    pub name: String,
    /// `provisionAfterExtensions`, as indices into the same list.
    pub after: Vec<u16>,
    /// How long it takes.
    pub duration: Dist,
    /// How often it fails, 0 to 1.
    pub failure: f64,
    /// Dependencies that the instance must reach when it ends, as bits: it fails without them (WT-21).
    pub needs: u32,
    /// The code it installs, an index into the releases.
    pub installs: Option<Code>,
    /// The process is started by this extension and not by the boot.
    pub starts_process: bool,
    /// The process is down while it works, and runs again when it is done.
    pub stops_process: bool,
    /// `forceUpdateTag`: another one makes it run again (UM-10).
    pub tag: Option<String>,
    /// Publisher, type, version and settings, as one text: another one makes it run again (EX-02, EX-05).
    pub configuration: String,
    /// It is given up after this long (EX-02).
    pub limit: Option<SimDuration>,
    /// `enableAutomaticUpgrade`: Azure puts new releases of it on the instances (OS-33).
    pub automatic: bool,
}

/// What cloud-init does with the custom data of a model once the system is up, beside what Azure waits for (EX-01).
#[derive(Clone, Debug, PartialEq)]
pub struct CustomData {
    /// How long after the boot it is done.
    pub duration: Dist,
    /// How often it fails, 0 to 1; the instance is Succeeded all the same.
    pub failure: f64,
    /// Dependencies that the instance must reach when it ends, as bits: it fails without them (WT-21).
    pub needs: u32,
    /// The code it installs.
    pub installs: Option<Code>,
    /// The process is started by it and not by the boot.
    pub starts_process: bool,
}

/// A release of an extension by its publisher.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtensionRelease {
    /// Its number.
    pub version: String,
    /// How long it takes to be put in; `None` for what the extension takes.
    pub duration: Option<Dist>,
    /// How often that fails, 0 to 1.
    pub failure: f64,
    /// The process is down meanwhile.
    pub stops_process: bool,
    /// Dependencies that it keeps from whoever has it.
    pub cannot: u32,
    /// Counted by the blast radius.
    pub bad: bool,
}

/// Something about the guests of a set that an entry of the timeline does.
#[derive(Clone, Debug, PartialEq)]
pub enum GuestAct {
    /// What an extension needs from outside, a secret or a file behind a SAS, cannot be had: it fails wherever it runs (RU-40).
    ExpirePayload {
        /// The set.
        set: u16,
        /// The name of the extension.
        extension: String,
        /// How long; `None` for the rest of the run.
        length: Option<SimDuration>,
    },
    /// A publisher brings out a release of an extension, which reaches a set now (OS-33).
    PublishExtension {
        /// The set.
        set: u16,
        /// The name of the extension.
        extension: String,
        /// The release.
        release: Box<ExtensionRelease>,
    },
    /// Bring a set to the newest release of each of its extensions (`extensionRollingUpgrade`, RS-13).
    UpgradeExtensions {
        /// The set.
        set: u16,
    },
    /// A fault of the service ends the upgrade of a set (RU-39).
    FailUpgrade {
        /// The set.
        set: u16,
    },
}

impl Plan {
    /// The extension and the release that an entry of the timeline publishes.
    ///
    /// # Panics
    /// If it publishes none.
    #[must_use]
    pub fn release(&self, action: usize) -> (&str, &ExtensionRelease) {
        match &self.timeline[action].what {
            Act::Guest(GuestAct::PublishExtension { extension, release, .. }) => (extension, release),
            _ => unreachable!("only what publishes an extension is a release of one"),
        }
    }
}

impl Extension {
    /// An extension that takes this long, and does nothing.
    #[must_use]
    pub fn plain(name: &str, duration: Dist) -> Self {
        Self {
            name: name.to_owned(),
            after: Vec::new(),
            duration,
            failure: 0.0,
            needs: 0,
            installs: None,
            starts_process: false,
            stops_process: false,
            tag: None,
            configuration: String::new(),
            limit: None,
            automatic: false,
        }
    }
}

/// The settings of the Application Health extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthExtension {
    /// Its place among the extensions of the model, which says when its turn comes and how long it takes to start.
    pub extension: u16,
    /// Which states it knows: `typeHandlerVersion`.
    pub version: HealthVersion,
    /// TCP, or HTTP(S); without a protocol it always reports Healthy (HD-01).
    pub protocol: Option<ProbeProtocol>,
    /// Index into [`Application::endpoints`]; 0 for TCP.
    pub endpoint: u16,
    /// `intervalInSeconds`.
    pub interval: SimDuration,
    /// `numberOfProbes`.
    pub probes: u32,
    /// `gracePeriod`; absent, it is interval × number of probes (HD-06). Rich states only.
    pub grace: Option<SimDuration>,
}

/// Which states the health extension knows (HD-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthVersion {
    /// Version 1: Healthy and Unhealthy.
    Binary,
    /// Version 2: Initializing, Healthy, Unhealthy and Unknown.
    Rich,
}

/// What is wrong with a release, whatever brings it to an instance: image, extension, pipeline.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flaw {
    /// Dependencies it cannot reach.
    pub cannot: u32,
    /// What becomes of it after a while.
    pub degrades: Option<Degrades>,
    /// Counted by the blast radius.
    pub bad: bool,
}

impl Application {
    /// What is wrong with a release.
    #[must_use]
    pub fn flaw(&self, code: Option<Code>) -> Flaw {
        code.and_then(|code| self.flaws.get(usize::from(code))).copied().unwrap_or_default()
    }
}
