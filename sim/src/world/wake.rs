//! Wakes: "controller X, look at Y before this instant ends".

use super::World;
use super::cx::Cx;
use super::ids::{BuilderId, Entry, GatewayId, InstanceId, SetId, Unit};
use crate::azure::{
    app_health, autoscale, gateways, image_builder, instances, load_balancer, maintenance, os_upgrade, outside_probes,
    repairs, rolling_upgrade, scale_set, scheduled_events, spot, standby, zone_balance,
};
use crate::delivery::{agent_pools, environments, octopus, pipeline};
use crate::demand::{application, jobs, traffic};

/// Lets a controller look at its units: at each by itself, or at all at once.
macro_rules! look {
    (each $unit:ty, $reconcile:path, $world:ident, $cx:ident, $units:ident) => {
        for &(unit, cause) in $units {
            $reconcile($world, $cx, <$unit>::of(unit), cause);
        }
    };
    (all, $reconcile:path, $world:ident, $cx:ident, $units:ident) => {
        $reconcile($world, $cx, $units)
    };
}

/// Makes the enum of wakes, their order and the one match from wake to room of one table.
///
/// A row reads: what is looked at and why, variant, how its units are handed over (each by itself, and what it is then, or
/// all at once), who looks; and why it looks at its place in the order.
macro_rules! wakes {
    ($($(#[doc = $doc:literal])+ $name:ident = $how:ident $($unit:ty)? => $reconcile:path, $reason:literal;)+) => {
        /// A controller that can be woken, by its place in [`Wake::ORDER`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Wake { $($(#[doc = $doc])+ #[doc = ""] #[doc = $reason] $name),+ }

        impl Wake {
            /// The order in which woken controllers run at the end of a round.
            pub const ORDER: [Self; [$($reason),+].len()] = [$(Self::$name),+];
        }

        impl World {
            /// Lets a woken controller look at its units.
            pub(super) fn reconcile(&mut self, cx: &mut Cx<'_>, wake: Wake, units: &[(u32, Entry)]) {
                match wake { $(Wake::$name => look!($how $($unit)?, $reconcile, self, cx, units)),+ }
            }
        }
    };
}

// The order of the rows is that in which controllers run: the first looks first at the end of a round.
wakes! {
    /// An image template: is what its run distributes complete?
    ImageBuilder = each BuilderId => image_builder::reconcile,
        "Ends its runs; what they published stands already.";
    /// An instance: may its create go on?
    Instances = each InstanceId => instances::reconcile,
        "A create that waited begins before its set counts.";
    /// A scale set: has the operation reached its count?
    ScaleSet = all => scale_set::reconcile,
        "Surplus instances go before anyone looks at them.";
    /// An instance: is its guest to be notified?
    ScheduledEvents = each InstanceId => scheduled_events::reconcile,
        "An instance that is to be deleted is notified.";
    /// An instance: does it hold a slot, and is it evicted now?
    Spot = each InstanceId => spot::reconcile,
        "Evicts when the notice is over.";
    /// An instance: is it its turn?
    Maintenance = each InstanceId => maintenance::reconcile,
        "Begins when the notice is over.";
    /// An instance: what would it do with a request now?
    Application = each InstanceId => application::reconcile,
        "The truth, which all below observe.";
    /// An instance: is it an agent of its pool, and idle?
    AgentPools = each InstanceId => agent_pools::reconcile,
        "Who is online, before work is given out.";
    /// An instance: does it work?
    Jobs = each InstanceId => jobs::reconcile,
        "Work goes to who serves, and may end a deletion that waited for it.";
    /// An instance: would its probes be answered otherwise now?
    LoadBalancer = each InstanceId => load_balancer::reconcile,
        "Who may get requests, as seen from the truth just settled.";
    /// An instance: would its health extension be answered otherwise now, or is it frozen?
    AppHealth = each InstanceId => app_health::reconcile,
        "Sees the same truth, and changes nothing that anyone above looks at.";
    /// An instance: does the probe that is its health source say otherwise now?
    HealthProbe = each InstanceId => app_health::reconcile_probe,
        "What the balancer's probes say, once that is settled.";
    /// An instance: is it a step further in the upgrade of its set?
    RollingUpgrade = each InstanceId => rolling_upgrade::reconcile,
        "Looks at health, once that is settled.";
    /// A scale set: is its OS image to be upgraded?
    OsUpgrade = each SetId => os_upgrade::reconcile,
        "Begins upgrades, once those that ran have ended.";
    /// A scale set: do its repairs run?
    RepairsService = each SetId => repairs::reconcile_service,
        "Whether repairs run, before anyone is looked at.";
    /// An instance: is it in trouble, and is its repair a step further?
    Repairs = each InstanceId => repairs::reconcile,
        "Looks at health, and at upgrades, once both are settled.";
    /// An instance: does a pipeline notice it?
    Pipeline = each InstanceId => pipeline::reconcile,
        "Reacts to instances; changes no rotation at this instant.";
    /// An instance: is it to be a deployment target, and does what runs on it go on?
    Octopus = each InstanceId => octopus::reconcile,
        "Reacts to instances, as pipelines do.";
    /// An instance: is it a target of an environment?
    Environments = each InstanceId => environments::reconcile,
        "Registers machines, as pipelines notice them.";
    /// A scale set: something was asked of it, after which its zones are left alone for a while.
    ZoneWrite = each SetId => zone_balance::reconcile_write,
        "Sees what all others did to the set.";
    /// A scale set: is the move of a machine to another zone a step further?
    ZoneBalance = each SetId => zone_balance::reconcile,
        "Looks at health, and gives way to what was asked.";
    /// A scale set: has its standby pool as many machines as it is to have?
    Standby = each SetId => standby::reconcile,
        "Refills when everybody else has taken and given back.";
    /// An instance: would the probes from outside that lead to it be answered otherwise now?
    OutsideProbes = all => outside_probes::reconcile,
        "What is seen from outside, once rotations are settled.";
    /// An instance: how do its pools serve their users now?
    Traffic = all => traffic::reconcile,
        "Users meet what all others left.";
    /// A gateway: does what is led to it need another count of instances?
    Gateways = each GatewayId => gateways::reconcile,
        "What users send where, once that is settled.";
    /// The meters of autoscale, all of them: who runs and who carries the load now?
    Autoscale = all => autoscale::reconcile,
        "Measures what all others left, and says nothing.";
}

/// The units that are to be looked at, by controller.
#[derive(Clone, Debug, Default)]
pub struct Wakes {
    lists: [List; Wake::ORDER.len()],
    /// The lists that are not empty, as bits.
    asked: u32,
}

/// Units to look at, with the entry that woke them; some of them more than once.
type List = Vec<(u32, Entry)>;

impl Wakes {
    /// Asks `wake` to look at `unit`, because of `cause`, which is none of before the last. Asking twice is asking once,
    /// for the later cause.
    #[inline]
    pub fn ask(&mut self, wake: Wake, unit: u32, cause: Entry) {
        self.asked |= 1 << wake as u32;
        let list = &mut self.lists[wake as usize];
        match list.last_mut() {
            Some(last) if last.0 == unit => last.1 = cause,
            _ => list.push((unit, cause)),
        }
    }

    /// Moves the units that `wake` is to look at into `out`, lowest first.
    #[inline]
    pub fn take(&mut self, wake: Wake, out: &mut Vec<(u32, Entry)>) {
        out.clear();
        if !self.asks(wake) {
            return;
        }
        self.asked &= !(1 << wake as u32);
        std::mem::swap(&mut self.lists[wake as usize], out);
        in_order(out);
    }

    /// Whether `wake` is to look at anything.
    #[inline]
    #[must_use]
    pub const fn asks(&self, wake: Wake) -> bool {
        self.asked & 1 << wake as u32 != 0
    }

    /// The next controller that is to look at something, from this place in [`Wake::ORDER`] on.
    #[inline]
    #[must_use]
    pub const fn next(&self, place: usize) -> Option<usize> {
        let after = self.asked >> place;
        if after == 0 { None } else { Some(place + after.trailing_zeros() as usize) }
    }

    /// Gives back what only the start of a run needs, when everybody is looked at.
    pub fn shrink(&mut self) {
        self.lists = Default::default();
    }

    /// Whether anyone is to look at anything.
    #[inline]
    #[must_use]
    pub const fn any(&self) -> bool {
        self.asked != 0
    }
}

/// Sorts the units, and leaves each once, with its later cause.
#[inline]
pub(crate) fn in_order<T: Ord>(units: &mut Vec<(T, Entry)>) {
    if units.len() > 1 {
        sort(units);
    }
}

#[inline(never)]
fn sort<T: Ord>(units: &mut Vec<(T, Entry)>) {
    // Entries rise with time, so the later cause of a unit is the greater.
    units.sort_unstable();
    units.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1 = later.1;
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asking_twice_is_asking_once() {
        let (mut wakes, mut out) = (Wakes::default(), Vec::new());
        wakes.ask(Wake::Traffic, 7, Entry(1));
        wakes.ask(Wake::Traffic, 2, Entry(2));
        wakes.ask(Wake::Traffic, 7, Entry(3));
        assert!(wakes.any());
        wakes.take(Wake::Traffic, &mut out);
        assert_eq!(out, [(2, Entry(2)), (7, Entry(3))]);
        assert!(!wakes.any());
    }
}
