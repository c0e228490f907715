//! A frame's header is read from any octets, and written again as it was.

use wsctl::ws::{FrameHeader, Incomplete};

/// A header that is whole is the same when it is encoded, and one that is cut says so.
pub fn holds(octets: &[u8]) {
    match FrameHeader::parse(octets) {
        Ok((header, size)) => {
            assert_eq!(header.size(), size);
            assert_eq!(*header.encode(), octets[..size]);
            for cut in 0..size {
                is_cut(&octets[..cut], size);
            }
        }
        Err(Incomplete { missing }) => {
            let whole = [octets, &vec![0; missing]].concat();
            is_cut(octets, whole.len());
            // One octet does not tell how long the header is.
            assert!(octets.len() < 2 || FrameHeader::parse(&whole).is_ok());
        }
    }
}

/// Of a header of this size, these octets are only the beginning.
fn is_cut(octets: &[u8], size: usize) {
    let Incomplete { missing } = FrameHeader::parse(octets).unwrap_err();
    let total = octets.len() + missing;
    assert!(missing > 0 && total <= size);
    assert!(octets.len() < 2 || total == size);
}
