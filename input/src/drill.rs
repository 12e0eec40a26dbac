//! Drills: incidents that are fitted to a fleet that is given without a scenario.
//!
//! A drill is a file of its own, with parameters: `$(set)` stands for a thing of the fleet, `$(capacity * 1.5)` for what follows
//! from it. [`Drill::read`] reads one, [`fit::fit`] makes of it a patch over the scenario of a fleet, or says what the fleet
//! lacks. The library in `scenarios/drills/` is part of the program; a team copies a file of it, changes it and gives its own.

mod expand;
pub mod fit;
mod handles;
mod keys;
pub mod of_draft;
pub mod page;
mod value;

use crate::problem::{Problem, Problems, suggest};
use crate::read::read_text;
use crate::report::Report;
use crate::scenario::check::check;
use crate::tree::Node;
pub use handles::{Handle, Handles};
pub use keys::{Need, Rollout};
use keys::{drill, parameter};
use std::collections::BTreeMap;
use std::path::Path;
pub use value::Value;
use windtunnel_sim::plan::Word as _;

macro_rules! library {
    ($($name:literal)+) => {
        /// The library: name and text of each, in the order in which they are shown. The first is the yardstick, in which nothing goes
        /// wrong.
        pub const LIBRARY: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../scenarios/drills/", $name, ".yaml")))),+];
    };
}

library! {
    "good-image"
    "image-crashes"
    "image-fails-later"
    "image-breaks-unseen"
    "stale-image"
    "slow-boots"
    "repair-loop"
    "one-unhealthy"
    "dependency-blip"
    "load-peak"
    "zone-lost"
    "spot-wave"
    "no-quota-to-surge"
    "autoscale-flap"
    "image-not-in-region"
    "processes-hang"
}

/// A drill, read and not fitted to a fleet yet.
#[derive(Clone, Debug)]
pub struct Drill {
    /// The stem of its file's name.
    pub name: String,
    /// What goes wrong, in a line.
    pub title: String,
    /// What happens, to which machines, and what to look at.
    pub description: String,
    /// What the fleet must have.
    pub needs: Vec<Need>,
    /// What is rolled out, where something is.
    pub rollout: Option<Rollout>,
    /// Its parameters with their values.
    pub parameters: BTreeMap<String, Value>,
    tree: Node,
}

impl Drill {
    /// Reads the text of a file of this name.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, but for what only shows on a fleet.
    pub fn read(name: &str, text: String) -> Result<Self, Report> {
        let mut problems = Problems::new();
        let Some(tree) = read_text(name, text, &mut problems) else { return Err(problems.into()) };
        if tree.get("drill").is_none() && tree.get("windtunnel").is_some() {
            let problem = Problem::error("E0252", format!("`{name}` is a scenario, not a drill"));
            let help = "`windtunnel compare` runs a scenario; a drill begins with `drill: 1`, and has its keys under `scenario`";
            return Err(Problems(vec![problem.help(help)]).into());
        }
        check(&tree, &keys::FILE, "", &mut problems);
        if let Some(around) = drill::SCENARIO.node(&tree) {
            for (key, _) in
                around.entries().iter().filter(|(key, _)| ["resources", "windtunnel"].contains(&key.text.as_str()))
            {
                let problem = Problem::error("E0252", format!("a drill has no `{}`: they are the fleet's", key.text));
                problems
                    .push(problem.at(&key.span, "not of a drill").help("remove it; `policies` may change the fleet"));
            }
        }
        let parameters = declared(&tree, &mut problems);
        if problems.has_errors() {
            return Err(problems.into());
        }
        let stem =
            Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
        Ok(Self {
            name: stem,
            title: drill::TITLE.given(&tree).unwrap_or_default().to_owned(),
            description: drill::DESCRIPTION.given(&tree).unwrap_or_default().to_owned(),
            needs: drill::NEEDS.given(&tree).unwrap_or_default(),
            rollout: drill::ROLLOUT.given(&tree),
            parameters,
            tree,
        })
    }

    /// The library, each of it read.
    ///
    /// # Panics
    ///
    /// A file of it is wrong, which a test excludes.
    #[must_use]
    pub fn library() -> Vec<Self> {
        let read = |(name, text): &(&str, &str)| Self::read(&format!("{name}.yaml"), (*text).to_owned());
        LIBRARY.iter().map(|one| read(one).unwrap_or_else(|report| panic!("{report}"))).collect()
    }

    /// Gives a parameter another value; whether there is one of this name.
    ///
    /// # Errors
    ///
    /// The value is of another kind.
    pub fn set(&mut self, name: &str, text: &str) -> Result<bool, String> {
        let Some(is) = drill::PARAMETERS.node(&self.tree).and_then(|all| parameter::IS.given(all.get(name)?)) else {
            return Ok(false);
        };
        let value = Value::declared(is, text).map_err(|wrong| wrong.message)?;
        self.parameters.insert(name.to_owned(), value);
        Ok(true)
    }
}

/// The parameters that a drill declares.
fn declared(tree: &Node, problems: &mut Problems) -> BTreeMap<String, Value> {
    let mut parameters = BTreeMap::new();
    for (key, node) in drill::PARAMETERS.entries(tree) {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if Handle::named(&key.text).is_some() || !key.text.chars().all(plain) {
            let (message, help) = match Handle::named(&key.text) {
                Some(_) => (format!("`{}` is a name that the fleet gives", key.text), "choose another name"),
                None => (format!("`{}` cannot be the name of a parameter", key.text), "use letters, digits and _"),
            };
            problems.push(Problem::error("E0251", message).at(&key.span, "this name").help(help));
            continue;
        }
        let (Some(is), Some(default)) = (parameter::IS.given(node), parameter::DEFAULT.node(node)) else { continue };
        match Value::declared(is, default.text().unwrap_or_default()) {
            Ok(value) => _ = parameters.insert(key.text.clone(), value),
            Err(wrong) => {
                let problem = Problem::error("E0251", wrong.message).at(&default.span, wrong.why);
                problems.push(problem.maybe_help(wrong.help.or_else(|| suggest(is.word(), Is::WORDS.iter().copied()))));
            }
        }
    }
    parameters
}

use keys::Is;
