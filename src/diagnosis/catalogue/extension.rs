//! Rules about permessage-deflate (RFC 7692).

rules! { EXTENSION_RULES: Extension
    PMD_RSV1_NOT_FIRST "pmd-rsv1-not-first" Violation, "RFC 7692 section 6.1" {
        title "RSV1 on a later fragment or on a control frame"
        cause "the sender sets the compression flag in every frame instead of once for each message"
        fix "set RSV1 only in the first frame of a text or binary message"
        seen "Chrome": "Invalid frame header"
        seen "ws": "RSV1 must be clear (1002)"
        seen "websockets": "RSV1 bit set in continuation frame"
        seen "aiohttp": "Received frame with non-zero reserved bits"
        seen "websocket-client": "rsv is not implemented, yet"
        quoted ".NET": "The WebSocket received a continuation frame with Per-Message Compressed flag set."
        quoted "Java-WebSocket": "Continuous frame cannot have RSV1, RSV2 or RSV3 set"
        quoted "Autobahn": "received continuation data frame with compress bit set [permessage-deflate]"
        quoted "Autobahn": "received compressed control frame [permessage-deflate]"
        example command r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n\x41\x03\xf2\x48\xcd\xc0\x04\xc9\xc9\x07\x00'""#
    }

    PMD_TAIL "pmd-tail" Violation, "RFC 7692 section 7.2.1" {
        title "a compressed message sent with its tail 00 00 ff ff"
        cause "the sender sends the whole output of a sync flush, but the receiver adds its last 4 bytes again"
        fix "remove `00 00 ff ff` from the end before sending, and add it before inflating"
        seen "Chrome, for the second message": "Invalid frame header"
        seen "ws, for the second message": "invalid stored block lengths (1007)"
        seen "websockets, for the second message": "decompression failed"
        seen "aiohttp, for the second message": "Error -3 while decompressing data: invalid stored block lengths"
        seen "websocket-client": "rsv is not implemented, yet"
        quoted "Node": "Z_DATA_ERROR: invalid stored block lengths"
        example command r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n\xc1\x0b\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff\xc1\x05\xf2\x00\x11\x00\x00'""#
    }

    PMD_FINAL_BLOCK "pmd-final-block" Violation, "RFC 7692 sections 7.2.1, 7.2.3.4" {
        title "a compressed message that ends in a final block"
        cause "the sender flushes with `Z_FINISH` instead of `Z_SYNC_FLUSH`, which sets BFINAL in the last block"
        fix "flush with `Z_SYNC_FLUSH` and remove `00 00 ff ff`; with `Z_FINISH`, append one byte `00`"
        seen "ws": "accepts it"
        seen "websockets, for the second message": r#"accepts it, and delivers """#
        seen "aiohttp, for the second message": "Error -3 while decompressing data: invalid stored block lengths"
        example command r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n\xc1\x07\xf3\x48\xcd\xc9\xc9\x07\x00'""#
    }

    PMD_ZLIB_GZIP "pmd-zlib-gzip" Violation, "RFC 7692 section 7.2.1" {
        title "a compressed message in a zlib or gzip wrapper"
        cause "the sender uses `zlib.compress()` or gzip instead of raw DEFLATE: the payload begins 78 9c, 78 01, 78 da or 1f 8b"
        fix "compress without a wrapper: `zlib.compressobj(wbits=-15)`, and flush with `Z_SYNC_FLUSH`"
        seen "Chrome": "Invalid frame header"
        seen "ws": "invalid stored block lengths (1007)"
        seen "websockets": "decompression failed"
        seen "aiohttp": "Error -3 while decompressing data: invalid stored block lengths"
        seen "websocket-client": "rsv is not implemented, yet"
        quoted "Python": "zlib.error: Error -3 while decompressing data: incorrect header check"
        example command r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n\xc1\x0d\x78\x9c\xf3\x48\xcd\xc9\xc9\x07\x00\x05\x8c\x01\xf5'""#
    }

    PMD_CONTEXT "pmd-context" Violation, "RFC 7692 sections 7.1.1, 7.2.2, 7.2.3.2" {
        title "a compressed message that needs data of earlier messages"
        cause "one side clears its window after each message and the other one does not, because `no_context_takeover` is missing in the 101"
        fix "negotiate context takeover in both heads, and pass only data that is sent compressed to the compressor"
        seen "Chrome": "Invalid frame header"
        seen "ws": "invalid distance too far back (1007)"
        seen "websockets": "decompression failed"
        seen "aiohttp": "Error -3 while decompressing data: invalid distance too far back"
        seen "websocket-client": "rsv is not implemented, yet"
        quoted "Java": "java.util.zip.DataFormatException: invalid distance too far back"
        quoted "Undertow": "Compressed message payload is corrupted"
        quoted "Netty": "cannot read uncompressed buffer"
        quoted "Starscream": "Error on decompressing"
        quoted "nginx-clojure": "inflate message failed, zlib returned -3"
        example command r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n\xc1\x05\xf2\x00\x11\x00\x00'""#
    }

    PMD_CUT "pmd-cut" Suspicious cut, "RFC 7692 section 7.2.2" {
        title "a compressed message that is cut short"
        cause "the frame has the length of the uncompressed data, or a fragment was lost"
        fix "take the length after compression; after inflating, check that the stream ends at the end of a block"
        seen "ws, websockets, wsproto, aiohttp": r#"accept it, and deliver "Helh" for "Hello""#
        quoted "Beast": "The WebSocket stream produced an incomplete deflate block"
        example command r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n\xc1\x04\xf2\x48\xcd\xc9'""#
    }

    PMD_FLAG_MISMATCH "pmd-flag-mismatch" Violation, "RFC 7692 sections 6, 7.2.3" {
        title "RSV1 on a plain message, or none on a compressed one"
        cause "the sender sets the flag without regard to the compressor, or the server accepts an extension that it does not implement"
        fix "set RSV1 if the payload is compressed, and only then"
        seen "Chrome, for plain text with RSV1": "Invalid frame header"
        seen "ws, for plain text with RSV1": "invalid stored block lengths (1007)"
        seen "websockets, for plain text with RSV1": "decompression failed"
        seen "aiohttp, for plain text with RSV1": "Error -3 while decompressing data: invalid stored block lengths"
        seen "websocket-client, for plain text with RSV1": "rsv is not implemented, yet"
        seen "Chrome, for compressed text without RSV1": "Could not decode a text frame as UTF-8."
        seen "ws, for compressed text without RSV1": "invalid UTF-8 sequence (1007)"
        seen "websockets, for compressed text without RSV1": "sent 1007 (invalid frame payload data) invalid continuation byte at position 0"
        seen "aiohttp, for compressed text without RSV1": "Invalid UTF-8 text message"
        seen "websocket-client, for compressed text without RSV1": r"cannot decode: b'\xf2H\xcd\xc9\xc9\x07\x00'"
        quoted "Tomcat": "Failed to decompress a compressed WebSocket frame"
        quoted "Netty": "DecompressionException: inconsistent compressed data"
        quoted "Java": "java.util.zip.DataFormatException: invalid stored block lengths"
        quoted "Go": "flate: corrupt input before offset 5"
        quoted ".NET": "The message was compressed using an unsupported compression method."
        example command r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n\xc1\x05\x48\x65\x6c\x6c\x6f'""#
    }

    PMD_WINDOW "pmd-window" Violation, "RFC 7692 sections 7.1.2.1, 7.1.2.2" {
        title "a back-reference beyond the negotiated window"
        cause "the compressor uses its default window of 32 KiB, but `server_max_window_bits` or `client_max_window_bits` is smaller"
        fix "create the compressor with the negotiated bits: `deflateInit2(…, -10, …)` for 10"
        seen "zlib, with the agreed window": "invalid distance too far back"
        seen "peers that inflate with 32 KiB": "accept it"
        example command "decode -f frames --from server --deflate=server_max_window_bits=9 c119f248cdc9c9d75128cfcc4bc92fd71b05a38006c00339910100"
    }
}
