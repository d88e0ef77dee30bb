//! A round as a file: what stands as text, what is put forward as tracked changes, remarks as comments. Words held in brackets get brackets,
//! put in by the side that holds them.

use std::fmt::Write as _;

use super::package::{escaped, packed};
use super::{DRAFT, ROUND};
use crate::drafting::ink::{Glyph, Ink, glyphs};
use crate::records::{Passage, PassageState};

/// What a file of a round is made of.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// The title.
    pub title: &'a str,
    /// What stands in the head of each page: round, date, label.
    pub head: &'a str,
    /// What stands in its foot.
    pub foot: &'a str,
    /// The tag of the language.
    pub lang: &'a str,
    /// The draft, by its first round.
    pub draft: &'a str,
    /// The round.
    pub round: &'a str,
    /// When the round was put forward: the moment of its changes.
    pub stamp: &'a str,
    /// Its passages.
    pub passages: &'a [Passage],
}

/// The letters of passages in a row, line feeds between them, brackets written out: each with the passage that it is of. A file says
/// exactly this.
pub fn flat(passages: &[Passage]) -> Vec<(Glyph, usize)> {
    let mut all: Vec<(Glyph, usize)> = Vec::new();
    for (place, passage) in passages.iter().enumerate() {
        let mut held: Option<String> = None;
        let bracket = |letter, side: &str| {
            (
                Glyph {
                    letter,
                    ink: Ink::put_in(side),
                },
                place,
            )
        };
        for mut glyph in glyphs(passage) {
            // Of words that somebody would put in or take out it is told that they are open without a bracket.
            let open = glyph.ink.in_by.is_some() || glyph.ink.out_by.is_some();
            let holder = if open { None } else { glyph.ink.held_by.take() };
            if holder != held {
                if let Some(side) = &held {
                    all.push(bracket(']', side));
                }
                if let Some(side) = &holder {
                    all.push(bracket('[', side));
                }
                held = holder;
            }
            all.push((glyph, place));
        }
        if let Some(side) = &held {
            all.push(bracket(']', side));
        }
        if place + 1 < passages.len() {
            let by = passage.by.clone();
            let ink = match passage.state {
                PassageState::Proposed => Ink {
                    in_by: by,
                    ..Ink::default()
                },
                PassageState::Deleted => Ink {
                    out_by: by,
                    ..Ink::default()
                },
                _ => Ink {
                    out_by: passage.joins_by.clone(),
                    ..Ink::default()
                },
            };
            all.push((Glyph { letter: '\n', ink }, place));
        }
    }
    all
}

struct Body<'n> {
    xml: String,
    stamp: &'n str,
    name: &'n dyn Fn(&str) -> String,
    ids: u32,
}

impl Body<'_> {
    fn change(&mut self, side: &str) -> String {
        self.ids += 1;
        format!(
            "w:id=\"{}\" w:author=\"{}\" w:date=\"{}\"",
            self.ids,
            escaped(&(self.name)(side)),
            escaped(self.stamp)
        )
    }

    fn run(&mut self, words: &str, ink: &Ink) {
        let text = if ink.out_by.is_some() { "delText" } else { "t" };
        let mut ends = Vec::new();
        if let Some(side) = &ink.in_by {
            let change = self.change(side);
            let _ = write!(self.xml, "<w:ins {change}>");
            ends.push("</w:ins>");
        }
        if let Some(side) = &ink.out_by {
            let change = self.change(side);
            let _ = write!(self.xml, "<w:del {change}>");
            ends.push("</w:del>");
        }
        let words = escaped(words);
        let _ = write!(
            self.xml,
            "<w:r><w:{text} xml:space=\"preserve\">{words}</w:{text}></w:r>"
        );
        for end in ends.iter().rev() {
            self.xml.push_str(end);
        }
    }
}

/// A remark with its number, its answer's number and where it is anchored.
struct Anchored {
    id: usize,
    parent: Option<usize>,
    start: usize,
    end: usize,
}

/// Where the remarks of a passage are anchored in its letters.
fn anchors(passage: &Passage, letters: &[Glyph], first: usize) -> Vec<Anchored> {
    let text: String = letters.iter().map(|glyph| glyph.letter).collect();
    passage
        .remarks
        .iter()
        .enumerate()
        .map(|(place, remark)| {
            let found = remark.on.as_deref().and_then(|on| {
                let at = text.find(on)?;
                let start = text.get(..at)?.chars().count();
                Some((start, start + on.chars().count()))
            });
            let (start, end) = found.unwrap_or((0, letters.len()));
            let parent = remark.answers.and_then(|of| usize::try_from(of).ok());
            Anchored {
                id: first + place,
                parent: parent.filter(|of| *of < place).map(|of| first + of),
                start,
                end,
            }
        })
        .collect()
}

fn body(sheet: &Sheet<'_>, name: &dyn Fn(&str) -> String) -> (String, Vec<Option<usize>>) {
    let all = flat(sheet.passages);
    let mut body = Body {
        xml: String::new(),
        stamp: sheet.stamp,
        name,
        ids: 0,
    };
    let mut parents = Vec::new();
    for (place, passage) in sheet.passages.iter().enumerate() {
        let own: Vec<Glyph> = all
            .iter()
            .filter(|(_, of)| *of == place)
            .map(|(glyph, _)| glyph.clone())
            .collect();
        let (letters, end) = match own.split_last() {
            Some((last, rest)) if last.letter == '\n' => (rest, Some(&last.ink)),
            _ => (own.as_slice(), None),
        };
        body.xml.push_str("<w:p><w:pPr>");
        let mark = end.and_then(|ink| {
            let put_in = ink.in_by.as_ref().map(|side| ("ins", side));
            put_in.or(ink.out_by.as_ref().map(|side| ("del", side)))
        });
        if let Some((kind, side)) = mark {
            let change = body.change(side);
            let _ = write!(body.xml, "<w:rPr><w:{kind} {change}/></w:rPr>");
        }
        body.xml.push_str("</w:pPr>");
        let remarks = anchors(passage, letters, parents.len());
        parents.extend(remarks.iter().map(|remark| remark.parent));
        let mut at = 0;
        loop {
            for remark in remarks.iter().filter(|remark| remark.end == at && at > 0) {
                let id = remark.id;
                let _ = write!(
                    body.xml,
                    "<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>"
                );
            }
            for remark in remarks
                .iter()
                .filter(|remark| remark.start == at && at < letters.len())
            {
                let _ = write!(body.xml, "<w:commentRangeStart w:id=\"{}\"/>", remark.id);
            }
            let Some(first) = letters.get(at) else { break };
            let bounds = remarks.iter().flat_map(|remark| [remark.start, remark.end]);
            let bound = bounds.filter(|bound| *bound > at).min();
            let same = letters[at..]
                .iter()
                .take_while(|glyph| glyph.ink == first.ink)
                .count();
            let until = bound.map_or(at + same, |bound| bound.min(at + same));
            let words: String = letters[at..until]
                .iter()
                .map(|glyph| glyph.letter)
                .collect();
            body.run(&words, &first.ink);
            at = until;
        }
        body.xml.push_str("</w:p>");
    }
    (body.xml, parents)
}

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\" xmlns:w15=\"http://schemas.microsoft.com/office/word/2012/wordml\" xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" mc:Ignorable=\"w14 w15\"";
pub(super) const DECLARED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

fn comments(
    sheet: &Sheet<'_>,
    parents: &[Option<usize>],
    name: &dyn Fn(&str) -> String,
) -> (String, String) {
    let mut xml = format!("{DECLARED}<w:comments {W}>");
    let mut extended = format!("{DECLARED}<w15:commentsEx {W}>");
    let remarks = sheet.passages.iter().flat_map(|passage| &passage.remarks);
    for (id, remark) in remarks.enumerate() {
        let author = name(&remark.by);
        let initials: String = author
            .split_whitespace()
            .filter_map(|word| word.chars().next())
            .take(3)
            .collect();
        let paragraph = |id: usize| format!("{:08X}", 0x1000_0000 + id);
        let _ = write!(
            xml,
            "<w:comment w:id=\"{id}\" w:author=\"{}\" w:date=\"{}\" w:initials=\"{}\"><w:p w14:paraId=\"{}\"><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p></w:comment>",
            escaped(&author),
            escaped(&crate::drafting::stamp(&remark.at)),
            escaped(&initials),
            paragraph(id),
            escaped(&remark.words)
        );
        let parent = parents.get(id).copied().flatten();
        let parent = parent.map_or_else(String::new, |of| {
            format!(" w15:paraIdParent=\"{}\"", paragraph(of))
        });
        let _ = write!(
            extended,
            "<w15:commentEx w15:paraId=\"{}\"{parent} w15:done=\"0\"/>",
            paragraph(id)
        );
    }
    xml.push_str("</w:comments>");
    extended.push_str("</w15:commentsEx>");
    (xml, extended)
}

/// The parts that every file has, around the body of the document.
pub(super) fn around(
    (title, head, foot, lang): (&str, &str, &str, &str),
    body: &str,
    tracked: bool,
) -> Vec<(&'static str, String)> {
    const TYPES: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut types = String::new();
    let mut wanted = vec![
        ("document", "document.main"),
        ("styles", "styles"),
        ("settings", "settings"),
        ("header1", "header"),
        ("footer1", "footer"),
    ];
    let mut relations = String::new();
    let mut kinds = vec![
        ("styles", "styles"),
        ("settings", "settings"),
        ("header", "header1"),
        ("footer", "footer1"),
    ];
    if tracked {
        wanted.push(("comments", "comments"));
        kinds.push(("comments", "comments"));
        relations.push_str("<Relationship Id=\"rId9\" Type=\"http://schemas.microsoft.com/office/2011/relationships/commentsExtended\" Target=\"commentsExtended.xml\"/>");
        let _ = write!(
            types,
            "<Override PartName=\"/word/commentsExtended.xml\" ContentType=\"{TYPES}.commentsExtended+xml\"/>"
        );
    }
    for (part, kind) in wanted {
        let _ = write!(
            types,
            "<Override PartName=\"/word/{part}.xml\" ContentType=\"{TYPES}.{kind}+xml\"/>"
        );
    }
    for (place, (kind, part)) in kinds.iter().enumerate() {
        let _ = write!(
            relations,
            "<Relationship Id=\"rId{}\" Type=\"{office}/{kind}\" Target=\"{part}.xml\"/>",
            place + 1
        );
    }
    let packages = "http://schemas.openxmlformats.org/package/2006";
    let line = |kind: &str, text: &str, more: &str| {
        format!(
            "{DECLARED}<w:{kind} {W}><w:p><w:pPr><w:jc w:val=\"right\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>{more}</w:p></w:{kind}>",
            escaped(text)
        )
    };
    let number = "<w:r><w:t xml:space=\"preserve\"> · </w:t></w:r><w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r></w:fldSimple>";
    let track = if tracked { "<w:trackRevisions/>" } else { "" };
    let size = |name: &str, based: &str, half: u32, bold: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{based}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:pPr><w:keepNext/><w:spacing w:before=\"240\" w:after=\"120\"/></w:pPr><w:rPr>{bold}<w:sz w:val=\"{half}\"/></w:rPr></w:style>"
        )
    };
    vec![
        (
            "[Content_Types].xml",
            format!(
                "{DECLARED}<Types xmlns=\"{packages}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>{types}<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/><Override PartName=\"/docProps/custom.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.custom-properties+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{DECLARED}<Relationships xmlns=\"{packages}/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" Type=\"{packages}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/><Relationship Id=\"rId3\" Type=\"{office}/custom-properties\" Target=\"docProps/custom.xml\"/></Relationships>"
            ),
        ),
        (
            "docProps/core.xml",
            format!(
                "{DECLARED}<cp:coreProperties xmlns:cp=\"{packages}/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:language>{}</dc:language></cp:coreProperties>",
                escaped(title),
                escaped(lang)
            ),
        ),
        (
            "word/_rels/document.xml.rels",
            format!(
                "{DECLARED}<Relationships xmlns=\"{packages}/relationships\">{relations}</Relationships>"
            ),
        ),
        (
            "word/styles.xml",
            format!(
                "{DECLARED}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:cs=\"Calibri\"/><w:sz w:val=\"22\"/><w:lang w:val=\"{}\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"160\" w:line=\"276\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>{}{}{}</w:styles>",
                escaped(lang),
                size("Title", "Title", 36, "<w:b/>"),
                size("heading 1", "Heading1", 28, "<w:b/>"),
                size("heading 2", "Heading2", 24, "<w:b/>")
            ),
        ),
        (
            "word/settings.xml",
            format!(
                "{DECLARED}<w:settings {W}>{track}<w:defaultTabStop w:val=\"708\"/></w:settings>"
            ),
        ),
        ("word/header1.xml", line("hdr", head, "")),
        ("word/footer1.xml", line("ftr", foot, number)),
        (
            "word/document.xml",
            format!(
                "{DECLARED}<w:document {W}><w:body>{body}<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId3\"/><w:footerReference w:type=\"default\" r:id=\"rId4\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1418\" w:right=\"1418\" w:bottom=\"1418\" w:left=\"1418\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
            ),
        ),
    ]
}

/// The properties by which a file is known again.
pub(super) fn known_again(pairs: &[(&str, &str)]) -> String {
    let mut xml = format!(
        "{DECLARED}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">"
    );
    for (place, (name, value)) in pairs.iter().enumerate() {
        let _ = write!(
            xml,
            "<property fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" pid=\"{}\" name=\"{name}\"><vt:lpwstr>{}</vt:lpwstr></property>",
            place + 2,
            escaped(value)
        );
    }
    xml.push_str("</Properties>");
    xml
}

/// A round as a DOCX; `name` gives the name of a side, which becomes the author of its changes.
///
/// # Errors
/// When it cannot be packed.
pub fn write(sheet: &Sheet<'_>, name: &dyn Fn(&str) -> String) -> anyhow::Result<Vec<u8>> {
    let (body, parents) = body(sheet, name);
    let (comments, extended) = comments(sheet, &parents, name);
    let mut parts = around(
        (sheet.title, sheet.head, sheet.foot, sheet.lang),
        &body,
        true,
    );
    parts.push(("word/comments.xml", comments));
    parts.push(("word/commentsExtended.xml", extended));
    parts.push((
        "docProps/custom.xml",
        known_again(&[(DRAFT, sheet.draft), (ROUND, sheet.round)]),
    ));
    packed(&parts)
}
