//! What each reader promises for any bytes; fuzz targets and a plain test hold it to that.
#![allow(dead_code, unreachable_pub, reason = "each target uses one promise")]

use policy::{CircleId, Class, Desk, Pap, Tlp};

/// A class key that is read is the only way to write that class: otherwise one audience would be two classes.
pub fn class_key(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(class) = Class::parse(text) {
        assert_eq!(class.key(), text, "two keys for one class");
        assert_eq!(Class::parse(&class.key()).ok(), Some(class));
    }
}

/// Whatever a word is taken for, it is written as a word that means the same.
pub fn words(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(tlp) = text.parse::<Tlp>() {
        assert_eq!(tlp.to_string().parse::<Tlp>().ok(), Some(tlp));
    }
    if let Ok(pap) = text.parse::<Pap>() {
        assert_eq!(pap.name().parse::<Pap>().ok(), Some(pap));
    }
    if let Some(desk) = Desk::parse(text) {
        assert_eq!(desk.as_str(), text);
    }
    if let Ok(circle) = CircleId::parse(text) {
        assert_eq!(CircleId::parse(circle.as_str()).ok(), Some(circle));
    }
}
