//! One recording as a timeline: the set-ups of its sets and what happened, in order.

use serde_json::Value;
use std::collections::BTreeMap;

/// A recording.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Where it is from.
    pub repo: String,
    /// The file there.
    pub path: String,
    /// When it was made, `2023-03-16` and more.
    pub date: String,
    /// What it is of: the kinds of its resources, or the name of a test.
    pub what: String,
    /// Interval and number of the probe, where whoever read it noted them.
    pub probe: Option<(u32, u32)>,
    /// Its sets, by name.
    pub sets: BTreeMap<String, SetUp>,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// What is known of a set from its first write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetUp {
    /// Whether it runs Windows, where the image says so.
    pub windows: Option<bool>,
    /// Whether it is a Flexible set.
    pub flexible: bool,
    /// Its capacity.
    pub capacity: Option<u32>,
    /// Its zones.
    pub zones: Vec<u8>,
    /// Whether it is overprovisioned; Azure's default is that it is.
    pub overprovision: Option<bool>,
    /// Its `platformFaultDomainCount`.
    pub domains: Option<u32>,
    /// Its priority.
    pub priority: Option<String>,
    /// What becomes of evicted instances.
    pub eviction: Option<String>,
    /// How many extensions it has.
    pub extensions: u32,
    /// Whether a probe says who is healthy.
    pub health_probe: bool,
    /// The percentages of its rolling policy.
    pub policy: Option<(u32, u32, u32)>,
    /// The rules of its scale-in policy.
    pub scale_in: Option<String>,
    /// Whether it has a Spot priority mix.
    pub mixed: bool,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When, in seconds from the first that was kept.
    pub at: f64,
    /// The set it is about, by name.
    pub set: Option<String>,
    /// What.
    pub what: What,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A deployment that contains the set was requested.
    Requested,
    /// A deployment is over, after so many seconds.
    Deployed(Option<f64>),
    /// The set was written.
    Written {
        /// The HTTP status.
        code: u32,
        /// The capacity that was written.
        capacity: Option<u32>,
        /// The mode that was written.
        mode: Option<String>,
    },
    /// Something was called, `POST /restart`.
    Called {
        /// The call.
        call: String,
        /// How many instances it names; `None` where it names none, and so all.
        named: Option<usize>,
        /// The HTTP status, with the code of an error.
        answer: (u32, Option<String>),
    },
    /// An operation is over.
    Ended(Ended),
    /// The instances of a set were listed: id and zone.
    Listed(Vec<(String, Option<u8>)>),
    /// Those of a pool of a balancer, or those that have network interfaces, were.
    Pooled(Vec<(String, Option<u8>)>),
    /// So many instances are Succeeded, and no other is there.
    Counted(u32),
    /// The view of one instance.
    Viewed(View),
    /// The state of a rolling upgrade.
    Upgrade(Upgrade),
    /// A version of an image was written, to so many regions.
    Version {
        /// Which.
        version: String,
        /// The HTTP status.
        code: u32,
        /// How many regions.
        regions: usize,
    },
    /// The run of an image template is over.
    Baked {
        /// Its state.
        state: String,
        /// How long it took.
        seconds: f64,
    },
    /// Something else, by its name.
    Other(String),
}

/// The end of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// What the operation was, `POST /restart`.
    pub call: String,
    /// Whether it went well.
    pub well: bool,
    /// When it began, by the clock of the service.
    pub start: Option<f64>,
    /// How long it took, by the clock of the service.
    pub seconds: Option<f64>,
    /// The code of its error.
    pub error: Option<String>,
    /// The numbers in its message.
    pub numbers: Vec<String>,
}

/// The view of one instance.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Its id.
    pub instance: String,
    /// The HTTP status: 404 is gone.
    pub code: u32,
    /// Its fault domain.
    pub domain: Option<u8>,
    /// Its power state: running, stopped or deallocated.
    pub power: Option<&'static str>,
    /// When its provisioning state was last set.
    pub provisioned: Option<f64>,
}

/// The state of a rolling upgrade.
#[derive(Clone, Debug, PartialEq)]
pub struct Upgrade {
    /// Azure's word.
    pub state: String,
    /// Successful, failed, in progress, pending.
    pub counts: [u32; 4],
    /// The instance of its error.
    pub target: Option<String>,
}

impl Timeline {
    /// Reads one.
    ///
    /// # Errors
    /// Where it is no JSON, or has no events.
    pub fn read(text: &str) -> Result<Self, String> {
        let whole: Value = serde_json::from_str(text).map_err(|error| broken(text, &error))?;
        let events = whole.get("events").and_then(Value::as_array);
        let events =
            events.ok_or("it has no list of events; add `events`, or take the file away if it is no timeline")?;
        let words = |key: &str| text_of(whole.get(key));
        let what = match whole.get("what") {
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            other => text_of(other).unwrap_or_default(),
        };
        let sets = whole.get("setup").and_then(Value::as_object);
        let sets = sets.into_iter().flatten().filter(|(_, set)| set.is_object());
        Ok(Self {
            repo: words("source_repo").ok_or("it has no `source_repo`; add it: a text")?,
            path: words("source_path").ok_or("it has no `source_path`; add it: a text")?,
            date: words("date").ok_or("it has no `date`; add it: a text")?,
            what,
            probe: words("notes")
                .and_then(|notes| Some((after(&notes, "intervalInSeconds ")?, after(&notes, "numberOfProbes ")?))),
            sets: sets.map(|(name, set)| (name.clone(), SetUp::read(set))).collect(),
            events: events.iter().map(Event::read).collect(),
        })
    }
}

/// Why a text is no JSON, and what to do about it.
fn broken(text: &str, error: &serde_json::Error) -> String {
    let why = match () {
        () if text.trim().is_empty() => "it is empty".to_owned(),
        () if error.is_eof() => format!("it is JSON without its end: it stops in line {}", error.line()),
        () => format!("it is not JSON in line {}, column {}", error.line(), error.column()),
    };
    format!("{why}; write it anew, or take it away")
}

/// The number after a word.
fn after(text: &str, word: &str) -> Option<u32> {
    let rest = text.split(word).nth(1)?;
    rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

fn text_of(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

fn whole(value: Option<&Value>) -> Option<u32> {
    let value = value?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).and_then(|number| u32::try_from(number).ok())
}

fn zone_of(value: &Value) -> Option<u8> {
    value.as_str().and_then(|zone| zone.parse().ok()).or_else(|| u8::try_from(value.as_u64()?).ok())
}

impl SetUp {
    fn read(set: &Value) -> Self {
        let image = set.get("image").map(ToString::to_string).unwrap_or_default();
        let system = text_of(set.get("os")).unwrap_or(image);
        let known = system.contains("Windows") || system.contains("sku") || system.contains("Linux");
        let rolling = set.pointer("/upgradePolicy/rollingUpgradePolicy");
        let percent = |key: &str| whole(rolling.and_then(|policy| policy.get(key)));
        let zones = match set.get("zones") {
            Some(Value::Array(zones)) => zones.iter().filter_map(zone_of).collect(),
            _ => Vec::new(),
        };
        let mode = text_of(set.get("orchestrationMode")).unwrap_or_default();
        Self {
            windows: known.then(|| system.contains("Windows")),
            flexible: mode.eq_ignore_ascii_case("flexible"),
            capacity: whole(set.get("capacity")),
            zones,
            overprovision: set.get("overprovision").and_then(Value::as_bool),
            domains: whole(set.get("platformFaultDomainCount")),
            priority: text_of(set.get("priority")),
            eviction: text_of(set.get("evictionPolicy")),
            extensions: whole(set.get("extensions")).unwrap_or_default(),
            health_probe: set.get("health_probe").and_then(Value::as_bool).unwrap_or_default(),
            policy: percent("maxBatchInstancePercent").map(|batch| {
                let (unhealthy, upgraded) = ("maxUnhealthyInstancePercent", "maxUnhealthyUpgradedInstancePercent");
                (batch, percent(unhealthy).unwrap_or(20), percent(upgraded).unwrap_or(20))
            }),
            scale_in: set.pointer("/scaleInPolicy/rules").map(ToString::to_string),
            mixed: set.get("priorityMixPolicy").is_some_and(Value::is_object),
        }
    }

    /// Whether who goes of it is not a matter of the policy Default.
    pub fn goes_by_itself(&self) -> bool {
        self.mixed || self.scale_in.as_deref().is_some_and(|rules| !rules.contains("Default"))
    }

    /// Whether its machines are Spot, or of low priority, as they were called.
    pub fn is_spot(&self) -> bool {
        self.priority.as_deref().is_some_and(|priority| priority == "Spot" || priority == "Low")
    }
}

impl Event {
    fn read(event: &Value) -> Self {
        let name = text_of(event.get("what")).unwrap_or_default();
        let of = text_of(event.get("of"));
        // An operation names its set at the end of what it is of: `PUT (set) of vmss-1`.
        let of_set = of.as_deref().and_then(|of| of.rsplit_once(" of ")).filter(|(_, set)| set.starts_with("vmss"));
        let set = text_of(event.get("vmss")).or_else(|| of_set.map(|(_, set)| set.to_owned()));
        let call = of_set.map_or_else(|| of.clone(), |(call, _)| Some(call.to_owned()));
        let at = event.get("t_s").and_then(Value::as_f64).unwrap_or_default();
        Self { at, set, what: What::read(&name, call, event) }
    }
}

impl What {
    fn read(name: &str, of: Option<String>, event: &Value) -> Self {
        let seconds = |key: &str| event.get(key).and_then(Value::as_f64);
        let code = whole(event.get("code")).unwrap_or_default();
        let (verb, rest) = name.split_once(' ').unwrap_or((name, ""));
        match name {
            "deployment with the set requested" => Self::Requested,
            "deployment Succeeded" => Self::Deployed(text_of(event.get("duration")).and_then(|text| duration(&text))),
            "PUT (set)" | "PATCH (set)" => {
                Self::Written { code, capacity: whole(event.get("capacity")), mode: text_of(event.get("mode")) }
            }
            "operation Succeeded" | "operation Failed" => Self::Ended(Ended {
                call: of.unwrap_or_default(),
                well: name.ends_with("Succeeded"),
                start: seconds("start_s"),
                seconds: seconds("seconds").or_else(|| seconds("seconds_server")),
                error: text_of(event.get("error_code")),
                numbers: texts(event.get("error_numbers")),
            }),
            "instances listed" => Self::Listed(listed(event.get("instances"))),
            "balancer pool read" => Self::Pooled(listed(event.get("instances_in_pool"))),
            "network interfaces listed" => Self::Pooled(listed(event.get("of_instances"))),
            "set instance view" => counted(event).map_or_else(|| Self::Other(name.to_owned()), Self::Counted),
            "instance view" => Self::Viewed(View {
                instance: text_of(event.get("instance")).unwrap_or_default(),
                code,
                domain: whole(event.get("platformFaultDomain")).and_then(|domain| u8::try_from(domain).ok()),
                power: ["running", "stopped", "deallocated"]
                    .into_iter()
                    .find(|power| event.pointer(&format!("/statuses/PowerState~1{power}")).is_some()),
                provisioned: event.pointer("/statuses/ProvisioningState~1succeeded").and_then(Value::as_f64),
            }),
            "rolling upgrade status" => Self::Upgrade(Upgrade::read(event)),
            "PUT image version" => Self::Version {
                version: text_of(event.get("version")).unwrap_or_default(),
                code,
                regions: event.get("regions").and_then(Value::as_array).map_or(0, Vec::len),
            },
            "lastRunStatus.endTime" => Self::Baked {
                state: text_of(event.get("runState")).unwrap_or_default(),
                seconds: seconds("seconds").unwrap_or_default(),
            },
            // Of the set itself; a path of another provider has no slash before it.
            _ if matches!(verb, "POST" | "PUT" | "PATCH" | "DELETE")
                && (rest.starts_with(['/', '(']) || rest.starts_with("rollingUpgrades")) =>
            {
                let named = event.get("instanceIds").and_then(Value::as_array).map(|ids| {
                    let all = ids.iter().any(|id| id.as_str() == Some("*"));
                    if all { usize::MAX } else { ids.len() }
                });
                Self::Called { call: name.to_owned(), named, answer: (code, text_of(event.get("error_code"))) }
            }
            _ => Self::Other(name.to_owned()),
        }
    }
}

impl Upgrade {
    fn read(event: &Value) -> Self {
        let state = text_of(event.pointer("/runningStatus/code")).or_else(|| text_of(event.get("code")));
        let count = |key: &str| whole(event.pointer(&format!("/progress/{key}InstanceCount"))).unwrap_or_default();
        Self {
            state: state.unwrap_or_default(),
            counts: ["successful", "failed", "inProgress", "pending"].map(count),
            target: text_of(event.get("error_target")).map(|target| target.trim_start_matches("instance ").to_owned()),
        }
    }
}

/// How many are Succeeded, where all are.
fn counted(event: &Value) -> Option<u32> {
    match event.get("summary").and_then(Value::as_array)?.as_slice() {
        [one] if one.get("code")?.as_str()? == "ProvisioningState/succeeded" => whole(one.get("count")),
        _ => None,
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Instances, as objects or as ids alone.
fn listed(value: Option<&Value>) -> Vec<(String, Option<u8>)> {
    let one = |item: &Value| match item {
        Value::String(id) => Some((id.clone(), None)),
        other => Some((text_of(other.get("id"))?, other.get("zone").and_then(zone_of))),
    };
    value.and_then(Value::as_array).into_iter().flatten().filter_map(one).collect()
}

/// The seconds of `PT2M46.129S`.
pub fn duration(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut rest = text.strip_prefix("PT")?;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| letter.is_ascii_alphabetic())?;
        let (number, unit): (f64, _) = (rest[..end].parse().ok()?, &rest[end..=end]);
        seconds += number
            * match unit {
                "H" => 3600.0,
                "M" => 60.0,
                "S" => 1.0,
                _ => return None,
            };
        rest = &rest[end + 1..];
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_azure_writes_them() {
        assert_eq!(duration("PT2M46.5S"), Some(166.5));
        assert_eq!(duration("PT1H1S"), Some(3601.0));
        assert_eq!(duration("2M"), None);
        assert_eq!(duration("PT5X"), None);
    }

    const ONE: &str = r#"{ "source_repo": "a/b", "source_path": "c.yaml", "date": "2024-08-26", "what": ["x", "y"],
        "setup": { "vmss-1": { "orchestrationMode": "Uniform", "capacity": "2", "zones": ["1", 3], "overprovision": true,
            "image": { "offer": "WindowsServer", "sku": "2022" }, "extensions": 1,
            "upgradePolicy": { "rollingUpgradePolicy": { "maxBatchInstancePercent": 50, "maxUnhealthyInstancePercent": null } } } },
        "events": [
            { "t_s": 1, "what": "operation Succeeded", "of": "POST /restart of vmss-1", "start_s": 0.5, "seconds": 12.25 },
            { "t_s": 2.5, "what": "instances listed", "vmss": "vmss-1", "instances": [{ "id": "3", "zone": "1" }] },
            { "t_s": 3, "what": "POST /virtualMachines/1/simulateEviction", "vmss": "vmss-1", "code": 409, "error_code": "No" },
            { "t_s": 4, "what": "something new" }] }"#;

    #[test]
    fn a_timeline_is_read_with_what_is_not_known_by_its_name() {
        let timeline = Timeline::read(ONE).expect("it is one");
        assert_eq!((timeline.what.as_str(), timeline.sets.len()), ("x, y", 1));
        let set = &timeline.sets["vmss-1"];
        assert_eq!((set.windows, set.capacity, set.zones.clone()), (Some(true), Some(2), vec![1, 3]));
        assert_eq!(set.policy, Some((50, 20, 20)));
        let What::Ended(ended) = &timeline.events[0].what else { panic!("an operation is over") };
        assert_eq!((ended.call.as_str(), ended.seconds), ("POST /restart", Some(12.25)));
        assert_eq!(timeline.events[0].set.as_deref(), Some("vmss-1"));
        assert_eq!(timeline.events[1].what, What::Listed(vec![("3".to_owned(), Some(1))]));
        assert_eq!(timeline.events[3].what, What::Other("something new".to_owned()));
        let refused = What::Called {
            call: "POST /virtualMachines/1/simulateEviction".to_owned(),
            named: None,
            answer: (409, Some("No".to_owned())),
        };
        assert_eq!(timeline.events[2].what, refused);
    }

    #[test]
    fn what_is_no_timeline_is_said() {
        let without = "it has no list of events; add `events`, or take the file away if it is no timeline";
        assert_eq!(Timeline::read("{}").map(drop), Err(without.to_owned()));
        assert!(Timeline::read("{").is_err());
        let nameless = Timeline::read(r#"{ "events": [] }"#).map(drop);
        assert_eq!(nameless, Err("it has no `source_repo`; add it: a text".to_owned()));
    }
}
