//! Tables of compliance as the G7 Research Group publishes them: -1, 0 or +1 per member and commitment. Invariant: a score stands by itself;
//! columns and rows of averages are left out and named, never read and never written.

use std::fmt::Write as _;

/// A score as a table gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The line of the file on which it stands, from 1.
    pub number: usize,
    /// The commitment's id, where the table has it.
    pub id: Option<String>,
    /// The commitment's words.
    pub commitment: String,
    /// The member.
    pub member: String,
    /// The score as written.
    pub score: String,
    /// The text beside it.
    pub text: Option<String>,
    /// Who scored, where the table says so.
    pub coder: Option<String>,
    /// On what it rests.
    pub basis: Option<String>,
    /// The period it covers.
    pub period: Option<String>,
    /// Who published it, and where.
    pub source: Option<String>,
    /// The address of that.
    pub url: Option<String>,
}

/// What a file gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scores {
    /// Its scores.
    pub lines: Vec<Line>,
    /// Columns and rows that were left out: averages and sums.
    pub left_out: Vec<String>,
    /// Cells without a score.
    pub blank: usize,
}

/// Why a file is no such table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is not UTF-8.
    Encoding,
    /// A quoted cell that begins on this line does not end.
    Quote(usize),
    /// Its first line names neither members nor the columns `member` and `score`.
    Head,
    /// It has no line with a score.
    Empty,
    /// It has more scores than are taken at a time.
    Large,
}

/// How many scores one file has at most.
pub const MOST: usize = 1_000;

/// The columns of the long form, in their order.
pub const COLUMNS: [&str; 11] = [
    "commitment_id",
    "commitment",
    "member",
    "score",
    "text",
    "coder",
    "basis",
    "period",
    "source",
    "url",
    "label",
];

/// The cells of a CSV file (RFC 4180), each record with the line it begins on.
fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, Unread> {
    let mut all = Vec::new();
    let (mut row, mut cell) = (Vec::new(), String::new());
    let (mut line, mut begun) = (1, 1);
    let mut quoted: Option<usize> = None;
    // The separator of the first line: some offices write semicolons.
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.matches(';').count() > first.matches(',').count() {
        ';'
    } else {
        ','
    };
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\n' {
            line += 1;
        }
        match (letter, quoted) {
            ('"', Some(_)) if letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            ('"', Some(_)) => quoted = None,
            ('"', None) if cell.is_empty() => quoted = Some(line),
            (other, None) if other == separator => row.push(std::mem::take(&mut cell)),
            ('\r', None) => {}
            ('\n', None) => {
                row.push(std::mem::take(&mut cell));
                all.push((begun, std::mem::take(&mut row)));
                begun = line;
            }
            (other, _) => cell.push(other),
        }
    }
    if let Some(line) = quoted {
        return Err(Unread::Quote(line));
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        all.push((begun, row));
    }
    let full = |row: &[String]| row.iter().any(|cell| !cell.trim().is_empty());
    all.retain(|(_, row)| full(row));
    Ok(all)
}

/// A cell without what keeps office programs from reading it as a formula.
fn plain(cell: &str) -> String {
    let cell = cell.trim();
    let guarded = cell.strip_prefix('\'').filter(|rest| is_formula(rest));
    guarded.unwrap_or(cell).to_owned()
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Whether a column or row is one of averages or sums.
fn is_of_averages(name: &str) -> bool {
    const WORDS: [&str; 8] = [
        "average", "moyenne", "mean", "total", "sum", "somme", "overall", "ensemble",
    ];
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Reads a table: the long form with a line per score, or the published form with a column per member. `member` knows whom a column
/// names.
///
/// # Errors
/// Why it is no such table.
pub fn read(bytes: &[u8], member: &dyn Fn(&str) -> bool) -> Result<Scores, Unread> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unread::Encoding)?;
    let mut rows = records(text.trim_start_matches('\u{feff}'))?.into_iter();
    let (_, head) = rows.next().ok_or(Unread::Empty)?;
    let head: Vec<String> = head.iter().map(|cell| plain(cell)).collect();
    let keys: Vec<String> = head.iter().map(|cell| cell.to_lowercase()).collect();
    let at = |names: &[&str]| keys.iter().position(|key| names.contains(&key.as_str()));
    let (id, words) = (
        at(&["commitment_id", "id"]),
        at(&["commitment", "engagement", "commitments", "engagements"]),
    );
    let mut scores = Scores::default();
    if let (Some(who), Some(score)) = (at(&["member", "membre"]), at(&["score", "note"])) {
        let rest = ["text", "coder", "basis", "period", "source", "url"].map(|name| at(&[name]));
        for (number, row) in rows {
            let cell = |place: Option<usize>| {
                let cell = plain(row.get(place?)?);
                Some(cell).filter(|cell| !cell.is_empty())
            };
            let [text, coder, basis, period, source, url] = rest.map(cell);
            scores.put(Line {
                number,
                id: cell(id),
                commitment: cell(words).unwrap_or_default(),
                member: cell(Some(who)).unwrap_or_default(),
                score: cell(Some(score)).unwrap_or_default(),
                text,
                coder,
                basis,
                period,
                source,
                url,
            });
        }
    } else {
        let members: Vec<usize> = (0..head.len()).filter(|&at| member(&head[at])).collect();
        let own = (0..head.len()).find(|at| {
            let numbers = ["#", "no", "no.", "n°", "number", ""];
            !members.contains(at) && !numbers.contains(&keys[*at].as_str())
        });
        let (Some(words), false) = (words.or(own), members.is_empty()) else {
            return Err(Unread::Head);
        };
        let averages = head.iter().filter(|name| is_of_averages(name));
        scores.left_out.extend(averages.cloned());
        for (number, row) in rows {
            let commitment = row.get(words).map(|cell| plain(cell)).unwrap_or_default();
            if is_of_averages(&commitment) && commitment.split_whitespace().count() < 4 {
                scores.left_out.push(commitment);
                continue;
            }
            for &at in &members {
                scores.put(Line {
                    number,
                    id: id.and_then(|at| row.get(at)).map(|cell| plain(cell)),
                    commitment: commitment.clone(),
                    member: head[at].clone(),
                    score: row.get(at).map(|cell| plain(cell)).unwrap_or_default(),
                    ..Line::default()
                });
            }
        }
    }
    match scores.lines.len() {
        0 => Err(Unread::Empty),
        many if many > MOST => Err(Unread::Large),
        _ => Ok(scores),
    }
}

impl Scores {
    fn put(&mut self, line: Line) {
        if ["", "-", "–", "—", "n/a", "na", "s.o."].contains(&line.score.to_lowercase().as_str())
        {
            self.blank += 1;
        } else {
            self.lines.push(line);
        }
    }
}

/// A score of that scale; `None` where it is none.
pub fn score(text: &str) -> Option<i32> {
    match text.replace(['−', '–'], "-").trim() {
        "+1" | "1" => Some(1),
        "0" => Some(0),
        "-1" => Some(-1),
        _ => None,
    }
}

/// Words without what printing changes in them, for finding the same commitment.
pub fn folded(words: &str) -> String {
    let even = words.chars().map(|letter| match letter {
        '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
        '\u{a0}' | '\u{202f}' => ' ',
        '\u{2018}' | '\u{2019}' => '\'',
        other => other,
    });
    let even: String = even.flat_map(char::to_lowercase).collect();
    let one: Vec<&str> = even.split_whitespace().collect();
    one.join(" ").trim_end_matches('.').to_owned()
}

/// Writes a line of cells; what an office program would read as a formula is kept from it, a score is not.
pub fn write(cells: &[String], text: &mut String) {
    for (place, cell) in cells.iter().enumerate() {
        let guard = if is_formula(cell) && score(cell).is_none() {
            "'"
        } else {
            ""
        };
        let comma = if place == 0 { "" } else { "," };
        let _ = write!(text, "{comma}\"{guard}{}\"", cell.replace('"', "\"\""));
    }
    text.push_str("\r\n");
}
