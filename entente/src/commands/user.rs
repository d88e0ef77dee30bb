//! `entente user`: the persons of this node's participant, and who of them signs in.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use node::users::{NewUser, Once, OneTime};
use node::{Node, Role};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stix::ObjectId;

use super::serve::for_people;
use super::{Place, minute, names, operator, stamp};
use crate::console::{Console, Exit, table};
use crate::serve::pages::Pages;

/// Add persons of this node's participant, say who signs in and as what, and let somebody back in.
///
/// A label can name any person; TLP:RED is for named persons only. A person with a role signs in.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente user add /var/lib/entente \"Ada Lind\" --function \"duty officer\" --role reader --role editor
  entente user recover /var/lib/entente \"Ada Lind\"")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// Add a person. With a role, print the link by which they choose how to sign in.
    Add(Add),
    /// Let somebody in who has lost the way: a link that works once, by which they choose anew how to sign in.
    Recover(Recover),
    /// List the persons, and who of them signs in.
    #[command(after_help = "Example:\n  entente user list /var/lib/entente --json")]
    List(Place),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente user add /var/lib/entente \"Ada Lind\" --function \"duty officer\" --role reader --role editor")]
struct Add {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The person's name.
    name: String,
    /// What the person does.
    #[arg(long, default_value = "")]
    function: String,
    /// What the person may do here: reader, editor, releaser, administrator, auditor; may be repeated. Without one, no signing in.
    #[arg(long = "role", value_name = "ROLE", value_parser = role)]
    roles: Vec<String>,
    /// The name to sign in with; made of the name if not given.
    #[arg(long, default_value = "")]
    login: String,
    /// An address for mail, by which a provider of identities may know the person.
    #[arg(long)]
    email: Option<String>,
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente user recover /var/lib/entente \"Ada Lind\"")]
struct Recover {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The person.
    name: String,
    /// Sign in once by the link, and leave everything else as it is.
    #[arg(long)]
    once: bool,
}

fn role(text: &str) -> Result<String, String> {
    match text.parse::<Role>() {
        Ok(role) => Ok(role.to_string()),
        Err(error) => Err(format!("{error}. What a person does in words goes to --function")),
    }
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::Add(add) => &add.dir,
            What::Recover(recover) => &recover.dir,
            What::List(place) => &place.dir,
        }
    }

    fn run_serving(&self, node: &Node, pages: &Pages, console: &mut dyn Console) -> Option<Result<Exit>> {
        match &self.what {
            What::Add(add) => Some(add.run(node, &pages.at(), console)),
            What::Recover(recover) => Some(recover.run(node, &pages.at(), console)),
            What::List(_) => None,
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        // The code is in the database: it works when the node serves again.
        let at = for_people("http", node.config().listen);
        match self.what {
            What::Add(add) => add.run(node, &at, console),
            What::Recover(recover) => recover.run(node, &at, console),
            What::List(_) => list(node, console),
        }
    }
}

impl Add {
    fn run(&self, node: &Node, at: &str, console: &mut dyn Console) -> Result<Exit> {
        if self.roles.is_empty() {
            let person = node.add_person(&self.name, &self.function, &super::operator(node)).wait()?;
            let answer = json!({ "id": person.id, "name": person.name });
            console.answer(&answer, |_| format!("{} is {}", person.name, person.id))?;
            return Ok(Exit::Done);
        }
        let roles = self.roles.iter().map(|role| Ok(role.parse::<Role>()?));
        let new = NewUser {
            name: self.name.clone(),
            function: self.function.clone(),
            login: self.login.clone(),
            roles: roles.collect::<Result<_>>()?,
            language: None,
            email: self.email.clone(),
        };
        let (person, code) = node.invite(new, &operator(node)).wait()?;
        let link = format!("{at}{}", code.path());
        let answer = json!({ "id": person, "name": self.name, "link": link, "expires": stamp(code.expires) });
        console.answer(&answer, |_| {
            format!("{} is {person}\nGive them this link; it works once, until {}:\n  {link}", self.name, minute(code.expires))
        })?;
        Ok(Exit::Done)
    }
}

impl Recover {
    fn run(&self, node: &Node, at: &str, console: &mut dyn Console) -> Result<Exit> {
        let person = names::person(node, &self.name)?;
        let id: ObjectId = person.id.parse()?;
        let kind = if self.once { Once::Link } else { Once::Recovery };
        let made: Result<OneTime> = node.one_time(&id, kind, &operator(node)).wait();
        let code = made.with_context(|| format!("{} gets no link; `entente user list` shows who signs in", person.name))?;
        let link = format!("{at}{}", code.path());
        let answer = json!({ "sign_in": link, "name": person.name, "expires": stamp(code.expires) });
        console.answer(&answer, |_| format!("Open this; it works once, until {}:\n  {link}", minute(code.expires)))?;
        Ok(Exit::Done)
    }
}

fn list(node: &Node, console: &mut dyn Console) -> Result<Exit> {
    let users = node.users(&operator(node))?;
    let of = |id: &str| users.iter().find(|user| user.person.as_str() == id);
    let all = node.persons()?;
    let described: Vec<Value> = all
        .iter()
        .map(|person| {
            let user = of(&person.id);
            json!({
                "id": person.id,
                "name": person.name,
                "function": person.role,
                "organ": person.organ,
                "created": stamp(person.created),
                "closed": person.closed.map(stamp),
                "login": user.map(|user| user.login.clone()),
                "roles": user.map(|user| user.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>()),
                "state": user.map(|user| user.state.as_str()),
            })
        })
        .collect();
    console.answer(&described, |_| {
        let rows: Vec<_> = all
            .iter()
            .map(|person| {
                let user = of(&person.id);
                [
                    person.name.clone(),
                    person.role.clone(),
                    user.map_or_else(String::new, |user| user.login.clone()),
                    user.map_or_else(String::new, |user| user.roles.to_string()),
                    user.map_or_else(String::new, |user| user.state.as_str().to_owned()),
                    person.id.clone(),
                ]
            })
            .collect();
        table(["name", "function", "signs in as", "roles", "state", "id"], &rows)
    })?;
    Ok(Exit::Done)
}
