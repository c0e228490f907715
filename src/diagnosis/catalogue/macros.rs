//! The macros that the pages of the catalogue are written with.

/// Declares the rules of one phase: a static [`RulePage`](super::RulePage) for each, and
/// the list of them.
///
/// ```text
/// rules! { FRAME_RULES: Frame
///     LEN64_MSB "len64-msb" Violation, "RFC 6455 section 5.2" {
///         title "…"
///         cause "…"
///         fix "…"
///         seen "ws": "…"
///         quoted "gorilla": "…"
///         example command "decode --from server 817f8000000000000000"
///     }
/// }
/// ```
///
/// `Suspicious cut` in place of `Suspicious` marks data that may only be cut short. `seen` is
/// a text of the page, `quoted` one that is only searched; both may stand as often as needed,
/// and `seen all LIST` takes a shared list. An example is a `command`, a sentence after
/// `not_visible`, or `request { … } response { … }`, either of them or both, with the
/// changes of [`HeadChange`](super::HeadChange).
macro_rules! rules {
    ($list:ident: $phase:ident $(
        $name:ident $id:literal $severity:ident $($cut:ident)?, $section:literal {
            title $title:literal
            cause $cause:literal
            fix $fix:literal
            $(seen all $shared:ident)?
            $(seen $peer:literal: $message:literal)*
            $(quoted $quoted_peer:literal: $quoted:literal)*
            example $($kind:ident $shown:tt)+
        }
    )+) => {
        $(
            #[doc = concat!("The page of `", $id, "`.")]
            pub static $name: crate::diagnosis::catalogue::RulePage =
                crate::diagnosis::catalogue::RulePage {
                    id: $id,
                    phase: crate::diagnosis::catalogue::Phase::$phase,
                    severity: crate::diagnosis::catalogue::Severity::$severity,
                    is_cut: is_cut!($($cut)?),
                    section: $section,
                    title: $title,
                    cause: $cause,
                    fix: $fix,
                    peer_messages: messages!($($shared)? $(($peer, $message))*),
                    quoted_messages: &[$(($quoted_peer, $quoted)),*],
                    example: example!($($kind $shown)+),
                };
        )+

        /// The rules of this phase, in the order of the list that `explain` prints.
        pub(super) static $list: &[&crate::diagnosis::catalogue::RulePage] = &[$(&$name),+];
    };
}

macro_rules! is_cut {
    () => {
        false
    };
    (cut) => {
        true
    };
}

macro_rules! messages {
    ($shared:ident) => {
        $shared
    };
    ($($message:tt)+) => {
        &[$($message),+]
    };
}

macro_rules! example {
    (command $words:literal) => {
        crate::diagnosis::catalogue::Example::Command($words)
    };
    (not_visible $sentence:literal) => {
        crate::diagnosis::catalogue::Example::NotVisible($sentence)
    };
    (request { $($request:tt)* }) => {
        example!(@handshake (Some(changes!($($request)*))) (None))
    };
    (response { $($response:tt)* }) => {
        example!(@handshake (None) (Some(changes!($($response)*))))
    };
    (request { $($request:tt)* } response { $($response:tt)* }) => {
        example!(@handshake (Some(changes!($($request)*))) (Some(changes!($($response)*))))
    };
    (@handshake ($request:expr) ($response:expr)) => {
        crate::diagnosis::catalogue::Example::Handshake(
            crate::diagnosis::catalogue::HandshakeExample {
                request: $request,
                response: $response,
            },
        )
    };
}

macro_rules! changes {
    ($($change:ident $($text:literal)+),*) => {
        &[$(change!($change $($text)+)),*]
    };
}

macro_rules! change {
    (only $line:literal) => {
        crate::diagnosis::catalogue::HeadChange::Only($line)
    };
    (start $line:literal) => {
        crate::diagnosis::catalogue::HeadChange::StartLine($line)
    };
    (without $name:literal) => {
        crate::diagnosis::catalogue::HeadChange::Without($name)
    };
    (with $name:literal $value:literal) => {
        crate::diagnosis::catalogue::HeadChange::With($name, $value)
    };
    (also $name:literal $value:literal) => {
        crate::diagnosis::catalogue::HeadChange::Also($name, $value)
    };
}
