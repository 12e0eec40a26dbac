//! What goes wrong in the world outside, and which quota a request would exceed.

use super::field::{Field, Pack, Packed};
use super::row::facts;
use crate::engine::time::SimDuration;
use crate::world::ids::{FaultId, InstanceId, RegionId, SetId};

/// A quota of a subscription in a region (AL-05, SP-15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaPool {
    /// Of all regular cores.
    Total,
    /// Of a size family, by its place among the quotas of the region.
    Family(u16),
    /// Of all Spot cores.
    Spot,
}

impl Packed for QuotaPool {
    fn pack(self, into: &mut Pack<'_>) {
        match self {
            Self::Total => 0_u8.pack(into),
            Self::Spot => 1_u8.pack(into),
            Self::Family(family) => {
                2_u8.pack(into);
                family.pack(into);
            }
        }
    }
}

facts! {
    /// What went wrong in the world outside.
    FaultFact:

    /// An availability zone is lost.
    220 "zoneLost" ZoneLost { region: RegionId => subject, zone: u8 } in Timeline Begin "zone" Bad;
    /// It is back.
    221 "zoneBack" ZoneBack { region: RegionId => subject, zone: u8 } in Timeline End "zone" Bad;
    /// A fault came at random.
    222 "faultStarted" Started {
        fault: FaultId => subject, nth: u32 => ["number" = Field::from(nth + 1), "what" = Field::FaultAct(fault)],
    } in Timeline Begin "fault" Bad;
    /// It passed.
    223 "faultEnded" Ended { fault: FaultId => subject, nth: u32 => ["number" = Field::from(nth + 1)] }
        in Timeline End "fault" Bad;
    /// The endpoints of an instance, or one, answer later by this much; by nothing, if it is over.
    224 "endpointSlowed" Slowed {
        instance: InstanceId => subject, by: SimDuration,
        endpoint: Option<u16> => ["endpoint" = Field::Endpoint(endpoint)],
    };
    /// They never answer.
    225 "endpointSilent" Silenced {
        instance: InstanceId => subject, endpoint: Option<u16> => ["endpoint" = Field::Endpoint(endpoint)],
    };
    /// They answer again.
    226 "endpointAnswers" Answers {
        instance: InstanceId => subject, endpoint: Option<u16> => ["endpoint" = Field::Endpoint(endpoint)],
    };
    /// No packet gets to an instance.
    227 "cutOff" CutOff { instance: InstanceId => subject };
    /// Packets get to it again.
    228 "reached" Reached { instance: InstanceId => subject };
    /// The process of an instance hangs: it takes connections and never answers.
    61 "processHung" Hung { instance: InstanceId => subject };
    /// It goes on by itself.
    62 "processResumed" Resumed { instance: InstanceId => subject };
    /// The control plane takes so many percent of its usual time from now on.
    229 "controlPlaneSlowed" ControlPlaneSlowed for "control plane" { percent: u32 }
        in Timeline Tick "control plane" Wait;
    /// The boots of a set take so many percent of their usual time, and so many in a thousand of them fail.
    240 "bootsChanged" BootsChanged { set: SetId => subject, percent: u32, failing: u32 => "failingPermille" }
        in Timeline Tick "boots" Wait;
    /// So many in a thousand of the deletes of a set fail from now on.
    241 "deletesChanged" DeletesChanged { set: SetId => subject, failing: u32 => "failingPermille" }
        in Timeline Tick "deletes" Wait;
}
