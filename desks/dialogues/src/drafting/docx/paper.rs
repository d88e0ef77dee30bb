//! A paper to be read: headings, paragraphs, lists. No changes are tracked in it.

use std::fmt::Write as _;

use super::PAPER;
use super::package::{escaped, packed};
use super::write::{around, known_again};

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Head(String),
    /// A paragraph.
    Text(String),
    /// A paragraph in bold, with what is said of it below in plain.
    Item(String, Vec<String>),
}

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its title.
    pub title: String,
    /// What stands under the title.
    pub under: String,
    /// What stands in the head of each page.
    pub head: String,
    /// What stands in its foot.
    pub foot: String,
    /// The tag of its language.
    pub lang: String,
    /// What it is, by which it is known when it is brought in for a round.
    pub is: &'static str,
    /// What it says.
    pub blocks: Vec<Block>,
}

fn line(out: &mut String, style: &str, before: &str, text: &str) {
    let style = if style.is_empty() {
        String::new()
    } else {
        format!("<w:pStyle w:val=\"{style}\"/>")
    };
    let _ = write!(
        out,
        "<w:p><w:pPr>{style}{before}</w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        escaped(text)
    );
}

/// A paper as a DOCX.
///
/// # Errors
/// When it cannot be packed.
pub fn paper(paper: &Paper) -> anyhow::Result<Vec<u8>> {
    let mut body = String::new();
    line(&mut body, "Title", "", &paper.title);
    if !paper.under.is_empty() {
        line(&mut body, "", "", &paper.under);
    }
    let inside = "<w:spacing w:after=\"60\"/><w:ind w:left=\"360\"/>";
    for block in &paper.blocks {
        match block {
            Block::Head(text) => line(&mut body, "Heading1", "", text),
            Block::Text(text) => line(&mut body, "", "", text),
            Block::Item(text, about) => {
                let keep = if about.is_empty() {
                    ""
                } else {
                    "<w:keepNext/>"
                };
                let before = format!("{keep}<w:spacing w:before=\"120\" w:after=\"60\"/>");
                line(&mut body, "", &before, text);
                for said in about {
                    line(&mut body, "", inside, said);
                }
            }
        }
    }
    let mut parts = around(
        (&paper.title, &paper.head, &paper.foot, &paper.lang),
        &body,
        false,
    );
    parts.push(("docProps/custom.xml", known_again(&[(PAPER, paper.is)])));
    packed(&parts)
}
