//! The document as Markdown, as GitHub, the wiki of Azure DevOps and Confluence read it.
//!
//! All three have tables, lists and blocks of code. They differ in what they fold, in pictures, and in what a name can set off. GitHub and
//! Azure DevOps fold with `<details>`; Confluence takes no HTML. GitHub shows an SVG beside the file, the wiki PNG alone, and what is
//! pasted into Confluence loses its pictures, so that the document says where each is to be put. On GitHub a name after `@` calls somebody,
//! and a number after `#` links to an issue; in the wiki a number after `#` links to a work item.

use super::{Block, Document, Line, Section, Span, Table};
use crate::output::markdown::{block, cell, code};

/// Who reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Flavor {
    /// GitHub, and whatever reads its Markdown.
    #[default]
    Github,
    /// The wiki of Azure DevOps.
    AzureDevops,
    /// Confluence, into which it is pasted.
    Confluence,
}

/// The document; `figures` is the folder of its pictures as the document names it, none where there are none.
#[must_use]
pub fn page(document: &Document, flavor: Flavor, figures: Option<&str>) -> String {
    let writer = Writer { flavor, figures };
    let mut out = format!("# {}: post-mortem (draft)\n\n", writer.text(&document.title));
    if flavor == Flavor::AzureDevops {
        out += "[[_TOC_]]\n\n";
    }
    out += &format!("*{}*\n\n", writer.line(&document.about).replace('\n', " "));
    out += &format!("**In a sentence.** {}\n\n", writer.line(&document.sentence).trim_end());
    for section in &document.sections {
        out += &writer.section(section);
    }
    out.trim_end().to_owned() + "\n"
}

struct Writer<'a> {
    flavor: Flavor,
    figures: Option<&'a str>,
}

impl Writer<'_> {
    fn section(&self, section: &Section) -> String {
        let body: String = section.blocks.iter().map(|block| self.block(block)).collect();
        let title = self.text(&section.title);
        if section.folded && self.flavor != Flavor::Confluence {
            // Without an empty line after the summary the rest is no Markdown.
            return format!("<details>\n<summary>{title}</summary>\n\n{body}</details>\n\n");
        }
        format!("## {title}\n\n{body}")
    }

    fn block(&self, of: &Block) -> String {
        match of {
            Block::Text(line) => format!("{}\n\n", self.line(line)),
            Block::List(lines) => {
                lines.iter().map(|line| format!("- {}\n", self.line(line))).collect::<String>() + "\n"
            }
            Block::Steps(lines) => {
                let steps = lines.iter().enumerate();
                steps.map(|(at, line)| format!("{}. {}\n", at + 1, self.line(line))).collect::<String>() + "\n"
            }
            Block::Table(table) => self.table(table) + "\n",
            Block::Figure { name, caption } => self.figure(name, caption),
            Block::Code(language, lines) => block(language, lines) + "\n",
            Block::Blanks(blanks) => {
                // What is pasted into Confluence has no boxes to tick.
                let lead = if self.flavor == Flavor::Confluence { "-" } else { "- [ ]" };
                blanks.iter().map(|blank| format!("{lead} {} …\n", self.text(blank))).collect::<String>() + "\n"
            }
        }
    }

    fn table(&self, table: &Table) -> String {
        let row = |cells: Vec<String>| {
            let cells = cells.into_iter().map(|one| if one.is_empty() { " |".to_owned() } else { format!(" {one} |") });
            format!("|{}\n", cells.collect::<String>())
        };
        let rule = (0..table.head.len()).map(|at| if table.numbers.contains(&at) { " ---: |" } else { " --- |" });
        let head = row(table.head.iter().map(|one| self.text(one)).collect());
        let rows = table.rows.iter().enumerate().map(|(place, cells)| {
            let is_marked = table.marked.contains(&place);
            row(cells
                .iter()
                .enumerate()
                .map(|(at, line)| {
                    let is_plain = matches!(&line[..], [Span::Text(_)]);
                    let said = self.line(line);
                    // What matters stands out in its second cell, whatever shows colours.
                    if is_marked && at == 1 && is_plain { format!("**{said}**") } else { said }
                })
                .collect())
        });
        format!("{head}|{}\n{}", rule.collect::<String>(), rows.collect::<String>())
    }

    fn figure(&self, name: &str, caption: &str) -> String {
        let caption = self.text(caption);
        let Some(folder) = self.figures else { return String::new() };
        let path = |ending: &str| address(folder, &format!("{name}.{ending}"));
        match self.flavor {
            Flavor::Github => format!("![{caption}]({})\n\n*{caption}*\n\n", path("svg")),
            Flavor::AzureDevops => format!("![{caption}]({})\n\n*{caption}*\n\n", path("png")),
            Flavor::Confluence => {
                format!("*Figure: put {} here. {caption}*\n\n", code(&format!("{}{name}.png", prefix(folder))))
            }
        }
    }

    fn line(&self, line: &Line) -> String {
        let span = |span: &Span| match span {
            Span::Text(text) => self.text(text),
            // A space within the stars would keep them from being read.
            Span::Strong(text) => match text.trim_end() {
                bold if bold.len() < text.len() => format!("**{}** ", self.text(bold)),
                bold => format!("**{}**", self.text(bold)),
            },
            Span::Code(text) => code(text),
        };
        line.iter().map(span).collect()
    }

    /// A text of which nothing is read as more.
    fn text(&self, text: &str) -> String {
        let said = readable(&cell(text));
        match self.flavor {
            // A backslash does not keep a number from being linked: what is in between does.
            Flavor::Github => said.replace("\\#", "\\#<!-- -->"),
            Flavor::AzureDevops | Flavor::Confluence => said,
        }
    }
}

/// The same without the backslashes that do nothing: within a word before `_`, and about the marks of the document where no link follows.
fn readable(said: &str) -> String {
    let mut out = String::with_capacity(said.len());
    let mut rest = said;
    while let Some(letter) = rest.chars().next() {
        let before = out.chars().next_back();
        let mark = ["o", "s", "a"].into_iter().find(|mark| rest.starts_with(&format!("\\[{mark}\\]")));
        if let Some(mark) = mark.filter(|_| !rest[5..].starts_with(['(', '[', ':', '\\'])) {
            out += &format!("[{mark}]");
            rest = &rest[5..];
            continue;
        }
        let is_within = rest.starts_with("\\_")
            && before.is_some_and(char::is_alphanumeric)
            && rest[2..].chars().next().is_some_and(char::is_alphanumeric);
        if !is_within {
            out.push(letter);
        }
        rest = &rest[letter.len_utf8()..];
    }
    out
}

fn prefix(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{}/", folder.trim_end_matches('/')) }
}

/// A path as the address of a picture: what would end it or is no letter of an address is written by its number.
fn address(folder: &str, file: &str) -> String {
    let path = format!("{}{file}", prefix(folder)).replace('\\', "/");
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' | b'+' => {
                out.push(char::from(byte))
            }
            other => out += &format!("%{other:02X}"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::postmortem::text;

    fn made(title: &str) -> Document {
        let table = Table {
            head: vec!["a|b".to_owned(), String::new()],
            rows: vec![
                vec![text(title), text("x")],
                vec![text("`"), vec![Span::Strong("no ".to_owned()), Span::Text("1".to_owned())]],
            ],
            marked: vec![1],
            numbers: vec![1],
        };
        Document {
            title: title.to_owned(),
            about: text("about"),
            sentence: vec![Span::Strong("all of it. ".to_owned()), Span::Text("rest".to_owned())],
            sections: vec![
                Section::new(
                    "One",
                    vec![Block::Table(table), Block::Figure { name: "fleet", caption: "the fleet".to_owned() }],
                ),
                Section::folded(
                    "Two",
                    vec![Block::Blanks(vec!["Owner:".to_owned()]), Block::Code("diff", "- a\n+ b".to_owned())],
                ),
            ],
            events: Vec::new(),
            judged: Vec::new(),
            dots: Vec::new(),
            moments: Vec::new(),
        }
    }

    /// A name with a bar, a tag, a mention and a number of an issue is text in each of the three.
    /// Within a word an underscore is read as one, and a mark of ours as it stands; a link that a name would make is none.
    #[test]
    fn no_more_backslashes_than_are_needed() {
        let said = |text: &str| readable(&cell(text));
        assert_eq!(said("vmss_0 fails [s]"), "vmss_0 fails [s]");
        assert_eq!(said("_x_ [o](https://a) [b]"), "\\_x\\_ \\[o\\](https://a) \\[b\\]");
    }

    #[test]
    fn nothing_in_a_name_is_read_as_more() {
        let page = |flavor| page(&made("a|b @team <script> #12 `x`"), flavor, Some("out put"));
        let github = page(Flavor::Github);
        assert!(github.contains("| a\\|b @\u{200b}team \\<script\\> \\#<!-- -->12 \\`x\\` | x |\n"), "{github}");
        assert!(
            github.contains("![the fleet](out%20put/fleet.svg)")
                && github.contains("<summary>Two</summary>\n\n- [ ] Owner: …"),
            "{github}"
        );
        assert!(github.contains("| --- | ---: |\n") && github.contains("| \\` | **no** 1 |"), "{github}");
        let wiki = page(Flavor::AzureDevops);
        assert!(
            wiki.contains("a\\|b @\u{200b}team \\<script\\> \\#12")
                && wiki.contains("[[_TOC_]]")
                && wiki.contains("fleet.png)"),
            "{wiki}"
        );
        let confluence = page(Flavor::Confluence);
        assert!(!confluence.contains("<details>") && !confluence.contains("]("), "{confluence}");
        assert!(
            confluence.contains("## Two\n\n- Owner: …") && confluence.contains("put `out put/fleet.png` here"),
            "{confluence}"
        );
        assert!(confluence.contains("```diff\n- a\n+ b\n```"), "{confluence}");
    }
}
