//! Connections that clients keep (LB-17, LB-21, LB-28): which share of them each backend holds, and how that moves.
//!
//! A connection lives for an exponential time and is made anew, to any backend in rotation alike. So of the shares that do not
//! hang, M in all, each moves towards its even part; and what is made anew to a backend that hangs stays there. With `k` of
//! the `e` backends in rotation hanging, M falls as exp(−(k ÷ e) t ÷ L) and the share of a backend that does not is
//! B exp(−(k ÷ e) t ÷ L) + (s − B) exp(−t ÷ L), where B = M ÷ (e − k) and L is the mean life.

use super::answers::{self, Answered, Troubles};
use super::backends::Backend;
use super::entry_point::Shares;
use crate::world::fact::Service;

/// The kept connections of an entry point.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    lifetime_s: f64,
    held: Vec<Held>,
    /// The share of the users without a connection.
    unconnected: f64,
}

/// The connections of one backend.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    share: f64,
    hangs: bool,
}

/// What of all connections hangs, what does not, and who is in rotation.
struct Sums {
    /// Backends in rotation, and those of them that hang.
    e: f64,
    k: f64,
    hung: f64,
    free: f64,
    /// What of the free ones each backend in rotation that does not hang would have.
    even: f64,
}

impl Kept {
    pub(super) const fn new(lifetime_s: f64) -> Self {
        let lifetime_s = if lifetime_s < 1e-3 { 1e-3 } else { lifetime_s };
        Self { lifetime_s, held: Vec::new(), unconnected: 1.0 }
    }

    pub(super) const fn lifetime_s(&self) -> f64 {
        self.lifetime_s
    }

    pub(super) fn join(&mut self) {
        self.held.push(Held::default());
    }

    /// Whether the connections of a backend hang.
    pub(super) fn hangs(&self, index: usize) -> bool {
        self.held[index].hangs
    }

    /// Whether there are any on which a backend can answer.
    pub(super) fn are_open(&self, index: usize) -> bool {
        self.held[index].share > 0.0 && !self.held[index].hangs
    }

    pub(super) fn hang(&mut self, index: usize, hangs: bool) {
        self.held[index].hangs = hangs;
    }

    /// The connections of a backend end; their users have none.
    pub(super) fn cut(&mut self, index: usize) {
        self.unconnected += std::mem::take(&mut self.held[index].share);
    }

    /// This share of the connections of every backend ends.
    pub(super) fn end(&mut self, share: f64) {
        for held in &mut self.held {
            self.unconnected += held.share * share;
            held.share *= 1.0 - share;
        }
    }

    /// Users without a connection make one, if there is a backend to take it. Before the run began they were made evenly.
    pub(super) fn reconnect(&mut self, backends: &[Backend], begins: bool) {
        let e = backends.iter().filter(|backend| backend.taking).count() as f64;
        if e == 0.0 {
            return;
        }
        if begins {
            self.unconnected = 0.0;
            for (backend, held) in backends.iter().zip(&mut self.held) {
                held.share = if backend.taking { 1.0 / e } else { 0.0 };
            }
        }
        if self.unconnected > 0.0 {
            let each = std::mem::take(&mut self.unconnected) / e;
            for (_, held) in backends.iter().zip(&mut self.held).filter(|(backend, _)| backend.taking) {
                held.share += each;
            }
        }
    }

    fn sums(&self, backends: &[Backend]) -> Sums {
        let (mut e, mut k, mut hung) = (0.0, 0.0, 0.0);
        for (backend, held) in backends.iter().zip(&self.held) {
            e += f64::from(u8::from(backend.taking));
            k += f64::from(u8::from(backend.taking && held.hangs));
            hung += if held.hangs { held.share } else { 0.0 };
        }
        let free = 1.0 - hung;
        Sums { e, k, hung, free, even: if e > k { free / (e - k) } else { 0.0 } }
    }

    /// How requests fare from now on, until something changes. Where `again`, one that got no answer is sent to another backend once.
    pub(super) fn shares(&self, backends: &[Backend], touches: f64, (troubles, again): (&Troubles, bool)) -> Shares {
        let taking = |service: Service| {
            backends.iter().filter(|backend| backend.taking && backend.service == service).count() as f64
        };
        let [bad, old] = [Service::Cannot, Service::Stale].map(taking);
        let sums = self.sums(backends);
        let rates = [1.0 / self.lifetime_s, 0.0];
        let mut shares = Shares { failing: [sums.hung, 0.0, 0.0], stale: [0.0; 3], answers: answers::NONE, rates };
        let waiting = troubles.of_waiting() as usize;
        shares.answers[waiting][0] += sums.hung;
        if sums.e == 0.0 {
            // Whoever loses his connection finds no backend.
            for of in [&mut shares.failing, &mut shares.answers[Answered::BadGateway as usize]] {
                of[0] += sums.free;
                of[1] -= sums.free - self.unconnected;
            }
        } else if sums.k == sums.e {
            for of in [&mut shares.failing, &mut shares.answers[waiting]] {
                of[0] += sums.free;
                of[1] -= sums.free;
            }
        } else if sums.k > 0.0 {
            shares.rates[1] = sums.k / sums.e / self.lifetime_s;
            for of in [&mut shares.failing, &mut shares.answers[waiting]] {
                of[0] += sums.free;
                of[2] -= sums.free;
            }
        }
        for (index, (backend, held)) in backends.iter().zip(&self.held).enumerate().filter(|(_, (_, held))| !held.hangs)
        {
            // A second try finds one of the others in rotation, each as likely.
            let own = f64::from(u8::from(backend.taking));
            let others = if again && !troubles.errs.contains(&index) { sums.e - own } else { 0.0 };
            let mut answers = [0.0; 3];
            let [fails, is_stale] = match backend.service {
                Service::Cannot if others > 0.0 => {
                    answers = troubles.elsewhere(backends, index, others);
                    [(bad - own) / others, old / others * touches]
                }
                Service::Cannot => {
                    answers[troubles.answer(index) as usize] = 1.0;
                    [1.0, 0.0]
                }
                Service::Stale => [0.0, touches],
                Service::Ready => continue,
            };
            let even = if backend.taking { sums.even } else { 0.0 };
            let all = [(&mut shares.failing, fails), (&mut shares.stale, is_stale)].into_iter();
            for (to, weight) in all.chain(shares.answers.iter_mut().zip(answers)) {
                to[1] += weight * (held.share - even);
                to[2] += weight * even;
            }
        }
        shares
    }

    /// Connections end and are made anew for so many seconds.
    pub(super) fn relax(&mut self, backends: &[Backend], seconds: f64) {
        let sums = self.sums(backends);
        let fading = libm::exp(-seconds / self.lifetime_s);
        let leaking = if sums.k < sums.e { libm::exp(-sums.k / sums.e * seconds / self.lifetime_s) } else { fading };
        for (backend, held) in backends.iter().zip(&mut self.held) {
            let even = if backend.taking { sums.even } else { 0.0 };
            match (held.hangs, backend.taking) {
                (false, _) => held.share = even * leaking + (held.share - even) * fading,
                (true, true) => held.share += sums.free * (1.0 - leaking) / sums.k,
                (true, false) => {}
            }
        }
        if sums.e == 0.0 {
            self.unconnected = sums.free - (sums.free - self.unconnected) * fading;
        }
    }
}
