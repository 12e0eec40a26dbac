//! The pending events, in the canonical order of their keys.
//!
//! The key (time, class, entity, kind, epoch) is packed into 128 bits and is unique within a round, so that the order of
//! events never depends on when one was queued. There is no insertion number and no peek. Events put at the current
//! instant form its next round.

use super::time::SimTime;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The canonical key of an event: time in 48 bits, class and kind in 8 each, entity and epoch in 32 each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key(u128);

impl Key {
    /// The key of the event of `kind`, set under `epoch` for `entity`, that is due at `time`.
    #[inline]
    #[must_use]
    pub const fn new(time: SimTime, class: u8, entity: u32, kind: u8, epoch: u32) -> Self {
        Self(
            (time.ms() as u128) << 80
                | (class as u128) << 72
                | (entity as u128) << 40
                | (kind as u128) << 32
                | epoch as u128,
        )
    }

    /// The class of the event.
    #[inline]
    #[must_use]
    pub const fn class(self) -> u8 {
        (self.0 >> 72) as u8
    }

    /// When the event is due.
    #[inline]
    #[must_use]
    pub const fn time(self) -> SimTime {
        SimTime::from_ms((self.0 >> 80) as u64)
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    key: Key,
    event: E,
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<E> Eq for Entry<E> {}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Entry<E> {
    /// Reversed: the heap's greatest is the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

/// How many of the earliest events are kept sorted.
const FRONT_MAX: usize = 64;
/// How many of them are taken from the heap at once.
const FRONT_FILL: usize = FRONT_MAX / 2;

/// Among fewer than this, the place of another is found soonest by looking at one after the other.
const FRONT_SHORT: usize = 16;

/// The pending events.
///
/// The earliest are kept in a short sorted list and the rest in a heap: a fleet without trouble has a dozen events
/// pending, and to put one among a dozen costs less than to sift it through a heap.
#[derive(Clone, Debug)]
pub struct Queue<E> {
    /// The earliest of what is due later, or now in the first round of the instant; latest first. None of the heap is
    /// earlier than any of these.
    front: Vec<Entry<E>>,
    /// What is due after that.
    heap: BinaryHeap<Entry<E>>,
    /// A later round, latest first, so that the next one is at the end.
    round: Vec<Entry<E>>,
    /// What was put at the current instant: its next round.
    next_round: Vec<Entry<E>>,
    now: SimTime,
    /// Where the order in which events were put is shuffled: the state of a generator.
    shuffle: Option<u64>,
}

impl<E: Copy> Default for Queue<E> {
    fn default() -> Self {
        Self {
            front: Vec::with_capacity(FRONT_MAX),
            heap: BinaryHeap::new(),
            round: Vec::new(),
            next_round: Vec::new(),
            now: SimTime::ZERO,
            shuffle: None,
        }
    }
}

impl<E: Copy> Queue<E> {
    /// From here on builds the heap anew at every instant, and every round, from its events in a random order. Nothing may
    /// depend on the order in which events were put, since no two have the same key; `verify` shows that nothing does.
    pub fn shuffle(&mut self, seed: u64) {
        self.shuffle = Some(seed);
    }

    /// Shuffles what is pending, if it is to be (Fisher and Yates, over SplitMix64: no draw of a run comes from it).
    #[inline]
    fn disturb(&mut self) {
        if let Some(state) = self.shuffle {
            self.shuffle = Some(self.disturbed(state));
        }
    }

    /// The same from this state on; gives the next one.
    #[cold]
    fn disturbed(&mut self, mut state: u64) -> u64 {
        let mut pick = |below: usize| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ (mixed >> 31)) % below as u64) as usize
        };
        let mut heap = std::mem::take(&mut self.heap).into_vec();
        heap.append(&mut self.front);
        for list in [&mut heap, &mut self.next_round] {
            for at in (1..list.len()).rev() {
                list.swap(at, pick(at + 1));
            }
        }
        self.heap = heap.into_iter().collect();
        state
    }

    /// Adds an event.
    ///
    /// # Panics
    /// If the key lies in the past.
    pub fn put(&mut self, key: Key, event: E) {
        let time = key.time();
        assert!(time >= self.now, "an event was put at {time}, before now ({})", self.now);
        if time == self.now {
            self.next_round.push(Entry { key, event });
        } else if self.heap.is_empty() && self.front.len() < FRONT_SHORT {
            let place = self.front.iter().rposition(|other| other.key > key).map_or(0, |later| later + 1);
            self.front.insert(place, Entry { key, event });
        } else {
            self.put_among_many(Entry { key, event });
        }
    }

    #[inline(never)]
    fn put_among_many(&mut self, entry: Entry<E>) {
        if self.heap.peek().is_some_and(|least| entry.key > least.key) {
            self.heap.push(entry);
            return;
        }
        if self.front.len() == FRONT_MAX {
            // The later half makes room, so that it is not made one by one.
            self.heap.extend(self.front.drain(..FRONT_MAX - FRONT_FILL));
            if self.heap.peek().is_some_and(|least| entry.key > least.key) {
                self.heap.push(entry);
                return;
            }
        }
        let place = self.front.partition_point(|other| other.key > entry.key);
        self.front.insert(place, entry);
    }

    /// The earliest event that is not of a later round.
    #[inline]
    fn earliest(&mut self) -> Option<&Entry<E>> {
        if self.front.is_empty() {
            self.fill_front();
        }
        self.front.last()
    }

    fn fill_front(&mut self) {
        self.front.extend(std::iter::from_fn(|| self.heap.pop()).take(FRONT_FILL));
        self.front.reverse();
    }

    /// Whether this round has an event that was not taken yet.
    #[inline]
    pub fn is_due(&mut self) -> bool {
        let now = self.now;
        !self.round.is_empty() || self.earliest().is_some_and(|first| first.key.time() == now)
    }

    /// Takes the next event of this round, which has one. Whether it has is asked before: an event in an option is copied in
    /// pieces, since its tag says whether there is one, and the processor waits until they can be read as a whole.
    ///
    /// # Panics
    /// If two events of one round have the same key: their order would be nobody's choice.
    #[inline]
    pub fn take(&mut self) -> (Key, E) {
        let is_first = self.round.is_empty();
        let list = if is_first { &mut self.front } else { &mut self.round };
        let Entry { key, event } = list[list.len() - 1];
        list.truncate(list.len() - 1);
        let next = if is_first { self.earliest() } else { self.round.last() };
        assert!(next.is_none_or(|next| next.key != key), "two events of one round have the same key {key:?}");
        (key, event)
    }

    /// Begins the next round of this instant; false if nothing was put at it.
    #[inline]
    pub fn next_round(&mut self) -> bool {
        debug_assert!(self.round.is_empty(), "a round ends before the next begins");
        self.disturb();
        if self.next_round.is_empty() {
            return false;
        }
        std::mem::swap(&mut self.round, &mut self.next_round);
        self.round.sort_unstable();
        true
    }

    /// Moves on to the earliest instant that has an event, and begins its first round.
    pub fn advance(&mut self) -> Option<SimTime> {
        self.advance_until(SimTime::FAR)
    }

    /// The same, but stays where it is if that instant lies after `until`.
    #[inline]
    pub fn advance_until(&mut self, until: SimTime) -> Option<SimTime> {
        debug_assert!(self.round.is_empty() && self.next_round.is_empty(), "an instant ends before the next begins");
        self.disturb();
        let time = self.earliest()?.key.time();
        if time > until {
            return None;
        }
        debug_assert!(time > self.now || self.now == SimTime::ZERO, "an instant ends before the next begins");
        self.now = time;
        Some(time)
    }

    /// How many events are pending.
    #[must_use]
    pub fn len(&self) -> usize {
        self.front.len() + self.heap.len() + self.round.len() + self.next_round.len()
    }

    /// Whether nothing is pending.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(ms: u64, class: u8, entity: u32) -> Key {
        Key::new(SimTime::from_ms(ms), class, entity, 0, 0)
    }

    #[test]
    fn order_does_not_depend_on_insertion() {
        let keys = [key(5, 1, 9), key(5, 0, 3), key(2, 7, 1), key(5, 1, 2)];
        let drain = |order: &[usize]| {
            let mut queue = Queue::default();
            for &i in order {
                queue.put(keys[i], i);
            }
            let mut out = Vec::new();
            while queue.advance().is_some() {
                while queue.is_due() {
                    out.push(queue.take().1);
                }
            }
            out
        };
        assert_eq!(drain(&[0, 1, 2, 3]), [2, 1, 3, 0]);
        assert_eq!(drain(&[3, 2, 1, 0]), [2, 1, 3, 0]);
    }

    #[test]
    fn a_shuffled_queue_gives_the_same_order() {
        let drain = |shuffle: Option<u64>| {
            let mut queue = Queue::default();
            if let Some(seed) = shuffle {
                queue.shuffle(seed);
            }
            for i in 0..60 {
                queue.put(key(1 + u64::from(i * 7 % 5), (i % 3) as u8, i), i);
            }
            let mut out = Vec::new();
            while queue.advance().is_some() {
                loop {
                    while queue.is_due() {
                        let (key, i) = queue.take();
                        out.push(i);
                        // Each event of the first kind puts another at its own instant.
                        if i < 20 {
                            queue.put(self::key(key.time().ms(), 1, i), 100 + i);
                        }
                    }
                    if !queue.next_round() {
                        break;
                    }
                }
            }
            out
        };
        assert_eq!(drain(None).len(), 80);
        for seed in 0..20 {
            assert_eq!(drain(Some(seed)), drain(None), "seed {seed}");
        }
    }

    #[test]
    fn what_is_put_at_this_instant_is_its_next_round() {
        let mut queue = Queue::default();
        queue.put(key(5, 3, 0), "first");
        queue.put(key(5, 4, 0), "second");
        queue.advance();
        assert_eq!(queue.take().1, "first");
        queue.put(key(5, 0, 0), "later, though its class comes first");
        assert_eq!(queue.take().1, "second");
        assert!(!queue.is_due());
        assert!(queue.next_round());
        assert_eq!(queue.take().1, "later, though its class comes first");
        assert!(!queue.next_round());
    }

    #[test]
    #[should_panic(expected = "the same key")]
    fn equal_keys_are_refused() {
        let mut queue = Queue::default();
        queue.put(key(5, 0, 0), 1);
        queue.put(key(5, 0, 0), 2);
        queue.advance();
        queue.take();
    }

    #[test]
    #[should_panic(expected = "before now")]
    fn the_past_is_refused() {
        let mut queue = Queue::default();
        queue.put(key(5, 0, 0), 1);
        queue.advance();
        queue.put(key(4, 0, 0), 2);
    }
}
