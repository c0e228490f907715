//! TLS for a client: what it trusts, what it offers. `dial` performs the handshake with it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::ResolvesClientCert;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{
    self, ClientConfig, DigitallySignedStruct, KeyLogFile, RootCertStore, SignatureScheme,
};

use crate::net::TlsError;

/// Which server certificates a client accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Those that the system trusts.
    #[default]
    System,
    /// Those signed by these authorities, in PEM, and no others.
    Authorities(Vec<u8>),
    /// All of them: nothing is verified.
    Anything,
}

/// The TLS settings of a client, ready for use.
#[derive(Clone)]
pub struct TlsClient {
    pub(super) connector: TlsConnector,
    requests: Arc<CertificateRequests>,
}

impl TlsClient {
    /// Settings that offer `http/1.1` alone: only a connection of HTTP/1.1 can be upgraded
    /// (RFC 6455 section 4.1). `identity` is a certificate chain and its key, both in PEM. The
    /// environment variable `SSLKEYLOGFILE` names a file for the session keys.
    ///
    /// # Errors
    ///
    /// [`TlsError`] if a certificate or the key cannot be used.
    pub fn new(trust: &Trust, identity: Option<(&[u8], &[u8])>) -> Result<Self, TlsError> {
        let unusable = |error: rustls::Error| TlsError::Unusable(error.to_string());
        let provider = Arc::new(default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(unusable)?;
        let builder = match trust {
            Trust::System => builder.with_platform_verifier().map_err(unusable)?,
            Trust::Authorities(pem) => builder.with_root_certificates(root_store(pem)?),
            Trust::Anything => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AcceptAnything::new(&provider))),
        };
        let mut config = match identity {
            None => builder.with_no_client_auth(),
            Some((certificates, key)) => {
                let certificates = certificates_of(certificates)?;
                let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::NoKey)?;
                builder
                    .with_client_auth_cert(certificates, key)
                    .map_err(|error| match error {
                        rustls::Error::InconsistentKeys(_) => TlsError::OtherKey,
                        error => unusable(error),
                    })?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.key_log = Arc::new(KeyLogFile::new());
        let requests = Arc::new(CertificateRequests {
            identity: Arc::clone(&config.client_auth_cert_resolver),
            was_received: AtomicBool::new(false),
        });
        config.client_auth_cert_resolver = Arc::clone(&requests) as Arc<dyn ResolvesClientCert>;
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            requests,
        })
    }

    /// Whether a server has requested a certificate of the client on a connection with these
    /// settings, required or not.
    pub(super) fn was_asked_for_certificate(&self) -> bool {
        self.requests.was_received.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for TlsClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsClient").finish_non_exhaustive()
    }
}

fn certificates_of(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    certificates
        .ok()
        .filter(|certificates| !certificates.is_empty())
        .ok_or(TlsError::NoCertificate)
}

fn root_store(pem: &[u8]) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for certificate in certificates_of(pem)? {
        store
            .add(certificate)
            .map_err(|error| TlsError::Unusable(error.to_string()))?;
    }
    Ok(store)
}

/// The certificate of the client, if it has one, and whether a server has requested it
/// (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4).
#[derive(Debug)]
struct CertificateRequests {
    identity: Arc<dyn ResolvesClientCert>,
    was_received: AtomicBool,
}

impl ResolvesClientCert for CertificateRequests {
    fn resolve(
        &self,
        authorities: &[&[u8]],
        schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.was_received.store(true, Ordering::Relaxed);
        self.identity.resolve(authorities, schemes)
    }

    fn has_certs(&self) -> bool {
        self.identity.has_certs()
    }
}

/// Accepts every certificate; the signatures of the handshake are still verified.
#[derive(Debug)]
struct AcceptAnything {
    algorithms: WebPkiSupportedAlgorithms,
}

impl AcceptAnything {
    fn new(provider: &CryptoProvider) -> Self {
        Self {
            algorithms: provider.signature_verification_algorithms,
        }
    }
}

impl ServerCertVerifier for AcceptAnything {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
