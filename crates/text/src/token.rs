//! Words and marks of a text, folded for matching beside their untouched spans.
//! Invariant: tokens are in order, do not overlap, and `start..end` are byte offsets of the source on character boundaries.

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Letters, perhaps with digits.
    Word,
    /// Digits, perhaps with a decimal mark.
    Number,
    /// One punctuation mark.
    Mark,
}

/// One word, number or mark.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// First byte in the source.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// Lower case, no accents, plain marks.
    pub(crate) folded: String,
    /// Its sort.
    pub(crate) form: Form,
    /// The first letter is upper case.
    pub(crate) capital: bool,
    /// Two letters or more, all upper case.
    pub(crate) upper: bool,
    /// White space stands before it.
    pub(crate) spaced: bool,
    /// A hyphen joins it to the one before.
    pub(crate) hyphened: bool,
    /// An apostrophe joins it to the one before (`l'internet`, `EU's`).
    pub(crate) elided: bool,
    /// Ends in é, ée, és or ées, which folding hides: a participle rather than a present.
    pub(crate) acute: bool,
    /// An adverb, or a word of an adverbial of several. `Lexicon::mark` sets it.
    pub(crate) adverbial: bool,
    /// How many tokens the adverbial has that begins here: "in this regard".
    pub(crate) aside: u8,
}

impl Token {
    /// A word or number.
    pub(crate) fn is_word(&self) -> bool {
        self.form != Form::Mark
    }

    /// This very mark or word.
    pub(crate) fn is(&self, folded: &str) -> bool {
        self.folded == folded
    }
}

/// Appends the folded form of a character: lower case, without accent, typographic variants made plain.
pub(crate) fn fold_into(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    let plain = match c {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'Ā' | 'ā' | 'ă'
        | 'Ă' | 'ą' | 'Ą' => "a",
        'Ç' | 'ç' | 'č' | 'Č' | 'ć' | 'Ć' => "c",
        'È' | 'É' | 'Ê' | 'Ë' | 'è' | 'é' | 'ê' | 'ë' | 'ē' | 'Ē' | 'ę' | 'Ę' | 'ě' => {
            "e"
        }
        'Ì' | 'Í' | 'Î' | 'Ï' | 'ì' | 'í' | 'î' | 'ï' | 'ī' | 'İ' | 'ı' => "i",
        'Ñ' | 'ñ' | 'ń' | 'ň' => "n",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' | 'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'Ō' | 'ő' => {
            "o"
        }
        'Ù' | 'Ú' | 'Û' | 'Ü' | 'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'Ū' | 'ů' | 'ű' => "u",
        'Ý' | 'ý' | 'ÿ' => "y",
        'š' | 'Š' | 'ś' | 'Ś' | 'ș' | 'ş' | 'Ș' => "s",
        'ž' | 'Ž' | 'ż' | 'Ż' | 'ź' => "z",
        'ł' | 'Ł' => "l",
        'ğ' | 'Ğ' => "g",
        'đ' | 'Đ' => "d",
        'ț' | 'ţ' | 'Ț' => "t",
        'ř' => "r",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' => "ss",
        '\u{2019}' | '\u{2018}' | '\u{02bc}' | '\u{2032}' | '\u{00b4}' => "'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' => "\"",
        '\u{2010}' | '\u{2011}' | '\u{2212}' => "-",
        '\u{2013}' | '\u{2014}' | '\u{2015}' => "–",
        '\u{00a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}' | '\u{200a}' | '\u{2002}'
        | '\u{2003}' => " ",
        '\u{0300}'..='\u{036f}'
        | '\u{00ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{feff}'
        | '\u{2060}' => "",
        _ => {
            for l in c.to_lowercase() {
                out.push(l);
            }
            return;
        }
    };
    out.push_str(plain);
}

/// The folded form of a whole string.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        fold_into(c, &mut out);
    }
    out
}

fn joins_nothing(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}')
}

/// Length in bytes of a dotted abbreviation of single letters (`U.S.`, `U.K`) at the start of `rest`, if there is one.
fn dotted(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 0;
    let mut letters = 0;
    while at + 1 < bytes.len() && bytes[at].is_ascii_uppercase() && bytes[at + 1] == b'.' {
        letters += 1;
        at += 2;
    }
    if letters >= 1
        && at < bytes.len()
        && bytes[at].is_ascii_uppercase()
        && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        letters += 1;
        at += 1;
    }
    (letters >= 2).then_some(at)
}

/// Length in bytes of a web or mail address at the start of `rest`.
fn address(rest: &str) -> Option<usize> {
    let end = rest
        .find(|c: char| {
            c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | '»' | ',' | ';')
        })
        .unwrap_or(rest.len());
    let word = &rest[..end];
    let known =
        word.starts_with("http://") || word.starts_with("https://") || word.starts_with("www.");
    let mail = word
        .find('@')
        .is_some_and(|at| at > 0 && word[at..].contains('.'));
    (known || mail).then(|| word.trim_end_matches(['.', ':', '!', '?']).len())
}

/// Cuts `text[from..to]` into tokens.
pub(crate) fn tokens(text: &str, from: usize, to: usize) -> Vec<Token> {
    let slice = &text[from..to];
    let mut out: Vec<Token> = Vec::with_capacity(slice.len() / 5);
    let mut spaced = true;
    let mut hyphened = false;
    let mut elided = false;
    let mut quoted = false;
    let mut single: Option<bool> = None;
    let mut chars = slice.char_indices().peekable();
    while let Some(&(at, c)) = chars.peek() {
        if c.is_whitespace() {
            spaced = true;
            hyphened = false;
            chars.next();
            continue;
        }
        if joins_nothing(c) {
            chars.next();
            continue;
        }
        let rest = &slice[at..];
        // "$8 million": the sign belongs to its number.
        if matches!(c, '$' | '€' | '£' | '¥') && rest[c.len_utf8()..].starts_with(char::is_numeric)
        {
            chars.next();
            continue;
        }
        if c.is_alphanumeric() {
            let mut end = at;
            let mut form = Form::Word;
            if let Some(length) = (c.is_ascii_uppercase().then(|| dotted(rest))).flatten() {
                end = at + length;
            } else if let Some(length) = (c.is_ascii()).then(|| address(rest)).flatten() {
                end = at + length;
            } else if c.is_numeric() {
                form = Form::Number;
                let mut previous = c;
                for (i, d) in rest.char_indices() {
                    let next = rest[i + d.len_utf8()..].chars().next();
                    if d.is_alphanumeric()
                        || joins_nothing(d)
                        || (matches!(d, '.' | ',')
                            && previous.is_numeric()
                            && next.is_some_and(char::is_numeric))
                    {
                        end = at + i + d.len_utf8();
                        if d.is_alphabetic() {
                            form = Form::Word;
                        }
                        previous = d;
                    } else {
                        break;
                    }
                }
            } else {
                for (i, d) in rest.char_indices() {
                    if d.is_alphanumeric() || joins_nothing(d) {
                        end = at + i + d.len_utf8();
                    } else {
                        break;
                    }
                }
            }
            let word = &slice[at..end];
            let mut folded = String::with_capacity(word.len());
            let mut letters = 0;
            let mut uppers = 0;
            for d in word.chars() {
                if d.is_alphabetic() {
                    letters += 1;
                    uppers += usize::from(d.is_uppercase());
                }
                if d != '.' || form == Form::Number || word.contains('@') {
                    fold_into(d, &mut folded);
                }
            }
            // "re-affirmed" is the verb of "reaffirmed".
            if hyphened && let Some(prefix) = out.last_mut().filter(|t| t.folded == "re") {
                prefix.end = from + end;
                prefix.folded.push_str(&folded);
                while chars.peek().is_some_and(|&(i, _)| i < end) {
                    chars.next();
                }
                spaced = false;
                hyphened = false;
                elided = false;
                continue;
            }
            out.push(Token {
                start: from + at,
                end: from + end,
                folded,
                form,
                capital: c.is_uppercase(),
                upper: letters >= 2 && uppers == letters,
                spaced,
                hyphened,
                elided,
                adverbial: false,
                aside: 0,
                acute: word
                    .trim_end_matches('s')
                    .trim_end_matches('e')
                    .ends_with('é'),
            });
            spaced = false;
            hyphened = false;
            elided = false;
            while chars.peek().is_some_and(|&(i, _)| i < end) {
                chars.next();
            }
            continue;
        }
        let after_word = out
            .last()
            .is_some_and(|t| t.is_word() && t.end == from + at);
        let next = rest[c.len_utf8()..].chars().next();
        chars.next();
        // A word cut at the end of a line.
        if is_hyphen(c)
            && after_word
            && rest[c.len_utf8()..]
                .trim_start_matches([' ', '\r'])
                .starts_with('\n')
        {
            let following = rest[c.len_utf8()..].trim_start();
            let gap = &rest[..rest.len() - following.len()];
            // "Guinée-", then "Bissau" on the next line: one name.
            let name = following.starts_with(char::is_uppercase) && gap.matches('\n').count() == 1;
            if (following.starts_with(char::is_lowercase) || name) && gap.len() < 80 {
                while chars
                    .peek()
                    .is_some_and(|&(i, _)| i < at + rest.len() - following.len())
                {
                    chars.next();
                }
                hyphened = true;
                spaced = false;
                continue;
            }
        }
        if is_hyphen(c) && !spaced && next.is_some_and(char::is_alphanumeric) && after_word {
            hyphened = true;
            continue;
        }
        if is_apostrophe(c) && after_word && !spaced {
            elided = next.is_some_and(char::is_alphanumeric);
            continue;
        }
        let mut folded = String::new();
        fold_into(c, &mut folded);
        // ‘So he said,’ where no other marks of quotation are used.
        if c == '\u{2018}'
            && next.is_some_and(char::is_alphanumeric)
            && *single.get_or_insert_with(|| !slice.contains(['\u{201c}', '"']))
        {
            quoted = true;
            folded = "\"".to_owned();
        } else if c == '\u{2019}' && quoted {
            quoted = false;
            folded = "\"".to_owned();
        }
        out.push(Token {
            start: from + at,
            end: from + at + c.len_utf8(),
            folded,
            form: Form::Mark,
            capital: false,
            upper: false,
            spaced,
            hyphened: false,
            elided: false,
            acute: false,
            adverbial: false,
            aside: 0,
        });
        spaced = false;
        hyphened = false;
        elided = false;
    }
    out
}

/// Words of a folded phrase as tokens see them: for tables that are compared with texts.
pub(crate) fn words(phrase: &str) -> Vec<String> {
    tokens(phrase, 0, phrase.len())
        .into_iter()
        .map(|t| t.folded)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        let table: &[(&str, &str)] = &[
            ("L’internet, aux États‑Unis", "l|internet|,|aux|etats|unis"),
            ("the EU's U.S. partners", "the|eu|s|us|partners"),
            ("some $8 million, £5", "some|8|million|,|5"),
            ("de la Guinée-\nBissau", "de|la|guinee|bissau"),
            ("we re-affirm the co-chairs", "we|reaffirm|the|co|chairs"),
            ("on 11 June 2019 at 15:41", "on|11|june|2019|at|15|:|41"),
            (
                "the 4th UE‑Japan; 2.5 million",
                "the|4th|ue|japan|;|2.5|million",
            ),
            ("mise en œuvre «directe»", "mise|en|oeuvre|«|directe|»"),
            (
                "write to jo.doe@example.org.",
                "write|to|jo.doe@example.org|.",
            ),
            ("the States' view – Dr. Who", "the|states|view|–|dr|.|who"),
        ];
        for (text, expected) in table {
            let found: Vec<_> = tokens(text, 0, text.len())
                .into_iter()
                .map(|t| t.folded)
                .collect();
            assert_eq!(found.join("|"), *expected, "{text}");
        }
    }
}
