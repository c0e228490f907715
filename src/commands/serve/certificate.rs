//! The certificate of `wsctl serve`: a new one, or one from files.

use std::path::Path;
use std::time::SystemTime;

use crate::Error;
use crate::cli::ServeArgs;
use crate::input::Source;
use crate::net::{Tls, TlsError};

/// The TLS settings; None without `--tls` and `--cert`.
pub(super) fn of(args: &ServeArgs) -> Result<Option<Tls>, Error> {
    if let (Some(cert), Some(key)) = (&args.cert, &args.key) {
        return from_files(cert, key).map(Some);
    }
    if !args.tls {
        return Ok(None);
    }
    let tls = Tls::self_signed(&args.host, SystemTime::now());
    let tls = tls.map_err(|error| {
        Error::Usage(format!(
            "cannot make a certificate for {}: {error}",
            args.host
        ))
    })?;
    Ok(Some(tls))
}

fn from_files(cert: &Path, key: &Path) -> Result<Tls, Error> {
    let read = |path: &Path| Source::File(path.to_owned()).read_all();
    Tls::from_pem(&read(cert)?, &read(key)?).map_err(|error| {
        let file = match error {
            TlsError::NoKey | TlsError::OtherKey => key,
            TlsError::NoCertificate | TlsError::Unusable(_) => cert,
        };
        Error::Usage(format!("cannot use {}: {error}", file.display()))
    })
}
