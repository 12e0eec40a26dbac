//! What happened in standby pools, and to the spread of sets over their zones.

use super::field::Field;
use super::row::facts;
use crate::words;
use crate::world::ids::{ActionId, InstanceId, SetId};

words! {
    /// Why a machine of a standby pool is there no more.
    pub enum StandbyEnd {
        /// The pool is to be smaller (SB-02).
        Shrunk = 0 => "shrunk",
        /// It did not come up (SB-07).
        Failed = 1 => "failed",
        /// It was made from an older model than the set has now (IX-05).
        Outdated = 2 => "outdated",
    }
}

words! {
    /// Why a standby pool cannot make machines.
    pub enum StandbyTrouble {
        /// There is no capacity in its zone.
        Allocation = 0 => "AllocationFailed",
        /// A quota of the subscription is used up.
        Quota = 1 => "QuotaExceeded",
        /// There is no version of the image.
        Image = 2 => "ImageNotFound",
        /// Its system or an extension failed.
        Provisioning = 3 => "ProvisioningFailed",
    }
}

words! {
    /// How the move of a machine to another zone ended (ZN-13, ZN-14).
    pub enum MoveEnd {
        /// The new machine is healthy, and the old one goes.
        Moved = 0 => "moved",
        /// The new machine was not healthy in time, and goes.
        NewUnhealthy = 1 => "notReplaced",
        /// Neither was healthy, and the old one goes.
        BothUnhealthy = 2 => "bothUnhealthy",
        /// Something else went first, and the new machine goes.
        Cancelled = 3 => "cancelled",
    }
}

facts! {
    /// What happened in standby pools, and to the spread of sets over their zones.
    PlaceFact:

    /// A machine is made for the standby pool of a set.
    246 "standbyCreated" StandbyCreated {
        set: SetId => subject, machine: u32 => ["pool" = Field::Standby(set), "machine" = Field::from(machine)],
        zone: u8,
    };
    /// It is in the state in which the pool gives machines out.
    247 "standbyReady" StandbyReady {
        set: SetId => subject, machine: u32 => ["pool" = Field::Standby(set), "machine" = Field::from(machine)],
        zone: u8,
    };
    /// It is in the set from now on, as this instance.
    248 "standbyTaken" StandbyTaken {
        set: SetId => _, machine: u32 => ["pool" = Field::Standby(set), "machine" = Field::from(machine)],
        instance: InstanceId => subject,
    } in Scaling Tick "standby" Good;
    /// It is there no more.
    249 "standbyDeleted" StandbyDeleted {
        set: SetId => subject, machine: u32 => ["pool" = Field::Standby(set), "machine" = Field::from(machine)],
        why: StandbyEnd,
    };
    /// The pool is Degraded: it makes nothing for 30 s.
    250 "standbyDegraded" StandbyDegraded { set: SetId => [subject, "pool" = Field::Standby(set)], why: StandbyTrouble }
        in Scaling Begin "standby pool" Bad;
    /// It is Healthy again.
    251 "standbyRecovered" StandbyRecovered { set: SetId => [subject, "pool" = Field::Standby(set)] }
        in Scaling End "standby pool" Bad;
    /// A new machine in another zone is to replace an instance.
    252 "zoneMoveStarted" MoveStarted { set: SetId => _, source: InstanceId => "for", new: InstanceId => subject }
        in Repairs Begin "zone balance" Work;
    /// That is over.
    253 "zoneMoveEnded" MoveEnded {
        set: SetId => _, source: InstanceId => "for", new: InstanceId => subject, how: MoveEnd,
    } in Repairs End "zone balance" LaneTone::good_if(how != MoveEnd::NewUnhealthy);
    /// A scale-in of autoscale waits for the end of a move.
    254 "scaleInHeldBack" ScaleInHeldBack { set: SetId => subject, to: u32 } in Scaling Tick "held back" Wait;
    /// The zones of a set that is strictly balanced are this far apart, by what went of itself.
    255 "zonesUneven" ZonesUneven { set: SetId => subject, by: u32 } in Scaling Tick "uneven" Wait;
    /// An instance has the size that this action gave the model; `None` for the one that the run began with.
    53 "sized" Sized {
        set: SetId => _, instance: InstanceId => subject, by: Option<ActionId> => ["size" = Field::Size(set, by)],
    };
}
