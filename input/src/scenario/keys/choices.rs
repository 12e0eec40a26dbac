//! Choices that only scenarios spell; those that a plan keeps have their words there.

use windtunnel_sim::words;

words! {
    /// What a condition may ask of an instance, beside its code, its number and what it depends on.
    pub enum Standard {
        /// The process is up.
        Process => "process",
        /// The warm-up is over.
        Warm => "warm",
        /// The code is at least what users need now.
        Current => "current",
        /// It drains.
        Draining => "draining",
    }
}

words! {
    /// What a query may ask of an instance that is its own.
    pub enum Own {
        /// Its slot.
        Slot => "slot",
        /// Its scale set.
        ScaleSet => "scaleSet",
        /// Its zone.
        Zone => "zone",
        /// The image that it runs.
        Image => "image",
        /// The number of the version that it runs.
        Version => "version",
        /// Its code, and no other.
        Code => "code",
    }
}

words! {
    /// What comes back where there is no answer.
    pub enum NoAnswer {
        /// The connection is refused.
        Refused => "refused",
        /// Nothing.
        Silent => "silent",
    }
}

words! {
    /// Instances that are named by no number.
    pub enum Extent {
        /// All of the set.
        All => "all",
        /// One of them, drawn.
        One => "one",
    }
}

words! {
    /// What goes wrong with an instance.
    pub enum Impairment {
        /// The process is down.
        ProcessDown => "processDown",
        /// The process hangs until the instance is restarted.
        Hang => "hang",
        /// The OS disk is broken.
        CorruptDisk => "corruptDisk",
        /// The instance is frozen.
        Freeze => "freeze",
        /// Endpoints are slow.
        Slow => "slow",
        /// Endpoints never answer.
        Unresponsive => "unresponsive",
        /// No packet gets there.
        Unreachable => "unreachable",
    }
}

words! {
    /// Scheduled events, by their numbers.
    pub enum EventKind {
        /// The machine is paused.
        Freeze => "Freeze",
        /// The machine is restarted.
        Reboot => "Reboot",
        /// The machine is moved.
        Redeploy => "Redeploy",
        /// Spot capacity is taken back.
        Preempt => "Preempt",
        /// The instance is deleted.
        Terminate => "Terminate",
    }
}

words! {
    /// The admin state that an application writes while it drains.
    pub enum DrainState {
        /// No new connections.
        Down => "Down",
    }
}

words! {
    /// Orchestration services of a scale set.
    pub enum Service {
        /// Automatic instance repairs.
        AutomaticRepairs => "AutomaticRepairs",
    }
}

words! {
    /// Operating systems.
    pub enum OsType {
        /// Linux.
        Linux => "Linux",
        /// Windows.
        Windows => "Windows",
    }
}

words! {
    /// Whether an image has been through its first boot.
    pub enum OsState {
        /// It has not.
        Generalized => "Generalized",
        /// It has.
        Specialized => "Specialized",
    }
}

words! {
    /// Generations of machines.
    pub enum Generation {
        /// The first.
        V1 => "V1",
        /// The second.
        V2 => "V2",
    }
}

words! {
    /// What machines an image is for.
    pub enum SecurityType {
        /// Machines without a security type.
        Standard => "Standard",
        /// Trusted Launch.
        TrustedLaunch => "TrustedLaunch",
        /// Trusted Launch, and machines without a security type.
        TrustedLaunchSupported => "TrustedLaunchSupported",
        /// Confidential machines.
        Confidential => "ConfidentialVM",
        /// Any machine.
        ConfidentialSupported => "ConfidentialVMSupported",
    }
}

words! {
    /// How a version gets to a region.
    pub enum Replication {
        /// It is copied.
        Full => "Full",
        /// It refers to its source.
        Shallow => "Shallow",
    }
}

words! {
    /// What becomes of a build machine when a step fails.
    pub enum OnError {
        /// It is deleted.
        Cleanup => "cleanup",
        /// It is kept.
        Abort => "abort",
    }
}

words! {
    /// What starts a run of an image template.
    pub enum BuildCause {
        /// Its source is another version.
        SourceImage => "SourceImage",
    }
}

words! {
    /// Steps of an image template (IB-05).
    pub enum CustomizerType {
        /// A script on Linux.
        Shell => "Shell",
        /// A script on Windows.
        PowerShell => "PowerShell",
        /// A file is copied.
        File => "File",
        /// Windows restarts.
        WindowsRestart => "WindowsRestart",
        /// Windows is updated.
        WindowsUpdate => "WindowsUpdate",
    }
}

words! {
    /// How a template numbers what it makes (IB-11).
    pub enum Scheme {
        /// One above the highest.
        Latest => "Latest",
        /// As its source.
        Source => "Source",
    }
}

words! {
    /// The rollout without which an expectation may hold.
    pub enum NoRollout {
        /// None began.
        None => "none",
    }
}

words! {
    /// What becomes of a deployment whose targets do not answer.
    pub enum Unavailable {
        /// It fails.
        Fail => "fail",
        /// It goes on without them.
        SkipAndContinue => "skipAndContinue",
    }
}

words! {
    /// Whether unhealthy targets are deployed to.
    pub enum Unhealthy {
        /// They are.
        DoNotExclude => "doNotExclude",
        /// They are not.
        Exclude => "exclude",
    }
}

words! {
    /// What happens when the step template has waited for instances for too long.
    pub enum TimeoutError {
        /// It goes on.
        Proceed => "proceed",
        /// It fails.
        Error => "error",
    }
}

words! {
    /// What becomes of a duplicate run.
    pub enum DuplicateRun {
        /// It goes on, and has nothing to deploy to.
        Proceed => "proceed",
        /// It is cancelled.
        Cancel => "cancel",
    }
}

words! {
    /// What of the values of an interval a metric keeps.
    pub enum Aggregation {
        /// Their mean.
        Average => "average",
        /// Their sum.
        Total => "total",
        /// How many there are.
        Count => "count",
        /// The least of them.
        Minimum => "minimum",
        /// The greatest of them.
        Maximum => "maximum",
    }
}

words! {
    /// What the numbers of an observation are counted in.
    pub enum ObservedUnit {
        /// Hundredths.
        Percent => "percent",
        /// A share, 0 to 1.
        Fraction => "fraction",
        /// Requests a second.
        Rps => "rps",
        /// Requests a minute.
        Rpm => "rpm",
        /// So many in each interval.
        Count => "count",
    }
}
