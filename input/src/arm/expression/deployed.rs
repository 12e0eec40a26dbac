//! What a template deploys: its resources one by one, with loops unrolled, and the templates of the deployments among them.
//!
//! Whoever asks for a resource (`reference`) and whoever lists them all read the same [`Deployed`]. Nothing of it is evaluated before it
//! is asked for, so that the order of resources means nothing.

use std::cell::{OnceCell, RefCell};
use std::path::PathBuf;
use std::rc::{Rc, Weak};

use super::data;
use super::evaluate::Env;
use super::journal::Journal;
use super::scope::{Around, Given, Loop, Memory, Names};
use super::{Failure, Outcome, Text, classify};
use crate::arm::reference::split_id;
use crate::arm::shape;
use crate::tree::{Key, Node, Value, by_name};

/// The type of a deployment.
pub const DEPLOYMENT: &str = "Microsoft.Resources/deployments";

/// A template, taken apart.
#[derive(Debug, Default)]
pub struct Template {
    pub(super) parameters: Option<Node>,
    pub(super) variables: Option<Node>,
    pub(super) definitions: Option<Node>,
    pub(super) functions: Option<Node>,
    pub(super) outputs: Option<Node>,
    /// Its resources, as they are written.
    pub items: Vec<Rc<Item>>,
    /// The file it is in.
    pub(super) file: Rc<PathBuf>,
}

/// A resource as a template writes it.
#[derive(Debug)]
pub struct Item {
    /// Its symbolic name, since language version 2.0.
    pub symbol: Option<String>,
    /// What is said of it, without what is inside.
    pub node: Node,
    /// The template of a deployment.
    template: Option<Rc<Template>>,
    /// The resources inside.
    children: Vec<Rc<Self>>,
}

impl Template {
    /// How the address begins that a template has for its own file; what is built on it lies beside.
    pub const BESIDE: &str = "beside://template/";

    /// The template that a node of this file is.
    #[must_use]
    pub fn of(mut node: Node, file: &Rc<PathBuf>) -> Rc<Self> {
        let mut take = |key| node.take_arm(key).filter(|taken| !taken.is_null());
        Rc::new(Self {
            parameters: take("parameters"),
            variables: take("variables"),
            definitions: take("definitions"),
            functions: take("functions"),
            outputs: take("outputs"),
            items: take("resources").map_or_else(Vec::new, |list| items(list, file)),
            file: Rc::clone(file),
        })
    }

    /// Whether a resource of this type may be in it, or in a deployment of it.
    fn may_hold(&self, kind: &str) -> bool {
        self.items.iter().any(|item| item.may_hold(kind))
    }
}

/// The resources of a list, or of an object by symbolic name, whose order means nothing.
fn items(list: Node, file: &Rc<PathBuf>) -> Vec<Rc<Item>> {
    let mut named: Vec<(Option<String>, Node)> = match list.value {
        Value::Seq(items) => items.into_iter().map(|item| (None, item)).collect(),
        Value::Map(entries) => entries.into_iter().map(|(key, item)| (Some(key.text), item)).collect(),
        _ => Vec::new(),
    };
    named.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) => by_name(a, b),
        _ => std::cmp::Ordering::Equal,
    });
    named.into_iter().map(|(symbol, node)| Rc::new(Item::of(symbol, node, file))).collect()
}

impl Item {
    fn of(symbol: Option<String>, mut node: Node, file: &Rc<PathBuf>) -> Self {
        let children = node.take_arm("resources").map_or_else(Vec::new, |list| items(list, file));
        let is_deployment = kind_of(&node).is_some_and(|kind| kind.eq_ignore_ascii_case(DEPLOYMENT));
        let template = match &mut node.value {
            Value::Map(entries) if is_deployment => {
                let properties = entries.iter_mut().find(|(key, _)| key.text.eq_ignore_ascii_case("properties"));
                properties.and_then(|(_, properties)| properties.take_arm("template"))
            }
            _ => None,
        };
        let template = template.filter(|template| matches!(template.value, Value::Map(_)));
        Self { symbol, template: template.map(|template| Template::of(template, file)), node, children }
    }

    fn may_hold(&self, kind: &str) -> bool {
        let own = kind_of(&self.node);
        let is_it = own.is_none_or(|own| own.eq_ignore_ascii_case(kind)) || !self.children.is_empty();
        let is_linked = || own.is_some_and(|own| own.eq_ignore_ascii_case(DEPLOYMENT));
        is_it || self.template.as_ref().map_or_else(is_linked, |template| template.may_hold(kind))
    }

    /// The type of a resource that is, without evaluating anything, of a type that nothing models. Its loop and condition need not
    /// have a value, nor its parameters a placeholder.
    #[must_use]
    pub fn plainly_unmodelled(&self) -> Option<&str> {
        let kind = kind_of(&self.node)?;
        let is_modelled = kind.eq_ignore_ascii_case(DEPLOYMENT)
            || shape::resource(kind).is_some()
            || shape::child(kind).is_some()
            || !kind.contains('/')
            || !self.children.is_empty();
        (!is_modelled).then_some(kind)
    }
}

/// The type that a node writes out. Bicep writes `Type@version` for type and version together.
fn kind_of(node: &Node) -> Option<&str> {
    let kind = node.arm("type")?.text()?;
    let is_written = matches!(classify(kind), Text::Literal(_));
    is_written.then(|| kind.split('@').next().unwrap_or_default())
}

/// A template with everything that it is given.
#[derive(Debug)]
pub struct Scope {
    /// What is said and counted.
    pub journal: Rc<Journal>,
    pub(super) names: Rc<Names>,
    pub(super) template: Rc<Template>,
    /// The name of the deployment, which the outermost one has from its surroundings.
    pub(super) name: Option<String>,
    around: Option<Around>,
    /// The loops that run around its resources.
    loops: Rc<[Loop]>,
    deployed: RefCell<Option<Rc<[Rc<Deployed>]>>>,
    /// What it deploys of types that nothing models.
    unmodelled: RefCell<Option<Rc<[Rc<Deployed>]>>>,
    itself: Weak<Self>,
}

impl Scope {
    /// The outermost scope of a file.
    #[must_use]
    pub fn new(template: Rc<Template>, given: Given, journal: Rc<Journal>) -> Rc<Self> {
        let names = Rc::new(Names::new(Rc::clone(&template), given));
        Self::make(template, names, journal, None, None, Rc::from([]))
    }

    fn make(
        template: Rc<Template>,
        names: Rc<Names>,
        journal: Rc<Journal>,
        name: Option<String>,
        around: Option<Around>,
        loops: Rc<[Loop]>,
    ) -> Rc<Self> {
        Rc::new_cyclic(|itself| {
            let (deployed, unmodelled, itself) = (RefCell::default(), RefCell::default(), Weak::clone(itself));
            Self { journal, names, template, name, around, loops, deployed, unmodelled, itself }
        })
    }

    /// The scope in which the body of a function is evaluated.
    pub(super) fn of_function(&self, names: Names) -> Rc<Self> {
        let template = Rc::default();
        Self::make(template, Rc::new(names), Rc::clone(&self.journal), None, None, Rc::from([]))
    }

    /// Its resources that may be modelled, and its deployments, in order; those inside another one after it.
    pub fn deployed(&self) -> Rc<[Rc<Deployed>]> {
        let is_meant = |item: &Item| item.plainly_unmodelled().is_none();
        self.unrolled(&self.deployed, &is_meant, &|failure, field| self.journal.report(failure, field))
    }

    /// Every resource of this template, modelled or not. Of those that nothing models, a loop need not have a value.
    pub(super) fn all_here(&self) -> Vec<Rc<Deployed>> {
        let others = self.unrolled(&self.unmodelled, &|item| item.plainly_unmodelled().is_some(), &|_, _| {});
        let all: Vec<Rc<Deployed>> = self.deployed().iter().chain(&*others).cloned().collect();
        // Who looks through them too often ends the evaluation at its next step.
        _ = all.first().map(|one| self.journal.steps(all.len() / 2, &one.item.node.span));
        all
    }

    fn unrolled(
        &self,
        slot: &RefCell<Option<Rc<[Rc<Deployed>]>>>,
        is_meant: &dyn Fn(&Item) -> bool,
        failed: &dyn Fn(&Failure, &str),
    ) -> Rc<[Rc<Deployed>]> {
        if let Some(found) = &*slot.borrow() {
            return Rc::clone(found);
        }
        // Who asks while this is worked out finds nothing.
        *slot.borrow_mut() = Some(Rc::from([]));
        let mut found = Vec::new();
        for item in self.template.items.iter().filter(|item| is_meant(item)) {
            self.unroll(item, &self.loops, None, &mut found, failed);
        }
        let found: Rc<[Rc<Deployed>]> = found.into();
        *slot.borrow_mut() = Some(Rc::clone(&found));
        found
    }

    /// The loops that run around its resources.
    pub(super) fn loops(&self) -> &[Loop] {
        &self.loops
    }

    /// What it declares to give back.
    pub(super) fn outputs(&self) -> &[(Key, Node)] {
        self.template.outputs.as_ref().map_or(&[][..], Node::entries)
    }

    /// The template.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// The path of its file.
    pub fn file(&self) -> &std::path::Path {
        &self.template.file
    }

    fn env<'a>(&'a self, loops: &'a [Loop]) -> Env<'a> {
        Env { scope: self, loops, locals: &[], depth: self.journal.depth() }
    }

    fn unroll(
        &self,
        item: &Rc<Item>,
        loops: &Rc<[Loop]>,
        parent: Option<&Rc<Deployed>>,
        found: &mut Vec<Rc<Deployed>>,
        failed: &dyn Fn(&Failure, &str),
    ) {
        let copy = item.node.arm("copy").filter(|copy| matches!(copy.value, Value::Map(_)));
        let count = copy.map(|copy| self.env(loops).copy_count(copy)).transpose();
        let indices: Vec<Option<i64>> = match count {
            Ok(Some(count)) => (0..count).map(Some).collect(),
            Ok(None) => vec![None],
            Err(failure) => return failed(&failure, "copy"),
        };
        for index in indices {
            let loops = index.map_or_else(|| Rc::clone(loops), |index| self.looped(item, loops, index));
            match self.deploy(item, &loops, index, parent) {
                Ok(deployed) => {
                    found.push(Rc::clone(&deployed));
                    for child in &item.children {
                        self.unroll(child, &loops, Some(&deployed), found, failed);
                    }
                }
                Err(failure) => failed(&failure, "type"),
            }
        }
    }

    /// The loops within one iteration of a resource.
    fn looped(&self, item: &Item, loops: &Rc<[Loop]>, index: i64) -> Rc<[Loop]> {
        let name = item.node.arm_path(&["copy", "name"]).and_then(|name| self.env(loops).resolve(name).ok());
        let name = name.as_ref().and_then(Node::text).unwrap_or_default().to_owned();
        loops.iter().cloned().chain([Loop { name, index, of_resource: true }]).collect()
    }

    fn deploy(
        &self,
        item: &Rc<Item>,
        loops: &Rc<[Loop]>,
        index: Option<i64>,
        parent: Option<&Rc<Deployed>>,
    ) -> Outcome<Rc<Deployed>> {
        // Loops in loops are bounded by this alone.
        self.journal.steps(1, &item.node.span)?;
        let kind = match item.node.arm("type") {
            Some(written) => data::display(&self.env(loops).resolve(written)?),
            None => String::new(),
        };
        let kind = kind.split('@').next().unwrap_or_default();
        let is_relative = !kind.split('/').next().is_some_and(|first| first.contains('.'));
        let kind = match parent {
            Some(parent) if is_relative => format!("{}/{kind}", parent.kind),
            _ => kind.to_owned(),
        };
        Ok(Rc::new(Deployed {
            item: Rc::clone(item),
            kind,
            index,
            loops: Rc::clone(loops),
            parent: parent.cloned(),
            scope: Weak::clone(&self.itself),
            assumed: OnceCell::new(),
            inner: OnceCell::new(),
            memory: Memory::default(),
        }))
    }

    /// What `wanted` names: a symbolic name of this template, with the iteration where it is of a loop; a name; or an id of anything
    /// in the same files.
    pub(super) fn find(&self, wanted: &str) -> Option<Rc<Deployed>> {
        if let Some((kind, name)) = wanted.contains("/providers/").then(|| split_id(wanted)).flatten() {
            return self.find_by_id(&kind, &name);
        }
        let (symbol, index) = match wanted.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some((symbol, index)) => (symbol, index.parse().ok()),
            None => (wanted, None),
        };
        let by_symbol = self.iterations(symbol).into_iter().find(|one| index.is_none() || one.index == index);
        let found = by_symbol.or_else(|| {
            let is_named = |one: &Rc<Deployed>| one.full_name().eq_ignore_ascii_case(wanted) && one.is_deployed();
            self.all_here().into_iter().find(is_named)
        });
        let found = found.or_else(|| self.around.as_ref()?.scope.upgrade()?.find(wanted))?;
        if found.is_existing() { self.find_by_id(&found.kind, &found.full_name()).or(Some(found)) } else { Some(found) }
    }

    /// All iterations of the resource with a symbolic name, or of the loop with this name.
    pub(super) fn iterations(&self, symbol: &str) -> Vec<Rc<Deployed>> {
        let is = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case(symbol));
        let is_this = |one: &Rc<Deployed>| {
            is(one.item.symbol.as_deref())
                || (one.index.is_some() && is(one.loops.last().map(|last| last.name.as_str())))
        };
        self.all_here().into_iter().filter(is_this).collect()
    }

    fn find_by_id(&self, kind: &str, name: &str) -> Option<Rc<Deployed>> {
        let mut outermost = self.itself.upgrade()?;
        while let Some(around) = outermost.around.as_ref().and_then(|around| around.scope.upgrade()) {
            outermost = around;
        }
        self.within(kind, name).or_else(|| outermost.within(kind, name))
    }

    /// The resource of this type and name in this template, or in one that it deploys.
    fn within(&self, kind: &str, name: &str) -> Option<Rc<Deployed>> {
        if !self.template.may_hold(kind) {
            return None;
        }
        let is_this = |one: &&Rc<Deployed>| {
            one.kind.eq_ignore_ascii_case(kind)
                && one.full_name().eq_ignore_ascii_case(name)
                && !one.is_existing()
                && one.is_deployed()
        };
        let here = self.all_here();
        here.iter().find(is_this).cloned().or_else(|| {
            let deployments = here.iter().filter(|one| one.is_deployment() && one.is_deployed());
            deployments.filter_map(|one| one.inner()).find_map(|inner| inner.within(kind, name))
        })
    }
}

/// One resource that a template deploys.
#[derive(Debug)]
pub struct Deployed {
    /// As it is written.
    pub item: Rc<Item>,
    /// Its full type, as it is written.
    pub kind: String,
    /// The iteration, where a loop repeats it.
    index: Option<i64>,
    loops: Rc<[Loop]>,
    parent: Option<Rc<Self>>,
    scope: Weak<Scope>,
    /// The name of one whose own has no value.
    assumed: OnceCell<String>,
    inner: OnceCell<Option<Rc<Scope>>>,
    memory: Memory,
}

impl Deployed {
    /// Hands on where its expressions are evaluated.
    pub fn within<T>(&self, look: impl FnOnce(&Env<'_>) -> T) -> Option<T> {
        let scope = self.scope.upgrade()?;
        Some(look(&scope.env(&self.loops)))
    }

    /// Works something out once.
    pub(super) fn remember(&self, key: &'static str, work: impl FnOnce(&Env<'_>) -> Outcome<Node>) -> Outcome<Node> {
        let span = &self.item.node.span;
        let look = |env: &Env<'_>| {
            let of = self.item.symbol.as_deref().unwrap_or(&self.kind).to_owned();
            self.memory.remember(&env.scope.journal, (key, of), span, || work(env))
        };
        self.within(look).unwrap_or_else(|| Ok(data::null(span)))
    }

    /// The value of one of its keys.
    ///
    /// # Errors
    ///
    /// It has none.
    pub fn key(&self, key: &'static str) -> Outcome<Option<Node>> {
        let Some(written) = self.item.node.arm(key) else { return Ok(None) };
        self.remember(key, |env| env.resolve(written)).map(Some)
    }

    /// Names it, where its own name has no value.
    pub fn assume_name(&self, name: &str) {
        _ = self.assumed.set(name.to_owned());
    }

    /// The full name, `vmss/extension` for a child, however it is written; empty where it has no value.
    #[must_use]
    pub fn full_name(&self) -> String {
        let own = self.assumed.get().cloned().or_else(|| self.key("name").ok()??.text().map(str::to_owned));
        let own = own.unwrap_or_default();
        let depth = self.kind.split('/').count() - 1;
        match &self.parent {
            Some(parent) if own.split('/').count() < depth => format!("{}/{own}", parent.full_name()),
            _ => own,
        }
    }

    /// Whether it is only referred to.
    #[must_use]
    pub fn is_existing(&self) -> bool {
        self.item.node.arm("existing").and_then(Node::text) == Some("true")
    }

    /// Whether it is a deployment.
    #[must_use]
    pub fn is_deployment(&self) -> bool {
        self.kind.eq_ignore_ascii_case(DEPLOYMENT)
    }

    /// Whether its condition does not keep it out, nor that of the resource that it stands in.
    #[must_use]
    pub fn is_deployed(&self) -> bool {
        let own = self.key("condition").ok().flatten();
        let is_kept_out = own.as_ref().and_then(Node::text).is_some_and(|text| text.eq_ignore_ascii_case("false"));
        !is_kept_out && self.parent.as_ref().is_none_or(|parent| parent.is_deployed())
    }

    /// Its id.
    pub(super) fn id(&self, group: &str) -> String {
        resource_id(group, &self.kind, &self.full_name())
    }

    /// The template of a deployment: inside, or in a file that lies beside.
    pub fn inner(&self) -> Option<Rc<Scope>> {
        // What is evaluated here may ask for this again, so that it is done before.
        let is_new = self.inner.get().is_none();
        let linked = if is_new && self.item.template.is_none() { self.linked() } else { None };
        let name = is_new.then(|| self.full_name());
        let made = self.inner.get_or_init(|| {
            let outer = self.scope.upgrade()?;
            let around = Around { scope: Weak::clone(&self.scope), loops: Rc::clone(&self.loops) };
            let properties = self.item.node.arm("properties");
            let at = |path: &[&str]| properties.and_then(|properties| properties.arm_path(path));
            let is_inner = at(&["expressionEvaluationOptions", "scope"])
                .and_then(Node::text)
                .is_some_and(|scope| scope.eq_ignore_ascii_case("inner"));
            let (template, given, names) = match (&self.item.template, linked) {
                (Some(template), _) if !is_inner => (Rc::clone(template), None, Some(Rc::clone(&outer.names))),
                (Some(template), _) => (Rc::clone(template), at(&["parameters"]).cloned(), None),
                (None, Some((template, parameters))) => (template, at(&["parameters"]).cloned().or(parameters), None),
                (None, None) => return None,
            };
            // What is evaluated outside sees the loops there.
            let loops = if names.is_some() { Rc::clone(&self.loops) } else { Rc::from([]) };
            let given = Given::Written(given, around.clone());
            let names = names.unwrap_or_else(|| Rc::new(Names::new(Rc::clone(&template), given)));
            Some(Scope::make(template, names, Rc::clone(&outer.journal), name, Some(around), loops))
        });
        made.clone()
    }

    /// The file that it links to, and the parameters in the one that it links to for them.
    fn linked(&self) -> Option<(Rc<Template>, Option<Node>)> {
        let scope = self.scope.upgrade()?;
        let read = |key: &'static str| {
            let candidates = self.link(key).ok()??;
            candidates.iter().find_map(|path| scope.journal.linked(path))
        };
        let template = read("templateLink")?;
        Some((template, read("parametersLink").and_then(|file| file.parameters.clone())))
    }

    /// The address of a file that it links to.
    ///
    /// # Errors
    ///
    /// It has no value.
    pub fn address(&self, key: &'static str) -> Outcome<Option<Node>> {
        let link = self.item.node.arm_path(&["properties", key]);
        let written =
            link.and_then(|link| link.arm("relativePath").or_else(|| link.arm("uri")).or_else(|| link.arm("id")));
        written.map(|written| self.remember(key, |env| env.resolve(written))).transpose()
    }

    /// Where the file may lie that it links to: at a path relative to the file of the template, or, of an address, at the last parts
    /// of its path, the longest first. A folder that several templates share lies beside theirs, and is put into each when they are
    /// published.
    fn link(&self, key: &'static str) -> Outcome<Option<Vec<PathBuf>>> {
        const LONGEST: usize = 3;
        let (Some(address), Some(scope)) = (self.address(key)?, self.scope.upgrade()) else { return Ok(None) };
        let address = data::display(&address);
        let path = address.split(['?', '#']).next().unwrap_or_default().replace('\\', "/");
        let file = &scope.template.file;
        let folder = file.parent().map(std::path::Path::to_owned).unwrap_or_default();
        let shared = |path: &PathBuf| {
            let inner = path.strip_prefix(&folder).ok().filter(|inner| inner.components().count() > 1)?;
            folder.file_name()?;
            Some(folder.parent()?.join(inner))
        };
        let with_shared = |paths: Vec<PathBuf>| {
            let above: Vec<PathBuf> = paths.iter().filter_map(shared).collect();
            paths.into_iter().chain(above).collect::<Vec<_>>()
        };
        if let Some(path) = path.strip_prefix(Template::BESIDE) {
            return Ok(Some(with_shared(vec![PathBuf::from(path)])));
        }
        let (path, is_elsewhere) = match path.split_once("://") {
            Some((_, rest)) => (rest.to_owned(), true),
            None => (path, false),
        };
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let lengths = if is_elsewhere {
            1..=LONGEST.min(segments.len().saturating_sub(1))
        } else {
            segments.len()..=segments.len()
        };
        let candidates = lengths.rev().map(|length| {
            let joined = |mut at: PathBuf, part: &&str| {
                // `a/../b` is `b`, whatever `a` is.
                let is_back = *part == ".." && at.file_name().is_some();
                if is_back {
                    _ = at.pop()
                } else {
                    at.push(part)
                }
                at
            };
            segments[segments.len() - length..].iter().fold(folder.clone(), joined)
        });
        let candidates: Vec<PathBuf> = candidates.filter(|path| path != &**file).collect();
        Ok(Some(if is_elsewhere { with_shared(candidates) } else { candidates }))
    }
}

/// The id of a resource of this type and name in a group.
pub(super) fn resource_id(group: &str, kind: &str, name: &str) -> String {
    let (namespace, kinds) = kind.split_once('/').unwrap_or((kind, ""));
    let pairs: String = kinds.split('/').zip(name.split('/')).map(|(kind, name)| format!("/{kind}/{name}")).collect();
    format!("{group}/providers/{namespace}{pairs}")
}
