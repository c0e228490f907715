//! The key of a request. It differs between connections and cases and is the same in each run, so
//! that two reports can be compared.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// The base64 of 16 bytes that look random. The last two bits, which decide how the base64 ends,
/// are those of `number`: four connections have the four endings.
pub(super) fn key(id: &str, number: usize) -> String {
    let number = number as u64;
    // FNV-1a.
    let start = 0xcbf2_9ce4_8422_2325;
    let hashed = id.bytes().fold(start, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let state = hashed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (high, low) = (mixed(state), mixed(!state) & !3 | number & 3);
    let nonce = u128::from(high) << 64 | u128::from(low);
    BASE64.encode(nonce.to_be_bytes())
}

/// The finalizer of `SplitMix64`.
const fn mixed(value: u64) -> u64 {
    let value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}

#[cfg(test)]
mod tests {
    use super::key;
    use std::collections::BTreeSet;

    #[test]
    fn keys_differ_and_end_in_each_way() {
        let keys: BTreeSet<String> = (0..20).map(|number| key("a", number)).collect();
        assert_eq!(keys.len(), 20);
        assert!(!keys.contains(&key("b", 0)));
        let ends: BTreeSet<&str> = keys.iter().map(|key| &key[21..]).collect();
        assert_eq!(ends, BTreeSet::from(["A==", "Q==", "g==", "w=="]));
    }
}
