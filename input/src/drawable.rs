//! A scenario of which values are drawn: read once, and planned again and again with other values at a few places.
//!
//! What is unknown is unknown of the world. Where a policy changes the same value it has decided it, and keeps it under every draw.

use crate::files::{Base, Files};
use crate::load::{AS_WRITTEN, LoadOptions, patched, root_of, take};
use crate::patch::set::Target;
use crate::policies;
use crate::problem::{Problem, Problems, Severity};
use crate::report::Report;
use crate::scenario::check::check;
use crate::scenario::keys::scenario;
use crate::scenario::legality::SetFacts;
use crate::scenario::lower::{Inputs, lower};
use crate::scenario::{instants, resources, trace};
use crate::tree::Node;
use crate::unknown::{self, Unknown};
use std::path::Path;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::RuleSet;

/// A scenario with its unknowns.
#[derive(Debug)]
pub struct Drawable {
    /// What is unknown, in the order of the file.
    pub unknowns: Vec<Unknown>,
    under: Vec<Under>,
    facts: Vec<SetFacts>,
    rules: RuleSet,
}

/// The scenario under one policy.
#[derive(Debug)]
struct Under {
    policy: String,
    tree: Node,
    /// Of each unknown, where it is; none where the policy decides it.
    targets: Vec<Option<Target>>,
}

impl Drawable {
    /// Reads a scenario that loads.
    ///
    /// # Errors
    ///
    /// What is wrong with its unknowns, or with the scenario itself.
    pub fn read(files: &dyn Files, name: &str, text: String, options: &LoadOptions) -> Result<Self, Report> {
        let mut problems = Problems::new();
        let Some(mut root) = root_of(name, text, &[], &mut problems) else { return Err(problems.into()) };
        let base = Base { folder: Path::new(name).parent().unwrap_or(Path::new("")), files };
        check(&root, &scenario::MAPPING, "", &mut problems);
        let elements = root.get("resources").map_or_else(Vec::new, |list| list.items().to_vec());
        resources::resolve(&mut root, base, &mut problems);
        let section = take(&mut root, scenario::UNKNOWN.entry.key);
        let policies = take(&mut root, "policies");
        let policies = policies::read((policies.as_ref(), &[]), Some(&root), base, &mut problems);
        let unknowns = unknown::read(section.as_ref(), &root, &mut problems);
        if problems.has_errors() {
            return Err(problems.into());
        }
        let mut written = root.clone();
        trace::inline(&mut written, base, &mut problems);
        let targets = unknowns.iter().map(|(_, target)| Some(target.clone())).collect();
        let mut under = vec![Under { policy: AS_WRITTEN.to_owned(), tree: written, targets }];
        for policy in &policies {
            let Some((mut tree, _)) = patched((&root, &elements), policy, base, true, &mut problems) else { continue };
            trace::inline(&mut tree, base, &mut problems);
            let of = |(unknown, target): &(Unknown, Target)| {
                // A template in place of the fleet may have no such place, and what stands at the same steps is another thing.
                let here = Target::find(&tree, &unknown.path, &unknown.span, &mut Problems::new())?;
                (here.get(&tree) == target.get(&root)).then_some(here)
            };
            let targets = unknowns.iter().map(of).collect();
            under.push(Under { policy: policy.key.text.clone(), tree, targets });
        }
        let unknowns = unknowns.into_iter().map(|(unknown, _)| unknown).collect();
        let mut drawable = Self { unknowns, under, facts: Vec::new(), rules: options.rules.clone() };
        drawable.facts = drawable.facts_of(&mut problems);
        drawable.try_ends(&mut problems);
        if problems.has_errors() { Err(problems.into()) } else { Ok(drawable) }
    }

    /// The names of the policies, `as-written` first.
    pub fn policies(&self) -> impl Iterator<Item = &str> {
        self.under.iter().map(|under| under.policy.as_str())
    }

    /// The unknowns that a policy decides itself, by name.
    #[must_use]
    pub fn decided(&self, policy: &str) -> Vec<&str> {
        let under = self.under.iter().find(|under| under.policy == policy);
        let targets = under.map_or(&[][..], |under| &under.targets[..]);
        let all = self.unknowns.iter().zip(targets);
        all.filter(|(_, target)| target.is_none()).map(|(unknown, _)| unknown.name.as_str()).collect()
    }

    /// The plan under a policy with these shares of each prior; none where the scenario cannot be so, or there is no such policy.
    #[must_use]
    pub fn plan(&self, policy: &str, shares: &[f64]) -> Option<Plan> {
        let tree = self.tree(policy, shares)?;
        let inputs = Inputs { scenario: &tree, policy, rules: &self.rules, as_written: self.written_facts(policy) };
        let mut problems = Problems::new();
        let lowered = lower(&inputs, &mut problems)?;
        (!problems.has_errors()).then_some(lowered.plan)
    }

    /// The scenario under a policy with these shares of each prior, to be written to a file: without policies, and without what is unknown.
    #[must_use]
    pub fn scenario(&self, policy: &str, shares: &[f64]) -> Option<serde_json::Value> {
        Some(self.tree(policy, shares)?.to_json())
    }

    fn tree(&self, policy: &str, shares: &[f64]) -> Option<Node> {
        let under = self.under.iter().find(|under| under.policy == policy)?;
        let values = self.unknowns.iter().zip(shares).map(|(unknown, share)| Some(unknown.node(*share)));
        Some(under.with(values))
    }

    fn written_facts(&self, policy: &str) -> &[SetFacts] {
        if policy == AS_WRITTEN { &[] } else { &self.facts }
    }

    fn facts_of(&self, problems: &mut Problems) -> Vec<SetFacts> {
        let tree = self.under[0].with(std::iter::empty());
        let inputs = Inputs { scenario: &tree, policy: AS_WRITTEN, rules: &self.rules, as_written: &[] };
        lower(&inputs, problems).map_or_else(Vec::new, |lowered| lowered.sets)
    }

    /// Tries each end of each range, and each value of a choice, with all else as written.
    fn try_ends(&self, problems: &mut Problems) {
        for (at, unknown) in self.unknowns.iter().enumerate() {
            let shares: Vec<f64> = match unknown.prior.count() {
                Some(count) => (0..count).map(|value| unknown.prior.below(value as f64)).collect(),
                None => vec![0.0, 1.0],
            };
            for share in shares {
                let values = (0..self.unknowns.len()).map(|other| (other == at).then(|| unknown.node(share)));
                let tree = self.under[0].with(values);
                let mut found = Problems::new();
                check(&tree, &scenario::MAPPING, "", &mut found);
                if !found.has_errors() {
                    let inputs = Inputs { scenario: &tree, policy: AS_WRITTEN, rules: &self.rules, as_written: &[] };
                    lower(&inputs, &mut found);
                }
                if let Some(wrong) = found.iter().find(|one| one.severity == Severity::Error) {
                    let said = unknown.said(unknown.value(share));
                    let message = format!("`{}` cannot be {said}: {}", unknown.name, wrong.message);
                    let problem = Problem::error("E0664", message).at(&unknown.span, "thought possible here");
                    problems.push(problem.maybe_help(wrong.help.clone()));
                    break;
                }
            }
        }
    }
}

impl Under {
    /// The scenario with values at the places of the unknowns; one that is not given stays as it is.
    fn with(&self, values: impl Iterator<Item = Option<Node>>) -> Node {
        let mut tree = self.tree.clone();
        for (target, value) in self.targets.iter().zip(values) {
            if let (Some(target), Some(value)) = (target, value) {
                target.set(&mut tree, value);
            }
        }
        // Instants may be relative to an entry whose own is unknown.
        instants::resolve(&mut tree, &mut Problems::new());
        tree
    }
}
