//! The grammar of the template language: literals, calls, property and index access.

use std::ops::Range;

use super::lexer::{Token, Wrong, lex};

/// How deep calls and accesses may be nested in one expression.
const MAX_DEPTH: usize = 64;

/// An expression with its place in the text between the brackets.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub at: Range<usize>,
}

impl PartialEq for Expression {
    /// Equal in what they say, wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A text.
    Text(String),
    /// A number, as written.
    Number(String),
    /// A function applied to arguments. The name of a user-defined function has a dot.
    Call {
        /// The name of the function.
        name: String,
        /// The arguments.
        arguments: Vec<Expression>,
    },
    /// `of[key]` or `of.name`, which is the same with a text as key.
    Access {
        /// What is looked into.
        of: Box<Expression>,
        /// What is looked up.
        key: Box<Expression>,
        /// Whether absence gives null: `.?name` and `[?key]`.
        safe: bool,
    },
}

/// Parses what stands between the brackets.
///
/// # Errors
///
/// What was met or expected instead, and where.
pub fn parse(source: &str) -> Result<Expression, (String, Range<usize>)> {
    let mut parser = Parser { tokens: lex(source)?, at: 0, depth: 0 };
    let expression = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.expected("the end of the expression")),
    }
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn place(&self) -> Range<usize> {
        self.tokens[self.at].1.clone()
    }

    fn advance(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    fn accept(&mut self, mark: char) -> bool {
        let found = *self.peek() == Token::Mark(mark);
        if found {
            self.advance();
        }
        found
    }

    fn expected(&self, what: &str) -> Wrong {
        (format!("expected {what}, met {}", self.peek().name()), self.place())
    }

    fn expression(&mut self) -> Result<Expression, Wrong> {
        if self.depth == MAX_DEPTH {
            return Err((format!("calls are nested deeper than {MAX_DEPTH}"), self.place()));
        }
        self.depth += 1;
        let primary = self.primary()?;
        let expression = self.accesses(primary)?;
        self.depth -= 1;
        Ok(expression)
    }

    fn primary(&mut self) -> Result<Expression, Wrong> {
        let at = self.place();
        let kind = match self.peek().clone() {
            Token::Text(text) => {
                self.advance();
                Kind::Text(text)
            }
            Token::Number(number) => {
                self.advance();
                Kind::Number(number)
            }
            Token::Name(name) => {
                self.advance();
                return self.call(name, at.start);
            }
            _ => return Err(self.expected("a function, a text in single quotes or a number")),
        };
        Ok(Expression { kind, at })
    }

    fn call(&mut self, mut name: String, start: usize) -> Result<Expression, Wrong> {
        if self.accept('.') {
            let Token::Name(member) = self.peek().clone() else {
                return Err(self.expected("the name of a function"));
            };
            self.advance();
            name = format!("{name}.{member}");
        }
        if !self.accept('(') {
            return Err(self.expected(&format!("`(` after `{name}`")));
        }
        let mut arguments = Vec::new();
        if !self.accept(')') {
            loop {
                arguments.push(self.expression()?);
                if self.accept(')') {
                    break;
                }
                if !self.accept(',') {
                    return Err(self.expected("`,` or `)`"));
                }
            }
        }
        let end = self.tokens[self.at - 1].1.end;
        Ok(Expression { kind: Kind::Call { name, arguments }, at: start..end })
    }

    fn accesses(&mut self, mut of: Expression) -> Result<Expression, Wrong> {
        let outer = self.depth;
        loop {
            let dot = *self.peek() == Token::Mark('.');
            if !dot && *self.peek() != Token::Mark('[') {
                self.depth = outer;
                return Ok(of);
            }
            if self.depth == MAX_DEPTH {
                return Err((format!("accesses are nested deeper than {MAX_DEPTH}"), self.place()));
            }
            self.depth += 1;
            self.advance();
            let safe = *self.peek() == Token::Question;
            if safe {
                self.advance();
            }
            let key = if dot { self.property()? } else { self.index()? };
            let at = of.at.start..self.tokens[self.at - 1].1.end;
            of = Expression { kind: Kind::Access { of: Box::new(of), key: Box::new(key), safe }, at };
        }
    }

    fn property(&mut self) -> Result<Expression, Wrong> {
        let at = self.place();
        let Token::Name(name) = self.peek().clone() else {
            return Err(self.expected("the name of a property"));
        };
        self.advance();
        Ok(Expression { kind: Kind::Text(name), at })
    }

    fn index(&mut self) -> Result<Expression, Wrong> {
        let key = self.expression()?;
        if self.accept(']') { Ok(key) } else { Err(self.expected("`]`")) }
    }
}

/// Writes an expression so that it parses to itself.
#[must_use]
pub fn print(expression: &Expression) -> String {
    match &expression.kind {
        Kind::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Kind::Number(number) => number.clone(),
        Kind::Call { name, arguments } => {
            let arguments: Vec<String> = arguments.iter().map(print).collect();
            format!("{name}({})", arguments.join(", "))
        }
        Kind::Access { of, key, safe } => format!("{}[{}{}]", print(of), if *safe { "?" } else { "" }, print(key)),
    }
}
