//! Wakes: "controller X, look at Y before this instant ends".

use super::ids::Entry;

/// A controller that can be woken, by its place in [`Wake::ORDER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// An image template: is what its run distributes complete?
    ImageBuilder,
    /// An instance: may its create go on?
    Instances,
    /// A scale set: has the operation reached its count?
    ScaleSet,
    /// An instance: is its guest to be told something?
    ScheduledEvents,
    /// An instance: does it hold a slot, and is it evicted now?
    Spot,
    /// An instance: is it its turn?
    Maintenance,
    /// An instance: what would it do with a request now?
    Application,
    /// An instance: does it work?
    Jobs,
    /// An instance: would its probes be answered otherwise now?
    LoadBalancer,
    /// An instance: would its health extension be answered otherwise now, or is it frozen?
    AppHealth,
    /// An instance: does the probe that is its health source say otherwise now?
    HealthProbe,
    /// An instance: is it a step further in the upgrade of its set?
    RollingUpgrade,
    /// A scale set: is its OS image to be upgraded?
    OsUpgrade,
    /// A scale set: do its repairs run?
    RepairsService,
    /// An instance: is it in trouble, and is its repair a step further?
    Repairs,
    /// An instance: does a pipeline notice it?
    Pipeline,
    /// A scale set: something was asked of it, after which its zones are left alone for a while.
    ZoneWrite,
    /// A scale set: is the move of a machine to another zone a step further?
    ZoneBalance,
    /// A scale set: has its standby pool as many machines as it is to have?
    Standby,
    /// An instance: how do its pools serve their users now?
    Traffic,
    /// The meters of autoscale, all of them: who runs and who carries the load now?
    Autoscale,
}

impl Wake {
    /// The order in which woken controllers run at the end of a round. Each line has its reason.
    pub const ORDER: [Self; 21] = [
        Self::ImageBuilder,    // ends its runs; what they published stands already
        Self::Instances,       // a create that waited begins before its set counts
        Self::ScaleSet,        // surplus instances go before anyone looks at them
        Self::ScheduledEvents, // whoever is to be deleted is told
        Self::Spot,            // evicts when the notice is over
        Self::Maintenance,     // begins when the notice is over
        Self::Application,     // the truth, which all below observe
        Self::Jobs,            // work goes to who serves, and may end a deletion that waited for it
        Self::LoadBalancer,    // who may get requests, as seen from the truth just settled
        Self::AppHealth,       // sees the same truth, and changes nothing that anyone above looks at
        Self::HealthProbe,     // what the balancer's probes say, once that is settled
        Self::RollingUpgrade,  // looks at health, once that is settled
        Self::OsUpgrade,       // begins upgrades, once those that ran have ended
        Self::RepairsService,  // whether repairs run, before anyone is looked at
        Self::Repairs,         // looks at health, and at upgrades, once both are settled
        Self::Pipeline,        // reacts to instances; changes no rotation at this instant
        Self::ZoneWrite,       // sees what all others did to the set
        Self::ZoneBalance,     // looks at health, and gives way to what was asked
        Self::Standby,         // refills when everybody else has taken and given back
        Self::Traffic,         // users meet what all others left
        Self::Autoscale,       // measures what all others left, and says nothing
    ];
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
    pub fn take(&mut self, wake: Wake, out: &mut Vec<(u32, Entry)>) {
        out.clear();
        if !self.asks(wake) {
            return;
        }
        self.asked &= !(1 << wake as u32);
        std::mem::swap(&mut self.lists[wake as usize], out);
        if out.len() > 1 {
            // Entries rise with time, so the later cause of a unit is the greater.
            out.sort_unstable();
            out.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    earlier.1 = later.1;
                }
                same
            });
        }
    }

    /// Whether `wake` is to look at anything.
    #[inline]
    #[must_use]
    pub const fn asks(&self, wake: Wake) -> bool {
        self.asked & 1 << wake as u32 != 0
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_variants_so_that_a_list_is_found_by_its_number() {
        for (place, wake) in Wake::ORDER.into_iter().enumerate() {
            assert_eq!(wake as usize, place);
        }
    }

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
