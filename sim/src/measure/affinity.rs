//! Users who stay on one backend (LB-24…LB-26): how many of them had at least one request harmed.
//!
//! Without affinity each request finds a backend of its own, so all users are alike: of those who make `r` requests a second
//! the share 1 − exp(−r ∫ h dt) is harmed, `h` being the harmed share of the requests. With affinity a user meets one backend
//! as long as the pool is the same. The users of a backend are a cohort: the share exp(−r ∫ hᵇ dt) of them is unharmed, `hᵇ` being the
//! harmed share at their own backend. When the pool changes, everybody is mapped anew, whatever he had before: so the share that
//! is unharmed over several such spells is the product of the means over the cohorts of each.
//!
//! Users whose backend is out of rotation are spread over those in rotation, and are back on it when it is (approximated: they
//! are spread anew whenever the rotation changes). Users with kept connections leave it when the last of them closes.

use crate::world::fact::Service;

/// What demand and load made of a stretch, whoever serves: seconds with demand, and the integral of the share that load sheds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Clock {
    /// Seconds with demand.
    pub wanted_s: f64,
    /// Seconds times the share of the requests that is shed.
    pub shed_s: f64,
}

/// The users of one backend.
#[derive(Clone, Copy, Debug)]
struct Cohort {
    /// Their share of all users.
    of_all: f64,
    /// The share of them that is unharmed since everybody was mapped.
    unharmed: f64,
    /// The backend is in the pool.
    member: bool,
    /// They are on it: it takes connections, or keeps those it has.
    at_home: bool,
    /// New connections go to it.
    taking: bool,
    service: Service,
    /// Harm of whoever is on it, in seconds, since the rotation last changed.
    harm_s: f64,
    /// When that was last added to.
    since: Clock,
}

/// All users of an entry point, by backend.
#[derive(Clone, Debug)]
pub struct Cohorts {
    /// Requests a second of each user.
    rate: f64,
    /// The share of the requests that stale code harms.
    touches: f64,
    cohorts: Vec<Cohort>,
    /// The share of all users that is unharmed by what was before they were last mapped.
    unharmed: f64,
    /// They are to be mapped as soon as time passes.
    to_map: bool,
    /// There is no backend to be mapped to.
    nobody: bool,
    /// When the rotation last changed.
    spell: Clock,
}

impl Cohorts {
    /// Nobody is mapped yet.
    #[must_use]
    pub const fn new(rate: f64, touches: f64) -> Self {
        let spell = Clock { wanted_s: 0.0, shed_s: 0.0 };
        Self { rate, touches, cohorts: Vec::new(), unharmed: 1.0, to_map: true, nobody: true, spell }
    }

    /// A backend joins the pool.
    pub fn join(&mut self, now: Clock) {
        self.cohorts.push(Cohort {
            of_all: 0.0,
            unharmed: 1.0,
            member: true,
            at_home: false,
            taking: false,
            service: Service::default(),
            harm_s: 0.0,
            since: now,
        });
    }

    /// Everybody is mapped anew, by the pool as it is when time next passes.
    pub const fn remap(&mut self) {
        self.to_map = true;
    }

    /// Time is to pass from here on.
    pub fn pass(&mut self, now: Clock) {
        if !std::mem::take(&mut self.to_map) {
            return;
        }
        self.close(now);
        self.unharmed *= self.mean();
        let members = self.cohorts.iter().filter(|cohort| cohort.member).count();
        self.nobody = members == 0;
        for cohort in &mut self.cohorts {
            cohort.of_all = if cohort.member { 1.0 / members as f64 } else { 0.0 };
            cohort.unharmed = 1.0;
        }
    }

    /// What a backend does with a request changes.
    pub fn serve(&mut self, backend: usize, service: Service, now: Clock) {
        self.accrue(backend, now);
        self.cohorts[backend].service = service;
    }

    /// A backend takes new connections or not; and whether those it has are still on it.
    pub fn rotate(&mut self, backend: usize, (taking, at_home): (bool, bool), now: Clock) {
        let cohort = &self.cohorts[backend];
        if (cohort.taking, cohort.at_home) != (taking, at_home) {
            self.close(now);
            (self.cohorts[backend].taking, self.cohorts[backend].at_home) = (taking, at_home);
        }
    }

    /// A backend is one of those that the users are mapped to, or no longer.
    pub fn belong(&mut self, backend: usize, member: bool) {
        self.cohorts[backend].member = member;
    }

    /// The share of the users that had at least one request harmed until now.
    #[must_use]
    pub fn hit(&self, now: Clock) -> f64 {
        let mut last = self.clone();
        last.close(now);
        1.0 - last.unharmed * last.mean()
    }

    /// The mean over the cohorts of the share that is unharmed; 1 where there is no cohort.
    fn mean(&self) -> f64 {
        let (all, unharmed) = self.cohorts.iter().fold((0.0, 0.0), |(all, unharmed), cohort| {
            (all + cohort.of_all, unharmed + cohort.of_all * cohort.unharmed)
        });
        if all > 0.0 { unharmed / all } else { 1.0 }
    }

    /// Adds what whoever is on a backend went through since it was last added to.
    fn accrue(&mut self, backend: usize, now: Clock) {
        let cohort = &mut self.cohorts[backend];
        let wanted = now.wanted_s - cohort.since.wanted_s;
        let shed = now.shed_s - cohort.since.shed_s;
        cohort.harm_s += match cohort.service {
            Service::Cannot => wanted,
            Service::Stale => self.touches * (wanted - shed) + shed,
            Service::Ready => shed,
        };
        cohort.since = now;
    }

    /// Closes the spell since the rotation last changed.
    fn close(&mut self, now: Clock) {
        let wanted = now.wanted_s - self.spell.wanted_s;
        self.spell = now;
        for backend in 0..self.cohorts.len() {
            self.accrue(backend, now);
        }
        let survives = |harm_s: f64| libm::exp(-self.rate * harm_s);
        let taking = self.cohorts.iter().filter(|cohort| cohort.taking);
        let (count, sum) = taking.fold((0.0, 0.0), |(count, sum), cohort| (count + 1.0, sum + survives(cohort.harm_s)));
        let elsewhere = if count > 0.0 { sum / count } else { survives(wanted) };
        if self.nobody {
            self.unharmed *= elsewhere;
        }
        let rate = self.rate;
        for cohort in &mut self.cohorts {
            cohort.unharmed *= if cohort.at_home { libm::exp(-rate * cohort.harm_s) } else { elsewhere };
            cohort.harm_s = 0.0;
        }
    }
}
