//! A file that came back: its letters in a row, each with the change that it is in, and its comments. Invariant: every letter of the body is
//! either here or counted as left out; what is no text is not interpreted.

use std::collections::BTreeMap;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::package::{Broken, Package};
use super::{DRAFT, PAPER, ROUND};

/// Letters of a body at most.
const LETTERS: usize = 400_000;
/// How deep elements may nest.
const DEEP: usize = 200;
/// Changes and comments at most.
const MARKS: usize = 50_000;

/// Who made a change, and when, as the file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sign {
    /// The author; perhaps empty.
    pub author: String,
    /// The moment in whole seconds, `2026-11-22T03:00:00`; perhaps empty.
    pub date: String,
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The letter; a line feed for the end of a paragraph.
    pub letter: char,
    /// The change that put it in, by its place in the list of signs.
    pub put_in: Option<usize>,
    /// The change that took it out.
    pub taken_out: Option<usize>,
    /// Whether it was moved from, or to, another place.
    pub moved: bool,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Who, and when.
    pub sign: Sign,
    /// What; perhaps nothing.
    pub words: String,
    /// The letters that it is about, by their places; nothing where it is about the place alone.
    pub about: std::ops::Range<usize>,
    /// The comment that it answers, by its place in the list.
    pub answers: Option<usize>,
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Returned {
    /// Its letters.
    pub letters: Vec<Seen>,
    /// Who changed what when.
    pub signs: Vec<Sign>,
    /// Its comments, by the place of what they are about.
    pub notes: Vec<Note>,
    /// The draft that the file says it is of.
    pub draft: Option<String>,
    /// The round that it says it was made from.
    pub round: Option<String>,
    /// What the file says it is, where it is a paper of this program and no round.
    pub paper: Option<String>,
    /// How many changes of form alone were left out.
    pub form: u32,
    /// Whether there are foot- or endnotes, boxes or pictures, which are not read.
    pub beside: bool,
    /// Whether it carries macros, which are neither read nor run.
    pub macros: bool,
}

/// Reads a DOCX.
///
/// # Errors
/// When it is none, is damaged, holds too much or no text.
pub fn read(bytes: &[u8]) -> Result<Returned, Broken> {
    let mut package = Package::open(bytes)?;
    let document = package.part("word/document.xml")?.ok_or(Broken::NotDocx)?;
    let mut body = Body::default();
    body.read(&document)?;
    while body
        .found
        .letters
        .last()
        .is_some_and(|seen| seen.letter == '\n' && seen.put_in.is_none())
    {
        body.found.letters.pop();
    }
    if body
        .found
        .letters
        .iter()
        .all(|seen| seen.letter.is_whitespace())
    {
        return Err(Broken::Empty);
    }
    let mut found = body.found;
    if let Some(comments) = package.part("word/comments.xml")? {
        let extended = package.part("word/commentsExtended.xml")?;
        let parents = match extended {
            Some(xml) => parents(&xml)?,
            None => BTreeMap::new(),
        };
        found.notes = notes(&comments, &parents, &body.ranges, found.letters.len())?;
    }
    if let Some(custom) = package.part("docProps/custom.xml")? {
        let properties = properties(&custom)?;
        found.draft = properties.get(DRAFT).cloned();
        found.round = properties.get(ROUND).cloned();
        found.paper = properties.get(PAPER).cloned();
    }
    found.macros = package.has("word/vbaProject.bin");
    Ok(found)
}

/// An attribute by its name without prefix.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .filter_map(Result::ok)
        .find(|one| one.key.local_name().as_ref() == name)
        .and_then(|one| {
            Some(
                one.normalized_value(XmlVersion::Implicit1_0)
                    .ok()?
                    .into_owned(),
            )
        })
}

fn sign(element: &BytesStart<'_>) -> Sign {
    let date = attribute(element, "date").unwrap_or_default();
    Sign {
        author: attribute(element, "author")
            .unwrap_or_default()
            .trim()
            .to_owned(),
        date: date.get(..19).unwrap_or_default().to_owned(),
    }
}

pub(super) fn referred(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return Some(letter);
    }
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// Calls for each event of a part, with the names of the elements around it.
pub(super) fn events(
    xml: &[u8],
    mut told: impl FnMut(&[String], &Event<'_>) -> Result<(), Broken>,
) -> Result<(), Broken> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut around: Vec<String> = Vec::new();
    loop {
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|_| Broken::Damaged)?;
        match &event {
            Event::Eof if around.is_empty() => return Ok(()),
            Event::Eof => return Err(Broken::Damaged),
            Event::Start(element) => {
                told(&around, &event)?;
                around.push(element.local_name().as_ref().to_owned());
                if around.len() > DEEP {
                    return Err(Broken::TooLarge);
                }
            }
            Event::End(_) => {
                around.pop();
                told(&around, &event)?;
            }
            _ => told(&around, &event)?,
        }
        buffer.clear();
    }
}

#[derive(Default)]
struct Body {
    found: Returned,
    put_in: Vec<(usize, bool)>,
    taken_out: Vec<(usize, bool)>,
    mark_in: Option<usize>,
    mark_out: Option<usize>,
    /// How many elements around have text that is not of the body.
    skipped: usize,
    /// Where comments begin and end, by their id.
    ranges: BTreeMap<String, (usize, Option<usize>)>,
}

/// Elements whose text is not the text of the body.
const SKIPPED: [&str; 8] = [
    "Fallback",
    "txbxContent",
    "rPrChange",
    "pPrChange",
    "sectPrChange",
    "tblPrChange",
    "tcPrChange",
    "numberingChange",
];

impl Body {
    fn read(&mut self, xml: &[u8]) -> Result<(), Broken> {
        events(xml, |around, event| self.take(around, event))
    }

    fn take(&mut self, around: &[String], event: &Event<'_>) -> Result<(), Broken> {
        let inside = around.last().map_or("", String::as_str);
        match event {
            Event::Start(element) => self.begin(inside, around, element, false),
            Event::Empty(element) => self.begin(inside, around, element, true),
            Event::End(element) => {
                self.end(inside, element.local_name().as_ref());
                Ok(())
            }
            Event::Text(text) if matches!(inside, "t" | "delText") => {
                text.chars().try_for_each(|letter| self.letter(letter))
            }
            Event::CData(text) if matches!(inside, "t" | "delText") => {
                text.chars().try_for_each(|letter| self.letter(letter))
            }
            Event::GeneralRef(reference) if matches!(inside, "t" | "delText") => {
                referred(reference).map_or(Ok(()), |letter| self.letter(letter))
            }
            _ => Ok(()),
        }
    }

    fn letter(&mut self, letter: char) -> Result<(), Broken> {
        if self.skipped > 0 {
            return Ok(());
        }
        if self.found.letters.len() >= LETTERS {
            return Err(Broken::TooLarge);
        }
        let letter = if letter == '\n' || letter == '\r' || letter == '\t' {
            ' '
        } else {
            letter
        };
        let (put_in, taken_out) = (self.put_in.last(), self.taken_out.last());
        self.found.letters.push(Seen {
            letter,
            put_in: put_in.map(|(sign, _)| *sign),
            taken_out: taken_out.map(|(sign, _)| *sign),
            moved: put_in.or(taken_out).is_some_and(|(_, moved)| *moved),
        });
        Ok(())
    }

    fn signed(&mut self, element: &BytesStart<'_>) -> Result<usize, Broken> {
        let sign = sign(element);
        if let Some(place) = self.found.signs.iter().position(|known| *known == sign) {
            return Ok(place);
        }
        if self.found.signs.len() >= MARKS {
            return Err(Broken::TooLarge);
        }
        self.found.signs.push(sign);
        Ok(self.found.signs.len() - 1)
    }

    fn begin(
        &mut self,
        inside: &str,
        around: &[String],
        element: &BytesStart<'_>,
        empty: bool,
    ) -> Result<(), Broken> {
        let name = element.local_name();
        let name = name.as_ref();
        if SKIPPED.contains(&name) {
            if name.ends_with("Change") {
                self.found.form += 1;
            } else {
                self.found.beside = true;
            }
            if !empty {
                self.skipped += 1;
            }
            return Ok(());
        }
        if self.skipped > 0 {
            return Ok(());
        }
        match name {
            "ins" | "moveTo" | "del" | "moveFrom" => {
                let put_in = matches!(name, "ins" | "moveTo");
                if inside == "rPr" {
                    // Of a paragraph's end, not of a run's form.
                    if around.iter().rev().nth(1).map(String::as_str) == Some("pPr") {
                        let sign = self.signed(element)?;
                        *(if put_in {
                            &mut self.mark_in
                        } else {
                            &mut self.mark_out
                        }) = Some(sign);
                    }
                } else if !empty && !matches!(inside, "trPr" | "tcPr") {
                    let sign = self.signed(element)?;
                    let moved = name.starts_with("move");
                    if put_in {
                        self.put_in.push((sign, moved));
                    } else {
                        self.taken_out.push((sign, moved));
                    }
                }
            }
            "br" | "cr" | "tab" if inside == "r" => self.letter(' ')?,
            "noBreakHyphen" => self.letter('\u{2011}')?,
            "commentRangeStart" => {
                if let Some(id) = attribute(element, "id")
                    && self.ranges.len() < MARKS
                {
                    self.ranges.insert(id, (self.found.letters.len(), None));
                }
            }
            "commentRangeEnd" | "commentReference" => {
                if let Some(id) = attribute(element, "id")
                    && self.ranges.len() < MARKS
                {
                    let here = self.found.letters.len();
                    let range = self.ranges.entry(id).or_insert((here, None));
                    range.1 = range.1.or(Some(here));
                }
            }
            "footnoteReference" | "endnoteReference" | "drawing" | "object" => {
                self.found.beside = true;
            }
            "p" => {
                self.mark_in = None;
                self.mark_out = None;
                if empty {
                    self.paragraph();
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, inside: &str, name: &str) {
        if SKIPPED.contains(&name) {
            self.skipped = self.skipped.saturating_sub(1);
            return;
        }
        if self.skipped > 0 {
            return;
        }
        match name {
            "ins" | "moveTo" if !matches!(inside, "rPr" | "trPr" | "tcPr") => {
                self.put_in.pop();
            }
            "del" | "moveFrom" if !matches!(inside, "rPr" | "trPr" | "tcPr") => {
                self.taken_out.pop();
            }
            "p" => self.paragraph(),
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        if self.found.letters.len() >= 2 * LETTERS {
            return;
        }
        self.found.letters.push(Seen {
            letter: '\n',
            put_in: self.mark_in.take(),
            taken_out: self.mark_out.take(),
            moved: false,
        });
    }
}

/// Which paragraph of comments answers which.
fn parents(xml: &[u8]) -> Result<BTreeMap<String, String>, Broken> {
    let mut found = BTreeMap::new();
    events(xml, |_, event| {
        if let Event::Start(element) | Event::Empty(element) = event
            && element.local_name().as_ref() == "commentEx"
            && let (Some(own), Some(parent)) = (
                attribute(element, "paraId"),
                attribute(element, "paraIdParent"),
            )
        {
            found.insert(own, parent);
        }
        Ok(())
    })?;
    Ok(found)
}

/// A comment as its part has it: its id, its paragraphs, and the note.
type Written = (String, Vec<String>, Note);

fn notes(
    xml: &[u8],
    parents: &BTreeMap<String, String>,
    ranges: &BTreeMap<String, (usize, Option<usize>)>,
    end: usize,
) -> Result<Vec<Note>, Broken> {
    let mut found: Vec<Written> = Vec::new();
    events(xml, |around, event| {
        let inside = around.last().map_or("", String::as_str);
        match event {
            Event::Start(element) => match element.local_name().as_ref() {
                "comment" => {
                    let id = attribute(element, "id").unwrap_or_default();
                    let (from, to) = ranges.get(&id).copied().unwrap_or((end, None));
                    let note = Note {
                        sign: sign(element),
                        words: String::new(),
                        about: from.min(end)..to.unwrap_or(from).min(end).max(from.min(end)),
                        answers: None,
                    };
                    if found.len() >= MARKS {
                        return Err(Broken::TooLarge);
                    }
                    found.push((id, Vec::new(), note));
                }
                "p" => {
                    if let Some((_, paragraphs, note)) = found.last_mut() {
                        paragraphs.extend(attribute(element, "paraId"));
                        if !note.words.is_empty() {
                            note.words.push(' ');
                        }
                    }
                }
                _ => {}
            },
            Event::Text(text) if inside == "t" => {
                if let Some((_, _, note)) = found.last_mut() {
                    note.words.push_str(text);
                }
            }
            Event::GeneralRef(reference) if inside == "t" => {
                if let Some((_, _, note)) = found.last_mut() {
                    note.words.extend(referred(reference));
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    found.sort_by_key(|(_, _, note)| note.about.start);
    let of = |paragraph: &String| {
        found
            .iter()
            .position(|(_, paragraphs, _)| paragraphs.contains(paragraph))
    };
    let answers: Vec<Option<usize>> = found
        .iter()
        .map(|(_, paragraphs, _)| {
            let parent = paragraphs.iter().find_map(|own| parents.get(own))?;
            of(parent)
        })
        .collect();
    Ok(found
        .into_iter()
        .zip(answers)
        .map(|((_, _, note), answers)| Note {
            words: note.words.trim().to_owned(),
            answers,
            ..note
        })
        .collect())
}

fn properties(xml: &[u8]) -> Result<BTreeMap<String, String>, Broken> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut name = None;
    events(xml, |around, event| {
        match event {
            Event::Start(element) if element.local_name().as_ref() == "property" => {
                name = attribute(element, "name");
            }
            Event::Text(text) if around.len() >= 3 => {
                if let Some(name) = &name {
                    found.entry(name.clone()).or_default().push_str(text);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}
