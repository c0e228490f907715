//! Clients of other languages, which `.ci/run` installs: Python's websockets and Node's ws.

use std::process::Command;

use super::serve::Server;

/// Runs a client of `tests/foreign` against servers that compress, and that do not.
fn everything_comes_back(program: &str, script: &str) {
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
        let said = String::from_utf8_lossy(&output.stdout);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(said, "all came back\n", "{complaint}");
        server.interrupt();
        let log = server.log_until("goodbye");
        let findings: Vec<&String> = log.iter().filter(|line| line.contains(" ! ")).collect();
        assert_eq!(findings, [""; 0]);
        let is_compressed = log.iter().any(|line| line.contains("compressed"));
        assert_eq!(is_compressed, arguments.contains(&"--deflate"), "{script}");
    }
}

#[test]
#[ignore = "needs Python with websockets, which .ci/run installs"]
fn python_s_websockets() {
    let python = std::env::var("WSCTL_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    everything_comes_back(&python, "client.py");
}

#[test]
#[ignore = "needs Node with ws, which .ci/run installs"]
fn node_s_ws() {
    everything_comes_back("node", "client.js");
}
