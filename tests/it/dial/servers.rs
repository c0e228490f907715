//! Servers of the tests: each accepts connections on a free port of the loopback address, in a
//! thread that ends with the process.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256,
    date_time_ymd,
};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// The response of RFC 6455 section 1.3, whatever the key is.
pub(super) const SWITCHING: &str = "HTTP/1.1 101 Switching Protocols\r\n\r\n";

/// Serves each connection with `serve`. Returns the address.
pub(super) fn start(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    start_at("127.0.0.1:0", serve)
}

/// The same on this address.
pub(super) fn start_at(
    address: &str,
    serve: impl Fn(TcpStream) + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind(address).unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for socket in listener.incoming() {
            let (socket, serve) = (socket.unwrap(), Arc::clone(&serve));
            thread::spawn(move || serve(socket));
        }
    });
    address
}

/// Ends each connection after its first bytes.
pub(super) fn closing() -> SocketAddr {
    start(|mut socket| {
        let _ = socket.read(&mut [0; 4096]);
    })
}

/// Answers each connection, after its first bytes, with these bytes.
pub(super) fn answering(bytes: &'static [u8]) -> SocketAddr {
    start(move |socket| answer(socket, bytes))
}

/// Reads the first bytes, writes these, and ends the stream when the client has.
pub(super) fn answer(mut stream: impl Read + Write, bytes: &[u8]) {
    let mut first = [0; 4096];
    if stream.read(&mut first).is_ok_and(|size| size > 0) && stream.write_all(bytes).is_ok() {
        let _ = stream.flush();
        drain(stream);
    }
}

/// Reads until the client ends the stream.
fn drain(mut stream: impl Read) {
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return,
            Err(error) if error.kind() != ErrorKind::Interrupted => return,
            _ => {}
        }
    }
}

/// An HTTP proxy that opens each connection that it is asked for, and the heads of the requests.
pub(super) fn forwarding() -> (SocketAddr, Receiver<String>) {
    let (sender, requests) = mpsc::channel();
    let proxy = start(move |mut client| {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            client.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        let head = String::from_utf8(head).unwrap();
        let target = head.split(' ').nth(1).unwrap();
        let mut server = TcpStream::connect(target).unwrap();
        sender.send(head).unwrap();
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let (mut from_server, mut to_client) =
            (server.try_clone().unwrap(), client.try_clone().unwrap());
        thread::spawn(move || {
            let _ = std::io::copy(&mut from_server, &mut to_client);
            let _ = to_client.shutdown(Shutdown::Write);
        });
        let _ = std::io::copy(&mut client, &mut server);
        let _ = server.shutdown(Shutdown::Write);
    });
    (proxy, requests)
}

/// A port on which nothing listens.
pub(super) fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A certificate authority.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

/// A certificate and its key.
pub(super) struct Identity {
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self {
            issuer: Issuer::new(params, key),
            certificate,
        }
    }

    /// A certificate for `name`, valid in these years.
    pub(super) fn signs(&self, name: &str, from: i32, until: i32) -> Identity {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 12, 31);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            certificate: certificate.der().clone(),
            key: key.serialize_der(),
        }
    }

    /// The certificate of the authority, in PEM.
    pub(super) fn pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }
}

impl Identity {
    /// A certificate for `name` that is signed by itself, and is that of an authority.
    pub(super) fn of_an_authority(name: &str) -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self {
            certificate: params.self_signed(&key).unwrap().der().clone(),
            key: key.serialize_der(),
        }
    }

    /// The certificate in PEM.
    pub(super) fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// The key in PEM.
    pub(super) fn key_pem(&self) -> String {
        pem("PRIVATE KEY", &self.key)
    }

    /// The configuration of a server with this certificate. It requires certificates of
    /// `clients`, if that is given.
    pub(super) fn server(&self, clients: Option<&Authority>, alpn: &[&str]) -> ServerConfig {
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority.certificate.clone()).unwrap();
                let provider = Arc::new(default_provider());
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let key = PrivateKeyDer::try_from(self.key.clone()).unwrap();
        let mut config = builder
            .with_single_cert(vec![self.certificate.clone()], key)
            .unwrap();
        config.alpn_protocols = alpn.iter().map(|it| it.as_bytes().to_vec()).collect();
        config
    }
}

/// Answers each connection over TLS with these bytes.
pub(super) fn answering_tls(config: ServerConfig, bytes: &'static [u8]) -> SocketAddr {
    let config = Arc::new(config);
    start(move |socket| {
        let session = ServerConnection::new(Arc::clone(&config)).unwrap();
        answer(StreamOwned::new(session, socket), bytes);
    })
}

fn pem(label: &str, der: &[u8]) -> String {
    let body = BASE64.encode(der);
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

/// Requests a certificate of each client, and ends the connection after the handshake, whatever
/// the client sent.
pub(super) fn requesting_certificates(authority: &Authority) -> SocketAddr {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate.clone()).unwrap();
    let provider = Arc::new(default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let verifier = verifier.allow_unauthenticated().build().unwrap();
    let identity = authority.signs("localhost", 2000, 2100);
    let key = PrivateKeyDer::try_from(identity.key).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![identity.certificate], key)
        .unwrap();
    let config = Arc::new(config);
    start(move |socket| {
        let session = ServerConnection::new(Arc::clone(&config)).unwrap();
        let _ = StreamOwned::new(session, socket).read(&mut [0; 4096]);
    })
}
