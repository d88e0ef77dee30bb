//! The scales: TLP 2.0 (how far a record may go) and PAP (what may be done with it). Greater is stricter.

use std::fmt;
use std::str::FromStr;

/// A Traffic Light Protocol 2.0 label. The order is the order of strictness: CLEAR is the least, RED the greatest.
///
/// ```
/// use policy::Tlp;
/// assert!(Tlp::Red > Tlp::AmberStrict && Tlp::AmberStrict > Tlp::Amber);
/// assert_eq!("tlp:white".parse(), Ok(Tlp::Clear)); // TLP 1, on input only
/// assert_eq!(Tlp::AmberStrict.to_string(), "TLP:AMBER+STRICT");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tlp {
    /// Everyone, without signing in.
    Clear,
    /// The community that the author names.
    Green,
    /// The audience, and clients of those in it who need to know.
    Amber,
    /// The audience.
    AmberStrict,
    /// The persons named.
    Red,
}

/// A text that is no TLP label. Where it marks a record, [`Tlp::Red`] takes its place (rule 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownTlp;

impl Tlp {
    /// From the least strict to the strictest.
    pub const ALL: [Self; 5] = [
        Self::Clear,
        Self::Green,
        Self::Amber,
        Self::AmberStrict,
        Self::Red,
    ];

    /// The name without `TLP:`, in capitals and never translated.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::Green => "GREEN",
            Self::Amber => "AMBER",
            Self::AmberStrict => "AMBER+STRICT",
            Self::Red => "RED",
        }
    }

    /// Whether it is for a community: the one that the author names, else the node's own.
    #[must_use]
    pub fn is_for_community(self) -> bool {
        self == Self::Green
    }

    /// Whether it lets in those named, their clients at most, and no community.
    #[must_use]
    pub fn is_for_those_named(self) -> bool {
        matches!(self, Self::Amber | Self::AmberStrict | Self::Red)
    }

    /// Whether it is for persons alone: a participant or a circle that is named gets nothing by it.
    #[must_use]
    pub fn is_for_persons(self) -> bool {
        self == Self::Red
    }
}

impl FromStr for Tlp {
    type Err = UnknownTlp;

    /// Takes any case, with or without `TLP:`, and TLP 1's WHITE.
    fn from_str(text: &str) -> Result<Self, UnknownTlp> {
        let upper = text.trim().to_ascii_uppercase();
        match upper.strip_prefix("TLP:").unwrap_or(&upper) {
            "CLEAR" | "WHITE" => Ok(Self::Clear),
            "GREEN" => Ok(Self::Green),
            "AMBER" => Ok(Self::Amber),
            "AMBER+STRICT" => Ok(Self::AmberStrict),
            "RED" => Ok(Self::Red),
            _ => Err(UnknownTlp),
        }
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TLP:{}", self.name())
    }
}

impl fmt::Display for UnknownTlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a TLP label: use CLEAR, GREEN, AMBER, AMBER+STRICT or RED")
    }
}

impl std::error::Error for UnknownTlp {}

/// The Permissible Actions Protocol: what a holder may do with the content. Greater is stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pap {
    /// No restriction.
    Clear,
    /// Active use that does not warn the adversary.
    Green,
    /// Passive look-ups only.
    Amber,
    /// No look-ups, no enrichment: nothing that anybody outside could notice.
    Red,
}

/// A text that is no PAP level. Where it marks a record, [`Pap::Red`] takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownPap;

impl Pap {
    /// From the least strict to the strictest.
    pub const ALL: [Self; 4] = [Self::Clear, Self::Green, Self::Amber, Self::Red];

    /// The name without `PAP:`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::Green => "GREEN",
            Self::Amber => "AMBER",
            Self::Red => "RED",
        }
    }
}

impl FromStr for Pap {
    type Err = UnknownPap;

    /// Takes any case, with or without `PAP:`, and the older WHITE.
    fn from_str(text: &str) -> Result<Self, UnknownPap> {
        let upper = text.trim().to_ascii_uppercase();
        match upper.strip_prefix("PAP:").unwrap_or(&upper) {
            "CLEAR" | "WHITE" => Ok(Self::Clear),
            "GREEN" => Ok(Self::Green),
            "AMBER" => Ok(Self::Amber),
            "RED" => Ok(Self::Red),
            _ => Err(UnknownPap),
        }
    }
}

impl fmt::Display for Pap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PAP:{}", self.name())
    }
}

impl fmt::Display for UnknownPap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a PAP level: use CLEAR, GREEN, AMBER or RED")
    }
}

impl std::error::Error for UnknownPap {}
