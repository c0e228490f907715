//! Echo servers made with Rust libraries, as in the libraries' own examples. They run in the
//! process of the tests until it ends.

use std::convert::Infallible;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use fastwebsockets::upgrade::{UpgradeFut, is_upgrade_request, upgrade};
use fastwebsockets::{FragmentCollector, OpCode, WebSocketError};
use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderValue;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The version of a library in `Cargo.lock`.
pub(crate) fn version(library: &str) -> &'static str {
    let lock = include_str!("../../../Cargo.lock");
    let name = format!("name = \"{library}\"\nversion = \"");
    let (_, after) = lock.split_once(&name).unwrap();
    after.split('"').next().unwrap()
}

/// Starts a server of tungstenite. `certificate` has the PEM files of a certificate and its key.
pub(super) fn start_tungstenite(certificate: Option<[&str; 2]>) -> SocketAddr {
    let tls = certificate.map(tls);
    let (listener, address) = listen();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            let tls = tls.clone();
            thread::spawn(move || match tls {
                None => echo_tungstenite(stream),
                Some(tls) => {
                    let session = ServerConnection::new(tls).unwrap();
                    echo_tungstenite(StreamOwned::new(session, stream));
                }
            });
        }
    });
    address
}

/// Echoes the messages of a connection until it ends.
fn echo_tungstenite(stream: impl Read + Write) {
    let Ok(mut socket) = tungstenite::accept(stream) else {
        return;
    };
    while let Ok(message) = socket.read() {
        let is_echoed = message.is_text() || message.is_binary();
        if is_echoed && socket.send(message).is_err() {
            break;
        }
    }
}

/// The same with fastwebsockets, whose handshake is that of hyper.
pub(super) fn start_fastwebsockets(certificate: Option<[&str; 2]>) -> SocketAddr {
    let tls = certificate.map(|files| TlsAcceptor::from(tls(files)));
    let (listener, address) = listen();
    listener.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let tls = tls.clone();
                tokio::spawn(async move {
                    match tls {
                        None => serve_fastwebsockets(stream).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve_fastwebsockets(stream).await;
                            }
                        }
                    }
                });
            }
        });
    });
    address
}

async fn serve_fastwebsockets<S>(stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let stream = TokioIo::new(stream);
    let connection = http1::Builder::new().serve_connection(stream, service_fn(answer));
    // The client sees an error.
    let _ = connection.with_upgrades().await;
}

/// Answers a request. `upgrade` leaves it to its caller to look at `Upgrade` and `Connection`, and
/// to answer errors.
async fn answer(mut request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, Infallible> {
    if !is_upgrade_request(&request) {
        return Ok(refusal(StatusCode::BAD_REQUEST));
    }
    match upgrade(&mut request) {
        Ok((response, socket)) => {
            tokio::spawn(echo_fastwebsockets(socket));
            Ok(response)
        }
        Err(WebSocketError::InvalidSecWebsocketVersion) => {
            let mut response = refusal(StatusCode::UPGRADE_REQUIRED);
            let versions = HeaderValue::from_static("13");
            let headers = response.headers_mut();
            headers.insert("Sec-WebSocket-Version", versions);
            Ok(response)
        }
        Err(_) => Ok(refusal(StatusCode::BAD_REQUEST)),
    }
}

fn refusal(status: StatusCode) -> Response<Empty<Bytes>> {
    let mut response = Response::new(Empty::new());
    *response.status_mut() = status;
    response
}

async fn echo_fastwebsockets(socket: UpgradeFut) -> Result<(), WebSocketError> {
    let mut socket = FragmentCollector::new(socket.await?);
    loop {
        let frame = socket.read_frame().await?;
        match frame.opcode {
            OpCode::Close => return Ok(()),
            OpCode::Text | OpCode::Binary => socket.write_frame(frame).await?,
            _ => {}
        }
    }
}

fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn tls([certificate, key]: [&str; 2]) -> Arc<ServerConfig> {
    let certificate = fs::read(certificate).unwrap();
    let key = fs::read(key).unwrap();
    let certificates = CertificateDer::pem_slice_iter(&certificate).map(Result::unwrap);
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            certificates.collect(),
            PrivateKeyDer::from_pem_slice(&key).unwrap(),
        );
    Arc::new(config.unwrap())
}
