//! What became of the calls of operators on single instances.

use super::Placement;
use super::field::{Field, Fields, Pack, Packed, Shown};
use super::row::facts;
use crate::plan::PowerAct;
use crate::words;
use crate::world::ids::{InstanceId, SetId};

/// A call on instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Of the machine.
    Machine(PowerAct),
    /// `simulateEviction`.
    SimulateEviction,
    /// `manualupgrade`.
    Upgrade,
    /// A write of the protection policy.
    Protect,
}

impl Call {
    /// The act of the timeline that it is.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Machine(how) => how.word(),
            Self::SimulateEviction => "simulateEviction",
            Self::Upgrade => "upgradeInstances",
            Self::Protect => "protect",
        }
    }
}

impl Packed for Call {
    fn pack(self, into: &mut Pack<'_>) {
        let number = match self {
            Self::Machine(how) => how as u8,
            Self::SimulateEviction => 64,
            Self::Upgrade => 65,
            Self::Protect => 66,
        };
        number.pack(into);
    }
}

impl Shown for Call {
    fn show(self, name: &'static str, fields: &mut Fields) {
        fields.push((name, Field::Word(self.word())));
    }
}

words! {
    /// Why a call is refused.
    pub enum CallRefusal {
        /// No active instance has this id (OR-21).
        NoSuchInstance = 0 => "InvalidParameter",
        /// It is not a Spot instance (SP-19).
        NotSpot = 1 => "OperationNotAllowed",
        /// Its machine does not run.
        NotRunning = 2 => "OperationNotAllowed",
        /// No maintenance waits for it.
        NoMaintenance = 3 => "OperationNotAllowed",
    }
}

facts! {
    /// What became of a call.
    OperatorFact:

    /// A call on the instance of a set with this id is refused.
    63 "callRefused" Refused { set: SetId => subject, call: Call, ordinal: u32 => "id", why: CallRefusal => "error" }
        in Timeline Tick "call" Bad;
    /// A call on its set spares an instance, which is protected from that.
    64 "spared" Spared { instance: InstanceId => subject, how: PowerAct => "call" };
    /// An instance that is started is placed elsewhere than before.
    65 "placedAnew" PlacedAnew {
        instance: InstanceId => subject,
        at: Placement => ["zone" = Field::from(at.zone), "faultDomain" = Field::from(at.fault_domain)],
    };
}
