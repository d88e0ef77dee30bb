//! Jobs: what is to be done later. Invariant: a job is there until it says it is done; one that is cut short comes again.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::queues;
use crate::write::WriteTxn;

/// Something to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// Its number here; given by the store.
    pub id: i64,
    /// What is to be done.
    pub kind: String,
    /// To what: there is one job of a kind and name at a time.
    pub name: String,
    /// What it needs, in the node's own writing.
    pub payload: Vec<u8>,
    /// When it is due.
    pub due: i64,
    /// How often it was begun.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub trouble: Option<String>,
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    Ok(Job {
        id: row.get(0)?,
        kind: row.get(1)?,
        name: row.get(2)?,
        payload: row.get(3)?,
        due: row.get(4)?,
        attempts: row.get(5)?,
        trouble: row.get(6)?,
    })
}

impl Look {
    /// When the next job is due, if there is one.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn next_due(&self) -> Result<Option<i64>> {
        Ok(self
            .db()
            .one(queues::NEXT_DUE, [], |row| row.get(0))?
            .flatten())
    }

    /// Jobs whose last attempt failed.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn jobs_in_trouble(&self, limit: i64) -> Result<Vec<Job>> {
        self.db().all(queues::JOBS_IN_TROUBLE, [limit], job)
    }
}

impl WriteTxn<'_> {
    /// Lets something be done at `due`. If that is planned already, the earlier time and the newer payload count.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn put_job(&mut self, kind: &str, name: &str, payload: &[u8], due: i64) -> Result<()> {
        let id = self.next_number("job")?;
        self.db()
            .run(queues::PUT_JOB, (id, kind, name, payload, due))?;
        Ok(())
    }

    /// Takes jobs that are due, the most overdue first. Each comes again at `again` unless it was finished by then.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn take_jobs(&mut self, now: i64, again: i64, limit: i64) -> Result<Vec<Job>> {
        let jobs = self.db().all(queues::JOBS_DUE, (now, limit), job)?;
        for job in &jobs {
            self.db()
                .run(queues::POSTPONE_JOB, (again, &job.trouble, job.id))?;
        }
        Ok(jobs)
    }

    /// The job is done.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn finish_job(&mut self, id: i64) -> Result<()> {
        self.db().run(queues::DROP_JOB, [id])?;
        Ok(())
    }

    /// The attempt failed; the next one is due then.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn retry_job(&mut self, id: i64, due: i64, trouble: &str) -> Result<()> {
        self.db().run(queues::POSTPONE_JOB, (due, trouble, id))?;
        Ok(())
    }
}
