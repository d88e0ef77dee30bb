//! Registers kept as small documents until the store has its own tables for them.
use anyhow::Result;
use policy::{CircleId, Epoch, Member};
use stix::ObjectId;
use store::{Look, WriteTxn};
pub(crate) struct Binding {
    pub identity: ObjectId,
    pub key: Vec<u8>,
}
pub(crate) struct CircleRow {
    pub id: CircleId,
    pub name: String,
    pub owner: ObjectId,
    pub epoch: Epoch,
}
pub(crate) struct PersonRow {
    pub id: ObjectId,
    pub organ: ObjectId,
}
pub(crate) trait LookGaps {
    fn bindings(&self) -> Result<Vec<Binding>>;
    fn circles(&self) -> Result<Vec<CircleRow>>;
    fn roster(&self, _: &CircleId) -> Result<Vec<(Member, Epoch)>> {
        Ok(Vec::new())
    }
    fn persons(&self) -> Result<Vec<PersonRow>> {
        Ok(Vec::new())
    }
}
impl LookGaps for Look {
    fn bindings(&self) -> Result<Vec<Binding>> {
        let Some(m) = self.meta("gaps.bindings")? else {
            return Ok(Vec::new());
        };
        Ok(String::from_utf8(m)?
            .lines()
            .filter_map(|l| {
                let (i, k) = l.split_once(' ')?;
                Some(Binding {
                    identity: i.parse().ok()?,
                    key: hex::decode(k).ok()?,
                })
            })
            .collect())
    }
    fn circles(&self) -> Result<Vec<CircleRow>> {
        Ok(Vec::new())
    }
}
pub(crate) trait WriteGaps {
    fn bind(&mut self, identity: &ObjectId, key: &[u8], at: i64) -> Result<()>;
    fn quarantine(&mut self, n: &NewQuarantined<'_>) -> Result<()>;
    fn keep_pending(&mut self, n: &NewPending<'_>) -> Result<i64>;
    fn put_unresolved(&mut self, m: &ObjectId, r: i64) -> Result<()>;
    fn take_unresolved(&mut self, m: &ObjectId) -> Result<Vec<i64>>;
}
#[expect(dead_code, reason = "gap")]
pub(crate) struct NewQuarantined<'a> {
    pub channel: &'a str,
    pub reason: &'a str,
    pub pointer: &'a str,
    pub hash: &'a [u8],
    pub size: usize,
    pub head: &'a [u8],
    pub arrived: i64,
}
#[expect(dead_code, reason = "gap")]
pub(crate) struct NewPending<'a> {
    pub object: &'a str,
    pub version: &'a str,
    pub channel: &'a str,
    pub submitter: &'a str,
    pub reason: &'a str,
    pub context: &'a [u8],
    pub hash: &'a [u8],
    pub body: &'a [u8],
    pub arrived: i64,
}
impl WriteGaps for WriteTxn<'_> {
    fn bind(&mut self, identity: &ObjectId, key: &[u8], _at: i64) -> Result<()> {
        let mut t = self.meta("gaps.bindings")?.unwrap_or_default();
        t.extend_from_slice(format!("{identity} {}\n", hex::encode(key)).as_bytes());
        Ok(self.set_meta("gaps.bindings", &t)?)
    }
    fn quarantine(&mut self, _: &NewQuarantined<'_>) -> Result<()> {
        Ok(())
    }
    fn keep_pending(&mut self, _: &NewPending<'_>) -> Result<i64> {
        Ok(1)
    }
    fn put_unresolved(&mut self, m: &ObjectId, r: i64) -> Result<()> {
        let n = format!("gaps.unresolved/{m}");
        let mut t = self.meta(&n)?.unwrap_or_default();
        t.extend_from_slice(format!("{r}\n").as_bytes());
        Ok(self.set_meta(&n, &t)?)
    }
    fn take_unresolved(&mut self, m: &ObjectId) -> Result<Vec<i64>> {
        let n = format!("gaps.unresolved/{m}");
        let t = self.meta(&n)?.unwrap_or_default();
        self.remove_meta(&n)?;
        Ok(String::from_utf8(t)?
            .lines()
            .filter_map(|l| l.parse().ok())
            .collect())
    }
}
