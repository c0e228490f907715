
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'wsctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'wsctl'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'wsctl' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Compute the Sec-WebSocket-Accept value for a key, or check one')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Decode frames, in any notation or raw, into text')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check whether a server or a client conforms to the RFCs')
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Check a pasted request, response, or both')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Generate a completion script or the man page')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'The same as `wsctl generate man`')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule, or find the rules that an error text belongs to')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run a test server that prints every frame')
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Connect to a server, send messages and print what comes')
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Encode text as frames, valid or invalid ones')
            break
        }
        'wsctl;accept' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Compare this Sec-WebSocket-Accept with the right one. If it is wrong, the exit status is 1')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--response', '--response', [CompletionResultType]::ParameterName, 'Print the whole 101 response')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;decode' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the frames from this file')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'The notation of the bytes. By default wsctl recognises it')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Who sent the frames. By default a head, or else the first MASK bit, decides')
            [CompletionResult]::new('--deflate', '--deflate', [CompletionResultType]::ParameterName, 'Decompress messages with these permessage-deflate parameters, as the header of a response lists them. Without any, the defaults of RFC 7692 apply')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'What to print')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to print')
            [CompletionResult]::new('--max-message', '--max-message', [CompletionResultType]::ParameterName, 'Memory limit for a payload, and for a decompressed message')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --format json')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each frame. Twice: print its header fields with their bits')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each frame. Twice: print its header fields with their bits')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show long payloads in full, in the formats frames and fields')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;check' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('--exec', '--exec', [CompletionResultType]::ParameterName, 'Check a client: run this command for each case')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Check clients: listen on this port of 127.0.0.1; 0: a free one')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Run only the cases with this id; repeatable')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Skip the cases with this id; repeatable')
            [CompletionResult]::new('--slow-head', '--slow-head', [CompletionResultType]::ParameterName, 'The time in which a slow request is refused')
            [CompletionResult]::new('--server-closes', '--server-closes', [CompletionResultType]::ParameterName, 'The text at which the server closes the connection')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'The number of connections at a time')
            [CompletionResult]::new('--case-timeout', '--case-timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer')
            [CompletionResult]::new('--expect-fail', '--expect-fail', [CompletionResultType]::ParameterName, 'Expect the failures that this file lists')
            [CompletionResult]::new('--write-expected', '--write-expected', [CompletionResultType]::ParameterName, 'Write the ids of the failed cases to this file')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The format of the report')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The format of the report')
            [CompletionResult]::new('--junit', '--junit', [CompletionResultType]::ParameterName, 'Write a JUnit report to this file')
            [CompletionResult]::new('--markdown', '--markdown', [CompletionResultType]::ParameterName, 'Write a report in Markdown to this file')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to this address instead of that of the URL')
            [CompletionResult]::new('--unix', '--unix', [CompletionResultType]::ParameterName, 'Connect to this Unix socket')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this proxy')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'The time for connecting, up to the response')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the authorities in this PEM file, and no others')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Authenticate with the certificate in this PEM file')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key of the certificate, in PEM')
            [CompletionResult]::new('--servername', '--servername', [CompletionResultType]::ParameterName, 'The name that TLS sends and verifies')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Add a header to the request; repeatable')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add a header to the request; repeatable')
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'Send this Origin header, as a browser does')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Offer this subprotocol; repeatable')
            [CompletionResult]::new('--subprotocol', '--subprotocol', [CompletionResultType]::ParameterName, 'Offer this subprotocol; repeatable')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Authenticate with this name and password (Basic)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Authenticate with this name and password (Basic)')
            [CompletionResult]::new('--deflate', '--deflate', [CompletionResultType]::ParameterName, 'Offer to compress messages')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--clients', '--clients', [CompletionResultType]::ParameterName, 'With --list, list the cases of clients')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the cases instead of running them')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Fail what an RFC only recommends, too')
            [CompletionResult]::new('--limits', '--limits', [CompletionResultType]::ParameterName, 'Run the cases with large inputs, too')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Check a host that is not in a private network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print each case, and each failure in full')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print each case, and each failure in full')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'Use IPv4 addresses only')
            [CompletionResult]::new('--ipv4', '--ipv4', [CompletionResultType]::ParameterName, 'Use IPv4 addresses only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'Use IPv6 addresses only')
            [CompletionResult]::new('--ipv6', '--ipv6', [CompletionResultType]::ParameterName, 'Use IPv6 addresses only')
            [CompletionResult]::new('--no-proxy', '--no-proxy', [CompletionResultType]::ParameterName, 'Use no proxy, even if the environment names one')
            [CompletionResult]::new('-L', '-L ', [CompletionResultType]::ParameterName, 'Follow redirects')
            [CompletionResult]::new('--location', '--location', [CompletionResultType]::ParameterName, 'Follow redirects')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Accept any certificate')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Accept any certificate')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print credentials too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;handshake' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Who sent the bytes, if they are not HTTP')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'What to print')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to print')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --format json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;generate' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'wsctl;help' {
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Compute the Sec-WebSocket-Accept value for a key, or check one')
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Connect to a server, send messages and print what comes')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Decode frames, in any notation or raw, into text')
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Encode text as frames, valid or invalid ones')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run a test server that prints every frame')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check whether a server or a client conforms to the RFCs')
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Check a pasted request, response, or both')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule, or find the rules that an error text belongs to')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Generate a completion script or the man page')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'The same as `wsctl generate man`')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'wsctl;help;accept' {
            break
        }
        'wsctl;help;connect' {
            break
        }
        'wsctl;help;decode' {
            break
        }
        'wsctl;help;encode' {
            break
        }
        'wsctl;help;serve' {
            break
        }
        'wsctl;help;check' {
            break
        }
        'wsctl;help;handshake' {
            break
        }
        'wsctl;help;explain' {
            break
        }
        'wsctl;help;generate' {
            break
        }
        'wsctl;help;man' {
            break
        }
        'wsctl;help;help' {
            break
        }
        'wsctl;explain' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;serve' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The address to listen on')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port to listen on; 0: a free one')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port to listen on; 0: a free one')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Use TLS with the certificate in this PEM file')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key of the certificate, in PEM')
            [CompletionResult]::new('--deflate', '--deflate', [CompletionResultType]::ParameterName, 'Compress messages for clients that offer it')
            [CompletionResult]::new('--subprotocol', '--subprotocol', [CompletionResultType]::ParameterName, 'Accept this subprotocol; repeatable')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The recipients of a reply')
            [CompletionResult]::new('--addressee-field', '--addressee-field', [CompletionResultType]::ParameterName, 'The JSON field that names the addressee')
            [CompletionResult]::new('--reply', '--reply', [CompletionResultType]::ParameterName, 'Reply with this; {text}, {name}, … are replaced')
            [CompletionResult]::new('--exec', '--exec', [CompletionResultType]::ParameterName, 'Reply with the output of a program, line by line')
            [CompletionResult]::new('--max-message', '--max-message', [CompletionResultType]::ParameterName, 'Refuse larger messages with 1009')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Refuse further connections with status 503')
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'Accept only pages of this origin; repeatable')
            [CompletionResult]::new('--ping-interval', '--ping-interval', [CompletionResultType]::ParameterName, 'Ping each client at this interval')
            [CompletionResult]::new('--idle-timeout', '--idle-timeout', [CompletionResultType]::ParameterName, 'Close connections that are idle for this long')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Repeat the random choices of an earlier run')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The format of the log: frames or json')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The format of the log: frames or json')
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'Also write the log as JSON to this file')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Inject a fault; --help lists all of them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--no-page', '--no-page', [CompletionResultType]::ParameterName, 'Serve no page to browsers')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Use TLS with a new self-signed certificate')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --format json')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print all headers of the request and the response')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print all headers of the request and the response')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show long payloads in full')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;connect' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Read each line as bytes in this notation')
            [CompletionResult]::new('--ping-interval', '--ping-interval', [CompletionResultType]::ParameterName, 'Ping the server at this interval')
            [CompletionResult]::new('--max-message', '--max-message', [CompletionResultType]::ParameterName, 'Refuse larger messages with 1009')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Close after this time without messages, or never')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Close after this time without messages, or never')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Close after this many messages')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Close after a message that contains this text')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Close after this time')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The format: text, frames, json or raw')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The format: text, frames, json or raw')
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'Also write all events as JSON to this file')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Repeat the random choices of an earlier run')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to this address instead of that of the URL')
            [CompletionResult]::new('--unix', '--unix', [CompletionResultType]::ParameterName, 'Connect to this Unix socket')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this proxy')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'The time for connecting, up to the response')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the authorities in this PEM file, and no others')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Authenticate with the certificate in this PEM file')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key of the certificate, in PEM')
            [CompletionResult]::new('--servername', '--servername', [CompletionResultType]::ParameterName, 'The name that TLS sends and verifies')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Add a header to the request; repeatable')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add a header to the request; repeatable')
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'Send this Origin header, as a browser does')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Offer this subprotocol; repeatable')
            [CompletionResult]::new('--subprotocol', '--subprotocol', [CompletionResultType]::ParameterName, 'Offer this subprotocol; repeatable')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Authenticate with this name and password (Basic)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Authenticate with this name and password (Basic)')
            [CompletionResult]::new('--deflate', '--deflate', [CompletionResultType]::ParameterName, 'Offer to compress messages')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Inject a fault; --help lists all of them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--binary', '--binary', [CompletionResultType]::ParameterName, 'Send binary messages')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Send the bytes of --input as text messages')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Send the bytes of each line as they are')
            [CompletionResult]::new('--whole', '--whole', [CompletionResultType]::ParameterName, 'Send all of standard input as one message')
            [CompletionResult]::new('--echo', '--echo', [CompletionResultType]::ParameterName, 'Send back each message that comes')
            [CompletionResult]::new('--no-pong', '--no-pong', [CompletionResultType]::ParameterName, 'Do not answer pings')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --format json')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print all frames and headers')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print all frames and headers')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show long payloads in full')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'Use IPv4 addresses only')
            [CompletionResult]::new('--ipv4', '--ipv4', [CompletionResultType]::ParameterName, 'Use IPv4 addresses only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'Use IPv6 addresses only')
            [CompletionResult]::new('--ipv6', '--ipv6', [CompletionResultType]::ParameterName, 'Use IPv6 addresses only')
            [CompletionResult]::new('--no-proxy', '--no-proxy', [CompletionResultType]::ParameterName, 'Use no proxy, even if the environment names one')
            [CompletionResult]::new('-L', '-L ', [CompletionResultType]::ParameterName, 'Follow redirects')
            [CompletionResult]::new('--location', '--location', [CompletionResultType]::ParameterName, 'Follow redirects')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Accept any certificate')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Accept any certificate')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print credentials too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;encode' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (obeys NO_COLOR), always, never')
            [CompletionResult]::new('--bytes', '--bytes', [CompletionResultType]::ParameterName, 'The payload as bytes, in any notation')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The notation of the output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The notation of the output')
            [CompletionResult]::new('--opcode', '--opcode', [CompletionResultType]::ParameterName, 'Make a frame with this opcode, also a reserved one')
            [CompletionResult]::new('--mask-key', '--mask-key', [CompletionResultType]::ParameterName, 'Mask with this key: eight hexadecimal digits')
            [CompletionResult]::new('--fragment', '--fragment', [CompletionResultType]::ParameterName, 'Split the message into frames of at most this many bytes')
            [CompletionResult]::new('--deflate', '--deflate', [CompletionResultType]::ParameterName, 'Compress the message with permessage-deflate')
            [CompletionResult]::new('--rsv', '--rsv', [CompletionResultType]::ParameterName, 'Set reserved bits: the sum of 4 (RSV1), 2 and 1')
            [CompletionResult]::new('--length-form', '--length-form', [CompletionResultType]::ParameterName, 'Write the length in this many bits, even if fewer are enough')
            [CompletionResult]::new('--close', '--close', [CompletionResultType]::ParameterName, 'Make a close frame with this code; TEXT is its reason')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notices, no log')
            [CompletionResult]::new('--binary', '--binary', [CompletionResultType]::ParameterName, 'Make a binary frame')
            [CompletionResult]::new('--ping', '--ping', [CompletionResultType]::ParameterName, 'Make a ping; TEXT is its payload')
            [CompletionResult]::new('--pong', '--pong', [CompletionResultType]::ParameterName, 'Make a pong; TEXT is its payload')
            [CompletionResult]::new('--mask', '--mask', [CompletionResultType]::ParameterName, 'Mask with a random key, as a client must')
            [CompletionResult]::new('--no-fin', '--no-fin', [CompletionResultType]::ParameterName, 'Clear FIN, as if more frames followed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
