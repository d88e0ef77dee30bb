//! What stands at the head and foot of a DOCX's pages, and in its comments: where houses put the banner of a classification.

use quick_xml::events::Event;

use super::package::{Broken, Package};
use super::read::{events, referred};

/// How many kinds of heads and feet are looked at; Word writes three of each for a section.
const MOST: usize = 60;

/// The lines in them, each by itself. Of a file that cannot be read there are none.
pub fn margins(bytes: &[u8]) -> Vec<String> {
    let Ok(mut package) = Package::open(bytes) else {
        return Vec::new();
    };
    let numbered = (1..=MOST).flat_map(|n| [format!("header{n}"), format!("footer{n}")]);
    let others = ["header", "footer", "comments"].map(str::to_owned);
    let mut all = Vec::new();
    for part in numbered.chain(others) {
        if let Ok(Some(xml)) = package.part(&format!("word/{part}.xml")) {
            // What was read before it breaks off counts.
            let _ = lines(&xml, &mut all);
        }
    }
    all
}

/// Each paragraph as a line.
fn lines(xml: &[u8], all: &mut Vec<String>) -> Result<(), Broken> {
    let mut line = String::new();
    events(xml, |around, event| {
        let in_text = around.last().is_some_and(|name| name == "t");
        match event {
            Event::Text(text) if in_text => line.push_str(text),
            Event::GeneralRef(reference) if in_text => line.extend(referred(reference)),
            Event::End(element) if element.local_name().as_ref() == "p" => {
                all.push(std::mem::take(&mut line));
            }
            _ => {}
        }
        Ok(())
    })
}
