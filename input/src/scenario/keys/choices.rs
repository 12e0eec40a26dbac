//! Choices that only scenarios spell; those that a plan keeps have their words there.

use windtunnel_sim::words;

/// What a condition may ask of an instance, beside its code, its number and what it depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// The process is up.
    Process,
    /// The warm-up is over.
    Warm,
    /// The code is at least what users need now.
    Current,
    /// It drains.
    Draining,
}

words! { Standard { Process = "process", Warm = "warm", Current = "current", Draining = "draining" } }

/// What comes back where there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The connection is refused.
    Refused,
    /// Nothing.
    Silent,
}

words! { NoAnswer { Refused = "refused", Silent = "silent" } }

/// Instances that are named by no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of the set.
    All,
    /// One of them, drawn.
    One,
}

words! { Extent { All = "all", One = "one" } }

/// What goes wrong with an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impairment {
    /// The process is down.
    ProcessDown,
    /// The process hangs until the instance is restarted.
    Hang,
    /// The OS disk is broken.
    CorruptDisk,
    /// The instance is frozen.
    Freeze,
    /// Endpoints are slow.
    Slow,
    /// Endpoints never answer.
    Unresponsive,
    /// No packet gets there.
    Unreachable,
}

words! {
    Impairment {
        ProcessDown = "processDown",
        Hang = "hang",
        CorruptDisk = "corruptDisk",
        Freeze = "freeze",
        Slow = "slow",
        Unresponsive = "unresponsive",
        Unreachable = "unreachable",
    }
}

/// Scheduled events, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The machine is paused.
    Freeze,
    /// The machine is restarted.
    Reboot,
    /// The machine is moved.
    Redeploy,
    /// Spot capacity is taken back.
    Preempt,
    /// The instance is deleted.
    Terminate,
}

words! {
    EventKind { Freeze = "Freeze", Reboot = "Reboot", Redeploy = "Redeploy", Preempt = "Preempt", Terminate = "Terminate" }
}

/// The admin state that an application writes while it drains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrainState {
    /// No new connections.
    Down,
}

words! { DrainState { Down = "Down" } }

/// Orchestration services of a scale set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Automatic instance repairs.
    AutomaticRepairs,
}

words! { Service { AutomaticRepairs = "AutomaticRepairs" } }

/// Operating systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OsType {
    /// Linux.
    Linux,
    /// Windows.
    Windows,
}

words! { OsType { Linux = "Linux", Windows = "Windows" } }

/// Whether an image has been through its first boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OsState {
    /// It has not.
    Generalized,
    /// It has.
    Specialized,
}

words! { OsState { Generalized = "Generalized", Specialized = "Specialized" } }

/// Generations of machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// The first.
    V1,
    /// The second.
    V2,
}

words! { Generation { V1 = "V1", V2 = "V2" } }

/// What machines an image is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityType {
    /// Machines without a security type.
    Standard,
    /// Trusted Launch.
    TrustedLaunch,
    /// Trusted Launch, and machines without a security type.
    TrustedLaunchSupported,
    /// Confidential machines.
    Confidential,
    /// Any machine.
    ConfidentialSupported,
}

words! {
    SecurityType {
        Standard = "Standard",
        TrustedLaunch = "TrustedLaunch",
        TrustedLaunchSupported = "TrustedLaunchSupported",
        Confidential = "ConfidentialVM",
        ConfidentialSupported = "ConfidentialVMSupported",
    }
}

/// How a version gets to a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replication {
    /// It is copied.
    Full,
    /// It refers to its source.
    Shallow,
}

words! { Replication { Full = "Full", Shallow = "Shallow" } }

/// What becomes of a build machine when a step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// It is deleted.
    Cleanup,
    /// It is kept.
    Abort,
}

words! { OnError { Cleanup = "cleanup", Abort = "abort" } }

/// What starts a run of an image template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildCause {
    /// Its source is another version.
    SourceImage,
}

words! { BuildCause { SourceImage = "SourceImage" } }

/// Steps of an image template (IB-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomizerType {
    /// A script on Linux.
    Shell,
    /// A script on Windows.
    PowerShell,
    /// A file is copied.
    File,
    /// Windows restarts.
    WindowsRestart,
    /// Windows is updated.
    WindowsUpdate,
}

words! {
    CustomizerType {
        Shell = "Shell",
        PowerShell = "PowerShell",
        File = "File",
        WindowsRestart = "WindowsRestart",
        WindowsUpdate = "WindowsUpdate",
    }
}

/// How a template numbers what it makes (IB-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// One above the highest.
    Latest,
    /// As its source.
    Source,
}

words! { Scheme { Latest = "Latest", Source = "Source" } }

/// The rollout without which an expectation may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRollout {
    /// None began.
    None,
}

words! { NoRollout { None = "none" } }
