//! The frame header: any bytes can be parsed, and are written back equally.

use wsctl::ws::{FrameHeader, Incomplete};

/// Checks that a complete header is encoded to the same bytes, and that fewer bytes are reported as
/// incomplete.
pub fn holds(bytes: &[u8]) {
    match FrameHeader::parse(bytes) {
        Ok((header, size)) => {
            assert_eq!(header.size(), size);
            assert_eq!(*header.encode(), bytes[..size]);
            for cut in 0..size {
                is_cut(&bytes[..cut], size);
            }
        }
        Err(Incomplete { missing }) => {
            let whole = [bytes, &vec![0; missing]].concat();
            is_cut(bytes, whole.len());
            // The length of the header is not known from one byte.
            assert!(bytes.len() < 2 || FrameHeader::parse(&whole).is_ok());
        }
    }
}

/// Checks that `bytes` are an incomplete header of `size` bytes.
fn is_cut(bytes: &[u8], size: usize) {
    let Incomplete { missing } = FrameHeader::parse(bytes).unwrap_err();
    let total = bytes.len() + missing;
    assert!(missing > 0 && total <= size);
    assert!(bytes.len() < 2 || total == size);
}
