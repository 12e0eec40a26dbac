//! What an application answers, and when.

use super::{Code, Number};
use crate::engine::time::SimDuration;

/// A path and its answers; the first clause that holds is given, and where none holds the port refuses.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `/healthz`; empty for the bare port.
    pub path: String,
    /// Clauses, first match wins.
    pub clauses: Vec<Clause>,
}

/// When these needs are met, this is the answer.
#[derive(Clone, Copy, Debug)]
pub struct Clause {
    /// What must hold.
    pub when: Needs,
    /// What is answered then.
    pub answer: Answer,
}

/// What must hold of an instance, all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The process is up.
    pub process: bool,
    /// The warm-up is over.
    pub warm: bool,
    /// The code is at least what users need now.
    pub current: bool,
    /// The code is at least this.
    pub code: Option<Code>,
    /// These dependencies are up and the image can reach them.
    pub dependencies: u32,
    /// It is one of these, an index into [`Application::groups`].
    pub instances: Option<u16>,
    /// It drains, because of an event that it saw.
    pub draining: bool,
    /// It is one of those, an index into [`Application::who`].
    pub who: Option<u16>,
}

impl Needs {
    /// That the process runs, and nothing else.
    pub const PROCESS: Self = Self {
        process: true,
        warm: false,
        current: false,
        code: None,
        dependencies: 0,
        instances: None,
        draining: false,
        who: None,
    };
}

/// Who is asked: an instance of which all of this holds. What a query asks for is known when a scenario is read, so that an endpoint
/// with a query is one of its own here, and depends only on who is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// Its scale set is one of these; any where absent.
    pub sets: Option<Vec<String>>,
    /// Its zone is one of these; any where absent.
    pub zones: Option<Vec<u8>>,
    /// It runs an image of this definition; of any where absent.
    pub image: Option<String>,
    /// It runs an image of this number; of any where absent.
    pub version: Option<Number>,
    /// It runs exactly this code; any where absent.
    pub code: Option<Code>,
}

/// What an endpoint says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What kind of answer.
    pub kind: AnswerKind,
    /// How long it takes, beyond the latency of an immediate answer.
    pub after: SimDuration,
    /// What its body says. The health extension reads its state, and the probe of a gateway its text.
    pub body: Body,
}

/// What the body of an answer says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// `ApplicationHealthState`, where the body has it.
    pub state: Option<HealthWord>,
    /// What `customMetrics` says of rolling upgrades, where the body has it (HD-35).
    pub rolling: Option<RollingMetrics>,
    /// `customMetrics` is an object and not a string, so that the body cannot be read (HD-36).
    pub metrics_object: bool,
    /// All of it, an index into [`Application::texts`]; `None` where the scenario does not say.
    pub text: Option<u16>,
}

/// What `customMetrics` says of rolling upgrades (HD-35, HD-38, RU-23).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RollingMetrics {
    /// `PhaseOrderingNumber`; none is the last phase.
    pub phase: Option<u32>,
    /// `SkipUpgrade`.
    pub skip: bool,
}

/// The value of `ApplicationHealthState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthWord {
    /// Just `Healthy` or `Unhealthy`.
    Exact(Said),
    /// The same in another case, which the extension does not take (HD-23).
    OtherCase(Said),
    /// Anything else, `Initializing` and `Unknown` among it (HD-23).
    Other,
}

/// What an application can say of its health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// `Healthy`.
    Healthy,
    /// `Unhealthy`.
    Unhealthy,
}

/// The kinds of answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// An HTTP status (on the bare port: accepted).
    Status(u16),
    /// The connection is refused.
    Refused,
    /// Nothing comes back.
    Silent,
}
