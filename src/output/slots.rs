//! Instances in rows: one a slot. Who comes after another in the same place takes its row, so a fleet of 24 has 24 rows however
//! often its machines were replaced.

use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::lanes::Lane;

/// When the row of an instance is free for another: when it is being deleted, or is gone.
fn free_at(lane: &Lane) -> SimTime {
    match lane.intervals.last() {
        Some(last) if last.state == LaneState::Deleting => last.from,
        _ => lane.end.unwrap_or(SimTime::FAR),
    }
}

/// The row of each of these instances, which stand in one place, in the order of their creation: of the rows that are free the one
/// that became so last, and else a new one.
#[must_use]
pub fn slots(lanes: &[&Lane]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..lanes.len()).collect();
    order.sort_by_key(|&at| (lanes[at].created, lanes[at].instance));
    let mut free: Vec<SimTime> = Vec::new();
    let mut rows = vec![0; lanes.len()];
    for at in order {
        let lane = lanes[at];
        let able = (0..free.len()).filter(|&row| free[row] <= lane.created);
        // Of rows that became free at once the first.
        let row = able.max_by_key(|&row| (free[row], std::cmp::Reverse(row))).unwrap_or(free.len());
        if row == free.len() {
            free.push(SimTime::ZERO);
        }
        free[row] = free_at(lane);
        rows[at] = row;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::measure::lanes::{Interval, StaleWindow};
    use windtunnel_sim::world::fact::Placement;
    use windtunnel_sim::world::ids::{InstanceId, SetId};

    fn lane(ordinal: u32, from: u64, until: Option<u64>) -> Lane {
        let (from, end) = (SimTime::from_ms(from), until.map(SimTime::from_ms));
        let whole = Interval { from, until: end.unwrap_or(SimTime::from_ms(100)), state: LaneState::Serving };
        Lane {
            instance: InstanceId(ordinal),
            set: SetId(0),
            created: from,
            end,
            intervals: vec![whole],
            stale: StaleWindow::NotAsked,
            at: Placement { zone: 0, fault_domain: 0, group: 0 },
            current: None,
            images: Vec::new(),
            codes: Vec::new(),
            stood: true,
            spot: false,
            ready: None,
            first_in_rotation: None,
            pipeline_done: None,
            out: None,
            deletion: None,
        }
    }

    /// Two stand from the beginning. One goes at 10, and who comes at 12 takes its row; the other goes at 20, and who comes at
    /// 15 while both rows are taken has a third.
    #[test]
    fn a_replacement_takes_the_row_of_the_one_it_replaces() {
        let all = [lane(0, 0, Some(10)), lane(1, 0, Some(20)), lane(2, 12, None), lane(3, 15, None), lane(4, 25, None)];
        assert_eq!(slots(&all.iter().collect::<Vec<_>>()), [0, 1, 0, 2, 1]);
    }
}
