//! Sealing a bundle: what the peer's participant may have beyond what it has confirmed, with its evidence.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::PathBuf;

use age::Encryptor;
use anyhow::Result;
use policy::Purpose;
use serde::Serialize;
use sha2::{Digest, Sha256};
use stix::{ObjectId, Timestamp};
use store::{PageQuery, Versions};

use super::state::{Reached, Sent, State};
use super::{FORM, Header, spool_file};
use crate::arrivals::goes_beside;
use crate::keeping::known::seal_rotations;
use crate::keys::KeyId;
use crate::node::{HEAD, Node};
use crate::peers::active;

/// How many records are read at a time.
const PAGE: usize = 500;

/// What was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sealed {
    /// To whom.
    pub to: ObjectId,
    /// Its number.
    pub number: u64,
    /// How many records it holds,
    pub records: u64,
    /// and how many seals and labels, which go beside them.
    pub beside: u64,
    /// Receipts for bundles that came from there.
    pub receipts: usize,
}

/// The content of a bundle while it is gathered.
struct Gathering {
    path: PathBuf,
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
    objects: u64,
    /// Seals and labels among them.
    beside: u64,
}

impl Drop for Gathering {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Gathering {
    fn begin(path: PathBuf) -> Result<Self> {
        let file = spool_file(&path)?;
        Ok(Self {
            path,
            file: BufWriter::new(file),
            hash: Sha256::new(),
            bytes: 0,
            objects: 0,
            beside: 0,
        })
    }

    fn frame(&mut self, kind: u8, content: &[u8]) -> Result<()> {
        let length = u32::try_from(content.len())?.to_be_bytes();
        for part in [&[kind][..], &length, content] {
            self.file.write_all(part)?;
            self.hash.update(part);
            self.bytes += part.len() as u64;
        }
        self.objects += u64::from(kind == b'O');
        Ok(())
    }
}

impl Node {
    /// Seals a bundle for a peer and writes it to `out`. If `out` fails the number is missing in the line; the next bundle holds the same.
    ///
    /// # Errors
    /// When it is no peer or is suspended; when the storage or `out` fails.
    pub fn seal_bundle(&self, peer: &ObjectId, out: impl Write) -> Result<Sealed> {
        let register = self.register();
        let known = active(&register, peer, "nothing is sealed for it")?;
        let path = self.folder().root().join(".bundle.new");
        let mut gathering = Gathering::begin(path)?;
        let reader = self.read()?;
        let state = State::read(&reader, peer)?;
        let head = reader.meta(HEAD)?.map(String::from_utf8).transpose()?;
        drop(reader);
        let mut sent = Sent {
            number: 0,
            digest: String::new(),
            made: self.now(),
            reached: Reached::new(),
            records: Default::default(),
            held: None,
        };
        self.gather(peer, &state, &mut gathering, &mut sent)?;
        let sha256 = hex::encode(gathering.hash.clone().finalize());
        let (objects, bytes) = (gathering.objects, gathering.bytes);
        let beside = gathering.beside;
        sent.held = Some(objects - beside);
        let (home, to) = (self.home().id.clone(), peer.clone());
        let (sent, line, signature) = self
            .change(move |change| {
                let mut state = State::read(change.txn, &to)?;
                let header = Header {
                    from: home,
                    to: to.clone(),
                    number: state.sealed + 1,
                    previous: match state.sealed {
                        0 => "-".to_owned(),
                        _ => state.sealed_digest.clone(),
                    },
                    made: change.now,
                    objects,
                    bytes,
                    sha256,
                    head,
                    receipts: state.receipts.clone(),
                    rotations: seal_rotations(change.txn)?,
                    key: KeyId::seal(&change.keys.seal.verifying_key()).to_string(),
                };
                let line = serde_json::to_string(&header)?;
                let signature = Header::sign(&line, &change.keys.seal)?;
                let digest = Header::digest(&line);
                (sent.number, sent.digest) = (header.number, digest.clone());
                (state.sealed, state.sealed_digest) = (header.number, digest);
                state.on_the_way.push(sent.clone());
                state.write(change, &to)?;
                Ok((sent, line, signature))
            })
            .wait()?;
        let recipients = std::iter::once(&known.recipient as &dyn age::Recipient);
        let mut sealed = Encryptor::with_recipients(recipients)?.wrap_output(out)?;
        write!(sealed, "{FORM}\n{line}\n{signature}\n")?;
        gathering.file.flush()?;
        let mut content = gathering.file.get_ref();
        content.rewind()?;
        io::copy(&mut content, &mut sealed)?;
        sealed.finish()?.flush()?;
        Ok(Sealed {
            to: peer.clone(),
            number: sent.number,
            records: objects - beside,
            beside,
            receipts: state.receipts.len(),
        })
    }

    fn gather(
        &self,
        peer: &ObjectId,
        state: &State,
        gathering: &mut Gathering,
        sent: &mut Sent,
    ) -> Result<()> {
        let viewer = self.access_of_peer(peer)?.viewer;
        for collection in self.collections()? {
            let mut after = state.confirmed.get(&collection.id).copied().unwrap_or(0);
            let mut records = 0;
            let name = collection.alias.as_deref().unwrap_or(&collection.id);
            loop {
                let query = PageQuery {
                    after,
                    versions: Versions::all(),
                    ..PageQuery::of(collection.number, PAGE)
                };
                let at = Timestamp::from_micros(self.now());
                let page = self.read()?.page(&viewer, Purpose::Relay, &at, &query)?;
                let mut count = 0;
                let page = page.map(|page| {
                    count = page.rows.len();
                    after = page.rows.last().map_or(after, |row| row.added);
                    page
                });
                if count == 0 {
                    break;
                }
                let (page, left_out) = self.with_evidence(&viewer, collection.number, page)?;
                let page = page.into_inner();
                count -= left_out.min(count);
                if records == 0 {
                    gathering.frame(b'C', name.as_bytes())?;
                }
                records += i64::try_from(count)?;
                let mut given: HashSet<&[u8]> = HashSet::new();
                for row in &page.rows {
                    // Our own seal goes before its record, and stands in the collection behind it.
                    if goes_beside(&row.id) && !given.insert(&row.body) {
                        continue;
                    }
                    gathering.frame(b'O', &row.body)?;
                    gathering.beside += u64::from(goes_beside(&row.id));
                }
                if !page.more {
                    break;
                }
            }
            if records > 0 {
                sent.reached.insert(collection.id.clone(), after);
                sent.records.insert(collection.id, records);
            }
        }
        Ok(())
    }
}
