//! What a reader of the control socket promises for any bytes; the fuzz target and a plain test hold it to that.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "the target and the test share it"
)]

use super::{CHUNK, Frame, read, write};

/// A frame that is read is written as the same bytes, and none is larger than it may be.
pub fn frame(bytes: &[u8]) {
    const MOST: usize = 64;
    let mut input = bytes;
    let mut written = Vec::new();
    while let Ok(frame) = read(&mut input, MOST) {
        match &frame {
            Frame::Message(message) => assert!(message.len() <= MOST),
            Frame::Bytes(part) => assert!(part.len() <= CHUNK),
        }
        assert!(write(&mut written, &frame).is_ok());
        assert_eq!(written, &bytes[..bytes.len() - input.len()]);
    }
}
