# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_wsctl_global_optspecs
    string join \n color= q/quiet h/help V/version
end

function __fish_wsctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_wsctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_wsctl_using_subcommand
    set -l cmd (__fish_wsctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c wsctl -n "__fish_wsctl_needs_command" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_needs_command" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_needs_command" -s h -l help -d 'Print help'
complete -c wsctl -n "__fish_wsctl_needs_command" -s V -l version -d 'Print version'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "accept" -d 'Compute the Sec-WebSocket-Accept value for a key, or check one'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "decode" -d 'Decode frames, in any notation or raw, into text'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "check" -d 'Check whether a server or a client conforms to the RFCs'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "handshake" -d 'Check a pasted request, response, or both'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "generate" -d 'Generate a completion script or the man page'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "man" -d 'The same as `wsctl generate man`'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "explain" -d 'Explain a rule, or find the rules that an error text belongs to'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "serve" -d 'Run a test server that prints every frame'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "connect" -d 'Connect to a server, send messages and print what comes'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "encode" -d 'Encode text as frames, valid or invalid ones'
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -l check -d 'Compare this Sec-WebSocket-Accept with the right one. If it is wrong, the exit status is 1' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -l response -d 'Print the whole 101 response'
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l file -d 'Read the frames from this file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l input -d 'The notation of the bytes. By default wsctl recognises it' -r -f -a "hex\t'Hexadecimal'
python\t'A Python literal'
escaped\t'Text with escapes'
c\t'An array of numbers'
base64\t'Base64'
hexdump\t'A hexdump'
raw\t'Raw bytes'
buffer\t'A Buffer of Node'"
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l from -d 'Who sent the frames. By default a head, or else the first MASK bit, decides' -r -f -a "client\t'The client, which must mask'
server\t'The server, which must not'"
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l deflate -d 'Decompress messages with these permessage-deflate parameters, as the header of a response lists them. Without any, the defaults of RFC 7692 apply' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -s f -l format -d 'What to print' -r -f -a "text\t'The text of each message, one per line'
frames\t'A line for each frame (as -v)'
fields\t'Each header field with its bytes and bits (as -vv)'
json\t'Frames, messages and findings as JSON, an object a line'
raw\t'The payloads of the messages, unchanged'"
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l max-message -d 'Memory limit for a payload, and for a decompressed message' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l json -d 'The same as --format json'
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -s v -l verbose -d 'Print a line for each frame. Twice: print its header fields with their bits'
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l full -d 'Show long payloads in full, in the formats frames and fields'
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l exec -d 'Check a client: run this command for each case' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l listen -d 'Check clients: listen on this port of 127.0.0.1; 0: a free one' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l only -d 'Run only the cases with this id; repeatable' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l skip -d 'Skip the cases with this id; repeatable' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l slow-head -d 'The time in which a slow request is refused' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l server-closes -d 'The text at which the server closes the connection' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l jobs -d 'The number of connections at a time' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l case-timeout -d 'How long to wait for an answer' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l expect-fail -d 'Expect the failures that this file lists' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l write-expected -d 'Write the ids of the failed cases to this file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s f -l format -d 'The format of the report' -r -f -a "text\t'What failed, and counts'
json\t'JSON lines'"
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l junit -d 'Write a JUnit report to this file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l markdown -d 'Write a report in Markdown to this file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l connect-to -d 'Connect to this address instead of that of the URL' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l unix -d 'Connect to this Unix socket' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l proxy -d 'Connect through this proxy' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l connect-timeout -d 'The time for connecting, up to the response' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l cacert -d 'Trust the authorities in this PEM file, and no others' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l cert -d 'Authenticate with the certificate in this PEM file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l key -d 'The private key of the certificate, in PEM' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l servername -d 'The name that TLS sends and verifies' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s H -l header -d 'Add a header to the request; repeatable' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l origin -d 'Send this Origin header, as a browser does' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s s -l subprotocol -d 'Offer this subprotocol; repeatable' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s u -l user -d 'Authenticate with this name and password (Basic)' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l deflate -d 'Offer to compress messages' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l clients -d 'With --list, list the cases of clients'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l list -d 'List the cases instead of running them'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l strict -d 'Fail what an RFC only recommends, too'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l limits -d 'Run the cases with large inputs, too'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l yes -d 'Check a host that is not in a private network'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s v -l verbose -d 'Print each case, and each failure in full'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s 4 -l ipv4 -d 'Use IPv4 addresses only'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s 6 -l ipv6 -d 'Use IPv6 addresses only'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l no-proxy -d 'Use no proxy, even if the environment names one'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s L -l location -d 'Follow redirects'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s k -l insecure -d 'Accept any certificate'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -l show-secrets -d 'Print credentials too'
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -l from -d 'Who sent the bytes, if they are not HTTP' -r -f -a "client\t'The client, which must mask'
server\t'The server, which must not'"
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -s f -l format -d 'What to print' -r -f -a "text\t'A table of the headers that matter'
json\t'JSON lines'"
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -l json -d 'The same as --format json'
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand generate" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand generate" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand man" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand man" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand man" -s h -l help -d 'Print help'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "accept" -d 'Compute the Sec-WebSocket-Accept value for a key, or check one'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "connect" -d 'Connect to a server, send messages and print what comes'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "decode" -d 'Decode frames, in any notation or raw, into text'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "encode" -d 'Encode text as frames, valid or invalid ones'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "serve" -d 'Run a test server that prints every frame'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "check" -d 'Check whether a server or a client conforms to the RFCs'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "handshake" -d 'Check a pasted request, response, or both'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "explain" -d 'Explain a rule, or find the rules that an error text belongs to'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "generate" -d 'Generate a completion script or the man page'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "man" -d 'The same as `wsctl generate man`'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept connect decode encode serve check handshake explain generate man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wsctl -n "__fish_wsctl_using_subcommand explain" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand explain" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l host -d 'The address to listen on' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -s p -l port -d 'The port to listen on; 0: a free one' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l cert -d 'Use TLS with the certificate in this PEM file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l key -d 'The private key of the certificate, in PEM' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l deflate -d 'Compress messages for clients that offer it' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l subprotocol -d 'Accept this subprotocol; repeatable' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l to -d 'The recipients of a reply' -r -f -a "sender\t'The connection that sent the message'
others\t'All connections but the sender'
all\t'All connections'
none\t'No connection'
addressee\t'The connections that the JSON message names'"
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l addressee-field -d 'The JSON field that names the addressee' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l reply -d 'Reply with this; {text}, {name}, … are replaced' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l exec -d 'Reply with the output of a program, line by line' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l max-message -d 'Refuse larger messages with 1009' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l max-connections -d 'Refuse further connections with status 503' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l origin -d 'Accept only pages of this origin; repeatable' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l ping-interval -d 'Ping each client at this interval' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l idle-timeout -d 'Close connections that are idle for this long' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l seed -d 'Repeat the random choices of an earlier run' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -s f -l format -d 'The format of the log: frames or json' -r -f -a "frames\t'A line for each frame'
json\t'JSON lines'"
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l record -d 'Also write the log as JSON to this file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l fault -d 'Inject a fault; --help lists all of them' -r -f -a "reject=\t'answer the request with STATUS'
bad-accept\t'answer with a wrong Sec-WebSocket-Accept'
no-accept\t'answer without Sec-WebSocket-Accept'
glue\t'send a message in one write with the 101'
delay=\t'delay each write by MS milliseconds'
split=\t'write N bytes at a time, a millisecond apart'
fragment=\t'send messages in fragments of N bytes'
mask\t'mask frames, as only a client must'
rsv1\t'set RSV1, as if the message were compressed'
opcode=\t'send messages with opcode N'
bad-utf8\t'replace a byte of a text message with ff'
long-length\t'write every length in 64 bits'
http\t'send an HTTP error page instead of a message'
no-pong\t'answer no ping'
wrong-pong\t'answer pings with another payload'
close-after=\t'close after N messages, with CODE or 1001'
close-code=\t'write CODE into every close frame'
no-close\t'send no close frame, keep the connection open'
drop-after=\t'end the stream (FIN) after N messages'
reset-after=\t'reset the connection (RST) after N messages'
truncate\t'send half of a message, end the stream (FIN)'
stall\t'send half of a message, then nothing'"
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l no-page -d 'Serve no page to browsers'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l tls -d 'Use TLS with a new self-signed certificate'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l json -d 'The same as --format json'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -s v -l verbose -d 'Print all headers of the request and the response'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l full -d 'Show long payloads in full'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l input -d 'Read each line as bytes in this notation' -r -f -a "hex\t'Hexadecimal'
python\t'A Python literal'
escaped\t'Text with escapes'
c\t'An array of numbers'
base64\t'Base64'
hexdump\t'A hexdump'
raw\t'Raw bytes'
buffer\t'A Buffer of Node'"
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l ping-interval -d 'Ping the server at this interval' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l max-message -d 'Refuse larger messages with 1009' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s w -l wait -d 'Close after this time without messages, or never' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l expect -d 'Close after this many messages' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l until -d 'Close after a message that contains this text' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l timeout -d 'Close after this time' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s f -l format -d 'The format: text, frames, json or raw' -r -f -a "text\t'The messages that come, one per line'
frames\t'A line for each frame'
json\t'All events as JSON, an object a line'
raw\t'The payloads of the messages, unchanged'"
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l record -d 'Also write all events as JSON to this file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l seed -d 'Repeat the random choices of an earlier run' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l connect-to -d 'Connect to this address instead of that of the URL' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l unix -d 'Connect to this Unix socket' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l proxy -d 'Connect through this proxy' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l connect-timeout -d 'The time for connecting, up to the response' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l cacert -d 'Trust the authorities in this PEM file, and no others' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l cert -d 'Authenticate with the certificate in this PEM file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l key -d 'The private key of the certificate, in PEM' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l servername -d 'The name that TLS sends and verifies' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s H -l header -d 'Add a header to the request; repeatable' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l origin -d 'Send this Origin header, as a browser does' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s s -l subprotocol -d 'Offer this subprotocol; repeatable' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s u -l user -d 'Authenticate with this name and password (Basic)' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l deflate -d 'Offer to compress messages' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l fault -d 'Inject a fault; --help lists all of them' -r -f -a "wrong-version=\t'ask for version N instead of 13'
short-key\t'send a Sec-WebSocket-Key of 8 bytes, not 16'
early-frames\t'send a message right after the request'
delay=\t'delay each write by MS milliseconds'
split=\t'write N bytes at a time, a millisecond apart'
fragment=\t'send messages in fragments of N bytes'
no-mask\t'send frames without a mask'
constant-key=\t'mask all frames with KEY, such as 00000000'
rsv1\t'set RSV1, as if the message were compressed'
opcode=\t'send messages with opcode N'
bad-utf8\t'replace a byte of a text message with ff'
long-length\t'write every length in 64 bits'
http\t'send an HTTP error page instead of a message'
no-pong\t'answer no ping'
wrong-pong\t'answer pings with another payload'
close-after=\t'close after N messages, with CODE or 1001'
close-code=\t'write CODE into every close frame'
no-close\t'send no close frame, keep the connection open'
drop-after=\t'end the stream (FIN) after N messages'
reset-after=\t'reset the connection (RST) after N messages'
truncate\t'send half of a message, end the stream (FIN)'
stall\t'send half of a message, then nothing'"
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l binary -d 'Send binary messages'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l text -d 'Send the bytes of --input as text messages'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l raw -d 'Send the bytes of each line as they are'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l whole -d 'Send all of standard input as one message'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l echo -d 'Send back each message that comes'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l no-pong -d 'Do not answer pings'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l json -d 'The same as --format json'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s v -l verbose -d 'Print all frames and headers'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l full -d 'Show long payloads in full'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s 4 -l ipv4 -d 'Use IPv4 addresses only'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s 6 -l ipv6 -d 'Use IPv6 addresses only'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l no-proxy -d 'Use no proxy, even if the environment names one'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s L -l location -d 'Follow redirects'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s k -l insecure -d 'Accept any certificate'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -l show-secrets -d 'Print credentials too'
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l color -d 'Use colours: auto (obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l bytes -d 'The payload as bytes, in any notation' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -s o -l output -d 'The notation of the output' -r -f -a "hex\t'Hexadecimal'
python\t'A Python literal'
escaped\t'Text with escapes'
c\t'An array of numbers'
base64\t'Base64'
hexdump\t'A hexdump'
raw\t'Raw bytes'"
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l opcode -d 'Make a frame with this opcode, also a reserved one' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l mask-key -d 'Mask with this key: eight hexadecimal digits' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l fragment -d 'Split the message into frames of at most this many bytes' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l deflate -d 'Compress the message with permessage-deflate' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l rsv -d 'Set reserved bits: the sum of 4 (RSV1), 2 and 1' -r -f
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l length-form -d 'Write the length in this many bits, even if fewer are enough' -r -f -a "7\t''
16\t''
64\t''"
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l close -d 'Make a close frame with this code; TEXT is its reason' -r -f -a "1000\t'normal closure'
1001\t'going away'
1002\t'protocol error'
1003\t'unsupported data'
1004\t'reserved'
1005\t'no status received'
1006\t'abnormal closure'
1007\t'invalid frame payload data'
1008\t'policy violation'
1009\t'message too big'
1010\t'mandatory extension'
1011\t'internal error'
1012\t'service restart'
1013\t'try again later'
1014\t'bad gateway'
1015\t'TLS handshake'
3000\t'unauthorized'
3003\t'forbidden'
3008\t'timeout'"
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -s q -l quiet -d 'Print results only: no findings, no notices, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l binary -d 'Make a binary frame'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l ping -d 'Make a ping; TEXT is its payload'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l pong -d 'Make a pong; TEXT is its payload'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l mask -d 'Mask with a random key, as a client must'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l no-fin -d 'Clear FIN, as if more frames followed'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -f
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -f
complete -c wsctl -n "__fish_wsctl_using_subcommand check" -f
complete -c wsctl -n "__fish_wsctl_using_subcommand generate" -f -a 'bash\\t\'The completions for bash\'
elvish\\t\'The completions for elvish\'
fish\\t\'The completions for fish\'
powershell\\t\'The completions for PowerShell\'
zsh\\t\'The completions for zsh\'
man\\t\'The man page\''
complete -c wsctl -n "__fish_wsctl_using_subcommand explain" -f -a 'connection-refused\\t\'no program listens on this address and port\'
network-unreachable\\t\'no route leads to the address of the server\'
host-not-found\\t\'the host name of the URL has no address\'
port-in-use\\t\'another program listens on this port already\'
tls-certificate\\t\'the client does not accept the server\\\'s certificate\'
proxy-failed\\t\'the proxy does not open the connection\'
tls-failed\\t\'client and server do not agree on TLS\'
tls-client-certificate\\t\'the server requires a certificate of the client\'
mixed-content\\t\'a page with https opens a WebSocket with ws://\'
content-security-policy\\t\'the page\\\'s Content-Security-Policy forbids the URL\'
local-network-access\\t\'a page may not connect to the local network (Chrome)\'
invalid-url\\t\'the address is not a WebSocket URL\'
handshake-timeout\\t\'no response to the opening request in time\'
closed-before-response\\t\'the connection ended in place of a response\'
silent-client\\t\'a client connects and sends no request\'
req-not-get\\t\'the request method is not GET\'
http-1.0\\t\'HTTP/1.0 or older in the start line has no Upgrade\'
req-no-host\\t\'the request has no Host header\'
req-host-bad\\t\'a Host header that is empty, or no host and port\'
req-origin-twice\\t\'the request has several Origin headers\'
origin-foreign\\t\'a page of another site connects to this machine\'
host-foreign\\t\'a request for another host than this server\'
req-target-bad\\t\'a request target that is no path, or has a fragment\'
req-not-upgrade\\t\'the request asks for no upgrade to websocket\'
req-connection-no-upgrade\\t\'the Connection header does not contain Upgrade\'
connection-list-refused\\t\'a list in Connection that some peers refuse\'
req-key-bad\\t\'a Sec-WebSocket-Key not of 16 bytes, none, or two\'
req-key-constant\\t\'a key that is the same for every connection\'
req-version\\t\'Sec-WebSocket-Version is not 13, or is missing\'
req-hixie76\\t\'a request of the Hixie-76 draft, with Key1 and Key2\'
req-subprotocol-bad\\t\'subprotocols that are empty, repeated or not tokens\'
req-extensions-bad\\t\'an extension offer that is not valid\'
req-early-frames\\t\'the client sends frames before the 101 arrives\'
req-head-too-large\\t\'a request head larger than the server accepts\'
req-head-too-slow\\t\'a request head that is not complete in time\'
req-body\\t\'a request with a body, where frames would begin\'
http-bad-lines\\t\'head lines without CRLF, or that are not headers\'
head-larger-than-read\\t\'a head larger than one read of the peer\'
header-name-case\\t\'header names in unusual case that some peers reject\'
header-repeated\\t\'Connection or Upgrade on more than one line\'
resp-status\\t\'the response status is not 101\'
resp-upgrade-connection\\t\'a 101 with Upgrade or Connection wrong or missing\'
accept-missing\\t\'a 101 without Sec-WebSocket-Accept\'
accept-hexdigest\\t\'an accept value made of hexadecimal digits\'
accept-wrong-guid\\t\'an accept value computed with a wrong GUID\'
accept-key-mangled\\t\'an accept value computed with a changed key\'
accept-stale\\t\'an accept value for another key\'
accept-b64-newline\\t\'an accept value with a line feed at its end\'
resp-subprotocol-missing\\t\'subprotocols were offered, the 101 selects none\'
resp-subprotocol-wrong\\t\'a subprotocol that was not offered, or several\'
resp-extension-unrequested\\t\'an extension that the client did not offer\'
resp-extension-params\\t\'permessage-deflate with invalid parameters\'
resp-trailing-bytes\\t\'bytes between the 101 and the first frame\'
resp-content-length\\t\'a 101 with a Content-Length\'
resp-chunked\\t\'a 101, or frames, in Transfer-Encoding: chunked\'
resp-draft-headers\\t\'headers of an old draft beside those of the RFC\'
resp-not-http\\t\'the response is not HTTP\'
resp-frame-glued\\t\'a frame right after the 101, lost by the client\'
accept-wrong\\t\'a Sec-WebSocket-Accept that does not fit the key\'
resp-reason-phrase\\t\'a status line without the usual reason phrase\'
req-tls-to-plain\\t\'TLS, sent to a port without TLS\'
req-plain-to-tls\\t\'a plain request, sent to a port with TLS\'
req-h2-preface\\t\'HTTP/2 where an HTTP/1.1 upgrade is expected\'
req-not-http\\t\'the connection does not begin with an HTTP request\'
raw-text-unframed\\t\'text sent without a frame\'
http-in-stream\\t\'HTTP among the frames ("H" is 48: RSV1 and opcode 8)\'
other-protocol-in-stream\\t\'TLS, HTTP/2 or SSH where frames should be\'
writes-interleaved\\t\'a frame in the middle of another frame\'
desync\\t\'no valid frame starts here\'
read-is-not-frame\\t\'a frame in several reads, of which one is used\'
many-frames-one-read\\t\'several frames in one read, of which one is used\'
idle-timeout\\t\'a connection closed after a time without data\'
frame-with-101\\t\'a frame in one packet with the 101\'
payload-alone\\t\'a payload without the header of its frame\'
text-damaged\\t\'bytes that were lost in a conversion to text\'
server-masks\\t\'a masked frame from the server\'
client-unmasked\\t\'a frame from the client that is not masked\'
mask-bit-no-key\\t\'the MASK bit is set, but no key was written\'
payload-not-xored\\t\'a masking key, but a payload that is not masked\'
unmask-offset\\t\'a peer that restarts the masking key inside a frame\'
mask-key-weak\\t\'a masking key of zeros, or the same in several frames\'
rsv1-not-negotiated\\t\'a compressed frame (RSV1) without negotiated compression\'
rsv23-or-opcode\\t\'RSV2, RSV3 or a reserved opcode\'
draft-framing\\t\'frames of a draft before RFC 6455\'
len16-not-minimal\\t\'a payload length in 16 bits that fits in 7\'
len64-not-minimal\\t\'a payload length in 64 bits that fits in fewer\'
len7-overflow\\t\'a length over 125 written in the second byte alone\'
len-little-endian\\t\'a payload length with its bytes in the wrong order\'
len-field-width\\t\'a payload length in 1 or 4 bytes instead of 2 or 8\'
len64-msb\\t\'a 64-bit payload length with its highest bit set\'
len-in-chars\\t\'a payload length that counts characters instead of bytes\'
len-beyond-data\\t\'a frame that announces more payload than there is\'
header-cut\\t\'an incomplete frame header\'
len-marker-missing\\t\'an extended payload length without 126 or 127\'
header-through-utf8\\t\'a frame header that was encoded as UTF-8\'
control-fragmented\\t\'a control frame in fragments (FIN is 0)\'
control-too-long\\t\'a control frame with more than 125 bytes of payload\'
close-1-byte\\t\'a close frame with a payload of 1 byte\'
close-reserved-code\\t\'a close code that must not be sent\'
close-code-garbled\\t\'a close code that is text, or has its bytes swapped\'
close-reason-utf8\\t\'a close reason that is not UTF-8\'
close-after-101\\t\'a close frame without a code right after the 101\'
close-not-completed\\t\'a connection that ended without both close frames\'
data-after-close\\t\'a data frame after a close frame\'
ping-without-pong\\t\'a ping that is not answered with a pong\'
pong-wrong-payload\\t\'a pong without the payload of its ping\'
continuation-without-start\\t\'a continuation frame without an open message\'
new-message-mid-fragments\\t\'a new message while another one is not finished\'
fin-never-set\\t\'a message without an end: no frame with FIN\'
fragments-ignored-by-receiver\\t\'fragments that the receiver does not join\'
message-too-big\\t\'a message larger than the receiver accepts\'
text-not-utf8\\t\'a text that is not UTF-8\'
text-utf8-cut\\t\'a text that is cut inside a character\'
text-surrogate\\t\'a text with half characters or an overlong NUL\'
text-odd-content\\t\'a text with a BOM or a NUL, or an object as text\'
pmd-rsv1-not-first\\t\'RSV1 on a later fragment or on a control frame\'
pmd-tail\\t\'a compressed message sent with its tail 00 00 ff ff\'
pmd-final-block\\t\'a compressed message that ends in a final block\'
pmd-zlib-gzip\\t\'a compressed message in a zlib or gzip wrapper\'
pmd-context\\t\'a compressed message that needs data of earlier messages\'
pmd-cut\\t\'a compressed message that is cut short\'
pmd-flag-mismatch\\t\'RSV1 on a plain message, or none on a compressed one\'
pmd-window\\t\'a back-reference beyond the negotiated window\'
app-compressed\\t\'a message that contains gzip or zlib data\'
app-engine-io\\t\'Socket.IO (Engine.IO), which is not plain WebSocket\'
app-signalr\\t\'a SignalR record without 1e at its end\'
app-stomp-mqtt-sockjs\\t\'STOMP, MQTT, SockJS or GraphQL with a protocol mistake\'
app-heartbeat\\t\'a heart-beat of STOMP, Socket.IO or another protocol\'
closed-before-open\\t\'the client closed the WebSocket before it was open\'
not-open\\t\'the program sends before the open or after the close\'
empty-read\\t\'the read returned no bytes: the peer has closed\''
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -f
complete -c wsctl -n "__fish_wsctl_using_subcommand connect" -f
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -f
