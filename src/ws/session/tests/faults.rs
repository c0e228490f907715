//! What injected faults send and report.

use super::*;
use crate::ws::fault::InjectedFault;

#[test]
fn a_fault_acts_before_the_mask_and_is_reported_before_the_frame() {
    let now = Instant::now();
    let faults: Vec<InjectedFault> = ["bad-utf8", "fragment=2"].map(fault).to_vec();
    let injector = Box::new(FaultInjector::new(faults, 1, 1));
    let keys = || MaskingKey([1, 2, 3, 4]);
    let mut client = End::new(Session::client(&config(), keys, Some(injector), now));
    assert!(client.send("abc"));
    let lines = client.events.take();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert!(lines[0].starts_with("fault: byte "), "{lines:#?}");
    assert_eq!(lines[1], "fault: the message is in 2 frames");
    assert!(lines[2].starts_with("> text masked"), "{lines:#?}");
    assert!(lines[3].starts_with("> continuation masked"), "{lines:#?}");
    let mut server = End::server(&config(), now);
    let bytes = client.written(now);
    server.receive(now, &bytes);
    let lines = server.events.take();
    assert!(
        lines.iter().any(|line| line.contains("UTF-8")),
        "{lines:#?}"
    );
}

#[test]
fn a_fault_that_withholds_the_close_frame_leaves_the_peer_waiting() {
    let now = Instant::now();
    let faults = vec![fault("no-close")];
    let injector = Box::new(FaultInjector::new(faults, 1, 1));
    let mut server = End::new(Session::server(&config(), Some(injector), now));
    let mut client = End::client(&config(), now);
    client.close(now);
    exchange(&mut client, &mut server, now);
    assert_eq!(server.end(), None);
    client.timeout(now + SECOND);
    assert_eq!(client.end(), Some(EndReason::CloseUnanswered));
}

#[test]
fn an_abort_ends_the_connection_after_what_was_written_before() {
    let now = Instant::now();
    for (fault, reset) in [("drop-after=1", false), ("reset-after=1", true)] {
        let injector = Box::new(FaultInjector::new(vec![self::fault(fault)], 1, 1));
        let mut server = End::new(Session::server(&config(), Some(injector), now));
        assert!(server.send("last"));
        assert!(!server.send("too late"));
        assert_eq!(server.end(), None);
        assert_eq!(server.written(now), b"\x81\x04last");
        assert_eq!(server.end(), Some(EndReason::EndedOnPurpose { reset }));
    }
}

fn fault(words: &str) -> InjectedFault {
    InjectedFault::parse(words, Role::Server).unwrap()
}
