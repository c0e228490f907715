use super::*;
use crate::ws::deflate::{Deflater, walk};
use proptest::prelude::*;

const WITH_CONTEXT: SenderParameters = SenderParameters {
    no_context_takeover: false,
    window_bits: 15,
};

const WITHOUT_CONTEXT: SenderParameters = SenderParameters {
    no_context_takeover: true,
    window_bits: 15,
};

fn bytes(hexadecimal: &str) -> Vec<u8> {
    hex::decode(hexadecimal.replace(' ', "")).unwrap()
}

/// Inflates a message in pieces of this size. Returns the inflated bytes and the result.
fn inflate(
    inflater: &mut Inflater,
    message: &[u8],
    size: usize,
) -> (Vec<u8>, Result<(), InflateError>) {
    inflater.start();
    let mut text = Vec::new();
    let mut result = Ok(());
    for mut piece in message.chunks(size) {
        loop {
            match inflater.next(&mut piece) {
                Ok(Some(bytes)) => text.extend_from_slice(bytes),
                Ok(None) => break,
                Err(error) => result = Err(error),
            }
        }
        assert_eq!(piece, [0; 0]);
    }
    let end = inflater.finish();
    (text, result.and(end))
}

/// Checks a sequence of messages, in pieces of several sizes.
#[track_caller]
fn check(parameters: SenderParameters, messages: &[(&str, &str, &str)]) {
    for size in [1, 2, 3, 1000] {
        let mut inflater = Inflater::new(parameters);
        for (number, (message, text, expected)) in messages.iter().enumerate() {
            let (shown, end) = inflate(&mut inflater, &bytes(message), size);
            let place = format!("message {number} in pieces of {size}");
            assert_eq!(shown, text.as_bytes(), "{place}");
            let end = end.map_err(|error| format!("{} {error}", error.offset));
            assert_eq!(end.err().unwrap_or_default(), *expected, "{place}");
        }
    }
}

const HELLO: &str = "f2 48 cd c9 c9 07 00";
const HELLO_AGAIN: &str = "f2 00 11 00 00";

#[test]
fn the_examples_of_rfc_7692_section_7_2_3_are_inflated() {
    check(
        WITH_CONTEXT,
        &[
            (HELLO, "Hello", ""),
            (HELLO_AGAIN, "Hello", ""),
            ("00 05 00 fa ff 48 65 6c 6c 6f 00", "Hello", ""),
            ("f2 48 05 00 00 00 ff ff ca c9 c9 07 00", "Hello", ""),
            ("00", "", ""),
            ("02 00", "", ""),
            (HELLO_AGAIN, "Hello", ""),
        ],
    );
    check(
        WITHOUT_CONTEXT,
        &[(HELLO, "Hello", ""), (HELLO, "Hello", "")],
    );
}

#[test]
fn messages_of_python_zlib_are_inflated() {
    let (first, second) = (
        "aa562aa92c4855b2522ac94cce56d2512a28ca4c06720d0d0cf58c4c75948a2b7393f27380d28ecebe\
             ae4ab50000",
        "aac6addad400433500",
    );
    let text = |price: &str| format!(r#"{{"type":"tick","price":{price},"symbol":"ACME"}}"#);
    check(
        WITH_CONTEXT,
        &[
            (first, &text("101.25"), ""),
            (second, &text("101.50"), ""),
            ("4a4c1c05a360140c770000", &"a".repeat(1000), ""),
        ],
    );
}

#[test]
fn a_final_block_ends_the_stream_and_not_the_message() {
    let none = "3 the message refers to data before its beginning, and there is none";
    let final_block = "the compressed message ends in a final block, without an empty one after it";
    check(
        WITH_CONTEXT,
        &[
            ("f3 48 cd c9 c9 07 00 00", "Hello", ""),
            // Its context is gone, as it is with zlib.
            (HELLO_AGAIN, "H", none),
            (HELLO, "Hello", ""),
            (
                "f3 48 cd c9 c9 07 00 f2 48 cd c9 c9 07 00",
                "HelloHello",
                "",
            ),
            (HELLO_AGAIN, "Hello", ""),
            // An empty block that is final itself.
            ("01", "", ""),
            (HELLO_AGAIN, "H", none),
            ("f3 48 cd c9 c9 07 00", "Hello", &format!("7 {final_block}")),
            ("f3 48 cd c9 c9 07 00", "Hello", &format!("7 {final_block}")),
            // Stored; a block that is not final after one that is; a cut final block.
            (
                "01 05 00 fa ff 48 65 6c 6c 6f",
                "Hello",
                &format!("10 {final_block}"),
            ),
            (
                "f3 48 cd c9 c9 07 00 f2 48 cd c9 c9 07",
                "HelloHello",
                "13 the compressed message lacks a byte 00 at its end, or more",
            ),
            (
                "f3 48 cd",
                "He",
                "3 the compressed message ends inside a block",
            ),
        ],
    );
}

#[test]
fn after_a_final_block_the_context_is_complete() {
    let mut inflater = Inflater::new(WITH_CONTEXT);
    assert!(
        inflate(&mut inflater, &bytes("f3 48 cd c9 c9 07 00"), 9)
            .1
            .is_err()
    );
    assert_eq!(
        (inflater.context(), inflater.context_is_complete()),
        (0, true)
    );
}

#[test]
fn errors_at_the_end_of_a_message_are_reported() {
    let missing = "the compressed message lacks a byte 00 at its end, or more";
    check(
        WITH_CONTEXT,
        &[
            (
                "f2 48 cd c9 c9 07 00 00 00 ff ff",
                "Hello",
                "11 the compressed message still ends with 00 00 ff ff",
            ),
            (HELLO_AGAIN, "Hello", ""),
            (
                "f2 48 cd c9",
                "Hel",
                "4 the compressed message ends inside a block",
            ),
            (HELLO, "Hello", ""),
            ("f2 48 cd c9 c9 07", "Hello", &format!("6 {missing}")),
            (HELLO_AGAIN, "Hello", ""),
            ("", "", &format!("0 {missing}")),
            (
                "00 00 00 ff ff",
                "",
                "5 the compressed message still ends with 00 00 ff ff",
            ),
            (
                "00 00 ff ff",
                "",
                "4 the compressed message ends inside a block",
            ),
        ],
    );
}

/// Checks which prefixes of a message are accepted as complete, by their lengths.
#[track_caller]
fn check_cuts(message: &str, whole: &[usize]) {
    let message = bytes(message);
    let passes = |length: &usize| {
        let prefix = message.get(..*length).unwrap();
        let passes = inflate(&mut Inflater::new(WITH_CONTEXT), prefix, 5)
            .1
            .is_ok();
        assert_eq!(passes, walk(prefix).is_complete, "{length}");
        passes
    };
    let passing: Vec<usize> = (0..=message.len()).filter(passes).collect();
    assert_eq!(passing, whole);
}

/// What zlib makes of texts, with all kinds of blocks and flushes.
#[test]
fn a_message_is_complete_after_the_header_of_a_stored_block_only() {
    check_cuts(HELLO, &[7]);
    // One block with its own codes.
    check_cuts(
        "0c8dc109004108c45ab13561030aa2706affe7671e0943749107af56e7edbe468986c1a9d7d61fc2f9\
             29738b96354d6a7299f2e3efb481db0d9d5ba1f784f3e6059942f717bd4499ba55f826965c243f91ba\
             3a529fe7c8a4941fe707",
        &[92],
    );
    // Without compression: its first byte alone is an empty message.
    check_cuts("001100eeff73746f7265642c20616e6420736f206f6e00", &[1, 23]);
    // Three blocks, after Z_BLOCK, Z_PARTIAL_FLUSH, and Z_SYNC_FLUSH.
    check_cuts("cacf4b5500a8a43c5f01a0928ca2d4540000", &[18]);
    check_cuts("cacf4b550008a092f27c0580002ac9284a4d0500", &[20]);
    check_cuts(
        "cacf4b5500000000ffff2a29cf5700000000ffff2ac9284a4d0500",
        &[6, 16, 27],
    );
}

#[test]
fn invalid_deflate_is_an_error() {
    let sentence = |message: &str| {
        let (_, end) = inflate(&mut Inflater::new(WITH_CONTEXT), &bytes(message), 1);
        let error = end.unwrap_err();
        format!("{} {error}", error.offset)
    };
    let damage =
        |offset: u64, damage: &str| format!("{offset} the message cannot be inflated: {damage}");
    assert_eq!(
        sentence("48 65 6c 6c 6f"),
        damage(5, "the two lengths of a stored block do not agree")
    );
    assert_eq!(sentence("07 00"), damage(1, "there is no block of type 3"));
    // A fixed code for symbol 286, and one for distance 30.
    assert_eq!(
        sentence("1b 03 00 00"),
        damage(2, "a code stands for nothing")
    );
    assert_eq!(
        sentence("fc ff ff ff"),
        damage(3, "the code lengths of a block make no Huffman codes")
    );
    assert_eq!(
        sentence(HELLO_AGAIN),
        "3 the message refers to data before its beginning, and there is none"
    );
}

#[test]
fn a_lost_context_is_reported() {
    let mut inflater = Inflater::new(WITH_CONTEXT);
    assert!(inflate(&mut inflater, &bytes(HELLO), 9).1.is_ok());
    assert_eq!(
        (inflater.context(), inflater.context_is_complete()),
        (5, true)
    );
    assert!(inflate(&mut inflater, &bytes("f2 48 cd c9"), 9).1.is_err());
    assert_eq!(
        (inflater.context(), inflater.context_is_complete()),
        (8, false)
    );
    let mut without_context = Inflater::new(WITHOUT_CONTEXT);
    assert!(inflate(&mut without_context, &bytes("07"), 9).1.is_err());
    assert_eq!(
        (
            without_context.context(),
            without_context.context_is_complete()
        ),
        (0, true)
    );
}

#[test]
fn inflating_a_decompression_bomb_can_be_stopped() {
    let mut bomb = bytes("ecc101010000008090feafee080a");
    bomb.resize(1 << 20, 0);
    let mut inflater = Inflater::new(WITH_CONTEXT);
    let mut rest = &bomb[..];
    let mut length = 0;
    while length < 1 << 20 {
        let piece = inflater.next(&mut rest).unwrap().unwrap();
        assert!(piece.len() <= PIECE);
        length += piece.len();
    }
    assert!(rest.len() > 1 << 19, "only what is needed is read");
    inflater.start();
    assert!(!inflater.context_is_complete());
    assert_eq!(
        inflate(&mut inflater, &bytes(HELLO), 1),
        (b"Hello".to_vec(), Ok(()))
    );
}

/// Messages of several kinds: compressible, noise, short, empty.
fn messages() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let words =
        prop::collection::vec("[a-f]{1,9}", 1..400).prop_map(|words| words.concat().into_bytes());
    let noise = prop::collection::vec(any::<u8>(), 0..600);
    let runs = (any::<u8>(), 0_usize..40_000).prop_map(|(byte, count)| vec![byte; count]);
    prop::collection::vec(prop_oneof![words, noise, runs], 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn deflated_messages_are_inflated(
        messages in messages(),
        no_context_takeover: bool,
        window_bits in 8_u8..=15,
        level in 0_u8..=9,
        size in 1_usize..3000,
    ) {
        let parameters = SenderParameters { no_context_takeover, window_bits };
        let mut deflater = Deflater::new(parameters, level);
        let mut inflater = Inflater::new(parameters);
        for message in messages {
            let compressed = deflater.deflate(&message);
            let (shown, end) = inflate(&mut inflater, compressed, size);
            prop_assert_eq!(end, Ok(()));
            prop_assert!(shown == message);
        }
    }

    #[test]
    fn every_incomplete_message_is_detected(
        messages in messages(),
        level in 0_u8..=9,
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 20),
    ) {
        let mut deflater = Deflater::new(WITH_CONTEXT, level);
        let mut inflater = Inflater::new(WITH_CONTEXT);
        for message in &messages {
            let compressed = deflater.deflate(message).to_vec();
            let mut lengths: Vec<usize> =
                cuts.iter().map(|cut| cut.index(compressed.len())).collect();
            if compressed.len() < 200 {
                lengths = (0..compressed.len()).collect();
            }
            for length in lengths {
                let prefix = &compressed[..length];
                let window = inflater.window.parts().concat();
                let (shown, end) = inflate(&mut inflater, prefix, 1000);
                prop_assert!(message.starts_with(&shown));
                prop_assert_eq!(end.is_ok(), walk(prefix).is_complete);
                if let Err(error) = end {
                    let lacks_little = walk(&[prefix, &[0]].concat()).is_complete;
                    let is_cut = error.kind == InflateErrorKind::Cut;
                    prop_assert!(error.is_at_the_end() && is_cut != lacks_little);
                }
                inflater.window.clear();
                inflater.window.push(&window);
                inflater.begin();
            }
            let (shown, end) = inflate(&mut inflater, &compressed, 1000);
            prop_assert!(end.is_ok() && shown == *message);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        size in 1_usize..50,
    ) {
        let mut inflater = Inflater::new(WITH_CONTEXT);
        let whole = inflate(&mut inflater, &bytes, 1000);
        let pieces = inflate(&mut Inflater::new(WITH_CONTEXT), &bytes, size);
        prop_assert_eq!(whole, pieces);
        prop_assert!(inflate(&mut inflater, b"\x00", 1).1.is_ok());
    }
}

/// To make one takes longer than to inflate a short message.
#[test]
fn the_decoder_of_a_message_is_kept_for_the_next_one() {
    release_spare();
    let mut inflater = Inflater::new(WITH_CONTEXT);
    let payload = bytes(HELLO);
    let mut rest = payload.as_slice();
    while inflater.next(&mut rest).unwrap().is_some() {}
    inflater.finish().unwrap();
    assert!(inflater.decoder.is_none());
    assert!(SPARE.take().is_some());
}
