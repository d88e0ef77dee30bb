//! One round with one peer: take what is new in each of its collections, give what it cannot fetch, exchange the heads of the logs.
//!
//! Invariant: the cursor moves in the commit that holds the page, so a round that is cut anywhere loses nothing and doubles nothing.

use std::collections::BTreeSet;

use anyhow::{Result, bail, ensure};
use bytes::Bytes;
use policy::Desk;
use stix::ObjectId;
use store::{PageQuery, Versions};

use super::barren::{Barren, Next};
use super::exchange::backoff;
use super::fault::{Fault, Told};
use super::older;
use super::quota::{self, Quota, accept_within};
use super::wire::{Batch, Destination, Shelf, Wire};
use super::{Course, Known, active};
use crate::access::Access;
use crate::arrivals::Arrivals;
use crate::node::Node;
use crate::reading::Look;
use crate::submission::{Channel, Line, Marking, Outcome, Receipt, Submission};
use crate::writer::Change;

/// How many records are asked for, or given, at a time.
pub(super) const PAGE: usize = 1_000;

/// How many objects a page may hold for each record that was asked for: itself, its seal, its label, and one to spare.
const BESIDE: usize = 4;

/// How many collections of a peer are followed.
const SHELVES: usize = 1_000;

/// Bytes of what it says of where to go on in them: it is written with each page.
const CURSORS: usize = 256 << 10;

/// What a round came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Synced {
    /// Objects that became records,
    pub accepted: usize,
    /// and how many of these are seals and labels, which go beside others.
    pub beside: usize,
    /// Objects that were here already.
    pub known: usize,
    /// Objects of this round that await a decision at its end: so many lines of the list.
    pub awaiting: usize,
    /// Objects that were not taken.
    pub refused: usize,
    /// Records that were given to a peer that cannot fetch them.
    pub given: usize,
    /// Whether there is more behind what was here already: the next round goes on.
    pub more: bool,
}

/// A round while it runs.
#[derive(Default)]
struct Round {
    came: Arrivals,
    given: usize,
    more: bool,
}

/// A page that was kept.
struct Taken {
    receipt: Receipt,
    /// The digests of its objects that were here already.
    known: Vec<[u8; 32]>,
}

impl Node {
    /// Exchanges with one peer now, whatever its next try is. How it went is kept with the peer, and shown.
    ///
    /// # Errors
    /// When there is no such peer or it is not confirmed; what the wire said; when a quota is used up. What was taken before stays.
    pub async fn sync(&self, wire: &dyn Wire, peer: &ObjectId) -> Result<Synced> {
        let turn = self.inner.exchange.turn(peer);
        let _turn = turn.lock().await;
        let known = self.active(peer)?;
        if known.addresses.is_empty() {
            // It only calls out: it fetches from us, and gives us what it has.
            return Ok(Synced::default());
        }
        let mut round = Round::default();
        let went = self.round(wire, &known, &mut round).await;
        self.inner
            .exchange
            .heard(peer, went.is_ok().then(|| self.now()));
        self.keep_outcome(peer, went.as_ref().err()).await?;
        went?;
        let Round {
            mut came,
            given,
            more,
        } = round;
        let awaiting = came.settle(&*self.read()?)?;
        Ok(Synced {
            accepted: came.accepted,
            beside: came.beside,
            known: came.known,
            awaiting,
            refused: came.refused,
            given,
            more,
        })
    }

    fn active(&self, peer: &ObjectId) -> Result<Known> {
        active(&self.register(), peer, "nothing is exchanged").cloned()
    }

    async fn round(&self, wire: &dyn Wire, known: &Known, round: &mut Round) -> Result<()> {
        let mut last = None;
        for address in &known.addresses {
            let to = match self.destination(known, address) {
                Ok(to) => to,
                Err(error) => {
                    last = Some(error);
                    continue;
                }
            };
            match self.shelves(wire, &to).await {
                Ok(shelves) => return self.exchange_with(wire, &to, &shelves, round).await,
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| anyhow::anyhow!("it has no address")))
    }

    /// How to call a peer at one of its addresses, if it may be called there.
    pub(crate) fn destination(&self, known: &Known, address: &str) -> Result<Destination> {
        self.may_call(address)?;
        Ok(Destination {
            participant: known.participant.clone(),
            address: address.to_owned(),
            pin: known.pin,
            token: self.token_for(&known.participant)?,
        })
    }

    async fn shelves(&self, wire: &dyn Wire, to: &Destination) -> Result<Vec<Shelf>> {
        let now = self.now();
        if let Some(shelves) = self.inner.exchange.shelves(&to.participant, now) {
            return Ok(shelves);
        }
        let shelves = wire.collections(to).await?;
        ensure!(
            shelves.len() <= SHELVES,
            "it names {} collections; at most {SHELVES} are followed",
            shelves.len()
        );
        self.forget_cursors(&to.participant, &shelves).await?;
        self.inner
            .exchange
            .keep_shelves(&to.participant, now, shelves.clone());
        Ok(shelves)
    }

    /// Forgets how far collections were taken that are no more: else a peer that names them anew each time would fill the store.
    async fn forget_cursors(&self, peer: &ObjectId, shelves: &[Shelf]) -> Result<()> {
        let there: BTreeSet<String> = shelves.iter().map(|shelf| shelf.id.clone()).collect();
        if self.course(peer)?.taken.keys().all(|id| there.contains(id)) {
            return Ok(());
        }
        let peer = peer.clone();
        self.change(move |change| {
            with_course(change, &peer, |course| {
                course.taken.retain(|id, _| there.contains(id));
            })
        })
        .await
    }

    async fn exchange_with(
        &self,
        wire: &dyn Wire,
        to: &Destination,
        shelves: &[Shelf],
        round: &mut Round,
    ) -> Result<()> {
        let went = async {
            let mut trouble = None;
            for shelf in shelves.iter().filter(|shelf| shelf.can_read) {
                // What is wrong with one collection is no reason to leave out the others.
                if let Err(error) = self.take(wire, to, shelf, round).await {
                    trouble.get_or_insert(error);
                }
            }
            if let Some(error) = trouble {
                return Err(error);
            }
            if self.calls_out_only()? {
                self.give(wire, to, shelves, &mut round.given).await?;
            }
            self.exchange_heads(wire, to).await
        };
        let went = went.await;
        if went.is_err() {
            self.inner.exchange.forget_shelves(&to.participant);
        }
        went
    }

    /// Takes what a collection has beyond the cursor.
    async fn take(
        &self,
        wire: &dyn Wire,
        to: &Destination,
        shelf: &Shelf,
        round: &mut Round,
    ) -> Result<()> {
        let local = self.local(shelf)?;
        let mut barren = Barren::default();
        loop {
            let course = self.course(&to.participant)?;
            let limit = self.room(&to.participant, &course).await?;
            let cursor = course.taken.get(&shelf.id).map(String::as_str);
            let batch = wire.page(to, &shelf.id, cursor, limit).await?;
            ensure!(
                self.register()
                    .peer(&to.participant)
                    .is_some_and(Known::is_active),
                "the exchange was stopped meanwhile"
            );
            ensure!(
                batch.objects.len() <= limit.saturating_mul(BESIDE),
                "it gives {} objects where {limit} records were asked for",
                batch.objects.len()
            );
            let others = course.taken.iter().filter(|(id, _)| **id != shelf.id);
            let others: usize = others.map(|(_, cursor)| cursor.len()).sum();
            ensure!(
                others.saturating_add(batch.cursor.len()) <= CURSORS,
                "what it says of where to go on in its collections takes more than {CURSORS} bytes"
            );
            let (more, trouble) = (batch.more, batch.trouble.clone());
            let stuck = cursor == Some(batch.cursor.as_str());
            let mut next = Next::Page;
            if !(batch.objects.is_empty() && stuck) {
                let taken = self.keep_page(to, shelf, &local, batch).await?;
                round.came.add(&taken.receipt);
                let new = |line: &Line| matches!(line.outcome, Outcome::Accepted);
                next = barren.page(taken.receipt.lines.iter().any(new), &taken.known);
            } else if trouble.is_none() {
                return Ok(());
            }
            if let Some(trouble) = trouble {
                return Err(Told::new(Fault::Unreadable, trouble).into());
            }
            if !more {
                return Ok(());
            }
            ensure!(
                next != Next::Stop,
                "its pages bring nothing new, but the same again and again; the rest is left for the next try"
            );
            ensure!(
                !stuck,
                "its pages do not come to an end: the cursor stands still"
            );
            if let Next::Round { at_once } = next {
                // What is here already was put forward for somebody else: it is no fault, and what is new may stand behind it.
                round.more = true;
                if at_once {
                    self.inner.exchange.call_again(&to.participant);
                }
                return Ok(());
            }
        }
    }

    /// How many objects may be asked for, within the peer's quotas.
    async fn room(&self, peer: &ObjectId, course: &Course) -> Result<usize> {
        let quota = Quota::of(&self.config().limits);
        if !course.has_room(self.now(), quota) {
            // Nothing is asked for that would not be taken.
            let peer = peer.clone();
            self.change(move |change| quota::room(change, &peer))
                .await?;
        }
        let left = course.left_today(self.now(), quota.brought);
        Ok(PAGE.min(usize::try_from(left).unwrap_or(PAGE)))
    }

    /// A page and the cursor behind it, in one commit.
    async fn keep_page(
        &self,
        to: &Destination,
        shelf: &Shelf,
        local: &str,
        batch: Batch,
    ) -> Result<Taken> {
        let peer = to.participant.clone();
        let submission = Submission {
            bytes: batch.bytes,
            objects: batch.objects,
            channel: Channel::Peer(peer.clone()),
            submitter: peer.clone(),
            person: None,
            collection: local.to_owned(),
            marking: Marking::default(),
        };
        let node = self.clone();
        let lot = tokio::task::spawn_blocking(move || node.lot(submission)).await??;
        let digest = |look: &Look| match look {
            Look::Good(good) => Some(good.hash),
            Look::Bad { .. } | Look::Above => None,
        };
        let digests: Vec<Option<[u8; 32]>> = lot.looks.iter().map(digest).collect();
        let (collection, cursor) = (shelf.id.clone(), batch.cursor);
        let change = self.change(move |change| {
            let receipt = accept_within(change, &lot)?;
            let brought_back = older::brought_back(change, &lot, &receipt)?;
            let now = change.now;
            with_course(change, &peer, |course| {
                course.taken.insert(collection, cursor);
                course.contact = Some(now);
            })?;
            Ok((receipt, brought_back))
        });
        let (receipt, brought_back) = change.await?;
        if brought_back {
            self.peer_has_more(&to.participant);
        }
        let lines = receipt.lines.iter().zip(digests);
        let known = lines.filter(|(line, _)| matches!(line.outcome, Outcome::Known));
        let known = known.filter_map(|(_, digest)| digest).collect();
        Ok(Taken { receipt, known })
    }

    /// The collection here that belongs to one there: of the same short name, else the situation desk's.
    fn local(&self, shelf: &Shelf) -> Result<String> {
        if let Some(alias) = &shelf.alias
            && self.collection(alias)?.is_some()
        {
            return Ok(alias.clone());
        }
        Ok(Desk::Situation.as_str().to_owned())
    }

    /// Gives what a peer may have and cannot fetch, because we have no address.
    async fn give(
        &self,
        wire: &dyn Wire,
        to: &Destination,
        shelves: &[Shelf],
        given: &mut usize,
    ) -> Result<()> {
        let peer = &to.participant;
        for own in self.collections()? {
            let named = |shelf: &&Shelf| shelf.can_write && shelf.alias == own.alias;
            let fallback = |shelf: &&Shelf| {
                shelf.can_write && shelf.alias.as_deref() == Some(Desk::Situation.as_str())
            };
            let Some(shelf) = shelves
                .iter()
                .find(named)
                .or_else(|| shelves.iter().find(fallback))
            else {
                continue;
            };
            loop {
                let after = self.course(peer)?.given.get(&own.id).copied().unwrap_or(0);
                let query = PageQuery {
                    after,
                    versions: Versions::all(),
                    ..PageQuery::of(own.number, PAGE)
                };
                let page = self.page_for_peer(&self.access_of_peer(peer)?, &query)?;
                let page = page.into_inner();
                let Some(last) = page.rows.last().map(|row| row.added) else {
                    break;
                };
                let bodies: Vec<Bytes> = page.rows.into_iter().map(|row| row.body.into()).collect();
                *given += bodies.len();
                wire.give(to, &shelf.id, bodies).await?;
                self.acknowledged(peer, own.number, last)?;
                let (id, of) = (peer.clone(), own.id.clone());
                self.change(move |change| {
                    with_course(change, &id, |course| {
                        course.given.insert(of, last);
                    })
                })
                .await?;
                if !page.more {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Whether others cannot reach this node: its last introduction named no address.
    pub(crate) fn calls_out_only(&self) -> Result<bool> {
        Ok(self.read()?.meta(super::introduce::OUTBOUND)?.is_some())
    }

    /// A peer as it would come in by itself.
    pub(crate) fn access_of_peer(&self, peer: &ObjectId) -> Result<Access> {
        let all: std::collections::BTreeSet<String> = self
            .collections()?
            .into_iter()
            .map(|collection| collection.id)
            .collect();
        Ok(Access {
            name: format!("peer:{peer}"),
            viewer: self.register().viewer(peer, None, true),
            participant: peer.clone(),
            person: None,
            read: all.clone(),
            write: all,
            metrics: false,
            peer: true,
        })
    }

    pub(crate) fn course(&self, peer: &ObjectId) -> Result<Course> {
        let row = self.read()?.peer(peer.as_str())?;
        Course::read(row.as_ref().and_then(|row| row.cursor.as_deref()))
    }

    /// Keeps how a round went; nothing is written when all is as before.
    async fn keep_outcome(&self, peer: &ObjectId, error: Option<&anyhow::Error>) -> Result<()> {
        let row = self.read()?.peer(peer.as_str())?;
        let Some(row) = row else {
            return Ok(());
        };
        if error.is_none() && row.failures == 0 && row.trouble.is_none() {
            return Ok(());
        }
        let trouble = error.map(|error| Fault::of(error).written(&format!("{error:#}")));
        let (id, poll) = (peer.clone(), self.config().poll_seconds);
        self.change(move |change| {
            let Some(mut row) = change.txn.peer(id.as_str())? else {
                return Ok(());
            };
            row.failures = match &trouble {
                Some(_) => row.failures.saturating_add(1),
                None => 0,
            };
            row.next_try = backoff(change.now, poll, row.failures, change.chance);
            row.trouble = trouble;
            row.changed = change.now;
            Ok(change.txn.put_peer(&row)?)
        })
        .await
    }
}

/// Changes the course of a peer that is still there.
pub(crate) fn with_course(
    change: &mut Change<'_, '_>,
    peer: &ObjectId,
    edit: impl FnOnce(&mut Course),
) -> Result<()> {
    let Some(mut row) = change.txn.peer(peer.as_str())? else {
        bail!("the peer was forgotten meanwhile");
    };
    let mut course = Course::read(row.cursor.as_deref())?;
    edit(&mut course);
    row.cursor = Some(course.text()?);
    row.changed = change.now;
    Ok(change.txn.put_peer(&row)?)
}
