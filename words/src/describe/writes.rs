//! What becomes of writes and of steps in sequence, in words.

use super::Names;
use crate::clock::spoken;
use windtunnel_sim::plan::Act;
use windtunnel_sim::world::fact::{Flows, WriteFact};

/// It as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &WriteFact) -> String {
    match *fact {
        WriteFact::Returned { .. } => format!("the write {who} returns"),
        WriteFact::ProbeWritten { .. } => format!("the balancer probes {who} as was written"),
        WriteFact::SettingWritten { .. } => format!("the gateway waits for {who}, and drains it, as was written"),
        WriteFact::Led { pool, flows: Flows::Kept, .. } => format!("{who} leads to {}", names.pool(pool)),
        WriteFact::Led { pool, flows: Flows::Cut, .. } => {
            format!("{who} leads to {}, and what was open is cut off", names.pool(pool))
        }
        WriteFact::Off { flows: Flows::Kept, .. } => format!("{who} answers nobody"),
        WriteFact::Off { flows: Flows::Cut, .. } => {
            format!("{who} answers nobody, and what was open is cut off")
        }
        WriteFact::Closed { entry_point, pool, .. } => {
            format!("the last connections of {} to {who} in {} close", names.entry_point(entry_point), names.pool(pool))
        }
        WriteFact::ProbesEnded { pool, .. } => format!("{} does not probe {who} any more", names.pool(pool)),
        WriteFact::Died { done: 0, .. } => format!("whoever runs the steps of {who} dies before the first"),
        WriteFact::Died { done, steps, .. } => {
            format!("whoever runs the steps of {who} dies after {done} of {steps}: the rest is not done")
        }
        WriteFact::Refused { refusal, .. } => {
            let refusal = names.refusal(refusal);
            let code = refusal.code.map(|code| format!("{code}: ")).unwrap_or_default();
            format!("Azure refuses the write {who}: {code}{}", refusal.text.trim_end_matches('.'))
        }
    }
}

/// What a write, steps or a pause do.
pub fn act(act: &Act) -> String {
    match act {
        Act::Write(write) => format!("write {}", write.resource),
        Act::Steps(steps) if steps.count == 1 => "do one step".to_owned(),
        Act::Steps(steps) => format!("do {} steps one after another", steps.count),
        Act::Wait(length) => format!("wait for {}", spoken(*length)),
        _ => String::new(),
    }
}
