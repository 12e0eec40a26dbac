//! What happens to the connections of clients.

use crate::world::ids::{InstanceId, PoolId};

/// What happened to connections.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum FlowFact {
    /// The clients of a pool with affinity are mapped to its backends anew.
    Remapped { pool: PoolId },
    /// The connections to a backend hang: nobody answers on them, and nobody ends them.
    Hung { instance: InstanceId, pool: PoolId },
    /// The connections that hung go on.
    Resumed { instance: InstanceId, pool: PoolId },
    /// The machine is back, knows nothing of the connections that hung, and resets them.
    Reset { instance: InstanceId, pool: PoolId },
}

impl FlowFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::Hung { instance, .. } | Self::Resumed { instance, .. } | Self::Reset { instance, .. } => {
                Some(instance)
            }
            Self::Remapped { .. } => None,
        }
    }

    /// The pool it concerns.
    #[must_use]
    pub const fn pool(&self) -> PoolId {
        match *self {
            Self::Remapped { pool }
            | Self::Hung { pool, .. }
            | Self::Resumed { pool, .. }
            | Self::Reset { pool, .. } => pool,
        }
    }

    /// The words of the digest; the kinds are 201 to 204.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::Remapped { pool } => [201, pool.0 as u64, 0],
            Self::Hung { instance, pool } => [202, instance.0 as u64, pool.0 as u64],
            Self::Resumed { instance, pool } => [203, instance.0 as u64, pool.0 as u64],
            Self::Reset { instance, pool } => [204, instance.0 as u64, pool.0 as u64],
        }
    }
}
