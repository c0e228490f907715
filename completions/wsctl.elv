
use builtin;
use str;

set edit:completion:arg-completer[wsctl] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'wsctl'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'wsctl'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand accept 'Compute the Sec-WebSocket-Accept value for a key, or check one'
            cand decode 'Decode frames, in any notation or raw, into text'
            cand check 'Check whether a server or a client conforms to the RFCs'
            cand handshake 'Check a pasted request, response, or both'
            cand generate 'Generate a completion script or the man page'
            cand man 'The same as `wsctl generate man`'
            cand help 'Print this message or the help of the given subcommand(s)'
            cand explain 'Explain a rule, or find the rules that an error text belongs to'
            cand serve 'Run a test server that prints every frame'
            cand connect 'Connect to a server, send messages and print what comes'
            cand encode 'Encode text as frames, valid or invalid ones'
        }
        &'wsctl;accept'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand --check 'Compare this Sec-WebSocket-Accept with the right one. If it is wrong, the exit status is 1'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand --response 'Print the whole 101 response'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;decode'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand --file 'Read the frames from this file'
            cand --input 'The notation of the bytes. By default wsctl recognises it'
            cand --from 'Who sent the frames. By default a head, or else the first MASK bit, decides'
            cand --deflate 'Decompress messages with these permessage-deflate parameters, as the header of a response lists them. Without any, the defaults of RFC 7692 apply'
            cand -f 'What to print'
            cand --format 'What to print'
            cand --max-message 'Memory limit for a payload, and for a decompressed message'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand --json 'The same as --format json'
            cand -v 'Print a line for each frame. Twice: print its header fields with their bits'
            cand --verbose 'Print a line for each frame. Twice: print its header fields with their bits'
            cand --full 'Show long payloads in full, in the formats frames and fields'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;check'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand --exec 'Check a client: run this command for each case'
            cand --listen 'Check clients: listen on this port of 127.0.0.1; 0: a free one'
            cand --only 'Run only the cases with this id; repeatable'
            cand --skip 'Skip the cases with this id; repeatable'
            cand --slow-head 'The time in which a slow request is refused'
            cand --server-closes 'The text at which the server closes the connection'
            cand --jobs 'The number of connections at a time'
            cand --case-timeout 'How long to wait for an answer'
            cand --expect-fail 'Expect the failures that this file lists'
            cand --write-expected 'Write the ids of the failed cases to this file'
            cand -f 'The format of the report'
            cand --format 'The format of the report'
            cand --junit 'Write a JUnit report to this file'
            cand --markdown 'Write a report in Markdown to this file'
            cand --connect-to 'Connect to this address instead of that of the URL'
            cand --unix 'Connect to this Unix socket'
            cand --proxy 'Connect through this proxy'
            cand --connect-timeout 'The time for connecting, up to the response'
            cand --cacert 'Trust the authorities in this PEM file, and no others'
            cand --cert 'Authenticate with the certificate in this PEM file'
            cand --key 'The private key of the certificate, in PEM'
            cand --servername 'The name that TLS sends and verifies'
            cand -H 'Add a header to the request; repeatable'
            cand --header 'Add a header to the request; repeatable'
            cand --origin 'Send this Origin header, as a browser does'
            cand -s 'Offer this subprotocol; repeatable'
            cand --subprotocol 'Offer this subprotocol; repeatable'
            cand -u 'Authenticate with this name and password (Basic)'
            cand --user 'Authenticate with this name and password (Basic)'
            cand --deflate 'Offer to compress messages'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand --clients 'With --list, list the cases of clients'
            cand --list 'List the cases instead of running them'
            cand --strict 'Fail what an RFC only recommends, too'
            cand --limits 'Run the cases with large inputs, too'
            cand --yes 'Check a host that is not in a private network'
            cand -v 'Print each case, and each failure in full'
            cand --verbose 'Print each case, and each failure in full'
            cand -4 'Use IPv4 addresses only'
            cand --ipv4 'Use IPv4 addresses only'
            cand -6 'Use IPv6 addresses only'
            cand --ipv6 'Use IPv6 addresses only'
            cand --no-proxy 'Use no proxy, even if the environment names one'
            cand -L 'Follow redirects'
            cand --location 'Follow redirects'
            cand -k 'Accept any certificate'
            cand --insecure 'Accept any certificate'
            cand --show-secrets 'Print credentials too'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;handshake'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand --from 'Who sent the bytes, if they are not HTTP'
            cand -f 'What to print'
            cand --format 'What to print'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand --json 'The same as --format json'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;generate'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;man'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'wsctl;help'= {
            cand accept 'Compute the Sec-WebSocket-Accept value for a key, or check one'
            cand connect 'Connect to a server, send messages and print what comes'
            cand decode 'Decode frames, in any notation or raw, into text'
            cand encode 'Encode text as frames, valid or invalid ones'
            cand serve 'Run a test server that prints every frame'
            cand check 'Check whether a server or a client conforms to the RFCs'
            cand handshake 'Check a pasted request, response, or both'
            cand explain 'Explain a rule, or find the rules that an error text belongs to'
            cand generate 'Generate a completion script or the man page'
            cand man 'The same as `wsctl generate man`'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'wsctl;help;accept'= {
        }
        &'wsctl;help;connect'= {
        }
        &'wsctl;help;decode'= {
        }
        &'wsctl;help;encode'= {
        }
        &'wsctl;help;serve'= {
        }
        &'wsctl;help;check'= {
        }
        &'wsctl;help;handshake'= {
        }
        &'wsctl;help;explain'= {
        }
        &'wsctl;help;generate'= {
        }
        &'wsctl;help;man'= {
        }
        &'wsctl;help;help'= {
        }
        &'wsctl;explain'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;serve'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand --host 'The address to listen on'
            cand -p 'The port to listen on; 0: a free one'
            cand --port 'The port to listen on; 0: a free one'
            cand --cert 'Use TLS with the certificate in this PEM file'
            cand --key 'The private key of the certificate, in PEM'
            cand --deflate 'Compress messages for clients that offer it'
            cand --subprotocol 'Accept this subprotocol; repeatable'
            cand --to 'The recipients of a reply'
            cand --addressee-field 'The JSON field that names the addressee'
            cand --reply 'Reply with this; {text}, {name}, … are replaced'
            cand --exec 'Reply with the output of a program, line by line'
            cand --max-message 'Refuse larger messages with 1009'
            cand --max-connections 'Refuse further connections with status 503'
            cand --origin 'Accept only pages of this origin; repeatable'
            cand --ping-interval 'Ping each client at this interval'
            cand --idle-timeout 'Close connections that are idle for this long'
            cand --seed 'Repeat the random choices of an earlier run'
            cand -f 'The format of the log: frames or json'
            cand --format 'The format of the log: frames or json'
            cand --record 'Also write the log as JSON to this file'
            cand --fault 'Inject a fault; --help lists all of them'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand --no-page 'Serve no page to browsers'
            cand --tls 'Use TLS with a new self-signed certificate'
            cand --json 'The same as --format json'
            cand -v 'Print all headers of the request and the response'
            cand --verbose 'Print all headers of the request and the response'
            cand --full 'Show long payloads in full'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;connect'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand --input 'Read each line as bytes in this notation'
            cand --ping-interval 'Ping the server at this interval'
            cand --max-message 'Refuse larger messages with 1009'
            cand -w 'Close after this time without messages, or never'
            cand --wait 'Close after this time without messages, or never'
            cand --expect 'Close after this many messages'
            cand --until 'Close after a message that contains this text'
            cand --timeout 'Close after this time'
            cand -f 'The format: text, frames, json or raw'
            cand --format 'The format: text, frames, json or raw'
            cand --record 'Also write all events as JSON to this file'
            cand --seed 'Repeat the random choices of an earlier run'
            cand --connect-to 'Connect to this address instead of that of the URL'
            cand --unix 'Connect to this Unix socket'
            cand --proxy 'Connect through this proxy'
            cand --connect-timeout 'The time for connecting, up to the response'
            cand --cacert 'Trust the authorities in this PEM file, and no others'
            cand --cert 'Authenticate with the certificate in this PEM file'
            cand --key 'The private key of the certificate, in PEM'
            cand --servername 'The name that TLS sends and verifies'
            cand -H 'Add a header to the request; repeatable'
            cand --header 'Add a header to the request; repeatable'
            cand --origin 'Send this Origin header, as a browser does'
            cand -s 'Offer this subprotocol; repeatable'
            cand --subprotocol 'Offer this subprotocol; repeatable'
            cand -u 'Authenticate with this name and password (Basic)'
            cand --user 'Authenticate with this name and password (Basic)'
            cand --deflate 'Offer to compress messages'
            cand --fault 'Inject a fault; --help lists all of them'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand --binary 'Send binary messages'
            cand --text 'Send the bytes of --input as text messages'
            cand --raw 'Send the bytes of each line as they are'
            cand --whole 'Send all of standard input as one message'
            cand --echo 'Send back each message that comes'
            cand --no-pong 'Do not answer pings'
            cand --json 'The same as --format json'
            cand -v 'Print all frames and headers'
            cand --verbose 'Print all frames and headers'
            cand --full 'Show long payloads in full'
            cand -4 'Use IPv4 addresses only'
            cand --ipv4 'Use IPv4 addresses only'
            cand -6 'Use IPv6 addresses only'
            cand --ipv6 'Use IPv6 addresses only'
            cand --no-proxy 'Use no proxy, even if the environment names one'
            cand -L 'Follow redirects'
            cand --location 'Follow redirects'
            cand -k 'Accept any certificate'
            cand --insecure 'Accept any certificate'
            cand --show-secrets 'Print credentials too'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;encode'= {
            cand --color 'Use colours: auto (obeys NO_COLOR), always, never'
            cand --bytes 'The payload as bytes, in any notation'
            cand -o 'The notation of the output'
            cand --output 'The notation of the output'
            cand --opcode 'Make a frame with this opcode, also a reserved one'
            cand --mask-key 'Mask with this key: eight hexadecimal digits'
            cand --fragment 'Split the message into frames of at most this many bytes'
            cand --deflate 'Compress the message with permessage-deflate'
            cand --rsv 'Set reserved bits: the sum of 4 (RSV1), 2 and 1'
            cand --length-form 'Write the length in this many bits, even if fewer are enough'
            cand --close 'Make a close frame with this code; TEXT is its reason'
            cand -q 'Print results only: no findings, no notices, no log'
            cand --quiet 'Print results only: no findings, no notices, no log'
            cand --binary 'Make a binary frame'
            cand --ping 'Make a ping; TEXT is its payload'
            cand --pong 'Make a pong; TEXT is its payload'
            cand --mask 'Mask with a random key, as a client must'
            cand --no-fin 'Clear FIN, as if more frames followed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
