//! `GET /participants/{id}/keys/{key}`: what came under a key that was revoked, since it is not to be relied on. Nobody is shown more than they
//! may see.

use axum::extract::Path;
use axum::response::Response;
use policy::Purpose;
use stix::ObjectId;

use crate::parts::table::{Cell, Column, Row, Table};
use crate::rooms::wording::Wording;
use crate::shell::failure::Failure;
use crate::shell::label::Tlp;
use crate::shell::visitor::Visitor;

/// Records on a page.
const ROWS: usize = 50;

pub(super) async fn show(visitor: Visitor, Path((id, key)): Path<(String, String)>) -> Response {
    visitor
        .listed(move |visitor| {
            let (node, words) = (visitor.node(), &visitor.words);
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let before = visitor
                .asked("after")
                .and_then(|before| before.parse().ok());
            let came = node.came_under(&id, &key, before, ROWS)?;
            let came = came.ok_or(Failure::Absent)?;
            let seen = node.seen_under(visitor.viewer(), Purpose::Show, &came)?;
            let wording = Wording::of(visitor)?;
            let key = key.clone();
            visitor.listing(
                "participants-under-title",
                "participants-under-lead",
                None,
                seen,
                |seen| {
                    let label = Tlp::strictest(seen.iter().map(|stood| &stood.label));
                    let mut rows = Vec::with_capacity(seen.len());
                    for stood in seen {
                        let title = wording.title(&stood.record.id, &stood.record.body)?;
                        rows.push(Row::new(
                            format!("/records/{}", stood.record.id),
                            vec![
                                Cell::In(title.text, title.lang),
                                Cell::Text(wording.kind(&stood.kind)),
                                Cell::Day(stood.accepted.to_string(), words.moment(stood.accepted)),
                                Cell::Label(Tlp::of(stood.label.class.tlp())),
                            ],
                        ));
                    }
                    let columns = vec![
                        Column::new("record", words.t("participants-under-record")),
                        Column::new("kind", words.t("participants-kind")),
                        Column::new("came", words.t("participants-under-came")),
                        Column::new("label", words.t("clearance-label")),
                    ];
                    let date = words.moment(came.since);
                    let caption = words.t2("participants-under-since", "key", key, "date", date);
                    let table = Table::new(visitor, caption, columns)
                        .rows(rows)
                        .more(visitor, came.next.map(|next| next.to_string()))
                        .nothing(words.t("participants-under-none"), None);
                    Ok((table, Some(label)))
                },
            )
        })
        .await
}
