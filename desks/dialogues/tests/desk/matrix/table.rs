//! What every address with something in its place is about. An address that stands in no line of the table fails the test.

use site::Route;

/// What an address is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// A record of this type, by the part of its id that is without the type.
    Part(&'static str),
    /// A record of any type, by its whole id.
    Record,
    /// A record of this type, by its whole id.
    Whole(&'static str),
    /// Something that the node keeps, and that is no record.
    Kept,
}

/// Beginnings of addresses; the first that fits counts.
const TABLE: [(&str, About); 31] = [
    ("/dialogues/series/{id}", About::Part("dialogue")),
    ("/dialogues/sessions/{id}", About::Part("session")),
    ("/dialogues/texts/{id}", About::Part("report")),
    ("/dialogues/commitments/{id}", About::Part("commitment")),
    ("/dialogues/drafts/{id}", About::Part("draft")),
    ("/dialogues/appraisals/{id}", About::Part("appraisal")),
    ("/dialogues/arrangements/{id}", About::Part("arrangement")),
    ("/dialogues/strands/{id}", About::Part("strand")),
    ("/dialogues/activities/{id}", About::Part("activity")),
    ("/dialogues/events/{id}", About::Part("event")),
    ("/dialogues/demarches/{id}", About::Part("demarche")),
    ("/dialogues/readings/{id}", About::Kept),
    ("/dialogues/intakes/{id}", About::Kept),
    (
        "/api/v1/dialogues/commitments/{id}",
        About::Whole("commitment"),
    ),
    ("/api/v1/dialogues/sessions/{id}", About::Whole("session")),
    ("/records/{id}", About::Record),
    ("/public/records/{id}", About::Record),
    ("/api/v1/records/{id}", About::Record),
    ("/assets/{*name}", About::Kept),
    ("/awaiting/{number}", About::Kept),
    ("/api/v1/awaiting/{number}", About::Kept),
    ("/quarantine/{number}", About::Kept),
    ("/api/v1/quarantine/{number}", About::Kept),
    ("/circles/{id}", About::Kept),
    ("/clearance/cases/{number}", About::Kept),
    ("/clearance/deputies/{number}", About::Kept),
    ("/clearance/standing/{number}", About::Kept),
    ("/api/v1/clearance/{number}", About::Kept),
    ("/participants/{id}", About::Kept),
    ("/peers/{id}", About::Kept),
    ("/users/{id}", About::Kept),
];

/// What a route is about; `None` where it is about nothing in particular.
pub(crate) fn about(route: &Route) -> Option<Result<About, String>> {
    if !route.path.contains('{') {
        return None;
    }
    let fits = |(begin, about): &(&str, About)| {
        let rest = route.path.strip_prefix(begin)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(*about)
    };
    Some(
        TABLE
            .iter()
            .find_map(fits)
            .ok_or_else(|| format!("{} {}", route.method, route.path)),
    )
}

/// Lines of the table that no route begins with.
pub(crate) fn idle(routes: &[Route]) -> Vec<&'static str> {
    let idle =
        |(begin, _): &&(&str, About)| !routes.iter().any(|route| route.path.starts_with(begin));
    TABLE.iter().filter(idle).map(|(begin, _)| *begin).collect()
}
