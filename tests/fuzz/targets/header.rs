//! A frame's header is read from any bytes, and written again as it was.

use wsctl::ws::{FrameHeader, Incomplete};

/// A header that is whole is the same when it is encoded, and one that is cut says so.
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
            // One byte does not tell how long the header is.
            assert!(bytes.len() < 2 || FrameHeader::parse(&whole).is_ok());
        }
    }
}

/// Of a header of this size, these bytes are only the beginning.
fn is_cut(bytes: &[u8], size: usize) {
    let Incomplete { missing } = FrameHeader::parse(bytes).unwrap_err();
    let total = bytes.len() + missing;
    assert!(missing > 0 && total <= size);
    assert!(bytes.len() < 2 || total == size);
}
