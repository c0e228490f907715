//! The ways in which the peer in memory deviates.

use wsctl::ws::handshake::ResponseError;
use wsctl::ws::{FrameHeader, Rule};

/// One deviation.
pub(crate) enum Deviation {
    /// Accepts requests that contain a text and must be refused.
    Accepts(fn(&str) -> bool),
    /// Refuses requests that contain a text and must be accepted.
    Refuses(fn(&str) -> bool),
    /// Changes the response to this request.
    Responds(fn(&str, &mut String)),
    /// Answers an offer of extensions with this; an empty text is none.
    Negotiates(fn(&str) -> Option<String>),
    /// Does not read a request that comes in several pieces.
    NeedsWholeHead(fn(&[u8]) -> bool),
    /// Does not fail the connection because of this rule.
    Ignores(fn(Rule, &FrameHeader, &[u8]) -> bool),
    /// Fails the connection because of this frame: its header and its payload, not masked.
    Fails(fn(&FrameHeader, &[u8]) -> bool),
    /// Fails the connection because of this message, inflated.
    FailsMessage(fn(&[u8]) -> bool),
    /// Changes a frame that it sends; false drops it.
    Sends(fn(&mut FrameHeader, &mut Vec<u8>) -> bool),
    /// Masks this frame, which a server must not; does not mask it, which a client must.
    Masks(fn(&FrameHeader) -> bool),
    /// Answers this pong.
    AnswersPong,
    /// Keeps pongs back until the message is complete.
    PongsLate,
    /// Keeps pongs back until more bytes come.
    PongsWithNextBytes,
    /// Closes with another code than it should.
    ClosesWith(fn(u16) -> u16),
    /// Does not close the TCP connection after both close frames.
    KeepsTcp,
    /// Does not end its stream when the client does.
    IgnoresFin,
    /// Stops when a connection is reset.
    DiesOfReset,
    /// Handles what comes after a close frame.
    ReadsOnAfterClose,
    /// Does not inflate.
    IgnoresCompression,
    /// Inflates every message without a context.
    ForgetsContext,
    /// Accepts what cannot be inflated.
    AcceptsDamage(fn(&[u8]) -> bool),
    /// Compresses with a context although it agreed not to.
    KeepsOwnContext,
    /// Compresses with the largest window whatever was agreed on.
    ExceedsWindow,
    /// Takes only the first frame of each read.
    OneFrameARead,
    /// Drops a read in which this header is.
    DropsRead(fn(&FrameHeader) -> bool),
    /// Needs the whole frame in one read, if it is like this.
    NeedsWholeFrame(fn(&[u8]) -> bool),
    /// Reads this length out of one that is larger than its limit.
    MisreadsLength(fn(u64) -> u64),
    /// Waits for the payload of any length.
    WaitsForAnyLength,
    /// Takes a message for uncompressed after a ping inside it.
    PingEndsCompression,
    /// Sends a second close frame.
    ClosesTwice,
    /// Changes the request of a client.
    Requests(fn(&str) -> String),
    /// Does not reject a response because of this error.
    IgnoresResponse(fn(&ResponseError) -> bool),
    /// Loses the frames that come with the response.
    DropsGlued,
    /// Masks the frame of this number with this key.
    Keys(fn(u8) -> [u8; 4]),
}
