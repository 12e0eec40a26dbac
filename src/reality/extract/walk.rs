//! One timeline, walked through: what each set is like before each operation, and so which case the operation is.

use super::super::case::{Call, Case, Power, Probe, Spot};
use super::super::figures::RECORDING;
use super::super::recordings::timeline::{Ended, Event, SetUp, Timeline, What};
use super::rolling::Upgrades;
use super::{Extract, MOST, Place, call_of};
use std::collections::BTreeMap;

/// A set as the timeline goes on.
pub(super) struct Set<'a> {
    pub(super) name: &'a str,
    set_up: &'a SetUp,
    /// The probe that says who is healthy, where the recording has its numbers.
    probe: Option<Probe>,
    capacity: Option<u32>,
    created: bool,
    requested: bool,
    /// Capacity and mode of a write whose operation has not ended.
    written: Option<(Option<u32>, Option<String>)>,
    rolls: bool,
    power: Power,
    /// Whether single machines were stopped or deallocated, so that the set is of two minds.
    one: Power,
    /// How many a call names, and when it was made, by the call.
    called: BTreeMap<String, (Option<usize>, f64)>,
    /// The one whose eviction was called for, and when.
    pub(super) evicted: Option<(String, f64)>,
    /// The last call that makes or deletes instances.
    pub(super) last: Option<Case>,
    /// The last call about whether they run, with the one that it names.
    pub(super) last_power: Option<(Case, Option<String>)>,
}

/// Walks through a timeline.
pub(super) fn walk(timeline: &Timeline, upgrades: &Upgrades, extract: &mut Extract) {
    let place = Place::new(&timeline.repo, &timeline.path, &timeline.date);
    let mut walk = Walk {
        place: &place,
        gateway: timeline.what.contains("gateway") || timeline.path.contains("app_gateway"),
        upgrades,
        sets: BTreeMap::new(),
        versions: Vec::new(),
        to_gallery: timeline
            .events
            .iter()
            .any(|event| matches!(&event.what, What::Other(n) if n == "image version read")),
        what: &timeline.what,
    };
    for (name, set_up) in &timeline.sets {
        let set = Set {
            name,
            set_up,
            probe: timeline.probe,
            capacity: set_up.capacity,
            created: false,
            requested: false,
            written: None,
            rolls: false,
            power: Power::Running,
            one: Power::Running,
            called: BTreeMap::new(),
            evicted: None,
            last: None,
            last_power: None,
        };
        walk.sets.insert(name, set);
    }
    if timeline.sets.is_empty() && !timeline.events.iter().any(|event| is_of_image(&event.what)) {
        return extract.left(&format!("{RECORDING}{}", kind_of(timeline)), &place);
    }
    let before = extract.asked;
    for event in &timeline.events {
        walk.event(event, extract);
    }
    if extract.asked == before {
        extract.left(&format!("{RECORDING}none of its calls can be asked"), &place);
    }
}

fn is_of_image(what: &What) -> bool {
    match what {
        What::Version { .. } | What::Baked { .. } => true,
        What::Ended(ended) => ended.call.contains("template") || ended.call.contains("version"),
        _ => false,
    }
}

/// What a recording without a set that can be asked is of.
fn kind_of(timeline: &Timeline) -> &'static str {
    let names = format!("{} {}", timeline.what, timeline.path).to_ascii_lowercase();
    let has = |word: &str| names.contains(word);
    match () {
        () if has("gateway") => "an application gateway",
        () if has("frontdoor") || has("afd") => "Front Door",
        () if has("cdn") => "a CDN",
        () if has("traffic") => "Traffic Manager",
        () if has("managedcluster") || has("aks") => "a cluster of AKS",
        () if has("pool") => "a standby pool",
        () if has("fabric") => "a cluster of Service Fabric",
        () if has("vmss") || has("scaleset") => "a set whose set-up is not recorded",
        () => "no scale set",
    }
}

struct Walk<'a> {
    place: &'a Place,
    gateway: bool,
    upgrades: &'a Upgrades,
    sets: BTreeMap<&'a str, Set<'a>>,
    /// Versions that were written anew, and not again.
    versions: Vec<String>,
    to_gallery: bool,
    what: &'a str,
}

impl<'a> Walk<'a> {
    /// The set of an event: the one it names, or the only one.
    fn name(&self, event: &Event) -> Option<&'a str> {
        match &event.set {
            Some(name) => self.sets.keys().find(|known| **known == name.as_str()).copied(),
            None => self.sets.keys().next().copied().filter(|_| self.sets.len() == 1),
        }
    }

    fn event(&mut self, event: &Event, extract: &mut Extract) {
        match &event.what {
            What::Version { version, code: 201, regions: 1 } => self.versions.push(version.clone()),
            What::Baked { state, seconds } => self.baked(state, *seconds, extract),
            What::Deployed(seconds) => self.deployed(*seconds, extract),
            What::Ended(ended) if ended.call.contains("version") || ended.call.contains("template") => {
                self.of_image(ended, extract);
            }
            what => {
                let Some(name) = self.name(event) else { return };
                let (place, upgrades) = (self.place, self.upgrades);
                let set = self.sets.get_mut(name).expect("it was found");
                match what {
                    What::Requested => set.requested = true,
                    What::Written { code, capacity, mode } if *code < 300 => {
                        // 201 is a set that was not there; where one was, a deployment before the recording made it.
                        set.created |= *code != 201 && !set.requested;
                        set.written = Some((*capacity, mode.clone()));
                    }
                    What::Called { call, named, answer } => {
                        set.called.insert(call.to_ascii_lowercase(), (*named, event.at));
                        set.answered(call, *named, answer, event.at, place, extract);
                    }
                    What::Ended(ended) => set.ended(ended, place, upgrades, extract),
                    What::Listed(list) => {
                        set.found(list.len());
                        set.listed(list, event.at, place, extract);
                    }
                    What::Pooled(list) => set.listed(list, event.at, place, extract),
                    What::Counted(count) => set.counted(*count, place, extract),
                    What::Viewed(view) => set.viewed(view, place, extract),
                    What::Upgrade(upgrade) => set.status(upgrade, place, upgrades, extract),
                    _ => {}
                }
            }
        }
    }

    /// A deployment is over: it made the sets that were requested.
    fn deployed(&mut self, seconds: Option<f64>, extract: &mut Extract) {
        for set in self.sets.values_mut().filter(|set| set.requested && !set.created) {
            set.created = true;
            let Some(seconds) = seconds else { continue };
            if self.gateway {
                extract.left_timed("create: its deployment contains an application gateway", seconds, self.place);
                continue;
            }
            let case = set.case(Call::Create, None).map(|case| Case { network: true, ..case });
            extract.timed(case, seconds, self.place);
        }
    }

    fn of_image(&mut self, ended: &Ended, extract: &mut Extract) {
        let Some(seconds) = ended.seconds.filter(|_| ended.well) else { return };
        let image = |call| Case::new(call, 1, 1);
        if ended.call.contains("template/run") {
            match self.to_gallery {
                true => extract.duration(image(Call::Bake), seconds, self.place),
                false => extract.left_timed("image build: where the image goes is not recorded", seconds, self.place),
            }
        } else if let Some(version) = ended.call.strip_prefix("PUT of ") {
            if self.versions.iter().any(|known| known == version) {
                self.versions.retain(|known| known != version);
                extract.duration(image(replication(seconds)), seconds, self.place);
            } else {
                extract.left_timed("image version: written again, or to several regions", seconds, self.place);
            }
        } else {
            let kind = if ended.call.contains("template") { "the submission" } else { "the deletion" };
            extract.left_timed(
                &format!("{kind} of an image template or version, which takes no time here"),
                seconds,
                self.place,
            );
        }
    }

    /// The run of a template, of which the words say from what and to what.
    fn baked(&mut self, state: &str, seconds: f64, extract: &mut Extract) {
        let what = self.what.to_ascii_lowercase();
        let (from, to) = what.split_once("->").unwrap_or_default();
        let call = match () {
            () if state != "Succeeded" => Err("image build: a run that failed or was cancelled"),
            () if !from.contains("platform") => Err("image build: its source is no platform image"),
            () if to.contains("gallery") && to.contains("1 region") => Ok(Call::Bake),
            () if to.contains("managed image") => Ok(Call::BakeImage),
            () => Err("image build: to neither a gallery nor a managed image"),
        };
        match call {
            Ok(call) => extract.duration(Case::new(call, 1, 1), seconds, self.place),
            Err(why) => extract.left_timed(why, seconds, self.place),
        }
    }
}

/// A version that is ready within a minute was not copied (GA-17).
pub(super) fn replication(seconds: f64) -> Call {
    if seconds < 60.0 { Call::ReplicateShallow } else { Call::Replicate }
}

impl Set<'_> {
    /// The case of a call on this set; of so many instances, or of all.
    pub(super) fn case(&self, call: Call, of: Option<usize>) -> Result<Case, &'static str> {
        let set_up = self.set_up;
        let capacity = self.capacity.ok_or("the capacity of the set is not recorded")?;
        if capacity > MOST {
            return Err("more instances than a set may hold");
        }
        if capacity == 0 && !matches!(call, Call::ScaleOut) {
            return Err("a call on a set without instances");
        }
        let of = of.map_or(capacity, |of| u32::try_from(of).unwrap_or(u32::MAX).min(capacity));
        let mut case = Case::new(call, capacity, of);
        case.windows = set_up.windows.ok_or("the operating system is not recorded")?;
        case.flexible = set_up.flexible;
        case.surplus = set_up.overprovision.unwrap_or(true) && !set_up.flexible;
        case.extensions = set_up.extensions;
        case.zones.clone_from(&set_up.zones);
        case.domains = set_up.domains;
        (case.policy, case.probe) = (set_up.policy, self.probe);
        if set_up.is_spot() {
            let deleted = set_up.eviction.as_deref() == Some("Delete");
            case.spot = Some(if deleted { Spot::Delete } else { Spot::Deallocate });
        }
        Ok(case)
    }

    /// So many were there before anything was written: the set-up is that of a later write, with another capacity.
    fn found(&mut self, count: usize) {
        if !self.created && !self.requested {
            self.created = true;
            let found = u32::try_from(count).ok();
            self.capacity = self.capacity.max(found);
        }
    }

    /// An operation on the set is over.
    fn ended(&mut self, ended: &Ended, place: &Place, upgrades: &Upgrades, extract: &mut Extract) {
        let call = ended.call.to_ascii_lowercase();
        if let Some(code) = ended.error.as_deref().filter(|code| code.starts_with("MaxUnhealthyInstancePercent")) {
            return self.gate(code, &ended.numbers, place, extract);
        }
        match call.as_str() {
            "create" => {
                self.created = true;
                return self.timed(Ok(Call::Create), None, ended, place, extract);
            }
            "put (set)" | "patch (set)" => return self.write_ended(ended, place, upgrades, extract),
            "delete (set)" => {
                self.timed(Ok(Call::DeleteSet), None, ended, place, extract);
                return;
            }
            "post /osrollingupgrade" | "post /extensionrollingupgrade" => {
                // The table of upgrades knows who says what is healthy.
                if !upgrades.has(place) {
                    self.upgraded(&call, ended, place, extract);
                }
                return;
            }
            _ => {}
        }
        let Some((verb, single)) = verb_of(&call) else {
            return self.timed(
                Err("a write of one instance or of an extension, whose work is not recorded"),
                None,
                ended,
                place,
                extract,
            );
        };
        let (named, _) = self.called.get(&call).copied().unwrap_or_default();
        let of = if single { Some(1) } else { named };
        let kind = call_of(verb);
        self.timed(kind, of, ended, place, extract);
        self.remember(kind, of, single.then(|| instance_of(&call)), ended.well);
        if kind == Ok(Call::Delete) && ended.well {
            let gone = of.map_or(u32::MAX, |of| u32::try_from(of).unwrap_or(u32::MAX));
            self.capacity = self.capacity.map(|capacity| capacity.saturating_sub(gone));
        }
        let now = match kind {
            Ok(Call::PowerOff) => Power::Stopped,
            Ok(Call::Deallocate) => Power::Deallocated,
            Ok(Call::Start | Call::Restart | Call::Redeploy | Call::Reimage) => Power::Running,
            _ => return,
        };
        if single { self.one = now } else { (self.power, self.one) = (now, now) }
    }

    /// A rolling upgrade is over.
    fn upgraded(&self, call: &str, ended: &Ended, place: &Place, extract: &mut Extract) {
        let of_system = call.contains("osrolling");
        let cancelled = of_system && self.called.contains_key("post /rollingupgrades/cancel");
        let call = match () {
            () if cancelled => Call::Cancelled,
            () if of_system => Call::OsUpgrade,
            () => Call::ExtensionUpgrade,
        };
        let case = match self.set_up.health_probe && self.probe.is_none() {
            true => Err("an upgrade: the interval of the probe is not recorded"),
            false => self.case(call, None),
        };
        let result = match (ended.error.as_deref(), ended.numbers.as_slice()) {
            (Some(code), [measured, limit, ..]) => format!("Faulted, {code}, {measured} over {limit}"),
            (Some(code), _) => format!("Faulted, {code}"),
            (None, _) if cancelled => "Cancelled".to_owned(),
            (None, _) => "Completed".to_owned(),
        };
        let Some(seconds) = ended.seconds else { return };
        match case {
            Ok(case) => {
                let case = Case { failing: call == Call::ExtensionUpgrade && !ended.well, ..case };
                extract.rolled(case, result, seconds, place);
            }
            Err(why) => extract.left_timed(why, seconds, place),
        }
    }

    /// What the last call of its kind was.
    fn remember(&mut self, kind: Result<Call, &'static str>, of: Option<usize>, one: Option<String>, well: bool) {
        let Some(call) = kind.ok().filter(|_| well) else { return };
        let Ok(case) = self.case(call, of) else { return };
        match call {
            Call::Delete => self.last = Some(case),
            Call::PowerOff | Call::Deallocate | Call::Restart | Call::Reimage => self.last_power = Some((case, one)),
            // What is started was stopped or deallocated.
            Call::Start => {
                let power = if one.is_some() { self.one } else { self.power.max(self.one) };
                self.last_power = (power != Power::Running).then_some((Case { power, ..case }, one));
            }
            _ => {}
        }
    }

    /// A call took so long.
    fn timed(
        &mut self,
        call: Result<Call, &'static str>,
        of: Option<usize>,
        ended: &Ended,
        place: &Place,
        extract: &mut Extract,
    ) {
        let Some(seconds) = ended.seconds else { return };
        let case = call.and_then(|call| {
            let mut case = self.case(call, of)?;
            case.power = if of == Some(1) && self.capacity != Some(1) { self.one } else { self.power.max(self.one) };
            match call {
                // Neither needs machines that run, and starts only those that do not.
                Call::Start if case.power == Power::Running => Err("a start of what runs"),
                Call::PowerOff | Call::Restart | Call::Redeploy | Call::Reimage if case.power != Power::Running => {
                    Err("a call on machines that do not run")
                }
                Call::Deallocate if case.power == Power::Deallocated => Err("a call on machines that do not run"),
                _ if !ended.well && !call.is_upgrade() => Err("an operation that failed"),
                _ => Ok(case),
            }
        });
        extract.timed(case, seconds, place);
    }

    /// A write of the set is over: it made the set, or changed its capacity or its mode.
    fn write_ended(&mut self, ended: &Ended, place: &Place, upgrades: &Upgrades, extract: &mut Extract) {
        let (capacity, mode) = self.written.take().unwrap_or_default();
        let Some(seconds) = ended.seconds else { return };
        if !self.created {
            self.created = true;
            self.capacity = capacity.or(self.capacity);
            let case = self.case(Call::Create, None).and_then(|case| match ended.well {
                true => Ok(case),
                false => Err("an operation that failed"),
            });
            return extract.timed(case, seconds, place);
        }
        let was = self.capacity.unwrap_or_default();
        let rolls = mode.as_deref() == Some("Rolling");
        let call = match capacity {
            Some(to) if to > was => Ok((Call::ScaleOut, to)),
            Some(to) if to < was && self.set_up.goes_by_itself() => Err("a scale-in by another policy than Default"),
            Some(to) if to < was => Ok((Call::ScaleIn, to)),
            _ if rolls && !self.rolls && self.set_up.health_probe && !upgrades.has(place) => {
                Err("an upgrade: the interval of the probe is not recorded")
            }
            _ if rolls && !self.rolls => Err("a write that sets mode Rolling: in the table of upgrades"),
            _ => Err("a write of a set: what it changes is not recorded"),
        };
        self.rolls |= rolls;
        let case = call.and_then(|(call, to)| self.case(call, None).map(|case| Case { of: to, ..case }));
        let case = case.and_then(|case| match self.power {
            Power::Running => Ok(case),
            _ => Err("a write of the capacity while the machines do not run"),
        });
        extract.timed(case, seconds, place);
        if let Some(to) = capacity.filter(|to| *to != was) {
            let call = if to > was { Call::ScaleOut } else { Call::ScaleIn };
            self.last = self.case(call, None).ok().map(|case| Case { of: to, ..case });
            extract.lists.scaled(place, self.name, was, to);
            self.capacity = Some(to);
        }
    }
}

/// The instance of `post /virtualmachines/3/restart`.
fn instance_of(call: &str) -> String {
    call.split('/').nth(2).unwrap_or_default().to_owned()
}

/// The verb of a call in small letters, and whether it is on one instance: `post /virtualmachines/3/restart`.
pub(super) fn verb_of(call: &str) -> Option<(&str, bool)> {
    let (method, path) = call.split_once(' ')?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let single = parts.len() > 1 && parts[0] == "virtualmachines" && parts[1].parse::<u32>().is_ok();
    match (method, parts.as_slice()) {
        ("post", [.., verb]) => Some((verb, single)),
        ("delete", ["virtualmachines", _]) => Some(("delete", single)),
        _ => None,
    }
}
