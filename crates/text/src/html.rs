//! From a saved web page to its readable text: what a reader would call the article, without the site around it.
//! Invariant: paragraphs are parted by blank lines, list items begin with a bullet, quotations set apart get marks, nothing else is added.

use scraper::{ElementRef, Html, Node};

use crate::problem::Failure;

const NEVER: &[&str] = &[
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "math",
    "iframe",
    "object",
    "embed",
    "canvas",
    "video",
    "audio",
    "form",
    "button",
    "select",
    "option",
    "input",
    "textarea",
    "label",
    "nav",
    "footer",
    "head",
    "menu",
    "dialog",
    "map",
    "figcaption",
    "figure",
    "picture",
];

const BLOCK: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "aside",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "blockquote",
    "pre",
    "address",
    "dl",
    "dt",
    "dd",
    "fieldset",
    "hr",
    "tbody",
    "thead",
    "body",
    "html",
    "center",
    "details",
    "summary",
    "time",
];

/// Words in a class or id that say "not the text".
const ASIDE: &[&str] = &[
    "cookie",
    "breadcrumb",
    "fil-ariane",
    "ariane",
    "share",
    "sharing",
    "partage",
    "social",
    "navbar",
    "navigation",
    "nav-",
    "-nav",
    "menu",
    "sidebar",
    "side-bar",
    "footer",
    "newsletter",
    "related",
    "see-also",
    "also-read",
    "a-lire",
    "recommend",
    "pagination",
    "pager",
    "skip",
    "banner",
    "bandeau",
    "toolbar",
    "language-switch",
    "lang-switch",
    "lang-list",
    "langue",
    "languages",
    "search",
    "recherche",
    "popup",
    "modal",
    "advert",
    "consent",
    "gdpr",
    "rgpd",
    "comment",
    "tags",
    "tag-list",
    "print",
    "widget",
    "sitemap",
    "follow-us",
    "suivez",
    "accessibility",
    "hidden",
    "invisible",
    "visually-hidden",
    "sr-only",
    "screen-reader",
    "toplink",
    "back-to-top",
    "feedback",
    "survey",
    "alert-",
    "noprint",
    "caption",
    "legende",
    "credits",
];

/// A piece of the page with what is needed to judge it.
struct Piece {
    text: String,
    /// Letters inside links.
    linked: usize,
    /// Inside `main`, `article` or the like.
    main: bool,
    /// How deep in lists; 0 is no item.
    item: usize,
    heading: bool,
}

struct Walk {
    /// Classes that are not shown.
    hidden: Vec<String>,
    pieces: Vec<Piece>,
    text: String,
    linked: usize,
    /// How many list items are open.
    level: usize,
    item: usize,
    heading: bool,
}

impl Walk {
    fn flush(&mut self, main: bool) {
        let mut text = String::with_capacity(self.text.len());
        for line in self.text.split('\n') {
            let line = collapse(line);
            if !line.is_empty() {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&line);
            }
        }
        if !text.is_empty() {
            self.pieces.push(Piece {
                text,
                linked: self.linked,
                main,
                item: self.item,
                heading: self.heading,
            });
            self.item = 0;
        }
        self.text.clear();
        self.linked = 0;
    }
}

/// One space for runs of ASCII white space; no-break spaces stay.
fn collapse(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut blank = false;
    for c in line.trim_matches([' ', '\t', '\r', '\u{a0}']).chars() {
        if matches!(c, ' ' | '\t' | '\r' | '\u{c}') {
            blank = true;
            continue;
        }
        if blank && !out.is_empty() {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    }
    out
}

fn aside(element: &scraper::node::Element) -> bool {
    if element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true") {
        return true;
    }
    if matches!(
        element.attr("role"),
        Some(
            "navigation"
                | "banner"
                | "contentinfo"
                | "search"
                | "complementary"
                | "dialog"
                | "alert"
                | "menu"
                | "menubar"
        )
    ) {
        return true;
    }
    if let Some(style) = element.attr("style") {
        let style: String = style
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_ascii_lowercase();
        if style.contains("display:none") || style.contains("visibility:hidden") {
            return true;
        }
    }
    let body = matches!(element.name(), "body" | "html" | "main" | "article");
    !body
        && [element.attr("class"), element.attr("id")]
            .into_iter()
            .flatten()
            .any(|names| {
                let names = names.to_ascii_lowercase();
                names.split_whitespace().any(|n| {
                    ASIDE
                        .iter()
                        .any(|a| n == *a || (n.contains(a) && n.len() < a.len() + 14))
                }) && !names.contains("content")
                    && !names.contains("article")
                    && !names.contains("body")
            })
}

/// Classes that the page's own style sheet hides.
fn hidden_classes(page: &Html) -> Vec<String> {
    let mut out = Vec::new();
    for node in page.tree.nodes() {
        let Some(element) = ElementRef::wrap(node).filter(|e| e.value().name() == "style") else {
            continue;
        };
        for rule in element.text().flat_map(|t| t.split('}')) {
            let Some((selectors, body)) = rule.split_once('{') else {
                continue;
            };
            let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
            if body.contains("display:none")
                || body.contains("visibility:hidden")
                || body.contains("left:-9")
            {
                out.extend(
                    selectors
                        .split(',')
                        .filter_map(|s| s.trim().strip_prefix('.'))
                        .filter(|s| {
                            s.chars()
                                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
                        })
                        .map(str::to_owned),
                );
            }
        }
    }
    out
}

fn walk(element: ElementRef<'_>, main: bool, link: bool, depth: usize, walk_state: &mut Walk) {
    if depth > 400 {
        return;
    }
    for child in element.children() {
        match child.value() {
            Node::Text(text) => {
                let before = walk_state.text.len();
                // Line breaks of the source are blanks.
                for c in text.chars() {
                    walk_state
                        .text
                        .push(if matches!(c, '\n' | '\r') { ' ' } else { c });
                }
                if link {
                    walk_state.linked += walk_state.text[before..]
                        .chars()
                        .filter(|c| c.is_alphanumeric())
                        .count();
                }
            }
            Node::Element(inner) => {
                let name = inner.name();
                if NEVER.contains(&name) {
                    continue;
                }
                if name == "br" {
                    walk_state.text.push('\n');
                    continue;
                }
                let Some(child) = ElementRef::wrap(child) else {
                    continue;
                };
                if aside(inner)
                    || !walk_state.hidden.is_empty()
                        && inner
                            .classes()
                            .any(|c| walk_state.hidden.iter().any(|h| h == c))
                {
                    continue;
                }
                if name == "sup"
                    && child.text().all(|t| {
                        t.trim()
                            .chars()
                            .all(|c| c.is_ascii_digit() || matches!(c, '[' | ']' | '*'))
                    })
                    && child.text().next().is_some()
                {
                    continue;
                }
                let block = BLOCK.contains(&name);
                let inside = main
                    || matches!(name, "main" | "article")
                    || inner.attr("role") == Some("main");
                if block {
                    walk_state.flush(main);
                    walk_state.heading = matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
                    if name == "li" {
                        walk_state.level += 1;
                        walk_state.item = walk_state.level;
                    }
                }
                let first = walk_state.pieces.len();
                walk(child, inside, link || name == "a", depth + 1, walk_state);
                if block {
                    walk_state.flush(inside);
                    if name == "blockquote" {
                        quote(&mut walk_state.pieces, first);
                    }
                    walk_state.level -= usize::from(name == "li");
                    walk_state.item = 0;
                    walk_state.heading = false;
                }
            }
            _ => {}
        }
    }
}

/// The page sets a quotation apart; in running text marks do. Only what a line introduces is one.
fn quote(pieces: &mut [Piece], first: usize) {
    let introduced = first
        .checked_sub(1)
        .is_some_and(|i| pieces[i].text.ends_with(':'));
    let marked = |p: &Piece| p.text.starts_with(['"', '“', '«', '‘', '\'']);
    if let [opening, ..] = &mut pieces[first..]
        && introduced
        && !marked(opening)
    {
        opening.text.insert(0, '“');
        if let Some(last) = pieces.last_mut() {
            last.text.push('”');
        }
    }
}

/// Elements that may stay open are no deeper than this in any real page; the parser's time grows with the square of it.
const DEEPEST: usize = 4_000;

/// An element of a real page has no more attributes; the parser's time grows with the square of it.
const MOST: usize = 2_000;

/// How many attributes a tag has, from what follows its bracket.
fn attributes(tag: &str) -> usize {
    let (mut count, mut quote, mut blank) = (0, None, false);
    for c in tag.chars() {
        match (quote, c) {
            (Some(mark), c) if mark == c => quote = None,
            (Some(_), _) => {}
            (None, '>') => break,
            (None, '"' | '\'') => quote = Some(c),
            (None, c) if c.is_whitespace() || c == '/' => blank = true,
            (None, _) => {
                count += usize::from(blank);
                blank = false;
            }
        }
    }
    count
}

/// How many elements are open at once, at most, told from the tags alone.
fn depth(source: &str) -> usize {
    /// Elements that close themselves.
    const CLOSED: &[&str] = &[
        "p", "li", "br", "img", "meta", "input", "hr", "dt", "dd", "option", "link", "source",
        "wbr", "area", "base", "col", "embed", "param", "track", "thead", "tbody", "tr", "td",
        "th",
    ];
    let mut open = 0usize;
    let mut most = 0;
    for tag in source.split('<').skip(1) {
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(12)
            .collect::<String>()
            .to_ascii_lowercase();
        if name.is_empty() || CLOSED.contains(&name.as_str()) {
            continue;
        }
        if tag.starts_with('/') {
            open = open.saturating_sub(1);
        } else {
            open += 1;
            most = most.max(open);
        }
    }
    most
}

/// A short line with the four figures of a year of our time.
fn dated(line: &str) -> bool {
    line.split_whitespace().count() <= 12
        && line
            .split(|c: char| !c.is_ascii_digit())
            .any(|n| n.len() == 4 && (n.starts_with("19") || n.starts_with("20")))
}

/// The readable text of a page.
///
/// # Errors
/// When its elements are nested deeper, or have more attributes, than in any real page.
pub(crate) fn readable(source: &str) -> Result<String, Failure> {
    if depth(source) > DEEPEST {
        return Err(Failure::TooLarge(format!(
            "its elements are nested more than {DEEPEST} deep"
        )));
    }
    if source.split('<').skip(1).any(|tag| attributes(tag) > MOST) {
        return Err(Failure::TooLarge(format!(
            "one of its elements has more than {MOST} attributes"
        )));
    }
    let page = Html::parse_document(source);
    let mut state = Walk {
        hidden: hidden_classes(&page),
        pieces: Vec::new(),
        text: String::new(),
        linked: 0,
        level: 0,
        item: 0,
        heading: false,
    };
    walk(page.root_element(), false, false, 0, &mut state);
    state.flush(false);
    let letters = |p: &Piece| p.text.chars().filter(|c| c.is_alphanumeric()).count();
    // If the page marks its main part and most running text is in it, the rest goes.
    let running = |p: &&Piece| letters(p) >= 80 && p.linked * 2 < letters(p);
    let inside: usize = state
        .pieces
        .iter()
        .filter(|p| p.main)
        .filter(running)
        .map(letters)
        .sum();
    let outside: usize = state
        .pieces
        .iter()
        .filter(|p| !p.main)
        .filter(running)
        .map(letters)
        .sum();
    let only_main = inside > 200 && inside >= outside;
    let first_main = state.pieces.iter().position(|p| p.main);
    let mut out = String::new();
    let mut after_item = 0;
    for (at, piece) in state.pieces.iter().enumerate() {
        // The line above it that dates the page stays.
        let above = first_main.is_some_and(|m| at < m) && dated(&piece.text) && piece.linked == 0;
        if only_main && !piece.main && !above {
            continue;
        }
        // A block that is all links is navigation; a heading may be one.
        let n = letters(piece);
        if n > 0 && piece.linked * 10 >= n * 9 && !piece.heading && n < 120 {
            continue;
        }
        if !out.is_empty() {
            out.push_str(if piece.item > 0 && after_item > 0 {
                "\n"
            } else {
                "\n\n"
            });
        }
        match piece.item {
            0 => {}
            1 => out.push_str("• "),
            _ => out.push_str("– "),
        }
        out.push_str(&piece.text);
        after_item = piece.item;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        let table: &[(&str, &str)] = &[
            (
                "<body><nav><a href=/>Home</a></nav><p>One.</p><p>Two<br>lines</p></body>",
                "One.\n\nTwo\nlines",
            ),
            ("<ul><li>a b</li><li>c\n d</li></ul>", "• a b\n• c d"),
            (
                "<ul><li>a:<ul><li>b</li></ul></li><li>c</li></ul>",
                "• a:\n– b\n• c",
            ),
            (
                "<div class='cookie-banner'><p>We use cookies</p></div><p>The <a href=x>law</a> applies.</p>",
                "The law applies.",
            ),
            (
                "<p style='display: none'>hidden</p><p>seen&nbsp;here &rsquo; é</p>",
                "seen\u{a0}here ’ é",
            ),
            (
                "<p>She said:</p><blockquote><p>One.</p><p>Two.</p></blockquote>",
                "She said:\n\n“One.\n\nTwo.”",
            ),
            (
                "<script>x()</script><!-- no --><p>A<sup>1</sup> b</p>",
                "A b",
            ),
        ];
        for (html, expected) in table {
            assert_eq!(readable(html).as_deref(), Ok(*expected));
        }
    }
}
