//! What is wrong with an opening handshake, where it shows, and what speaks for a cause.

mod behind;
mod foreign;
mod heading;
mod key;
mod lines;
mod proxy;
mod request;
mod response;
mod status;

pub use foreign::judge_foreign;

use super::{Finding, Within};
use crate::ws::handshake::Handshake;
use heading::Heading;

/// Everything that is wrong or doubtful in a handshake: what stands in front of it, then
/// the request, then the response, each from its first line to what follows it.
pub fn judge_handshake(handshake: &Handshake) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(foreign::judge_lead(handshake));
    if let Some(request) = &handshake.request {
        let heading = Heading::new(Within::Request, &request.lines);
        findings.extend(request::judge(request, &heading, handshake));
        findings.extend(behind::judge_request(request, handshake));
    }
    if let Some(response) = &handshake.response {
        let heading = Heading::new(Within::Response, &response.lines);
        findings.extend(response::judge(response, &heading, handshake));
        findings.extend(behind::judge_response(response, handshake));
    }
    findings
}
