//! A recorded set-up and the call that was made on it. Its text is what stands in the table of figures.

use std::fmt::{self, Write};
use std::str::FromStr;
use windtunnel_sim::plan::Word;
use windtunnel_sim::words;

words! {
    /// What was called, with its name in the table. What it is about is in the [`Case`].
    #[derive(PartialOrd, Ord)]
    pub enum Call {
        /// The set is created.
        Create => "create",
        /// The capacity rises.
        ScaleOut => "scale-out",
        /// The capacity falls.
        ScaleIn => "scale-in",
        /// Instances are deallocated.
        Deallocate => "deallocate",
        /// Instances are stopped.
        PowerOff => "power-off",
        /// Instances that do not run are started.
        Start => "start",
        /// Instances are restarted.
        Restart => "restart",
        /// Instances are brought to other hosts.
        Redeploy => "redeploy",
        /// Instances get their disk anew.
        Reimage => "reimage",
        /// Instances are deleted by name.
        Delete => "delete",
        /// The set is deleted with all its instances.
        DeleteSet => "delete-set",
        /// One instance is evicted, for a test.
        Evict => "simulate-eviction",
        /// Maintenance is asked for.
        Maintain => "perform-maintenance",
        /// The mode of a set whose instances are current is set to Rolling.
        ToRolling => "mode-to-rolling",
        /// An OS upgrade is called for.
        OsUpgrade => "os-upgrade",
        /// An OS upgrade is called for, and cancelled half a second after.
        Cancelled => "os-upgrade-cancelled",
        /// An upgrade is cancelled where none runs.
        CancelIdle => "cancel-idle",
        /// An upgrade of extensions is called for.
        ExtensionUpgrade => "extension-upgrade",
        /// A version of an image of 30 GB is published to one region.
        Replicate => "replicate",
        /// The same, with the mode Shallow.
        ReplicateShallow => "replicate-shallow",
        /// An image is built and put into a gallery.
        Bake => "image-build",
        /// An image is built, and nothing replicates it.
        BakeImage => "image-build-unreplicated",
    }
}

impl Call {
    /// Whether it is one of an image and not of a set.
    pub const fn is_of_image(self) -> bool {
        matches!(self, Self::Replicate | Self::ReplicateShallow | Self::Bake | Self::BakeImage)
    }

    /// Whether it begins an upgrade, so that the policy and the probe of the set matter.
    pub const fn is_upgrade(self) -> bool {
        matches!(self, Self::ToRolling | Self::OsUpgrade | Self::Cancelled | Self::ExtensionUpgrade | Self::CancelIdle)
    }

    /// Whether it makes instances, so that surplus and extensions matter.
    pub const fn makes(self) -> bool {
        matches!(self, Self::Create | Self::ScaleOut)
    }
}

/// Whether the machines run before the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Power {
    /// They run.
    #[default]
    Running,
    /// They are stopped.
    Stopped,
    /// They are deallocated.
    Deallocated,
}

/// The kind of a set's Spot machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// Who is evicted is deallocated.
    Deallocate,
    /// Who is evicted is deleted.
    Delete,
}

/// Interval in seconds and number of the probe that says who is healthy.
pub type Probe = (u32, u32);

/// The percentages of a rolling policy: of a batch, of unhealthy instances, of unhealthy upgraded ones.
pub type Policy = (u32, u32, u32);

/// A set-up and a call. Two recordings of the same case are asked the same of the model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case {
    /// What was called.
    pub call: Call,
    /// Whether the set runs Windows; else Linux.
    pub windows: bool,
    /// Whether it is a Flexible set.
    pub flexible: bool,
    /// Instances before the call; of a create those that were asked for.
    pub capacity: u32,
    /// What the capacity becomes, or how many instances the call is about.
    pub of: u32,
    /// Whether its machines run before the call.
    pub power: Power,
    /// Whether it is overprovisioned.
    pub surplus: bool,
    /// Extensions of the model.
    pub extensions: u32,
    /// The balancer's probe of its rolling upgrades.
    pub probe: Option<Probe>,
    /// Its rolling policy.
    pub policy: Option<Policy>,
    /// Its zones.
    pub zones: Vec<u8>,
    /// Its `platformFaultDomainCount`.
    pub domains: Option<u32>,
    /// What becomes of its Spot machines; it has others where absent.
    pub spot: Option<Spot>,
    /// Whether the length contains that of the network in the same deployment.
    pub network: bool,
    /// Whether nothing is healthy.
    pub unhealthy: bool,
    /// Whether what the upgrade brings fails.
    pub failing: bool,
    /// The assumptions that its date asks for: older readings that stay as switches.
    pub assume: Vec<(&'static str, &'static str)>,
}

/// The switches that a date may ask for.
const SWITCHES: [(&str, &str); 2] = [("rolling.mode_write", "batches"), ("rolling.entry_gate_code", "in_upgrade")];

impl Case {
    /// A call on a plain Linux set with these numbers.
    pub const fn new(call: Call, capacity: u32, of: u32) -> Self {
        Self {
            call,
            windows: false,
            flexible: false,
            capacity,
            of,
            power: Power::Running,
            surplus: false,
            extensions: 0,
            probe: None,
            policy: None,
            zones: Vec::new(),
            domains: None,
            spot: None,
            network: false,
            unhealthy: false,
            failing: false,
            assume: Vec::new(),
        }
    }

    /// The same without what does not matter to its call, so that equal questions are equal cases; with the older readings of
    /// its year.
    #[must_use]
    pub fn plain(mut self, year: u16) -> Self {
        let call = self.call;
        if call.is_of_image() {
            return Self::new(call, 1, 1);
        }
        if !call.is_upgrade() {
            (self.probe, self.policy) = (None, None);
        }
        if call.is_upgrade() || !(call.makes() || matches!(call, Call::Evict | Call::ScaleIn)) {
            (self.surplus, self.domains) = (false, None);
            self.zones.clear();
        }
        if self.flexible {
            self.surplus = false;
        }
        if !(call.makes() || matches!(call, Call::Reimage | Call::ExtensionUpgrade)) {
            self.extensions = 0;
        }
        self.assume = match call {
            Call::ToRolling if year < 2022 => vec![SWITCHES[0]],
            Call::OsUpgrade if self.unhealthy && year < 2022 => vec![SWITCHES[1]],
            _ => Vec::new(),
        };
        self
    }

    /// Azure's word for its mode.
    pub const fn mode(&self) -> &'static str {
        if self.flexible { "Flexible" } else { "Uniform" }
    }

    /// Its operating system.
    pub const fn system(&self) -> &'static str {
        if self.windows { "Windows" } else { "Linux" }
    }

    /// The part of it that every pooled quantity keeps: the call, the system, the mode, the power before it, and whether there are
    /// extensions.
    pub fn kind(&self) -> String {
        if self.call.is_of_image() {
            return self.call.word().to_owned();
        }
        format!("{}, {}", self.call.word(), self.of_a_kind())
    }

    /// What [`Self::kind`] says beside the call.
    fn of_a_kind(&self) -> String {
        let mut text = format!("{} {}", self.system(), self.mode());
        match self.power {
            Power::Running => {}
            Power::Stopped => text.push_str(", stopped"),
            Power::Deallocated => text.push_str(", deallocated"),
        }
        if self.extensions > 0 && !self.call.is_upgrade() {
            text.push_str(", extensions");
        }
        if self.spot.is_some() {
            text.push_str(", Spot");
        }
        text
    }

    /// How many it is about.
    pub fn count(&self) -> String {
        match self.call {
            Call::Replicate | Call::ReplicateShallow | Call::Bake | Call::BakeImage => String::new(),
            Call::Create => format!("{}", self.capacity),
            Call::ScaleOut | Call::ScaleIn => format!("{} → {}", self.capacity, self.of),
            _ if self.of == self.capacity => format!("all {}", self.capacity),
            _ => format!("{} of {}", self.of, self.capacity),
        }
    }

    /// How a table names the set-up, without the call.
    pub fn set_up(&self) -> String {
        let mut text = if self.call.is_of_image() { String::new() } else { format!("{}, ", self.of_a_kind()) };
        text.push_str(&self.count());
        let mut add = |part: String| text += &format!(", {part}");
        if !self.surplus && !self.flexible && self.call.makes() {
            add("no surplus".to_owned());
        }
        if let Some((interval, number)) = self.probe {
            add(format!("probe {interval} s × {number}"));
        }
        if !self.zones.is_empty() {
            add(format!("zones {}", self.zones.iter().map(u8::to_string).collect::<Vec<_>>().join(" and ")));
        }
        if let Some(domains) = self.domains.filter(|_| self.call.makes()) {
            add(format!("{domains} fault domains"));
        }
        if self.unhealthy {
            add("nobody healthy".to_owned());
        }
        if self.failing {
            add("what it brings fails".to_owned());
        }
        for (key, value) in &self.assume {
            add(format!("{key}: {value}"));
        }
        text
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {} {}", self.call.word(), self.system(), self.mode(), self.capacity, self.of)?;
        let mut rest = String::new();
        let mut flag = |on: bool, word: &str| {
            if on {
                rest.push(' ');
                rest.push_str(word);
            }
        };
        flag(self.power == Power::Stopped, "stopped");
        flag(self.power == Power::Deallocated, "deallocated");
        flag(self.surplus, "surplus");
        flag(self.network, "network");
        flag(self.unhealthy, "unhealthy");
        flag(self.failing, "failing");
        flag(self.spot == Some(Spot::Deallocate), "spot=deallocate");
        flag(self.spot == Some(Spot::Delete), "spot=delete");
        if self.extensions > 0 {
            write!(rest, " extensions={}", self.extensions)?;
        }
        if let Some((interval, number)) = self.probe {
            write!(rest, " probe={interval}x{number}")?;
        }
        if let Some((batch, unhealthy, upgraded)) = self.policy {
            write!(rest, " policy={batch}/{unhealthy}/{upgraded}")?;
        }
        if !self.zones.is_empty() {
            write!(rest, " zones={}", self.zones.iter().map(u8::to_string).collect::<Vec<_>>().join("+"))?;
        }
        if let Some(domains) = self.domains {
            write!(rest, " domains={domains}")?;
        }
        for (key, value) in &self.assume {
            write!(rest, " {key}={value}")?;
        }
        f.write_str(&rest)
    }
}

impl FromStr for Case {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split(' ');
        let mut next = || words.next().ok_or_else(|| format!("`{text}` ends too early"));
        let (call, system, mode) = (next()?, next()?, next()?);
        let call = Call::named(call).ok_or_else(|| format!("no call is named `{call}`"))?;
        let mut case = Self::new(call, number(next()?)?, number(next()?)?);
        (case.windows, case.flexible) = (system == "Windows", mode == "Flexible");
        for word in words {
            match word.split_once('=') {
                None => case.flag(word)?,
                Some((key, value)) => case.set(key, value)?,
            }
        }
        Ok(case)
    }
}

fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

impl Case {
    fn flag(&mut self, word: &str) -> Result<(), String> {
        match word {
            "stopped" => self.power = Power::Stopped,
            "deallocated" => self.power = Power::Deallocated,
            "surplus" => self.surplus = true,
            "network" => self.network = true,
            "unhealthy" => self.unhealthy = true,
            "failing" => self.failing = true,
            other => return Err(format!("a case has no `{other}`")),
        }
        Ok(())
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let numbers = |by: char| value.split(by).map(number).collect::<Result<Vec<_>, _>>();
        match key {
            "spot" => self.spot = Some(if value == "delete" { Spot::Delete } else { Spot::Deallocate }),
            "extensions" => self.extensions = number(value)?,
            "domains" => self.domains = Some(number(value)?),
            "zones" => {
                let zones = numbers('+')?.into_iter().map(u8::try_from).collect::<Result<_, _>>();
                self.zones = zones.map_err(|_| format!("`{value}` are no zones"))?;
            }
            "probe" => match numbers('x')?[..] {
                [interval, number] => self.probe = Some((interval, number)),
                _ => return Err(format!("`{value}` is no probe")),
            },
            "policy" => match numbers('/')?[..] {
                [batch, unhealthy, upgraded] => self.policy = Some((batch, unhealthy, upgraded)),
                _ => return Err(format!("`{value}` is no policy")),
            },
            _ => match SWITCHES.iter().find(|switch| **switch == (key, value)) {
                Some(switch) => self.assume.push(*switch),
                None => return Err(format!("a case has no `{key}={value}`")),
            },
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_case_is_read_again_as_the_same() {
        let mut case = Case::new(Call::OsUpgrade, 5, 4);
        (case.windows, case.flexible, case.surplus, case.network) = (true, true, true, true);
        (case.unhealthy, case.failing, case.extensions, case.domains) = (true, true, 2, Some(5));
        (case.power, case.spot) = (Power::Deallocated, Some(Spot::Delete));
        (case.probe, case.policy, case.zones) = (Some((15, 2)), Some((50, 90, 80)), vec![1, 3]);
        case.assume = vec![SWITCHES[1]];
        assert_eq!(case.to_string().parse(), Ok(case.clone()));
        for &call in Call::ALL {
            let plain = Case::new(call, 2, 1);
            assert_eq!(plain.to_string().parse(), Ok(plain.clone()), "{plain}");
        }
        for wrong in ["", "create Linux Uniform 2", "invent Linux Uniform 2 2", "create Linux Uniform 2 2 probe=15"] {
            assert!(wrong.parse::<Case>().is_err(), "{wrong}");
        }
    }
}
