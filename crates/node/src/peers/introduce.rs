//! From a file to a peer: introduce, add, confirm by words, suspend, resume, forget.
//!
//! Invariant: an identity is bound to one key, by words that a person heard from the other side; whoever comes second with the same
//! identity, or with a key that is another's, is refused. Who asks must have the right inside the transaction that does it.

use std::sync::PoisonError;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use stix::{Object, ObjectId, Timestamp, View};

use super::claim::{bind, bind_former, claim, meant_before, note_anew, take_anew};
use super::evidence;
use super::profile::name_of;
use super::{Course, Peer, Profile, State, past, witness};
use crate::accept::{Lot, accept, insert_own};
use crate::called::fit_name;
use crate::collections::Collection;
use crate::keeping::known::former_seal_keys;
use crate::keys::{Introduction, Words};
use crate::node::Node;
use crate::pending::Pending;
use crate::reading::{Good, Look};
use crate::register::{Kind, PARTICIPANTS, Participant};
use crate::seal::RECORDS_EXTENSION_ID;
use crate::submission::Channel;
use crate::users::{Actor, Right};
use crate::writer::Change;

/// The introduction that this node gave last, so that the words stay the same until something changes.
const OURS: &str = "node.introduction";
/// Set while the introduction that this node gave last names no address.
pub(super) const OUTBOUND: &str = "node.outbound";
/// The identity that this node introduces itself with.
const IDENTITY: &str = "node.identity";

/// What two people compare.
#[derive(Debug, Clone)]
pub struct Introduced {
    /// The participant, as the file names it.
    pub participant: ObjectId,
    /// How it calls itself.
    pub name: String,
    /// The words to listen for: its people read them from their own screen.
    pub theirs: Words,
    /// The words to read to them: those of the introduction that this node gave last, if it gave one.
    pub ours: Option<Words>,
}

impl Node {
    /// The file by which others come to know this node: its participant, keys and addresses. The same file, and so the same words,
    /// until one of them changes.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when an address is not one.
    pub fn introduce(&self, addresses: Vec<String>, by: &Actor) -> Pending<Introduction> {
        let (home, origin) = (self.home().clone(), self.inner.origin.clone());
        let by = by.clone();
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            fit_name(&home.name).context("others could not show how this node's participant is called; call it otherwise, in the settings")?;
            let identity = own_identity(change, &home)?;
            let former = former_seal_keys(change.txn)?;
            let last = change.txn.meta(OURS)?;
            let last = last.and_then(|file| Introduction::read(&file).ok());
            if let Some(last) = last.filter(|last| {
                last.addresses() == addresses
                    && *last.keys() == change.keys.public()
                    && last.identity().raw() == identity.raw()
                    && last.former() == former
            }) {
                return Ok(last);
            }
            let keys = change.keys;
            let made =
                Introduction::make(&identity, keys, &origin, addresses, &former, change.now)?;
            change.txn.set_meta(OURS, made.file().as_bytes())?;
            match made.addresses().is_empty() {
                true => change.txn.set_meta(OUTBOUND, b"1")?,
                false => change.txn.remove_meta(OUTBOUND)?,
            }
            change.note(&by, "peer.introduce", home.id.as_str(), &Value::Null)?;
            Ok(made)
        })
    }

    /// The introduction that this node gave last, as a file.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn own_introduction(&self) -> Result<Option<String>> {
        let file = self.read()?.meta(OURS)?;
        Ok(file.map(String::from_utf8).transpose()?)
    }

    /// The words of the introduction that this node gave last: to be read aloud.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn own_words(&self) -> Result<Option<Words>> {
        let Some(file) = self.read()?.meta(OURS)? else {
            return Ok(None);
        };
        let mut spoken = (self.inner.spoken.lock()).unwrap_or_else(PoisonError::into_inner);
        if let Some((of, words)) = &*spoken
            && *of == file
        {
            return Ok(Some(*words));
        }
        let words = (Introduction::read(&file).ok()).and_then(|last| Words::of(&last));
        *spoken = words.map(|words| (file, words));
        Ok(words)
    }

    /// Takes the file of another node. Nothing in it is believed yet.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when it is no introduction, or claims an identity or a key that is bound already.
    pub fn add_peer(&self, file: &[u8], by: &Actor) -> Result<Introduced> {
        self.take_introduction(file, false, by)
    }

    /// The same for a peer whose keys were lost, as its people say: once its words are confirmed, the key in the file takes the place of
    /// the one that its identity is bound to. What the old one sealed in its time stands.
    ///
    /// # Errors
    /// As [`add_peer`](Self::add_peer); when it is no suspended peer.
    pub fn add_peer_anew(&self, file: &[u8], by: &Actor) -> Result<Introduced> {
        self.take_introduction(file, true, by)
    }

    fn take_introduction(&self, file: &[u8], anew: bool, by: &Actor) -> Result<Introduced> {
        let introduction = Introduction::read(file)?;
        let theirs =
            Words::of(&introduction).context("there is not enough memory to make the words")?;
        let name = fit_name(&name_of(&introduction)).context(
            "how it calls itself cannot be shown here; ask for an introduction by another name",
        )?;
        let participant = introduction.identity().header().id.clone();
        let (added, by) = (participant.clone(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            claim(change, &introduction, anew)?;
            let before = change.txn.peer(added.as_str())?;
            ensure!(
                !anew || before.is_some(),
                "only a peer can have lost its keys; add it without saying so"
            );
            note_anew(change, &introduction, anew)?;
            if let Some(before) = &before
                && before.state == State::Confirmed.as_str()
            {
                bail!(
                    "it is a peer already; suspend it first if its addresses or keys have changed"
                );
            }
            if let Some(before) = &before {
                witness::keep_present(change.txn, before)?;
                if Profile::read(&before.profile)?.inconsistent.is_some() {
                    past::forget(change.txn, added.as_str())?;
                }
            }
            let before = before.unwrap_or_default();
            change.txn.put_peer(&store::Peer {
                participant: added.to_string(),
                state: State::Introduced.as_str().to_owned(),
                profile: Profile::of(&introduction).text()?,
                changed: change.now,
                failures: 0,
                next_try: change.now,
                trouble: None,
                cursor: before.cursor,
            })?;
            let detail = json!({ "new_keys": anew });
            change.note(&by, "peer.add", added.as_str(), &detail)?;
            change.reload()
        })
        .wait()?;
        Ok(Introduced {
            participant,
            name,
            theirs,
            ours: self.own_words()?,
        })
    }

    /// Confirms a peer by the words that its people read aloud, in English or French. From now on its identity is bound to its key,
    /// and the nodes exchange.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when the words are not those of the file that is here: then the file, or somebody on the way, is
    /// false.
    pub fn confirm_peer(&self, participant: &ObjectId, words: &str, by: &Actor) -> Result<Peer> {
        let row = self
            .read()?
            .peer(participant.as_str())?
            .context("there is no such peer; add its introduction first")?;
        let introduction = Profile::read(&row.profile)?.introduction()?;
        let expected =
            Words::of(&introduction).context("there is not enough memory to make the words")?;
        ensure!(
            expected.are(words),
            "these are not the words of the file that is here: compare them again, and if they still differ, do not use the file"
        );
        let file = row.profile;
        let (id, by) = (participant.clone(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            let mut row = change
                .txn
                .peer(id.as_str())?
                .context("there is no such peer any more")?;
            ensure!(
                row.profile == file,
                "its introduction was replaced meanwhile; compare the words again"
            );
            confirm(change, &introduction)?;
            row.state = State::Confirmed.as_str().to_owned();
            (row.failures, row.next_try, row.changed) = (0, change.now, change.now);
            change.txn.put_peer(&row)?;
            change.note(&by, "peer.confirm", id.as_str(), &Value::Null)?;
            change.reload()?;
            // What it said while nobody could vouch for it.
            evidence::look_again_at_peer(change, &id)
        })
        .wait()?;
        self.peer(participant)?.context("the peer is gone")
    }

    /// Stops the exchange with a peer at once, in both directions. Its identity stays bound to its key.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when there is no such peer.
    pub fn suspend_peer(&self, participant: &ObjectId, by: &Actor) -> Pending<()> {
        self.turn(
            participant,
            State::Confirmed,
            State::Suspended,
            "peer.suspend",
            by,
        )
    }

    /// Goes on with the exchange where it was stopped.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when there is no such peer, or it was never confirmed.
    pub fn resume_peer(&self, participant: &ObjectId, by: &Actor) -> Pending<()> {
        self.turn(
            participant,
            State::Suspended,
            State::Confirmed,
            "peer.resume",
            by,
        )
    }

    fn turn(
        &self,
        participant: &ObjectId,
        from: State,
        to: State,
        action: &'static str,
        by: &Actor,
    ) -> Pending<()> {
        let (id, by) = (participant.clone(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            let mut row = change
                .txn
                .peer(id.as_str())?
                .context("there is no such peer")?;
            ensure!(
                row.state == from.as_str(),
                "it is {}, not {}",
                row.state,
                from.as_str()
            );
            row.state = to.as_str().to_owned();
            (row.failures, row.next_try, row.changed) = (0, change.now, change.now);
            change.txn.put_peer(&row)?;
            change.note(&by, action, id.as_str(), &Value::Null)?;
            change.reload()
        })
    }

    /// Ends the exchange with a peer for good. What came from it stays, and its identity stays bound, so that nobody else can claim it.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when there is no such peer.
    pub fn forget_peer(&self, participant: &ObjectId, by: &Actor) -> Pending<()> {
        let (id, by) = (participant.clone(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            let row = change.txn.peer(id.as_str())?;
            witness::keep_present(change.txn, &row.context("there is no such peer")?)?;
            change.txn.drop_peer(id.as_str())?;
            change.note(&by, "peer.forget", id.as_str(), &Value::Null)?;
            change.reload()
        })
    }

    /// All peers, by name.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn peers(&self) -> Result<Vec<Peer>> {
        let rows = self.read()?.peers()?;
        let mut peers: Vec<Peer> = rows
            .iter()
            .map(|row| self.describe(row))
            .collect::<Result<_>>()?;
        peers.sort_by(|a, b| (&a.name, &a.participant).cmp(&(&b.name, &b.participant)));
        Ok(peers)
    }

    /// How many peers have come how far.
    pub fn peers_by_state(&self) -> [(State, usize); 3] {
        let register = self.register();
        [State::Introduced, State::Confirmed, State::Suspended].map(|state| {
            (
                state,
                register
                    .peers()
                    .filter(|known| known.state == state)
                    .count(),
            )
        })
    }

    /// One peer.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn peer(&self, participant: &ObjectId) -> Result<Option<Peer>> {
        let row = self.read()?.peer(participant.as_str())?;
        row.map(|row| self.describe(&row)).transpose()
    }

    /// The key to which what is for a peer is encrypted.
    pub fn recipient_of(&self, participant: &ObjectId) -> Option<age::x25519::Recipient> {
        let register = self.register();
        register
            .peer(participant)
            .map(|known| known.recipient.clone())
    }

    /// The log of a peer: its name and key.
    pub fn log_of(&self, participant: &ObjectId) -> Option<tlog::Key> {
        let register = self.register();
        register.peer(participant).map(|known| known.log.clone())
    }

    fn describe(&self, row: &store::Peer) -> Result<Peer> {
        let known = super::Known::read(row)?;
        let course = Course::read(row.cursor.as_deref())?;
        let log_lost = match known.renamed {
            true => past::Past::of(&*self.read()?, row, &known)?.lost(),
            false => None,
        };
        let log_size = course
            .head
            .as_deref()
            .and_then(|head| tlog::Checkpoint::open(head, &known.log).ok())
            .map(|head| head.size());
        let heard = self.inner.exchange.last_heard(&known.participant);
        let fault = row.trouble.as_deref().map(super::fault::Fault::read);
        Ok(Peer {
            participant: known.participant,
            name: known.name,
            state: known.state,
            addresses: known.addresses,
            last_contact: course.contact.max(heard),
            last_error: fault.map(|(_, words)| words.to_owned()),
            last_fault: fault.map(|(fault, _)| fault),
            failures: u64::try_from(row.failures).unwrap_or(0),
            next_try: row.next_try,
            taken: course.records,
            awaiting: course.awaiting,
            log_lost,
            log_renamed: known.renamed.then(|| known.log.name().to_string()),
            log_size,
            inconsistent: known.inconsistent,
        })
    }
}

/// The words were right: binds the identity, and keeps who it is.
fn confirm(change: &mut Change<'_, '_>, introduction: &Introduction) -> Result<()> {
    let anew = take_anew(change, introduction)?;
    claim(change, introduction, anew)?;
    let identity = introduction.identity();
    let id = identity.header().id.clone();
    bind(change, &id, &introduction.keys().seal)?;
    bind_former(change, introduction)?;
    let mut participants: Vec<Participant> = match change.txn.meta(PARTICIPANTS)? {
        Some(json) => serde_json::from_slice(&json)?,
        None => Vec::new(),
    };
    for read in participants_of(introduction) {
        match participants.iter_mut().find(|known| known.id == read.id) {
            Some(known) if read.id == id => {
                (known.name, known.kind) = (read.name, read.kind);
                known.organ_of = read.organ_of.or(known.organ_of.take());
                known.country = read.country.or(known.country.take());
            }
            Some(_) => {}
            None => participants.push(read),
        }
    }
    meant_before(change, &id, &mut participants);
    change
        .txn
        .set_meta(PARTICIPANTS, &serde_json::to_vec(&participants)?)?;
    change.txn.move_generation();
    change.reload()?;
    keep_identity(change, identity)
}

/// Its identity becomes a record: the words vouch for it in the place of a seal.
fn keep_identity(change: &mut Change<'_, '_>, identity: &Object<'_>) -> Result<()> {
    let collection = contacts(change)?;
    let look = Good::again(identity.raw().as_bytes().to_vec().into());
    let peer = identity.header().id.clone();
    let lot = Lot {
        looks: look
            .map(|good| Look::Good(Box::new(good)))
            .into_iter()
            .collect(),
        channel: Channel::Peer(peer.clone()),
        submitter: peer,
        person: None,
        in_person: false,
        terms: collection.terms.clone(),
        collection,
        terms_text: None,
        decided: true,
    };
    accept(change, &lot)?;
    Ok(())
}

fn contacts(change: &Change<'_, '_>) -> Result<Collection> {
    Collection::find(change.txn, policy::Desk::Contacts.as_str())?
        .context("the collection of contacts is missing")
}

/// The identity that this node introduces itself with; made and kept as a record the first time.
fn own_identity(change: &mut Change<'_, '_>, home: &Participant) -> Result<Object<'static>> {
    let text = match change.txn.meta(IDENTITY)? {
        Some(text) => text,
        None => {
            let text = compose(change, home)?;
            let origin = policy::Origin::own(home.id.clone());
            let label = change
                .register
                .nobody(&origin, Some(policy::Desk::Contacts));
            let collection = contacts(change)?;
            insert_own(change, &text, &label, Some(&collection))?;
            change.txn.set_meta(IDENTITY, text.as_bytes())?;
            text.into_bytes()
        }
    };
    let object = stix::check(&text, &stix::Limits::default())
        .map_err(|problems| anyhow::anyhow!("this node's own identity is damaged: {problems}"))?;
    Ok(object.into_owned())
}

fn compose(change: &Change<'_, '_>, home: &Participant) -> Result<String> {
    let now = Timestamp::from_micros(change.now);
    let parent = home.organ_of.as_ref();
    let parent = parent.map(|id| {
        let name = change
            .register
            .participant(id)
            .map(|parent| parent.name.clone());
        json!({ "ref": id, "name": name })
    });
    let extension = json!({
        "extension_type": "property-extension",
        "participant_kind": home.kind,
        "organ_of": parent,
        "country": home.country,
    });
    let identity = json!({
        "type": "identity",
        "spec_version": "2.1",
        "id": home.id,
        "created_by_ref": home.id,
        "created": now.as_str(),
        "modified": now.as_str(),
        "name": home.name,
        "identity_class": "organization",
        "extensions": { RECORDS_EXTENSION_ID: extension },
    });
    Ok(identity.to_string())
}

/// Who an introduction says it is: the participant, and the State or organisation that it is an organ of.
fn participants_of(introduction: &Introduction) -> Vec<Participant> {
    let identity = introduction.identity();
    let id = identity.header().id.clone();
    let view = identity.view();
    let extension = view
        .member("extensions")
        .and_then(|extensions| extensions.member(RECORDS_EXTENSION_ID));
    let text = |from: Option<View<'_>>, name: &str| {
        from.and_then(|from| from.member(name))
            .and_then(|value| value.string().map(|text| text.into_owned()))
    };
    let kind = match text(extension, "participant_kind").as_deref() {
        Some("state") => Kind::State,
        Some("organ") => Kind::Organ,
        _ => Kind::Organisation,
    };
    let mut read = Participant::new(id, &name_of(introduction), kind);
    read.country = text(extension, "country").filter(|code| code.len() == 2);
    let parent = extension.and_then(|extension| extension.member("organ_of"));
    let mut all = Vec::new();
    if let Some(parent_id) = text(parent, "ref").and_then(|id| ObjectId::parse(&id).ok())
        && parent_id.type_name() == "identity"
    {
        if let Some(name) = text(parent, "name").and_then(|name| fit_name(&name).ok()) {
            all.push(Participant::new(parent_id.clone(), &name, Kind::State));
        }
        read.organ_of = Some(parent_id);
    }
    all.push(read);
    all
}
