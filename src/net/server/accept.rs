//! Accepts connections, and continues when that fails for a while.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::ServerState;
use super::opening::serve;
use crate::net::log::{Notice, NoticeScope, io_error_text};

/// How long to wait after an error, for instance when no file descriptor is left.
const RETRY_DELAY: Duration = Duration::from_millis(50);

/// How long no error must occur before the log says that connections are accepted again.
const RECOVERY_DELAY: Duration = Duration::from_millis(500);

/// Accepts connections without end, and spawns a task for each. Open connections are served while
/// new ones cannot be accepted.
pub(super) async fn run(
    listener: &TcpListener,
    state: &Rc<ServerState>,
    connections: &mut JoinSet<()>,
) {
    let mut number = 0;
    let (mut has_failed, mut is_recovering) = (false, false);
    loop {
        let accepted = if is_recovering {
            timeout(RECOVERY_DELAY, listener.accept()).await.ok()
        } else {
            Some(listener.accept().await)
        };
        match accepted {
            Some(Ok((stream, peer))) => {
                number += 1;
                is_recovering = has_failed;
                // Without this, a short reply may wait for the acknowledgement of the last one.
                let _ = stream.set_nodelay(true);
                connections.spawn_local(serve(Rc::clone(state), stream, peer, number));
            }
            Some(Err(error)) => {
                is_recovering = false;
                if !has_failed && error.kind() != io::ErrorKind::ConnectionAborted {
                    has_failed = true;
                    let notice = Notice::CannotAccept(io_error_text(&error));
                    state.context.notify(NoticeScope::Server, &notice);
                }
                sleep(RETRY_DELAY).await;
            }
            None => {
                (has_failed, is_recovering) = (false, false);
                let notice = Notice::AcceptsAgain;
                state.context.notify(NoticeScope::Server, &notice);
            }
        }
        while connections.try_join_next().is_some() {}
    }
}
