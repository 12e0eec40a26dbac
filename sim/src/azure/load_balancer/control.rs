//! Writes to the control plane, from when they are made until they take effect.

use super::members::{is_wanted, member};
use super::{delist, enlist, gateway, led, parked, rotation, written};
use crate::engine::queue::Key;
use crate::engine::time::{SimDuration, SimTime};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::AdminState;
use crate::world::ids::{ActionId, Entry, EntryPointId, InstanceId, MemberId, PoolId};

/// A write to the control plane takes effect.
#[derive(Clone, Copy, Debug)]
pub enum ControlEvent {
    /// An admin state.
    Admin {
        /// The backend.
        member: MemberId,
        /// The state.
        to: AdminState,
        /// The entry that asked for it.
        cause: Entry,
    },
    /// A network interface is in the pool.
    Join {
        /// The instance.
        instance: InstanceId,
        /// The pool.
        pool: PoolId,
        /// The entry that created it.
        cause: Entry,
    },
    /// The machine of an instance is stopped, and its pools know.
    Park {
        /// The instance.
        instance: InstanceId,
        /// The operation by which it was stopped.
        epoch: u32,
        /// The entry of its stop.
        cause: Entry,
    },
    /// A gateway knows that an instance is gone, or a pool that its model has it in another one.
    Deregister {
        /// The backend.
        member: MemberId,
        /// The entry that removed it.
        cause: Entry,
    },
    /// The drain after an update of a gateway is over.
    Outlive {
        /// The listener, or the part of one, whose old connections end.
        entry_point: EntryPointId,
        /// How long the drain was.
        length: SimDuration,
        /// The entry of the update.
        cause: Entry,
    },
    /// A balancer is as was written.
    Write {
        /// The act that wrote it.
        action: ActionId,
    },
    /// A gateway that was being written leads an entry point elsewhere.
    Lead {
        /// The act that wrote it.
        action: ActionId,
        /// Which of its changes.
        change: u16,
        /// The entry by which it ceased to answer.
        cause: Entry,
    },
    /// A network interface is out of all its pools of load balancers.
    Leave {
        /// The instance.
        instance: InstanceId,
        /// The entry that removed it.
        cause: Entry,
    },
}

impl ControlEvent {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Admin { member, cause, .. } => Key::new(time, class, member.0, 0, cause.0),
            Self::Join { instance, pool, .. } => Key::new(time, class, instance.0, 1, pool.0.into()),
            Self::Leave { instance, .. } => Key::new(time, class, instance.0, 2, 0),
            Self::Park { instance, epoch, .. } => Key::new(time, class, instance.0, 3, epoch),
            Self::Deregister { member, cause } => Key::new(time, class, member.0, 4, cause.0),
            Self::Write { action } => Key::new(time, class, action.0, 5, 0),
            Self::Outlive { entry_point, cause, .. } => Key::new(time, class, entry_point.0.into(), 6, cause.0),
            Self::Lead { action, change, .. } => Key::new(time, class, action.0, 7, change.into()),
        }
    }
}

/// A write to the control plane takes effect.
pub fn handle_control(world: &mut World, cx: &mut Cx<'_>, event: ControlEvent) {
    match event {
        ControlEvent::Admin { member, to, cause } => rotation::set_admin(world, cx, member, to, cause),
        ControlEvent::Join { instance, pool, cause } => {
            if is_wanted(world, cx, instance, pool) && member(world, instance, pool).is_none() {
                enlist(world, cx, instance, pool, cause);
            }
        }
        ControlEvent::Leave { instance, cause } => delist(world, cx, instance, cause),
        ControlEvent::Deregister { member, cause } => {
            let row = &mut world.load_balancer.members[member.index()];
            let (instance, pool) = (row.instance, row.pool);
            if !is_wanted(world, cx, instance, pool) {
                gateway::deregistered(world, cx, member, cause);
            } else if std::mem::take(&mut world.load_balancer.members[member.index()].draining) {
                // Its model has it in the pool again.
                rotation::settle(world, cx, member, cause);
            }
        }
        ControlEvent::Outlive { entry_point, length, cause } => {
            gateway::end_what_outlived(cx, entry_point, length, cause);
        }
        ControlEvent::Write { action } => written::take_effect(world, cx, action),
        ControlEvent::Lead { action, change, cause } => led::goes_on(world, cx, action, change, cause),
        ControlEvent::Park { instance, epoch, cause } => parked::due(world, cx, instance, epoch, cause),
    }
}
