//! fastwebsockets, with hyper for the opening handshake.

use std::convert::Infallible;
use std::future::Future;
use std::net::TcpListener;

use fastwebsockets::{FragmentCollector, OpCode, WebSocketError, handshake, upgrade};
use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HOST, HeaderValue, UPGRADE};
use hyper::rt::Executor;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

/// Accepts connections and sends back what comes.
pub fn serve(listener: TcpListener) {
    runtime().block_on(async {
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async {
                let connection = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service_fn(answer))
                    .with_upgrades();
                let _ = connection.await;
            });
        }
    });
}

/// Connects and sends back what comes.
pub fn connect(url: &str) {
    let address = url.trim_start_matches("ws://").trim_end_matches('/');
    let request = Request::get("/")
        .header(HOST, address)
        .header(UPGRADE, "websocket")
        .header(CONNECTION, "upgrade")
        .header("Sec-WebSocket-Key", handshake::generate_key())
        .header("Sec-WebSocket-Version", "13")
        .body(Empty::<Bytes>::new())
        .unwrap();
    runtime().block_on(async {
        let stream = TcpStream::connect(address).await.unwrap();
        if let Ok((socket, _)) = handshake::client(&Spawn, request, stream).await {
            let _ = echo(FragmentCollector::new(socket)).await;
        }
    });
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_io().build().unwrap()
}

/// `upgrade` leaves it to its caller to look at `Upgrade` and `Connection`, and to answer errors.
async fn answer(mut request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, Infallible> {
    if !upgrade::is_upgrade_request(&request) {
        return Ok(refusal(StatusCode::BAD_REQUEST));
    }
    let (response, socket) = match upgrade::upgrade(&mut request) {
        Ok(upgraded) => upgraded,
        Err(WebSocketError::InvalidSecWebsocketVersion) => {
            let mut response = refusal(StatusCode::UPGRADE_REQUIRED);
            let versions = HeaderValue::from_static("13");
            response
                .headers_mut()
                .insert("Sec-WebSocket-Version", versions);
            return Ok(response);
        }
        Err(_) => return Ok(refusal(StatusCode::BAD_REQUEST)),
    };
    tokio::spawn(async {
        if let Ok(socket) = socket.await {
            let _ = echo(FragmentCollector::new(socket)).await;
        }
    });
    Ok(response)
}

fn refusal(status: StatusCode) -> Response<Empty<Bytes>> {
    let mut response = Response::new(Empty::new());
    *response.status_mut() = status;
    response
}

/// Ends with the connection.
async fn echo(mut socket: FragmentCollector<TokioIo<Upgraded>>) -> Result<(), WebSocketError> {
    loop {
        let frame = socket.read_frame().await?;
        match frame.opcode {
            OpCode::Close => return Ok(()),
            OpCode::Text | OpCode::Binary => socket.write_frame(frame).await?,
            _ => {}
        }
    }
}

struct Spawn;

impl<F: Future<Output: Send + 'static> + Send + 'static> Executor<F> for Spawn {
    fn execute(&self, future: F) {
        tokio::spawn(future);
    }
}
