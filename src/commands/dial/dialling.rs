//! What is dialled and with which request, out of a URL and the options.

use std::env;
use std::path::Path;

use super::Redirect;
use crate::Error;
use crate::cli::DialArgs;
use crate::commands::deflate;
use crate::input::Source;
use crate::net::TlsError;
use crate::net::dial::{
    AddressFamily, DialOptions, Proxy, ProxyKind, Target, TargetError, TlsClient, Trust,
    proxy_of_environment,
};
use crate::ws::fault::RequestFaults;
use crate::ws::handshake::{ClientRequest, ClientSupport, Header, RequestHead};

/// What is dialled and how, and what is asked for.
#[derive(Clone, Debug)]
pub(in crate::commands) struct Dialling {
    /// What the URL names.
    pub(in crate::commands) target: Target,
    /// How the connection is opened.
    pub(in crate::commands) options: DialOptions,
    /// The environment variable that named the proxy of `options`.
    pub(in crate::commands) proxy_variable: Option<&'static str>,
    /// Whether the client has a certificate.
    pub(in crate::commands) has_certificate: bool,
    /// The subprotocols and the compression that are offered.
    pub(in crate::commands) support: ClientSupport,
    /// The headers that the user adds, with that for `--user`, and `--origin`.
    pub(in crate::commands) headers: Vec<Header>,
    /// The redirects that were followed, in their order. The last one leads to the target.
    pub(in crate::commands) redirects: Vec<Redirect>,
    /// The bytes that follow the request, before the response is received.
    pub(in crate::commands) after_request: Vec<u8>,
}

impl Dialling {
    /// # Errors
    ///
    /// [`Error`] if the URL or the value of an option cannot be used, or a file cannot be read.
    pub(in crate::commands) fn new(url: &str, args: &DialArgs) -> Result<Self, Error> {
        let usage = |error: TargetError| Error::Usage(error.to_string());
        let target = Target::parse(url).map_err(usage)?;
        let headers = headers(&target, args);
        let mut dialling = Self::to(target, args)?;
        dialling.headers = headers;
        dialling.options.connect_to.clone_from(&args.connect_to);
        dialling.options.unix.clone_from(&args.unix);
        dialling.options.server_name.clone_from(&args.servername);
        Ok(dialling)
    }

    /// A request with a new key.
    ///
    /// # Errors
    ///
    /// [`Error`] if the system has no random bytes.
    pub(in crate::commands) fn request(&self) -> Result<RequestHead, Error> {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce)
            .map_err(|error| Error::Usage(format!("cannot make a random key: {error}")))?;
        let request = ClientRequest {
            target: self.target.path.clone(),
            host: self.target.authority(),
            nonce,
            extra: self.headers.clone(),
        };
        Ok(request.head(&self.support))
    }

    /// Makes the request wrong on purpose.
    pub(in crate::commands) fn inject(&mut self, faults: &RequestFaults) {
        for header in &faults.headers {
            self.headers.retain(|it| !it.is_named(&header.name));
            self.headers.push(header.clone());
        }
        if let Some((header, payload)) = &faults.early_frame {
            let mut masked = payload.clone();
            if let Some(key) = header.masking_key {
                key.apply(0, &mut masked);
            }
            self.after_request = [&header.encode()[..], &masked].concat();
        }
    }

    /// Without the options that are meant for the URL alone.
    fn to(target: Target, args: &DialArgs) -> Result<Self, Error> {
        let (proxy, proxy_variable) = proxy(&target, args)?;
        let is_https_proxy = |proxy: &Proxy| proxy.kind == ProxyKind::Https;
        let needs_tls = target.is_secure || proxy.as_ref().is_some_and(is_https_proxy);
        let options = DialOptions {
            connect_to: None,
            unix: None,
            family: match (args.ipv4, args.ipv6) {
                (true, _) => Some(AddressFamily::V4),
                (_, true) => Some(AddressFamily::V6),
                _ => None,
            },
            proxy,
            server_name: None,
            tls: needs_tls.then(|| tls(args)).transpose()?,
            timeout: args.connect_timeout,
        };
        Ok(Self {
            target,
            options,
            proxy_variable,
            has_certificate: args.cert.is_some(),
            support: ClientSupport {
                subprotocols: args.subprotocol.clone(),
                deflate: args.deflate.as_deref().map(deflate::offer).transpose()?,
            },
            headers: Vec::new(),
            redirects: Vec::new(),
            after_request: Vec::new(),
        })
    }

    /// The same for the target of a redirect. Another host or port gets no credentials and no
    /// `Host` header of the user, and the options for the address of the URL do not apply to it;
    /// a target without TLS gets no credentials that were sent over TLS.
    pub(super) fn redirected(&self, redirect: Redirect, args: &DialArgs) -> Result<Self, Error> {
        let target = redirect.to.clone();
        let is_same = target.host == self.target.host && target.port == self.target.port;
        let is_as_secure = target.is_secure || !self.target.is_secure;
        let mut next = Self::to(target, args)?;
        if is_same {
            next.options.connect_to.clone_from(&self.options.connect_to);
            next.options.unix.clone_from(&self.options.unix);
        }
        if is_same || self.options.server_name.as_ref() == Some(&next.target.host) {
            next.options
                .server_name
                .clone_from(&self.options.server_name);
        }
        next.headers.clone_from(&self.headers);
        next.redirects.clone_from(&self.redirects);
        next.redirects.push(redirect);
        next.after_request.clone_from(&self.after_request);
        next.headers.retain(|header| {
            let is_kept = is_same || !header.is_named("Host");
            is_kept && (is_same && is_as_secure || !header.is_secret())
        });
        Ok(next)
    }
}

/// The proxy to use, and the environment variable that names it.
fn proxy(target: &Target, args: &DialArgs) -> Result<(Option<Proxy>, Option<&'static str>), Error> {
    let parse = |name: &str, url: &str| {
        Proxy::parse(url).map_err(|why| Error::Usage(format!("{name}: {why}")))
    };
    if let Some(url) = &args.proxy {
        return Ok((Some(parse("--proxy", url)?), None));
    }
    if args.no_proxy || args.unix.is_some() {
        return Ok((None, None));
    }
    match proxy_of_environment(target, |name| env::var(name).ok()) {
        Some(found) => {
            let proxy = parse(found.variable, &found.url)?;
            Ok((Some(proxy), Some(found.variable)))
        }
        None => Ok((None, None)),
    }
}

fn tls(args: &DialArgs) -> Result<TlsClient, Error> {
    let read = |path: &Path| Source::File(path.to_owned()).read_all();
    let trust = match &args.cacert {
        _ if args.insecure => Trust::Anything,
        Some(path) => Trust::Authorities(read(path)?),
        None => Trust::System,
    };
    let cannot_use = |file: Option<&Path>, error| {
        Error::Usage(match file {
            Some(file) => format!("cannot use {}: {error}", file.display()),
            None => format!("cannot use the certificates of the system: {error}"),
        })
    };
    let client = TlsClient::new(&trust, None);
    let client = client.map_err(|error| cannot_use(args.cacert.as_deref(), error))?;
    let (Some(cert), Some(key)) = (&args.cert, &args.key) else {
        return Ok(client);
    };
    let identity = (read(cert)?, read(key)?);
    TlsClient::new(&trust, Some((&identity.0, &identity.1))).map_err(|error| {
        let file = match error {
            TlsError::NoKey | TlsError::OtherKey => key,
            TlsError::NoCertificate | TlsError::Unusable(_) => cert,
        };
        cannot_use(Some(file), error)
    })
}

/// The headers that the user adds to the request.
fn headers(target: &Target, args: &DialArgs) -> Vec<Header> {
    let mut headers = args.header.clone();
    if let Some(origin) = &args.origin {
        headers.push(Header::new("Origin", origin.as_str()));
    }
    let user = match &args.user {
        Some(user) => Some(user.clone()),
        None => target
            .credentials
            .as_ref()
            .map(|(user, password)| format!("{user}:{password}")),
    };
    let is_given = headers.iter().any(|it| it.is_named("Authorization"));
    if let Some(user) = user.filter(|_| !is_given) {
        headers.push(Header::basic_authorization(&user));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args as _, Command, FromArgMatches as _};

    fn args(line: &str) -> DialArgs {
        let command = DialArgs::augment_args(Command::new("test"));
        let words = ["test", "--no-proxy"].into_iter().chain(line.split(' '));
        let matches = command.try_get_matches_from(words.filter(|it| !it.is_empty()));
        DialArgs::from_arg_matches(&matches.unwrap()).unwrap()
    }

    fn request(dialling: &Dialling) -> String {
        let mut head = dialling.request().unwrap();
        head.headers.remove("Sec-WebSocket-Key");
        String::from_utf8(head.encode()).unwrap()
    }

    #[test]
    fn options_become_headers_of_the_request() {
        let args = args(
            "-H X-Own:1 -H host:other --origin http://o.example -s a -s b --deflate -u me:secret",
        );
        let dialling = Dialling::new("ws://url:password@h:1/x?y", &args).unwrap();
        assert_eq!(
            request(&dialling),
            "GET /x?y HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: a, b\r\n\
             Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\
             X-Own: 1\r\nhost: other\r\nOrigin: http://o.example\r\n\
             Authorization: Basic bWU6c2VjcmV0\r\n\r\n"
        );
    }

    #[test]
    fn each_request_has_a_key_of_its_own() {
        let dialling = Dialling::new("ws://h/", &args("")).unwrap();
        assert_ne!(dialling.request().unwrap(), dialling.request().unwrap());
    }

    fn redirect_to(dialling: &Dialling, to: Target) -> Redirect {
        Redirect {
            status: 307,
            from: dialling.target.clone(),
            to,
        }
    }

    #[test]
    fn a_redirect_to_another_host_gets_no_credentials() {
        let args = args("-H Cookie:a=1 -H X-Own:1 -H Host:h -u me:secret --connect-to [::1]:2");
        let first = Dialling::new("ws://h:1/", &args).unwrap();
        let names = |location: &str| {
            let target = first.target.join(location).unwrap();
            let next = first
                .redirected(redirect_to(&first, target), &args)
                .unwrap();
            let names = next.headers.iter().map(|it| it.name.clone());
            (names.collect::<Vec<_>>().join(" "), next.options.connect_to)
        };
        let address = Some(("::1".to_owned(), 2));
        let all = "Cookie X-Own Host Authorization".to_owned();
        assert_eq!(names("/other"), (all.clone(), address.clone()));
        assert_eq!(names("wss://h:1/"), (all, address));
        assert_eq!(names("ws://other:1/"), ("X-Own".to_owned(), None));
        assert_eq!(names("ws://h:2/"), ("X-Own".to_owned(), None));
    }

    #[test]
    fn credentials_that_were_sent_over_tls_are_not_sent_without_it() {
        let args = args("-k -u me:secret");
        let first = Dialling::new("wss://h:1/", &args).unwrap();
        let target = Target::parse("ws://h:1/").unwrap();
        let next = first
            .redirected(redirect_to(&first, target), &args)
            .unwrap();
        assert_eq!(next.headers, []);
    }
}
