//! A picture that an authenticator app reads, as SVG inside the page: nothing is fetched, and nothing leaves the page.

use anyhow::Result;
use qrcode::{Color, EcLevel, QrCode};

/// White around it, in modules: readers need four.
const MARGIN: usize = 4;

/// Drawn as one path: its side in modules, and the path.
pub(super) fn picture(text: &str) -> Result<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let width = code.width();
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (place % width + MARGIN, place / width + MARGIN);
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    Ok((width + 2 * MARGIN, path))
}
