use super::*;
use crate::ws::handshake::Response;
use proptest::prelude::*;

fn injector(faults: &[&str]) -> FaultInjector {
    let faults = faults
        .iter()
        .map(|words| InjectedFault::parse(words, Role::Server).unwrap());
    FaultInjector::new(faults.collect(), 1, 1)
}

fn send(injector: &mut FaultInjector, opcode: Opcode, payload: &[u8]) -> Vec<SendStep> {
    injector.frame(FrameHeader::new(opcode, payload.len() as u64), payload)
}

/// The steps of a text message in short: reports, and the first byte and payload of frames.
fn text(faults: &[&str], payload: &str) -> Vec<String> {
    shown(send(
        &mut injector(faults),
        Opcode::TEXT,
        payload.as_bytes(),
    ))
}

fn shown(steps: Vec<SendStep>) -> Vec<String> {
    let steps = steps.into_iter().map(|step| match step {
        SendStep::Report(event) => format!("{}: {}", event.fault, event.what),
        SendStep::Frame(sent) => frame(&sent.header, &sent.payload),
        SendStep::Half(sent) => format!("half {}", frame(&sent.header, &sent.payload)),
        SendStep::Bytes(bytes) => String::from_utf8_lossy(&bytes)[..12].to_owned(),
        other => format!("{other:?}"),
    });
    steps.collect()
}

fn frame(header: &FrameHeader, payload: &[u8]) -> String {
    format!("{:02x} {}", header.encode()[0], payload.escape_ascii())
}

#[test]
fn faults_of_other_frames_leave_a_message_unchanged() {
    assert_eq!(text(&["no-pong", "drop-after=2"], "hi"), ["81 hi"]);
}

#[test]
fn faults_of_messages_change_the_frames() {
    assert_eq!(
        text(&["fragment=2"], "hello"),
        [
            "fragment=2: the message is in 3 frames",
            "01 he",
            "00 ll",
            "80 o"
        ]
    );
    assert_eq!(text(&["fragment=5"], "hello"), ["81 hello"]);
    assert_eq!(
        text(&["rsv1", "opcode=3"], "a"),
        [
            "opcode=3: the message has opcode 3",
            "rsv1: the message has RSV1",
            "c3 a"
        ]
    );
    assert_eq!(
        text(&["bad-utf8"], "a"),
        ["bad-utf8: byte 0 of the text is ff", r"81 \xff"]
    );
    assert_eq!(
        text(&["http"], "a"),
        [
            "http: an HTTP error page is sent instead of the message",
            "HTTP/1.1 502"
        ]
    );
    assert_eq!(
        text(&["truncate"], "abcd"),
        [
            "truncate: half of the frame is sent, then the stream ends",
            "half 81 abcd",
            "Abort(Fin)"
        ]
    );
    assert_eq!(
        text(&["stall"], "abcd")[1..],
        ["half 81 abcd", "Abort(Silence)"]
    );
}

#[test]
fn long_length_and_mask_change_control_frames_too() {
    let steps = send(&mut injector(&["mask", "long-length"]), Opcode::PONG, b"hi");
    let Some(SendStep::Frame(FaultyFrame {
        header, payload, ..
    })) = steps.last()
    else {
        panic!("{steps:?}")
    };
    assert_eq!(payload, b"hi");
    assert_eq!(header.encode()[..10], *b"\x8a\xff\0\0\0\0\0\0\0\x02");
    assert!(header.masking_key.is_some());
}

#[test]
fn faults_after_a_number_of_messages_act_at_that_number() {
    let mut injector = injector(&["close-after=2:1011", "drop-after=0"]);
    assert_eq!(
        shown(injector.opened()),
        [
            "drop-after=0: the server ends the stream (FIN) after 0 messages",
            "Abort(Fin)"
        ]
    );
    assert_eq!(shown(send(&mut injector, Opcode::TEXT, b"1")), ["81 1"]);
    assert_eq!(
        shown(send(&mut injector, Opcode::BINARY, b"2")),
        [
            "82 2",
            "close-after=2:1011: the server closes after 2 messages",
            "Close(CloseCode(1011))"
        ]
    );
}

#[test]
fn faults_of_pongs_and_close_frames_change_or_withhold_them() {
    let pong =
        |fault: &str, payload: &[u8]| shown(send(&mut injector(&[fault]), Opcode::PONG, payload));
    assert_eq!(pong("no-pong", b"a"), ["no-pong: the ping is not answered"]);
    assert_eq!(pong("wrong-pong", b"a")[1..], ["8a `"]);
    assert_eq!(pong("wrong-pong", b"")[1..], ["8a wrong"]);
    let close = |fault: &str| shown(send(&mut injector(&[fault]), Opcode::CLOSE, b"\x03\xe8bye"));
    assert_eq!(close("close-code=1005")[1..], [r"88 \x03\xedbye"]);
    assert_eq!(close("no-close")[1..], ["WithholdClose"]);
}

#[test]
fn faults_of_the_handshake_change_the_response() {
    let right = Response::switching_protocols("a");
    let changed = |fault: &str| {
        let mut response = right.clone();
        let events = injector(&[fault]).change_response(&mut response);
        assert_eq!(events.len(), 1, "{fault}");
        response
    };
    assert_eq!(changed("reject=503").status, 503);
    assert_ne!(changed("bad-accept").headers, right.headers);
    assert_eq!(*changed("no-accept").headers, right.headers[..2]);
    let mut injector = injector(&["glue"]);
    assert_eq!(
        shown(injector.glue())[1..],
        ["81 in one write with the 101"]
    );
}

fn client(faults: &[&str]) -> FaultInjector {
    let faults = faults
        .iter()
        .map(|words| InjectedFault::parse(words, Role::Client).unwrap());
    FaultInjector::for_client(faults.collect(), 1)
}

#[test]
fn faults_of_a_request_change_its_headers_or_add_a_frame() {
    let all = ["wrong-version=8", "short-key", "early-frames"];
    let changed = client(&all).change_request();
    let headers = changed.headers.iter().map(|it| (&*it.name, it.text()));
    assert_eq!(
        headers.collect::<Vec<_>>(),
        [
            ("Sec-WebSocket-Version", "8".to_owned()),
            ("Sec-WebSocket-Key", "c2hvcnRrZXk=".to_owned())
        ]
    );
    let (header, payload) = changed.early_frame.unwrap();
    assert_eq!(frame(&header, &payload), "81 before the response");
    assert!(header.masking_key.is_some());
    let words = changed.events.iter().map(|event| &*event.what);
    assert_eq!(
        words.collect::<Vec<_>>(),
        [
            "the request asks for version 8",
            "Sec-WebSocket-Key has 8 bytes",
            "a message is sent before the response came"
        ]
    );
    let unchanged = client(&["delay=1"]).change_request();
    assert!(unchanged.headers.is_empty() && unchanged.early_frame.is_none());
    assert_eq!(unchanged.events, []);
}

#[test]
fn masks_are_omitted_or_constant_in_all_frames_of_a_client() {
    for opcode in [Opcode::TEXT, Opcode::PING, Opcode::PONG, Opcode::CLOSE] {
        let sent = |faults: &[&str]| match send(&mut client(faults), opcode, b"\x03\xe8").pop() {
            Some(SendStep::Frame(sent)) => (sent.omits_mask, sent.header.masking_key),
            other => panic!("{other:?}"),
        };
        assert_eq!(sent(&["no-mask"]), (true, None), "{opcode}");
        let key = MaskingKey([0, 0, 0, 1]);
        assert_eq!(sent(&["constant-key=00000001"]), (false, Some(key)));
        assert_eq!(sent(&["constant-key=00000001", "no-mask"]), (true, None));
    }
    let half = send(&mut client(&["no-mask", "truncate"]), Opcode::TEXT, b"ab");
    assert!(matches!(
        &half[2..],
        [SendStep::Half(sent), SendStep::Abort(AbortMode::Fin)] if sent.omits_mask
    ));
    assert_eq!(
        shown(send(&mut client(&["close-after=1"]), Opcode::TEXT, b"1"))[1],
        "close-after=1: the client closes after 1 message"
    );
}

#[test]
fn a_seed_repeats_every_choice() {
    let run = |seed| {
        let faults = ["mask%40", "bad-utf8%30", "truncate%5"];
        let faults = faults
            .iter()
            .map(|words| InjectedFault::parse(words, Role::Server).unwrap());
        let mut injector = FaultInjector::new(faults.collect(), seed, 3);
        let sent = (0..50).flat_map(|_| send(&mut injector, Opcode::TEXT, b"hello"));
        sent.collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

proptest! {
    #[test]
    fn fragments_join_to_the_message(
        payload in prop::collection::vec(any::<u8>(), 0..200),
        size in 1_usize..50,
    ) {
        let fault = format!("fragment={size}");
        let steps = send(&mut injector(&[&fault]), Opcode::BINARY, &payload);
        let frames: Vec<_> = steps.iter().filter_map(|step| match step {
            SendStep::Frame(sent) => Some((sent.header.fin, sent.payload.as_slice())),
            _ => None,
        }).collect();
        prop_assert_eq!(frames.iter().filter(|frame| frame.0).count(), 1);
        prop_assert!(frames.last().unwrap().0);
        let joined: Vec<u8> = frames.iter().flat_map(|frame| frame.1.to_vec()).collect();
        prop_assert_eq!(joined, payload);
    }
}
