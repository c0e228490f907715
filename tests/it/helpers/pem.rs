//! PEM, in which certificates and keys are stored in files (RFC 7468).

/// The PEM of a DER encoding.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let base64 = base64::prelude::BASE64_STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
}
