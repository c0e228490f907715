//! The values of `--fault` and `--seed`, for `serve` and `connect`.

use crate::Error;
use crate::ws::fault::InjectedFault;

/// Refuses the faults that have no effect on compressed messages, if messages are compressed.
///
/// # Errors
///
/// [`Error::Usage`] that names the fault.
pub(super) fn check(faults: &[InjectedFault], compresses: bool) -> Result<(), Error> {
    let mut faults = faults.iter().filter(|_| compresses);
    let found = faults.find_map(|fault| Some((fault, fault.useless_with_deflate()?)));
    let Some((fault, why)) = found else {
        return Ok(());
    };
    Err(Error::Usage(format!(
        "--fault {fault} has no effect with --deflate: {why}; leave out one of the two options"
    )))
}

/// How to repeat this run, if the faults make random choices and `seed` was not `chosen`.
pub(super) fn seed_notice(
    faults: &[InjectedFault],
    chosen: Option<u64>,
    seed: u64,
) -> Option<String> {
    let is_random = chosen.is_none() && faults.iter().any(InjectedFault::is_random);
    is_random.then(|| format!("--seed {seed} repeats the random choices of this run"))
}

/// The seed of the random choices: the one of `--seed`, or a random one that is short enough to
/// type; 0 without faults.
///
/// # Errors
///
/// [`Error`] if the system has no random bytes.
pub(super) fn seed(faults: &[InjectedFault], chosen: Option<u64>) -> Result<u64, Error> {
    if let Some(seed) = chosen {
        return Ok(seed);
    }
    if faults.is_empty() {
        return Ok(0);
    }
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Usage(format!("cannot make a random seed: {error}")))?;
    Ok(u32::from_be_bytes(bytes).into())
}
