//! Addresses of Terraform: `module.app["blue"].azurerm_lb_probe.web[0]`, and what an expression refers to, which may go on behind
//! it: `azurerm_lb_probe.web.id`.

use std::fmt::{Display, Formatter, Result};

/// A name with the key of its instance, which `count` makes a number and `for_each` a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The name.
    pub name: String,
    /// The key of the instance; none where there is only one, or all are meant.
    pub key: Option<String>,
}

/// A chain of names: `azurerm_lb.web[0].id` has three.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain(pub Vec<Step>);

impl Chain {
    /// The chain that a text is; what cannot be read ends it.
    pub fn of(text: &str) -> Self {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let mut step = Step { name: rest[..end].to_owned(), key: None };
            rest = &rest[end..];
            while let Some(inside) = rest.strip_prefix('[') {
                let Some((key, after)) = key_of(inside) else { return Self(steps) };
                step.key.get_or_insert(key);
                rest = after;
            }
            steps.push(step);
            rest = rest.strip_prefix('.').unwrap_or(rest);
        }
        Self(steps)
    }

    /// The name of a step.
    pub fn name(&self, at: usize) -> &str {
        self.0.get(at).map_or("", |step| &step.name)
    }
}

/// What is in brackets, and what comes behind them: `0]` and `"a.b"].id`.
fn key_of(inside: &str) -> Option<(String, &str)> {
    if let Some(quoted) = inside.strip_prefix('"') {
        let mut key = String::new();
        let mut letters = quoted.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => key.push(letters.next()?.1),
                '"' => return Some((key, quoted[at + 1..].strip_prefix(']')?)),
                other => key.push(other),
            }
        }
        return None;
    }
    let (key, after) = inside.split_once(']')?;
    Some((key.to_owned(), after))
}

/// The modules that lead to something, outermost first.
pub type Modules = Vec<Step>;

/// The address of an instance of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The modules that hold it.
    pub modules: Modules,
    /// Whether it is only read, a `data` block.
    pub is_data: bool,
    /// Its type, as the provider names it.
    pub kind: String,
    /// Its name, with the key of the instance.
    pub own: Step,
}

impl Address {
    /// The address that a text is.
    pub fn of(text: &str) -> Option<Self> {
        let mut steps = Chain::of(text).0.into_iter().peekable();
        let mut modules = Vec::new();
        while steps.next_if(|step| step.name == "module").is_some() {
            modules.push(steps.next()?);
        }
        let is_data = steps.next_if(|step| step.name == "data").is_some();
        Some(Self { modules, is_data, kind: steps.next()?.name, own: steps.next()? })
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.name)?;
        match &self.key {
            None => Ok(()),
            Some(key) if key.bytes().all(|byte| byte.is_ascii_digit()) => write!(f, "[{key}]"),
            Some(key) => write!(f, "[\"{key}\"]"),
        }
    }
}

impl Display for Address {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for module in &self.modules {
            write!(f, "module.{module}.")?;
        }
        write!(f, "{}{}.{}", if self.is_data { "data." } else { "" }, self.kind, self.own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_modules_and_keys() {
        let text = "module.app[\"b.l\\\"ue\"].module.net.azurerm_lb.web[0]";
        let address = Address::of(text).expect("an address");
        let step = |name: &str, key: Option<&str>| Step { name: name.to_owned(), key: key.map(str::to_owned) };
        assert_eq!(address.modules, [step("app", Some("b.l\"ue")), step("net", None)]);
        assert_eq!((address.kind.as_str(), address.own), ("azurerm_lb", step("web", Some("0"))));
        assert!(Address::of("data.azurerm_lb.web").is_some_and(|address| address.is_data));
        assert_eq!(Address::of("module.app"), None);
        assert_eq!(Chain::of("azurerm_lb.x[\"open").0.len(), 1, "what is not closed ends it");
    }
}
