//! The keys of what goes wrong: impairments, which the timeline begins, and faults, which come at random.

use super::lengths::OUTAGES;
use super::*;

fields! {
    /// the process is down, and its port refuses; it hangs until the instance is restarted, and takes connections
    /// meanwhile that it never answers; the OS disk is broken until it is another one; the instance neither answers nor
    /// refuses (MT-04); its endpoints are slow, or take connections and never answer (WT-17); no packet gets to it
    /// (WT-16)
    HOW: Words<Impairment> = required("how");
    /// how much later a `slow` endpoint answers
    BY: Time = optional("by");
    /// the path that is `slow` or `unresponsive`; absent, all, and users wait for ever for what is unresponsive
    ENDPOINT: Text = optional("endpoint");
}

object! {
    /// A dependency is down for a while.
    mod dependency_down "DependencyDown" then [FOR, UNTIL];
    /// its name
    DEPENDENCY: Text = required("dependency");
}

object! {
    /// The probes of a load balancer or of one pool get no answer.
    mod block_probes "BlockProbes" then [FOR, UNTIL];
    /// all of its pools
    LOAD_BALANCER: Text = choice("loadBalancer");
    /// one pool: its name, or balancer/pool
    POOL: Text = choice("pool");
}

object! {
    /// Something happens to some instances of a set.
    mod disturb "Disturb" with [SCALE_SET, INSTANCES, HOW, BY, ENDPOINT] then [FOR, UNTIL];
}

object! {
    /// Availability zones are lost for a while: their machines are silent, nothing new is placed in them, and replicas
    /// of images on LRS storage there cannot be used (WT-12).
    mod zone_outage "ZoneOutage" then [FOR, UNTIL];
    /// the region; absent, the only one in which scale sets live
    REGION: Text = optional("region");
    /// the zones
    ZONES: SomeZones = required("zones");
    /// as one that was published, but for what the other keys say: `for`, `tail`, `share` by `zone.outage_share`, and
    /// `autoscaleSuccess` of DI-19
    PUBLISHED: Tree = optional("published", Word(&OUTAGES));
    /// this share of the machines of each zone
    SHARE: Share = default("share", 1.0);
    /// new machines can be had in the zones all the same
    ALLOCATES: Flag = default("allocates", false);
    /// how much later than its zone each machine is back
    TAIL: Length = optional("tail");
    /// the chance that an action of autoscale in the region succeeds meanwhile (DI-19)
    AUTOSCALE_SUCCESS: Share = default("autoscaleSuccess", 1.0);
}

object! {
    /// Creates, starts, deletes, reports of health and writes to balancers that begin meanwhile take longer (WT-14).
    mod slow_control_plane "SlowControlPlane" then [FOR, UNTIL];
    /// how many times as long
    FACTOR: Number<1, 100> = required("factor");
}

object! {
    /// Machines of a set that begin to boot meanwhile boot slowly, or not at all (WT-15).
    mod worse_boots "WorseBoots" with [SCALE_SET] then [FOR, UNTIL];
    /// how many times as long a boot takes
    FACTOR: Number<1, 100> = default("factor", 1.0);
    /// how many fail beside those that fail anyway
    FAILING: Share = default("failing", 0.0);
}

object! {
    /// Deletes of instances of a set that would end meanwhile fail (WT-18). The instance serves no more all the same;
    /// it is tried again where the set has resilient delete (LC-07), or else stays Failed and counts (LC-08).
    mod fail_deletes "FailDeletes" with [SCALE_SET] then [FOR, UNTIL];
    /// how many attempts fail
    FAILING: Share = default("failing", 1.0);
}

object! {
    /// A fault that comes at random, with common random numbers: every policy meets the same ones (WT-13).
    mod fault "Fault"
    then [
        ENDPOINT, zone_outage::REGION, zone_outage::SHARE, zone_outage::TAIL, zone_outage::AUTOSCALE_SUCCESS, worse_boots::FAILING,
    ];
    /// from the beginning of one to that of the next
    EVERY: Length = required("every");
    /// how long each lasts; absent, what is typical of its `host`
    FOR: Length = optional("for");
    /// the scale set whose instances or boots it hits
    IN: Text = optional("in");
    /// `one`, which is drawn, or others, as in the timeline
    INSTANCES: Instances = default("instances", Extent::One);
    /// the endpoints of the instances answer later by this
    SLOWS: Time = choice("slows");
    /// what happens to the instances, as in `disturb`
    HOW: Words<Impairment> = choice("how");
    /// what happens to the hosts of the instances, as in `maintenance`
    HOST: HostTrouble = choice("host");
    /// this dependency is down
    DEPENDENCY: Text = choice("dependency");
    /// the probes of this pool get no answer: its name, or balancer/pool
    PROBES_OF: Text = choice("probesOf");
    /// these zones are lost, as in `zoneOutage`
    ZONES: SomeZones = choice("zones");
    /// the control plane takes so many times as long
    SLOW_CONTROL_PLANE: Number<1, 100> = renamed("slowControlPlane", "controlPlane", Need::Choice);
    /// boots take so many times as long
    WORSE_BOOTS: Number<1, 100> = renamed("worseBoots", "boots", Need::Choice);
}
