//! Bundles: what peers may have, carried by hand. `GET /bundles`: how far they have come with each peer, sealing one, and bringing one in,
//! which is tried before it is taken; those that were refused, with the reason.
//!
//! Invariant: what is made here is encrypted to the peer's node; what was brought in is kept as it came, encrypted, until it is taken or
//! thrown away.

mod bring;
mod refused;
mod seal;

use askama::Template;
use axum::response::Response;
use node::keeping::bundle::{Passage, Receipt};
use node::peers::State;

use crate::parts::form::{Choice, Field, Form, Input};
use crate::parts::steps::{Nothing, file_form};
use crate::rooms::wording::Wording;
use crate::shell::answer::{Page, nothing};
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::failure::Failure;
use crate::shell::frame::{Frame, Link};
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::{Right, Role, Visitor};

/// Where what belongs to bundles is kept on this node.
const ROOM: &str = "bundles";

pub(crate) struct Bundles;

impl Desk for Bundles {
    fn name(&self) -> &'static str {
        "bundles"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Exchange,
            path: "/bundles",
            key: "bundles-title",
            letter: 'b',
            role: Some(Role::Administrator),
        }]
    }

    fn routes(&self) -> Routes {
        let operates = Who::May(Right::Operate);
        Routes::new()
            .page("/bundles", operates, show)
            .form("/bundles/seal", operates, seal::seal)
            .form("/bundles/try", operates, bring::bring)
            .page("/bundles/brought", operates, bring::show)
            .form("/bundles/take", operates, bring::take)
            .form("/bundles/discard", operates, bring::discard)
    }
}

#[derive(Template)]
#[template(path = "rooms/bundles/list.html")]
struct List {
    frame: Frame,
    sealing: Option<Form>,
    bringing: Form,
    brought: Option<String>,
    rows: Vec<Row>,
    refused: Vec<refused::Shown>,
    none: Nothing,
}

/// The bundles with one peer.
struct Row {
    name: String,
    path: String,
    sealed: String,
    on_the_way: Vec<String>,
    confirmed: Vec<String>,
    opened: String,
    taken: Vec<String>,
}

async fn show(visitor: Visitor) -> Response {
    visitor.answer(|visitor| page(visitor, None)).await
}

/// The form that makes one: for whom.
fn sealing(visitor: &Visitor, wording: &Wording<'_>) -> Result<Option<Form>, Failure> {
    let words = &visitor.words;
    let mut peers: Vec<Choice> = visitor
        .node()
        .peers()?
        .iter()
        .filter(|peer| peer.state == State::Confirmed)
        .map(|peer| {
            let id = peer.participant.as_str();
            Choice::new(id, wording.name(id))
        })
        .collect();
    if peers.is_empty() {
        return Ok(None);
    }
    words.sort(&mut peers, |choice| &choice.name);
    let form = Form::new(
        visitor,
        "bundle-seal",
        "/bundles/seal",
        words.t("bundles-seal"),
    )?;
    let field = Field::new("peer", words.t("bundles-for"), Input::List(peers));
    Ok(Some(form.unkept().field(field)))
}

/// The form that brings one in.
fn bringing(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let (label, hint) = (words.t("bundles-file"), words.t("bundles-file-hint"));
    let form = file_form(visitor, "bundle-bring", "/bundles/try", &label, &hint)?;
    Ok(form.unkept().field(
        Field::new("gap", words.t("bundles-gap"), Input::Tick).hint(words.t("bundles-gap-hint")),
    ))
}

/// The page, with what is wrong with what was brought.
fn page(visitor: &Visitor, wrong: Option<String>) -> Result<Page, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let wording = Wording::of(visitor)?;
    let mut rows = Vec::new();
    for peer in node.peers()? {
        let passage = node.passage(&peer.participant)?;
        rows.push(row(visitor, &wording, &passage));
    }
    words.sort(&mut rows, |row| &row.name);
    let mut bringing = bringing(visitor)?;
    if let Some(wrong) = wrong {
        bringing.wrong("file", wrong);
    }
    let brought = bring::waiting(visitor)?
        .map(|at| words.t1("bundles-brought-since", "date", words.moment(at)));
    let sealing = sealing(visitor, &wording)?;
    let refused = refused::all(visitor, &wording)?;
    let way = Link::new("/peers", words.t("bundles-to-peers"));
    visitor.page("bundles-title", nothing(), |(), frame| {
        Ok(List {
            frame,
            sealing,
            bringing,
            brought,
            rows,
            refused,
            none: Nothing::yet(words.t("bundles-no-peers"), Some(way)),
        })
    })
}

fn row(visitor: &Visitor, wording: &Wording<'_>, passage: &Passage) -> Row {
    let words = &visitor.words;
    let number = |number: u64| match number {
        0 => words.t("bundles-none-yet"),
        number => words.t1("bundles-number", "n", number),
    };
    let receipt = |receipt: &Receipt| told(visitor, receipt);
    Row {
        name: wording.name(passage.peer.as_str()),
        path: format!("/peers/{}", passage.peer),
        sealed: number(passage.sealed),
        on_the_way: passage
            .on_the_way
            .iter()
            .rev()
            .map(|sent| {
                words.t3(
                    "bundles-on-the-way",
                    "n",
                    sent.number,
                    "date",
                    words.moment(sent.made),
                    "records",
                    sent.records,
                )
            })
            .collect(),
        confirmed: passage.confirmed.iter().rev().map(receipt).collect(),
        opened: number(passage.opened),
        taken: passage.taken.iter().rev().map(receipt).collect(),
    }
}

/// What became of a bundle, in one sentence.
fn told(visitor: &Visitor, receipt: &Receipt) -> String {
    visitor.words.with(
        "bundles-receipt",
        &[
            ("n", receipt.number.into()),
            ("taken", receipt.records().into()),
            ("beside", receipt.beside.into()),
            ("awaiting", receipt.awaiting.into()),
            ("refused", receipt.refused.into()),
        ],
    )
}
