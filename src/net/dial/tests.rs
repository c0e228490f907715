use super::*;
use crate::net::Tls;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::time::SystemTime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn options() -> DialOptions {
    DialOptions {
        connect_to: None,
        unix: None,
        family: None,
        proxy: None,
        server_name: None,
        tls: None,
        timeout: Duration::from_secs(5),
    }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(test)
}

async fn dialled(url: &str, options: &DialOptions) -> Result<(Transport, String), DialError> {
    let Dialed { transport, steps } = dial(&Target::parse(url).unwrap(), options).await?;
    Ok((transport, names(&steps)))
}

fn names(steps: &[CompletedStep]) -> String {
    let name = |step: &CompletedStep| {
        let version = step.tls_version.as_ref().map(|it| format!(" ({it})"));
        [step.step.name(), &version.unwrap_or_default()].concat()
    };
    steps.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[test]
fn an_address_is_dialled_without_a_name_to_resolve() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let (_stream, steps) = dialled(&url, &options()).await.unwrap();
        assert_eq!(steps, "tcp");
    });
}

#[test]
fn a_refused_connection_names_each_address() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let error = dialled(&format!("ws://{address}/"), &options())
            .await
            .unwrap_err();
        assert_eq!(error.step, DialStep::Tcp);
        assert_eq!(error.to_string(), format!("{address}: Connection refused"));
    });
}

#[test]
fn what_came_before_a_reset_is_read_after_a_write_has_failed() {
    run(async {
        let tls = Tls::self_signed("127.0.0.1", SystemTime::now()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("wss://{}/", listener.local_addr().unwrap());
        let serve = async {
            let (socket, _) = listener.accept().await.unwrap();
            socket.set_nodelay(true).unwrap();
            let mut stream = tls.acceptor.accept(socket).await.unwrap();
            stream.write_all(b"too large").await.unwrap();
            stream.flush().await.unwrap();
            stream.get_ref().0.set_zero_linger().unwrap();
        };
        let options = DialOptions {
            tls: Some(TlsClient::new(&Trust::Anything, None).unwrap()),
            ..options()
        };
        let ((), dialled) = tokio::join!(serve, dialled(&url, &options));
        let (mut transport, _) = dialled.unwrap();
        let large = vec![0; 1 << 20];
        assert!(transport.write_all(&large).await.is_err());
        let mut bytes = [0; 64];
        let size = transport.read(&mut bytes).await.unwrap();
        assert_eq!(&bytes[..size], b"too large");
        assert!(transport.read(&mut bytes).await.is_err());
    });
}

#[test]
fn a_certificate_is_verified_unless_everything_is_trusted() {
    run(async {
        let tls = Tls::self_signed("127.0.0.1", SystemTime::now()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("wss://{}/", listener.local_addr().unwrap());
        let serve = async {
            for _ in 0..2 {
                let (socket, _) = listener.accept().await.unwrap();
                let _ = tls.acceptor.accept(socket).await;
            }
        };
        let ask = async {
            let trust = Trust::Authorities(certificate_of_another_authority());
            let client = TlsClient::new(&trust, None).unwrap();
            let strict = DialOptions {
                tls: Some(client),
                ..options()
            };
            let error = dialled(&url, &strict).await.unwrap_err();
            assert!(
                matches!(
                    error.reason,
                    DialFailure::Tls(TlsProblem::Certificate(
                        CertificateProblem::UnknownAuthority
                    ))
                ),
                "{error:?}"
            );
            let client = TlsClient::new(&Trust::Anything, None).unwrap();
            let lax = DialOptions {
                tls: Some(client),
                ..options()
            };
            let (_stream, steps) = dialled(&url, &lax).await.unwrap();
            assert_eq!(steps, "tcp, tls (TLS 1.3)");
        };
        tokio::join!(serve, ask);
    });
}

#[test]
fn a_port_without_tls_is_told() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("wss://{}/", listener.local_addr().unwrap());
        let serve = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            socket
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .await
                .unwrap();
        };
        let client = TlsClient::new(&Trust::Anything, None).unwrap();
        let with_tls = DialOptions {
            tls: Some(client),
            ..options()
        };
        let ask = async {
            let error = dialled(&url, &with_tls).await.unwrap_err();
            assert!(
                matches!(error.reason, DialFailure::Tls(TlsProblem::NotTls)),
                "{error:?}"
            );
        };
        tokio::join!(serve, ask);
    });
}

#[test]
fn an_http_proxy_is_asked_with_connect() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let proxy = Proxy::parse(&format!("http://user:pass@{address}")).unwrap();
        let through = DialOptions {
            proxy: Some(proxy),
            ..options()
        };
        let serve = async {
            let mut requests = Vec::new();
            for reply in [
                "HTTP/1.1 200 OK\r\n\r\nafter",
                "HTTP/1.1 407 Who Are You\r\n\r\n",
                "SSH-2.0\r\n",
            ] {
                let (mut socket, _) = listener.accept().await.unwrap();
                let mut request = vec![0; 1000];
                let count = socket.read(&mut request).await.unwrap();
                requests.push(String::from_utf8_lossy(&request[..count]).into_owned());
                socket.write_all(reply.as_bytes()).await.unwrap();
            }
            requests
        };
        let ask = async {
            let (mut stream, steps) = dialled("ws://a.invalid:8000/", &through).await.unwrap();
            let mut after = String::new();
            stream.read_to_string(&mut after).await.unwrap();
            let refused = dialled("ws://[::1]:1/", &through)
                .await
                .unwrap_err()
                .to_string();
            let other = dialled("ws://a.invalid/", &through)
                .await
                .unwrap_err()
                .to_string();
            (steps, after, refused, other)
        };
        let (requests, asked) = tokio::join!(serve, ask);
        assert_eq!(
            requests[0],
            "CONNECT a.invalid:8000 HTTP/1.1\r\nHost: a.invalid:8000\r\nProxy-Authorization: Basic \
             dXNlcjpwYXNz\r\n\r\n"
        );
        assert!(requests[1].starts_with("CONNECT [::1]:1 HTTP/1.1\r\n"));
        let (steps, after, refused, other) = asked;
        assert_eq!((steps.as_str(), after.as_str()), ("tcp, proxy", "after"));
        assert_eq!(refused, "the proxy refused: 407 Who Are You");
        assert_eq!(other, "the reply is not that of a proxy");
    });
}

#[test]
fn a_request_is_sent_and_the_frames_glued_to_the_response_are_kept() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let head = b"HTTP/1.1 101 Switching Protocols\r\n\r\n";
        let serve = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 100];
            let size = socket.read(&mut request).await.unwrap();
            let response = [head, &b"\x81\x02hi"[..]].concat();
            socket.write_all(&response).await.unwrap();
            request.truncate(size);
            request
        };
        let target = Target::parse(&url).unwrap();
        let options = options();
        let ask = open(&target, &options, b"GET / HTTP/1.1\r\n\r\n");
        let (request, opened) = tokio::join!(serve, ask);
        let Opened {
            mut transport,
            response,
            steps,
        } = opened.unwrap();
        assert_eq!(request, b"GET / HTTP/1.1\r\n\r\n");
        assert_eq!(response.head, head);
        let mut frames = response.after_head;
        transport.read_to_end(&mut frames).await.unwrap();
        assert_eq!(frames, b"\x81\x02hi");
        assert_eq!(names(&steps), "tcp, upgrade");
    });
}

#[test]
fn a_server_that_closes_without_a_response_fails_the_upgrade() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let serve = async { drop(listener.accept().await.unwrap()) };
        let target = Target::parse(&url).unwrap();
        let options = options();
        let ((), opened) = tokio::join!(serve, open(&target, &options, b""));
        let error = opened.unwrap_err();
        assert_eq!(error.step, DialStep::Upgrade);
        assert_eq!(error.to_string(), "the peer closed the connection");
        assert_eq!(names(&error.completed), "tcp");
    });
}

#[test]
fn silence_ends_with_the_time() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TlsClient::new(&Trust::Anything, None).unwrap();
        let hasty = DialOptions {
            tls: Some(client),
            timeout: Duration::from_millis(20),
            ..options()
        };
        let url = format!("wss://{}/", listener.local_addr().unwrap());
        let error = dialled(&url, &hasty).await.unwrap_err();
        assert_eq!(
            (error.step, error.to_string().as_str()),
            (DialStep::Tls, "no answer in 0.02 s")
        );
    });
}

fn certificate_of_another_authority() -> Vec<u8> {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["other.example".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let body = STANDARD.encode(certificate.der());
    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n").into_bytes()
}
