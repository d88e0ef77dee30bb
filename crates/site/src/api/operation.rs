//! One operation: its address, who may, what it takes and gives. Stated once, beside its handler: the route and the document are both
//! made of it.

use axum::http::Method;

use crate::shell::routes::Who;

/// What a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A moment, as RFC 3339 writes it.
    Moment,
}

/// A parameter that stands in the query or a header.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) place: &'static str,
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
}

/// What is answered under a status.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) about: &'static str,
    /// The name of the schema; none where there is no JSON.
    pub(crate) schema: Option<&'static str>,
    pub(crate) media: &'static str,
    /// Whether it is a page of such things rather than one.
    pub(crate) paged: bool,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) who: Who,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<&'static str>,
    pub(crate) answers: Vec<Answer>,
}

impl Operation {
    fn new(method: Method, path: &'static str, name: &'static str, about: &'static str) -> Self {
        Self {
            method,
            path,
            name,
            about,
            who: Who::SignedIn,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
        }
    }

    /// By GET: a path below `/api/v1`, a name, and a sentence.
    pub fn get(path: &'static str, name: &'static str, about: &'static str) -> Self {
        Self::new(Method::GET, path, name, about)
    }

    /// By POST.
    pub fn post(path: &'static str, name: &'static str, about: &'static str) -> Self {
        Self::new(Method::POST, path, name, about)
    }

    /// By PUT.
    pub fn put(path: &'static str, name: &'static str, about: &'static str) -> Self {
        Self::new(Method::PUT, path, name, about)
    }

    /// By DELETE.
    pub fn delete(path: &'static str, name: &'static str, about: &'static str) -> Self {
        Self::new(Method::DELETE, path, name, about)
    }

    /// Who may: whoever signed in or shows a token, where nothing is said.
    #[must_use]
    pub fn who(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    fn with(
        mut self,
        place: &'static str,
        (name, about): (&'static str, &'static str),
        shape: Shape,
        required: bool,
    ) -> Self {
        self.parameters.push(Parameter {
            place,
            name,
            about,
            shape,
            required,
        });
        self
    }

    /// A parameter of the query.
    #[must_use]
    pub fn takes(self, name: &'static str, shape: Shape, about: &'static str) -> Self {
        self.with("query", (name, about), shape, false)
    }

    /// A parameter of the query that has to be there.
    #[must_use]
    pub fn needs(self, name: &'static str, shape: Shape, about: &'static str) -> Self {
        self.with("query", (name, about), shape, true)
    }

    /// A header.
    #[must_use]
    pub fn header(self, name: &'static str, about: &'static str) -> Self {
        self.with("header", (name, about), Shape::Text, false)
    }

    /// A body of this schema.
    #[must_use]
    pub fn body(mut self, schema: &'static str) -> Self {
        self.body = Some(schema);
        self
    }

    /// Repeating it with the same `Idempotency-Key` gives the first answer again, and does nothing.
    #[must_use]
    pub fn once(self) -> Self {
        self.header(
            "Idempotency-Key",
            "A name of your own for this request: sent again under it, the first answer is given again and nothing is done twice",
        )
        .refuses(422, "What was sent is not taken, or the key was used for something else")
    }

    /// What is answered when it went well.
    #[must_use]
    pub fn gives(self, status: u16, schema: &'static str, about: &'static str) -> Self {
        self.answers(status, Some(schema), "application/json", about)
    }

    /// Something that is no JSON, or nothing.
    #[must_use]
    pub fn gives_other(self, status: u16, media: &'static str, about: &'static str) -> Self {
        self.answers(status, None, media, about)
    }

    /// A list, page by page.
    #[must_use]
    pub fn lists(self, schema: &'static str, about: &'static str) -> Self {
        let mut own = self
            .takes(
                "cursor",
                Shape::Text,
                "Where to go on: `next` of the page before",
            )
            .takes(
                "limit",
                Shape::Number,
                "How many at most, up to 200; 50 where nothing is said",
            )
            .gives(200, schema, about);
        if let Some(answer) = own.answers.last_mut() {
            answer.paged = true;
        }
        own
    }

    /// What is answered when it did not: a problem (RFC 9457).
    #[must_use]
    pub fn refuses(self, status: u16, about: &'static str) -> Self {
        self.answers(status, Some("Problem"), "application/problem+json", about)
    }

    fn answers(
        mut self,
        status: u16,
        schema: Option<&'static str>,
        media: &'static str,
        about: &'static str,
    ) -> Self {
        self.answers.retain(|answer| answer.status != status);
        self.answers.push(Answer {
            status,
            about,
            schema,
            media,
            paged: false,
        });
        self
    }

    /// With what every operation of its sort may answer besides.
    pub(crate) fn complete(mut self) -> Self {
        let known = |own: &Self, status: u16| own.answers.iter().any(|one| one.status == status);
        let mut more = Vec::new();
        if self.who != Who::Everyone {
            more.push((
                401,
                "No token, or one that is over, or one for something else",
            ));
            more.push((403, "Not within the token, or not a right of its owner"));
        }
        if self.path.contains('{') {
            more.push((
                404,
                "It is not there, or not for you: the two are one answer",
            ));
        }
        if self.method != Method::GET {
            more.push((
                413,
                "The body is cut off, or has more bytes than this node takes",
            ));
            more.push((415, "The body is of another type than application/json"));
            more.push((
                503,
                "The node cannot write at present, its disk is full or fails: nothing was done; ask again after the seconds of `Retry-After`",
            ));
        }
        if self.body.is_some() {
            more.push((400, "The body cannot be read"));
            more.push((
                422,
                "What was sent is not taken; the problem says where and why",
            ));
        }
        if self
            .parameters
            .iter()
            .any(|one| one.name == "cursor" || one.required)
        {
            more.push((400, "A parameter is missing or none of its kind"));
        }
        more.push((500, "Something broke; the node's journal has the cause"));
        for (status, about) in more {
            if !known(&self, status) {
                self = self.refuses(status, about);
            }
        }
        self.answers.sort_by_key(|answer| answer.status);
        self
    }
}
