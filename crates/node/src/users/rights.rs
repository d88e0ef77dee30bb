//! Roles, and which rights they give: the one table of who may do what. It says nothing about records: whether somebody may have one is
//! decided by `policy`, for the person's viewer.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What somebody is on this node. A person may be several things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads what release rules give.
    Reader,
    /// Writes records and decides about what comes in.
    Editor,
    /// Agrees to what leaves the house: publications, signatures, erasures; decides about what comes in.
    Releaser,
    /// Keeps people, programs and the register; reads no record by it.
    Administrator,
    /// Reads the audit trail and the ledger; changes nothing, reads no record by it.
    Auditor,
}

/// What can be allowed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Read records, as release rules give them.
    Read,
    /// Write records, ask for publication.
    Write,
    /// Admit or discard what awaits a decision or lies in quarantine.
    Decide,
    /// Agree as the second person: to a publication, an erasure, a release.
    Release,
    /// Stop a publication or erasure that has not happened yet.
    Stop,
    /// Ask for an erasure; report a spill.
    Erase,
    /// Keep participants, organs, circles, collections, peers.
    Register,
    /// Invite, change and suspend those who sign in; end their sessions.
    Users,
    /// Let programs in and shut them out.
    Access,
    /// Read the audit trail and the ledger.
    Trail,
    /// Settings, health, backups.
    Operate,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Read,
        Self::Write,
        Self::Decide,
        Self::Release,
        Self::Stop,
        Self::Erase,
        Self::Register,
        Self::Users,
        Self::Access,
        Self::Trail,
        Self::Operate,
    ];

    /// Its name, for the trail and for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Decide => "decide",
            Self::Release => "release",
            Self::Stop => "stop",
            Self::Erase => "erase",
            Self::Register => "register",
            Self::Users => "users",
            Self::Access => "access",
            Self::Trail => "trail",
            Self::Operate => "operate",
        }
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Reader,
        Self::Editor,
        Self::Releaser,
        Self::Administrator,
        Self::Auditor,
    ];

    /// Its name in the store and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Editor => "editor",
            Self::Releaser => "releaser",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// What it allows.
    #[must_use]
    pub fn rights(self) -> &'static [Right] {
        match self {
            Self::Reader => &[Right::Read],
            Self::Editor => &[
                Right::Read,
                Right::Write,
                Right::Decide,
                Right::Stop,
                Right::Erase,
            ],
            Self::Releaser => &[
                Right::Read,
                Right::Decide,
                Right::Release,
                Right::Stop,
                Right::Erase,
            ],
            Self::Administrator => &[
                Right::Register,
                Right::Users,
                Right::Access,
                Right::Trail,
                Right::Operate,
                Right::Stop,
            ],
            Self::Auditor => &[Right::Trail],
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no role; there are reader, editor, releaser, administrator and auditor")]
pub struct NoRole(pub String);

impl FromStr for Role {
    type Err = NoRole;

    fn from_str(text: &str) -> Result<Self, NoRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str().eq_ignore_ascii_case(text.trim()))
            .ok_or_else(|| NoRole(text.to_owned()))
    }
}

/// The roles of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// No role: nothing is allowed.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether this role is among them.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether one of them allows it.
    #[must_use]
    pub fn allow(&self, right: Right) -> bool {
        self.0.iter().any(|role| role.rights().contains(&right))
    }

    /// In the order of [`Role`].
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads what `Display` writes.
    ///
    /// # Errors
    /// When a name is no role.
    pub fn parse(text: &str) -> Result<Self, NoRole> {
        text.split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(Role::from_str)
            .collect::<Result<BTreeSet<_>, _>>()
            .map(Self)
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<T: IntoIterator<Item = Role>>(roles: T) -> Self {
        Self(roles.into_iter().collect())
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, role) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            f.write_str(role.as_str())?;
        }
        Ok(())
    }
}
