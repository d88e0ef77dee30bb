//! Content negotiation by RFC 9110: what a client accepts and what it sends (TAXII 2.1 §1.6.8).
//!
//! A type without a version is a defined form and means the latest that we speak; blanks, quotes, case, lists
//! and weights are ordinary HTTP.

/// What every answer carries, errors included.
pub const TAXII: &str = "application/taxii+json;version=2.1";
/// The type of objects, as collections and manifests name it.
pub const STIX: &str = "application/stix+json;version=2.1";

/// Whether one of the `Accept` header's values admits [`TAXII`]. No header admits everything.
///
/// The most specific range that fits decides (RFC 9110 §12.5.1): `q=0` excludes. `application/json` is admitted
/// for the sake of plain tools such as curl and browsers' consoles.
pub fn accepts<'a>(values: impl Iterator<Item = &'a str>) -> bool {
    let mut best: Option<(u8, bool)> = None;
    let mut any = false;
    for range in values.flat_map(|value| split(value, ',')) {
        any = true;
        let Some((kind, parameters)) = parse(range) else {
            continue;
        };
        let specificity = match kind.as_str() {
            "application/taxii+json" => match version(&parameters) {
                None => 3,
                Some("2.1") => 4,
                Some(_) => continue,
            },
            "application/json" => 2,
            "application/*" => 1,
            "*/*" => 0,
            _ => continue,
        };
        let wanted = parameters
            .iter()
            .find(|(name, _)| name == "q")
            .is_none_or(|(_, weight)| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0));
        if best.is_none_or(|(known, before)| (specificity, wanted) > (known, before)) {
            best = Some((specificity, wanted));
        }
    }
    !any || best.is_some_and(|(_, wanted)| wanted)
}

/// Whether a body of this `Content-Type` is one that we read: TAXII with version 2.1 or none.
pub fn is_taxii(value: &str) -> bool {
    parse(value).is_some_and(|(kind, parameters)| {
        kind == "application/taxii+json" && version(&parameters).is_none_or(|v| v == "2.1")
    })
}

/// Whether an answer of this type is JSON that may hold objects, under one of the names that servers use.
pub fn is_json(value: &str) -> bool {
    parse(value).is_some_and(|(kind, _)| {
        matches!(
            kind.as_str(),
            "application/json" | "application/stix+json" | "application/vnd.oasis.stix+json"
        )
    })
}

fn version(parameters: &[(String, String)]) -> Option<&str> {
    parameters
        .iter()
        .find(|(name, _)| name == "version")
        .map(|(_, value)| value.as_str())
}

/// `type/subtype` in lower case and the parameters with their quotes taken off.
fn parse(value: &str) -> Option<(String, Vec<(String, String)>)> {
    let mut parts = split(value, ';');
    let kind = parts.next()?.trim().to_ascii_lowercase();
    if !kind.contains('/') {
        return None;
    }
    let parameters = parts
        .filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            let value = value.trim();
            let value = value
                .strip_prefix('"')
                .and_then(|v| v.strip_suffix('"'))
                .unwrap_or(value);
            Some((name.trim().to_ascii_lowercase(), value.replace('\\', "")))
        })
        .collect();
    Some((kind, parameters))
}

/// Splits at `separator` outside quoted strings.
fn split(value: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    value
        .split(move |c: char| {
            if escaped {
                escaped = false;
                return false;
            }
            match c {
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                c if c == separator && !quoted => return true,
                _ => {}
            }
            false
        })
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_is_read_as_http_reads_it() {
        for (header, expected) in [
            ("application/taxii+json;version=2.1", true),
            ("application/taxii+json", true),
            ("application/taxii+json ; version = \"2.1\"", true),
            ("APPLICATION/TAXII+JSON; VERSION=2.1", true),
            (
                "application/taxii+json;version=2.0, application/taxii+json;version=2.1;q=0.1",
                true,
            ),
            ("text/html, */*;q=0.1", true),
            ("application/*", true),
            ("application/json", true),
            ("*/*", true),
            ("application/taxii+json;version=9.9", false),
            ("application/taxii+json;version=2.0", false),
            ("application/taxii+json;version=2.1;q=0", false),
            ("application/taxii+json;q=0, */*", false),
            ("*/*;q=0", false),
            ("text/html", false),
            ("nonsense", false),
            ("application/xml;a=\",application/taxii+json\"", false),
        ] {
            assert_eq!(accepts([header].into_iter()), expected, "{header}");
        }
        assert!(accepts(std::iter::empty()));
        assert!(accepts(["text/html", "application/taxii+json"].into_iter()));
    }

    #[test]
    fn bodies_are_taxii_of_our_version_or_of_none() {
        for (header, expected) in [
            ("application/taxii+json;version=2.1", true),
            ("application/taxii+json", true),
            (
                "Application/Taxii+Json; charset=utf-8; version=\"2.1\"",
                true,
            ),
            ("application/taxii+json;version=2.0", false),
            ("application/json", false),
            ("", false),
        ] {
            assert_eq!(is_taxii(header), expected, "{header}");
        }
    }
}
