//! What a row of a table says: where the provider has a field, where ARM has it, and how one becomes the other.

/// A field of a resource or block.
#[derive(Clone, Copy)]
pub struct Row {
    /// Its name in the provider; in a block that is there once, behind the name of that and a dot.
    pub from: &'static str,
    /// Other names of the same, which other versions of the provider have.
    pub also: &'static [&'static str],
    /// Its path in ARM, below that of the resource or block.
    pub to: &'static str,
    /// How it becomes what ARM has.
    pub how: How,
    /// What the provider sends where nobody writes it. A plan has it filled in; a row has it for what does not.
    pub default: Option<&'static str>,
}

/// How a value of the provider becomes one of ARM.
#[derive(Clone, Copy)]
pub enum How {
    /// As it is.
    Value,
    /// The opposite: `true` becomes `false`.
    Not,
    /// As it is where it is above zero; the provider does not send it otherwise.
    Positive,
    /// One value becomes a list of one.
    Listed,
    /// Each of a list becomes an object with this key, behind what is there already.
    Each(&'static str),
    /// Texts such as `200-299`, each a range.
    Ranges,
    /// Where it is `true`, the list has a security type of this name.
    Feature(&'static str),
    /// A text that is JSON.
    Json,
    /// The same, which nobody may see.
    Secret,
    /// `true` where the block is there.
    Present,
    /// Another word for it; what is not in the list is not sent.
    Word(&'static [(&'static str, &'static str)]),
    /// The id of a resource of this ARM type, which the plan may not know yet.
    Link(&'static str),
    /// Ids of such resources.
    Links(&'static str),
    /// The name of a part of the same resource, which becomes its id; of the resource that holds this one for a child. The list of the
    /// part.
    Part(&'static str),
    /// A block that is there once.
    One(&'static Block),
    /// Blocks, which become a list.
    Many(&'static Block),
}

/// What is in a block.
pub struct Block {
    /// Fields that ARM has.
    pub rows: &'static [Row],
    /// What several blocks have in common.
    pub with: &'static [&'static Self],
    /// What the provider sends in any case.
    pub always: &'static [(&'static str, &'static str)],
    /// Fields that have no effect on a rollout.
    pub idle: &'static [&'static str],
}

/// What holds a resource.
#[derive(Clone, Copy)]
pub enum Within {
    /// Its resource group.
    Group,
    /// The resource whose id this field has.
    Id(&'static str),
    /// Resources whose names these fields have, outermost first, in its group.
    Names(&'static [&'static str]),
}

impl Within {
    /// Whether a field is one of these.
    pub fn has(self, field: &str) -> bool {
        match self {
            Self::Group => false,
            Self::Id(own) => own == field,
            Self::Names(own) => own.contains(&field),
        }
    }
}

/// A type of resource.
pub struct Table {
    /// Its names in the provider.
    pub from: &'static [&'static str],
    /// Its type in ARM.
    pub to: &'static str,
    /// What holds it.
    pub within: Within,
    /// Where the provider says all this: the file of its schema.
    pub source: &'static str,
    /// Its fields.
    pub block: Block,
}

const fn row(from: &'static str, to: &'static str, how: How) -> Row {
    Row { from, also: &[], to, how, default: None }
}

/// A field that is as it is.
pub const fn value(from: &'static str, to: &'static str) -> Row {
    row(from, to, How::Value)
}

/// A field of which ARM has the opposite.
pub const fn not(from: &'static str, to: &'static str) -> Row {
    row(from, to, How::Not)
}

/// A field that is sent where it is above zero.
pub const fn positive(from: &'static str, to: &'static str) -> Row {
    row(from, to, How::Positive)
}

/// A field that becomes a list of one.
pub const fn listed(from: &'static str, to: &'static str) -> Row {
    row(from, to, How::Listed)
}

/// A list each of which becomes an object with a key.
pub const fn each(from: &'static str, to: &'static str, key: &'static str) -> Row {
    row(from, to, How::Each(key))
}

/// Texts such as `200-299`.
pub const fn ranges(from: &'static str, to: &'static str) -> Row {
    row(from, to, How::Ranges)
}

/// A switch that gives a list of features a security type.
pub const fn feature(from: &'static str, to: &'static str, kind: &'static str) -> Row {
    row(from, to, How::Feature(kind))
}

/// A text that is JSON.
pub const fn json(from: &'static str, to: &'static str) -> Row {
    row(from, to, How::Json)
}

/// A text that is JSON, and which nobody may see.
pub const fn secret(from: &'static str, to: &'static str) -> Row {
    row(from, to, How::Secret)
}

/// `true` where a block is there.
pub const fn present(from: &'static str, to: &'static str) -> Row {
    row(from, to, How::Present)
}

/// A field with other words.
pub const fn word(from: &'static str, to: &'static str, words: &'static [(&'static str, &'static str)]) -> Row {
    row(from, to, How::Word(words))
}

/// The id of a resource of an ARM type.
pub const fn link(from: &'static str, to: &'static str, kind: &'static str) -> Row {
    row(from, to, How::Link(kind))
}

/// Ids of resources of an ARM type.
pub const fn links(from: &'static str, to: &'static str, kind: &'static str) -> Row {
    row(from, to, How::Links(kind))
}

/// The name of a part of the same resource, in this list of it.
pub const fn part(from: &'static str, to: &'static str, list: &'static str) -> Row {
    row(from, to, How::Part(list))
}

/// A block that is there once.
pub const fn one(from: &'static str, to: &'static str, block: &'static Block) -> Row {
    row(from, to, How::One(block))
}

/// Blocks that become a list.
pub const fn many(from: &'static str, to: &'static str, block: &'static Block) -> Row {
    row(from, to, How::Many(block))
}

impl Row {
    /// What the provider sends where nobody writes it.
    pub const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// Whether a name of the provider means it.
    pub fn is_named(&self, name: &str) -> bool {
        self.from == name || self.also.contains(&name)
    }

    /// Other versions of the provider have these names for it.
    pub const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }
}

/// A block with these rows and idle fields.
pub const fn block(rows: &'static [Row], idle: &'static [&'static str]) -> Block {
    Block { rows, with: &[], always: &[], idle }
}

impl Block {
    /// What is sent in any case.
    pub const fn always(self, always: &'static [(&'static str, &'static str)]) -> Self {
        Self { always, ..self }
    }

    /// What it has in common with others.
    pub const fn with(self, with: &'static [&'static Self]) -> Self {
        Self { with, ..self }
    }

    /// The block and what it has in common with others.
    pub fn parts(&self) -> impl Iterator<Item = &Self> {
        core::iter::once(self).chain(self.with.iter().copied())
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.parts().flat_map(|part| part.rows)
    }

    /// Whether it has a field of this name, be it one without effect.
    pub fn knows(&self, name: &str) -> bool {
        self.rows().any(|row| row.is_named(name))
    }

    /// Whether a field of this name has no effect.
    pub fn is_idle(&self, name: &str) -> bool {
        self.parts().any(|part| part.idle.contains(&name))
    }
}
