//! Clients in other languages: Python's websockets and Node's ws. `.ci/run` installs them.

use std::process::Command;

use crate::helpers::server::Server;
use crate::serve::fault_table::{self, Column};

/// Runs a client of `tests/foreign` with a server that compresses, and with one that does not.
fn each_message_is_echoed(program: &str, script: &str) {
    for arguments in [&[][..], &["--deflate"]] {
        let server = Server::start(arguments);
        let output = Command::new(program)
            .arg(format!(
                "{}/tests/foreign/{script}",
                env!("CARGO_MANIFEST_DIR")
            ))
            .arg(server.url())
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(printed, "all echoed\n", "{errors}");
        server.interrupt();
        let log = server.log_until("stopped: ");
        let findings: Vec<&String> = log
            .iter()
            .filter(|line| line.contains(" ! error") || line.contains(" ! warning"))
            .collect();
        assert_eq!(findings, [""; 0]);
        let is_compressed = log.iter().any(|line| line.contains(", compressed, "));
        assert_eq!(is_compressed, arguments.contains(&"--deflate"), "{script}");
    }
}

/// Checks what a client of `tests/foreign` shows of each fault.
fn check_fault_table(column: Column, program: &str, script: &str) {
    let path = format!("{}/tests/foreign/{script}", env!("CARGO_MANIFEST_DIR"));
    fault_table::check(column, |url, behavior| {
        let output = Command::new(program).args([&path, url, behavior]).output();
        let output = output.unwrap();
        let printed = [output.stdout, output.stderr].concat();
        String::from_utf8(printed).unwrap().trim_end().to_owned()
    });
}

fn python() -> String {
    std::env::var("WSCTL_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

#[test]
#[ignore = "needs Python with websockets, which .ci/run installs"]
fn messages_are_exchanged_with_python_websockets() {
    each_message_is_echoed(&python(), "client.py");
}

#[test]
#[ignore = "needs Python with websockets, which .ci/run installs"]
fn faults_show_as_documented_in_python_websockets() {
    check_fault_table(Column::Websockets, &python(), "faults.py");
}

#[test]
#[ignore = "needs Node with ws, which .ci/run installs"]
fn faults_show_as_documented_in_node_ws() {
    check_fault_table(Column::Ws, "node", "faults.js");
}

#[test]
#[ignore = "needs Node with ws, which .ci/run installs"]
fn messages_are_exchanged_with_node_ws() {
    each_message_is_echoed("node", "client.js");
}
