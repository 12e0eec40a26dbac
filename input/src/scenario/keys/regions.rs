//! The keys of regions.

use super::*;

object! {
    /// What is known of a region.
    mod region "Region";
    /// how many cores may be in use here, in all or by kind (AL-05); no limit where absent
    QUOTA: Tree = optional("quota", Either(&[Cores::KIND, quota::MAPPING]));
    /// the phase in which new platform images reach it (OS-10); where any region has one, the others come after the
    /// last
    PHASE: Whole<u32, 1, 1000> = optional("phase");
    /// most fault domains a Flexible set can have here (FD-06)
    FAULT_DOMAINS: Whole<u8, 1, 5> = or_assumption("faultDomains", key::CapacityFaultDomainsRegional);
    /// in how many fault domains there is room (FD-03); all if absent
    DOMAINS_WITH_ROOM: Whole<u8, 1, 5> = optional("domainsWithRoom");
    /// how many instances each zone can still take; "0" is a regional set
    FREE: Tree = optional("free", MapOf(Names::Zones, &Integer(0, u32::MAX as i64)));
}

object! {
    /// How many cores the subscription may use in a region; no limit where a key is absent.
    mod quota "Quota";
    /// of all regular instances together
    TOTAL: Cores = optional("total");
    /// of all Spot instances together (SP-15)
    SPOT: Cores = optional("spot");
    /// of the regular instances of a size family, as `Dasv5` or `standardDASv5Family`
    FAMILIES: Tree = optional("families", MapOf(Names::Of("size family, `Dasv5`,"), &Cores::KIND));
}
