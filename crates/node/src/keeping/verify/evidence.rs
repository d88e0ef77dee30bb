//! From what the recomputed tree says to findings with a place in a record.

use anyhow::Result;
use store::Look;
use tlog::Audit;

use super::examine::Known;
use super::explain::{Evidence, explain};
use super::feed::Gathered;
use super::report::{Area, Finding};
use crate::log::stored_leaf;
use crate::relabel::taken_with;

/// So many records are explained one by one; a damaged disk needs no more.
const EXPLAINED: usize = 64;

/// Explains every record that is not what the log says.
pub(super) fn explain_all(
    look: &Look,
    known: &Known,
    texts: &[(i64, String)],
    audited: &Audit,
    gathered: &mut Gathered,
) -> Result<()> {
    let mut suspects = std::mem::take(&mut gathered.suspects);
    for finding in &audited.findings {
        match finding {
            tlog::Finding::Record { index } => suspects.push(i64::try_from(*index)?),
            tlog::Finding::Tile { id, offset } => {
                let leaf = (id.level == 0)
                    .then(|| i64::try_from(id.number * 256 + u64::from(*offset)).ok())
                    .flatten();
                gathered.report.find(Finding {
                    leaf,
                    ..Finding::new(Area::Tile, finding.to_string())
                });
            }
            tlog::Finding::Missing { .. } | tlog::Finding::ErasedLeaf { .. } => {
                gathered
                    .report
                    .find(Finding::new(Area::Tile, finding.to_string()));
            }
            tlog::Finding::Count { .. } => {
                gathered
                    .report
                    .find(Finding::new(Area::Count, finding.to_string()));
            }
            tlog::Finding::Root { .. } => {
                gathered
                    .report
                    .find(Finding::new(Area::Head, finding.to_string()));
            }
        }
    }
    suspects.sort_unstable();
    suspects.dedup();
    let channels = channels(look, &suspects)?;
    for (count, recno) in suspects.into_iter().enumerate() {
        let Some(row) = look
            .audited_from(recno, 1, 1)
            .ok()
            .and_then(|rows| rows.into_iter().next())
            .filter(|row| row.recno == recno)
        else {
            continue;
        };
        let leaf = stored_leaf(look, u64::try_from(recno)?)?;
        let (Some(leaf), true) = (leaf, count < EXPLAINED) else {
            let what = "it is not what the log says";
            gathered
                .report
                .find(Finding::at(Area::Leaf, recno, what).named(&row.id, &row.version));
            continue;
        };
        let taken = look.meta(&taken_with(recno))?;
        let class_text = texts.iter().find(|(id, _)| *id == row.class);
        let evidence = Evidence {
            row: &row,
            taken: taken.as_deref(),
            leaf,
            channels: &channels,
            class_text: class_text.map(|(_, text)| text.as_str()),
        };
        gathered.report.find(explain(&evidence, known));
    }
    Ok(())
}

/// Doors that neighbors came through: what a changed one may have been.
fn channels(look: &Look, suspects: &[i64]) -> Result<Vec<String>> {
    let mut channels = vec!["import".to_owned(), "local".to_owned()];
    for recno in suspects.iter().take(EXPLAINED) {
        let near = look.audited_from(recno.saturating_sub(8), 16, 1 << 16);
        for row in near.unwrap_or_default() {
            if let Some(channel) = row.channel
                && !channels.iter().any(|known| **known == *channel)
            {
                channels.push(channel.to_string());
            }
        }
    }
    Ok(channels)
}
