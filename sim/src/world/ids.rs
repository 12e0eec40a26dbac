//! Ids: indices into tables, typed so that one is never taken for another. An id is never reused within a run.

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident($repr:ty);)+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $repr);

        impl $name {
            /// The index into the table.
            #[inline]
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl Unit for $name {
            #[inline]
            fn of(unit: u32) -> Self {
                Self(unit as $repr)
            }
        }
    )+ };
}

/// What a controller is woken for: wakes hold the bare number of its id.
pub(super) trait Unit {
    /// The id with this number.
    fn of(unit: u32) -> Self;
}

ids! {
    /// A virtual machine, by order of creation over the whole fleet.
    InstanceId(u32);
    /// A scale set, by its place in the plan.
    SetId(u16);
    /// A backend pool as one probe sees it, by its place in the plan.
    PoolId(u16);
    /// Where requests arrive, by its place in the plan.
    EntryPointId(u16);
    /// An instance's membership of a pool, by order of joining.
    MemberId(u32);
    /// A pipeline, by its place in the plan.
    PipelineId(u16);
    /// A project of Octopus, by its place in the plan.
    ProjectId(u16);
    /// An entry of the timeline, by its place in the plan.
    ActionId(u32);
    /// A random fault, by its place in the plan.
    FaultId(u16);
    /// A version of an image, by its place in the plan.
    ImageId(u16);
    /// A definition of images, by its place in the plan.
    DefinitionId(u16);
    /// A region, by its place in the plan.
    RegionId(u16);
    /// An image template, by its place in the plan.
    BuilderId(u16);
    /// An autoscale setting, by its place in the plan.
    AutoscaleId(u16);
    /// A pool of agents, by its place in the plan.
    AgentPoolId(u16);
    /// A gateway whose count of instances moves, by its place in the plan.
    GatewayId(u16);
    /// A profile of Traffic Manager, by its place in the plan.
    ProfileId(u16);
    /// A route of Front Door, by its place in the plan.
    FrontDoorId(u16);
    /// What is probed from outside: the endpoints of all profiles, one profile after the other, and then the origins of all routes.
    TargetId(u16);
}

/// The number of an entry of the ledger, from 1; 0 stands for "no entry".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry(pub u32);

impl Entry {
    /// No entry: what has no cause within the run.
    pub const NONE: Self = Self(0);
}
