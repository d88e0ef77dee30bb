//! Rust source as a row of tokens: words, marks, texts and comments with their lines. Enough to tell a query in a string
//! from one in a comment, and code of the product from code of its tests; nothing is parsed further.

/// One token and the line on which it begins; the first line is 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) line: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, keyword or number.
    Word(String),
    /// Punctuation; `::`, `==` and the like are one.
    Mark(String),
    /// The inside of a string literal, escapes as written.
    Text(String),
    /// A comment of any sort, without its slashes.
    Comment(String),
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(own) if own == word)
    }

    pub(super) fn is_mark(&self, mark: &str) -> bool {
        matches!(&self.kind, Kind::Mark(own) if own == mark)
    }

    pub(super) fn is(&self, word_or_mark: &str) -> bool {
        self.is_word(word_or_mark) || self.is_mark(word_or_mark)
    }
}

/// Two-character marks that the rules ask for.
const PAIRS: [&str; 10] = ["::", "==", "!=", "<=", ">=", "=>", "->", "&&", "||", ".."];

/// All tokens of a source file. Source that rustc would refuse gives tokens too, only less meaningful ones.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut reader = Reader {
        rest: source,
        line: 1,
    };
    let mut tokens = Vec::new();
    while let Some(token) = reader.next() {
        tokens.push(token);
    }
    tokens
}

/// The tokens without comments and without the items that stand under `#[cfg(test)]`.
pub(super) fn product(tokens: &[Token]) -> Vec<Token> {
    let code: Vec<Token> = tokens
        .iter()
        .filter(|token| !matches!(token.kind, Kind::Comment(_)))
        .cloned()
        .collect();
    let mut kept = Vec::new();
    let mut place = 0;
    while let Some(token) = code.get(place) {
        if opens_test_item(&code, place) {
            place = end_of_item(&code, place + TEST_ATTRIBUTE.len());
        } else {
            kept.push(token.clone());
            place += 1;
        }
    }
    kept
}

const TEST_ATTRIBUTE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];

fn opens_test_item(code: &[Token], place: usize) -> bool {
    follows(code, place, &TEST_ATTRIBUTE)
}

/// Whether these words and marks stand at a place.
pub(super) fn follows(code: &[Token], place: usize, wanted: &[&str]) -> bool {
    let here = code.iter().skip(place).take(wanted.len());
    here.clone().count() == wanted.len() && here.zip(wanted).all(|(token, wanted)| token.is(wanted))
}

/// The place after the item that begins here: after its closing brace, or its semicolon.
fn end_of_item(code: &[Token], mut place: usize) -> usize {
    let mut depth = 0_usize;
    let mut braces = 0_usize;
    while let Some(token) = code.get(place) {
        place += 1;
        if let Kind::Mark(mark) = &token.kind {
            match mark.as_str() {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                "{" => braces += 1,
                "}" => {
                    braces = braces.saturating_sub(1);
                    if braces == 0 && depth == 0 {
                        return place;
                    }
                }
                ";" if depth == 0 && braces == 0 => return place,
                _ => {}
            }
        }
    }
    place
}

struct Reader<'s> {
    rest: &'s str,
    line: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<Token> {
        self.take_while(char::is_whitespace);
        let line = self.line;
        let kind = self.kind()?;
        Some(Token { line, kind })
    }

    fn kind(&mut self) -> Option<Kind> {
        let first = self.rest.chars().next()?;
        if self.rest.starts_with("//") {
            return Some(Kind::Comment(
                self.take_while(|c| c != '\n')
                    .trim_start_matches('/')
                    .to_owned(),
            ));
        }
        if self.rest.starts_with("/*") {
            return Some(Kind::Comment(self.block_comment()));
        }
        if let Some((opening, hashes)) = self.raw_string_opening() {
            self.take(opening);
            return Some(Kind::Text(self.until(&format!("\"{}", "#".repeat(hashes)))));
        }
        let prefixed = self
            .rest
            .strip_prefix(['b', 'c'])
            .is_some_and(|rest| rest.starts_with('"'));
        if first == '"' || prefixed {
            self.take(if prefixed { 2 } else { 1 });
            return Some(Kind::Text(self.quoted('"')));
        }
        if first == '\'' && self.is_char_literal() {
            self.take(1);
            self.quoted('\'');
            return Some(Kind::Word("' '".to_owned()));
        }
        if first.is_alphanumeric() || first == '_' {
            return Some(Kind::Word(
                self.take_while(|c| c.is_alphanumeric() || c == '_')
                    .to_owned(),
            ));
        }
        let pair = PAIRS.iter().find(|pair| self.rest.starts_with(*pair));
        let length = pair.map_or(first.len_utf8(), |pair| pair.len());
        Some(Kind::Mark(self.take(length).to_owned()))
    }

    fn raw_string_opening(&self) -> Option<(usize, usize)> {
        let after = self
            .rest
            .strip_prefix(['b', 'c'])
            .unwrap_or(self.rest)
            .strip_prefix('r')?;
        let hashes = after.len() - after.trim_start_matches('#').len();
        let opens = after.trim_start_matches('#').starts_with('"');
        opens.then(|| (self.rest.len() - after.len() + hashes + 1, hashes))
    }

    /// A quote opens a literal when it is closed after one character or an escape; otherwise it opens a lifetime.
    fn is_char_literal(&self) -> bool {
        let mut after = self.rest.chars().skip(1);
        match after.next() {
            Some('\\') => true,
            Some(_) => after.next() == Some('\''),
            None => false,
        }
    }

    fn quoted(&mut self, quote: char) -> String {
        let mut escaped = false;
        let inside = self
            .take_while(|c| {
                let goes_on = escaped || c != quote;
                escaped = c == '\\' && !escaped;
                goes_on
            })
            .to_owned();
        self.take(quote.len_utf8().min(self.rest.len()));
        inside
    }

    fn until(&mut self, closing: &str) -> String {
        let length = self.rest.find(closing).unwrap_or(self.rest.len());
        let inside = self.take(length).to_owned();
        self.take(closing.len().min(self.rest.len()));
        inside
    }

    fn block_comment(&mut self) -> String {
        let mut depth = 0_usize;
        let mut length = 0;
        while let Some(rest) = self.rest.get(length..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with("/*") {
                depth += 1;
                length += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                length += 2;
                if depth == 0 {
                    break;
                }
            } else {
                length += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
        self.take(length).to_owned()
    }

    fn take_while(&mut self, mut goes_on: impl FnMut(char) -> bool) -> &str {
        let length = self.rest.find(|c| !goes_on(c)).unwrap_or(self.rest.len());
        self.take(length)
    }

    fn take(&mut self, length: usize) -> &str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, product, tokens};

    fn check(source: &str, expected: &str) {
        let shown: Vec<String> = tokens(source)
            .into_iter()
            .map(|token| match token.kind {
                Kind::Word(word) => word,
                Kind::Mark(mark) => mark,
                Kind::Text(text) => format!("<{text}>"),
                Kind::Comment(text) => format!("({})", text.trim()),
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{source}");
    }

    #[test]
    fn tokens_are_told_apart() {
        check("a::b==c // d", "a :: b == c (d)");
        check(r#"f("x \" y", b"z")"#, r#"f ( <x \" y> , <z> )"#);
        check(r###"r"a\" br#"b"c"#"###, r#"<a\> <b"c>"#);
        check("'a' 'b: '\\'' '\"'", "' ' ' b : ' ' ' '");
        check("/* a /* b */ c */ d", "(/* a /* b */ c */) d");
        check("\"é\" 'é' é", "<é> ' ' é");
        check("\"never closed", "<never closed>");
    }

    #[test]
    fn lines_are_counted_through_strings_and_comments() {
        let lines: Vec<usize> = tokens("a\n/* b\n */ \"c\nd\" e")
            .iter()
            .map(|token| token.line)
            .collect();
        assert_eq!(lines, [1, 2, 3, 4]);
    }

    #[test]
    fn test_items_are_no_product() {
        let cases = [
            ("#[cfg(test)] mod tests { fn a() { b } } c", "c"),
            ("#[cfg(test)] mod tests; c", "c"),
            ("#[cfg(test)] fn f(x: [u8; 3]) { b } c", "c"),
            ("#[cfg(not(test))] c", "# [ cfg ( not ( test ) ) ] c"),
        ];
        for (source, expected) in cases {
            let kept: Vec<String> = product(&tokens(source))
                .into_iter()
                .map(|token| match token.kind {
                    Kind::Word(text)
                    | Kind::Mark(text)
                    | Kind::Text(text)
                    | Kind::Comment(text) => text,
                })
                .collect();
            assert_eq!(kept.join(" "), expected, "{source}");
        }
    }
}
