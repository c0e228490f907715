//! The certificate and the private key of a TLS server.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{CertificateParams, DnType, KeyPair, PKCS_ECDSA_P256_SHA256, date_time_ymd};
use sha2::{Digest as _, Sha256};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// A certificate and its private key, ready to accept connections.
///
/// The cryptography is that of *ring*: rcgen needs it too, and it is built with a C compiler
/// alone; aws-lc-rs is a far larger library, and needs cmake on some machines.
#[derive(Clone)]
pub struct Tls {
    pub(in crate::net) acceptor: TlsAcceptor,
    fingerprint: String,
}

/// Why a certificate or a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsError {
    /// The file has no certificate in PEM.
    NoCertificate,
    /// The file has no private key in PEM, or only an encrypted one.
    NoKey,
    /// The key belongs to another certificate.
    OtherKey,
    /// The error of the TLS library.
    Unusable(String),
}

impl Tls {
    /// Makes a self-signed certificate, valid for two weeks, for `localhost`, the loopback
    /// addresses and `host`.
    ///
    /// # Errors
    ///
    /// [`TlsError`] if `host` cannot be a name in a certificate.
    pub fn self_signed(host: &str, now: SystemTime) -> Result<Self, TlsError> {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let unusable = |error: rcgen::Error| TlsError::Unusable(error.to_string());
        let mut names = ["localhost", "127.0.0.1", "::1"]
            .map(str::to_owned)
            .to_vec();
        if !names.iter().any(|name| name == host) {
            names.push(host.to_owned());
        }
        let mut params = CertificateParams::new(names).map_err(unusable)?;
        params
            .distinguished_name
            .push(DnType::CommonName, "wsctl serve");
        let since_1970 = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        // The clock of the client may be slow.
        params.not_before = date_time_ymd(1970, 1, 1) + since_1970.saturating_sub(DAY);
        params.not_after = params.not_before + 15 * DAY;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(unusable)?;
        let certificate = params.self_signed(&key).map_err(unusable)?;
        let key = PrivateKeyDer::try_from(key.serialize_der())
            .map_err(|error| TlsError::Unusable(error.to_owned()))?;
        Self::new(vec![certificate.der().clone()], key)
    }

    /// Reads certificates, the server's own first, and a private key, both in PEM.
    ///
    /// # Errors
    ///
    /// [`TlsError`] if they cannot be read or do not belong together.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let certificates: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(certificates).collect();
        let certificates = certificates
            .ok()
            .filter(|certificates| !certificates.is_empty())
            .ok_or(TlsError::NoCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::NoKey)?;
        Self::new(certificates, key)
    }

    fn new(
        certificates: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, TlsError> {
        let fingerprint = certificates
            .first()
            .map_or_else(String::new, |it| fingerprint(it));
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::Unusable(error.to_string()))?
            .with_no_client_auth()
            .with_single_cert(certificates, key)
            .map_err(|error| match error {
                rustls::Error::InconsistentKeys(_) => TlsError::OtherKey,
                error => TlsError::Unusable(error.to_string()),
            })?;
        // A connection can only be upgraded in HTTP/1.1 (RFC 6455 section 4.1).
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            fingerprint,
        })
    }

    /// The SHA-256 of the server's certificate, in the form of browsers and OpenSSL.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

fn fingerprint(certificate: &[u8]) -> String {
    let digest = Sha256::digest(certificate);
    let bytes: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    bytes.join(":")
}

/// Without the private key.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

/// The text after "cannot use cert.pem: ".
impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCertificate => f.write_str("it has no certificate in PEM"),
            Self::NoKey => f.write_str("it has no private key in PEM, or only an encrypted one"),
            Self::OtherKey => f.write_str("the key belongs to another certificate"),
            Self::Unusable(error) => f.write_str(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_self_signed_certificate_is_new() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let [one, two] = [(); 2].map(|()| Tls::self_signed("127.0.0.1", now).unwrap());
        assert_ne!(one.fingerprint(), two.fingerprint());
        assert_eq!(one.fingerprint().len(), 32 * 3 - 1);
        assert!(Tls::self_signed("::1", SystemTime::UNIX_EPOCH).is_ok());
        assert!(matches!(
            Tls::self_signed("höst", now),
            Err(TlsError::Unusable(_))
        ));
    }

    #[test]
    fn the_fingerprint_is_the_digest_in_pairs_of_digits() {
        assert!(fingerprint(b"").starts_with("E3:B0:C4:42:98:FC"));
    }

    #[test]
    fn text_that_is_not_pem_is_an_error() {
        let error = |certificates: &str, key: &str| {
            Tls::from_pem(certificates.as_bytes(), key.as_bytes()).unwrap_err()
        };
        assert_eq!(error("", ""), TlsError::NoCertificate);
        let certificate = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
        assert_eq!(error(certificate, certificate), TlsError::NoKey);
    }
}
