
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (which obeys NO_COLOR), always, never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Compute Sec-WebSocket-Accept for a key, or check one')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Turn frames, in any notation or raw, into text')
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Judge a pasted request, response, or both')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Generate a completion script or the man page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule, or find the rules behind an error text')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run a throw-away server that prints every frame')
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Turn text into frames, right ones or wrong ones')
            break
        }
        'wsctl;accept' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (which obeys NO_COLOR), always, never')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Compare this Sec-WebSocket-Accept with the right one; exit status 1 if it is wrong')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--response', '--response', [CompletionResultType]::ParameterName, 'Print the whole 101 response')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;decode' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (which obeys NO_COLOR), always, never')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the frames from this file')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Read the bytes in this notation, instead of the one they seem to be in')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Say who sent the frames, instead of taking it from a head or from the first MASK bit')
            [CompletionResult]::new('--deflate', '--deflate', [CompletionResultType]::ParameterName, 'Take the messages with RSV1 as compressed with these parameters of permessage-deflate, as a response names them; without any, the default ones')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'What to print')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to print')
            [CompletionResult]::new('--max-message', '--max-message', [CompletionResultType]::ParameterName, 'Hold at most so much of one payload, for json and --full, and inflate no message to more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each frame; twice, its header fields with their bits')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each frame; twice, its header fields with their bits')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show long payloads whole in frames and fields')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;handshake' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (which obeys NO_COLOR), always, never')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Say who sent what is there, where it is no HTTP at all')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'What to print')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to print')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;generate' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (which obeys NO_COLOR), always, never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;help' {
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Compute Sec-WebSocket-Accept for a key, or check one')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Turn frames, in any notation or raw, into text')
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Turn text into frames, right ones or wrong ones')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run a throw-away server that prints every frame')
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Judge a pasted request, response, or both')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule, or find the rules behind an error text')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Generate a completion script or the man page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'wsctl;help;accept' {
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
        'wsctl;help;handshake' {
            break
        }
        'wsctl;help;explain' {
            break
        }
        'wsctl;help;generate' {
            break
        }
        'wsctl;help;help' {
            break
        }
        'wsctl;explain' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (which obeys NO_COLOR), always, never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;serve' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (which obeys NO_COLOR), always, never')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The address to listen on')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The port; 0 takes a free one')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port; 0 takes a free one')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Speak TLS, with the certificate in this file')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key of that certificate, in PEM')
            [CompletionResult]::new('--deflate', '--deflate', [CompletionResultType]::ParameterName, 'Compress messages for clients that offer it')
            [CompletionResult]::new('--subprotocol', '--subprotocol', [CompletionResultType]::ParameterName, 'Speak this, if a client offers it; repeatable')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Whom answers go to')
            [CompletionResult]::new('--addressee-field', '--addressee-field', [CompletionResultType]::ParameterName, 'The field that names the addressee')
            [CompletionResult]::new('--reply', '--reply', [CompletionResultType]::ParameterName, 'Answer with this; {text}, {name}, … are filled in')
            [CompletionResult]::new('--exec', '--exec', [CompletionResultType]::ParameterName, 'Let a program answer, a line for a line')
            [CompletionResult]::new('--max-message', '--max-message', [CompletionResultType]::ParameterName, 'Refuse larger messages, with 1009')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Refuse more connections at once, with status 503')
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'Let only pages of this origin in; repeatable')
            [CompletionResult]::new('--ping-interval', '--ping-interval', [CompletionResultType]::ParameterName, 'Ping every client so often, and time the pongs')
            [CompletionResult]::new('--idle-timeout', '--idle-timeout', [CompletionResultType]::ParameterName, 'Close connections that were silent for so long')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Make the same random choices again')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'What the log is: frames, or json')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What the log is: frames, or json')
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'Write everything to a file too, as -f json prints it')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Do something wrong on purpose; --help lists all')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--no-page', '--no-page', [CompletionResultType]::ParameterName, 'Show browsers no page')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Speak TLS, with a certificate made just now')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print all headers, both ways')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print all headers, both ways')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show long payloads whole')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsctl;encode' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours: auto (which obeys NO_COLOR), always, never')
            [CompletionResult]::new('--bytes', '--bytes', [CompletionResultType]::ParameterName, 'The payload as bytes in a notation, as decode reads them')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to write the frames')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to write the frames')
            [CompletionResult]::new('--opcode', '--opcode', [CompletionResultType]::ParameterName, 'A frame with this opcode, reserved ones included')
            [CompletionResult]::new('--mask-key', '--mask-key', [CompletionResultType]::ParameterName, 'Mask with this key: eight hexadecimal digits')
            [CompletionResult]::new('--fragment', '--fragment', [CompletionResultType]::ParameterName, 'Split it into frames of at most so many bytes')
            [CompletionResult]::new('--deflate', '--deflate', [CompletionResultType]::ParameterName, 'Compress the message as permessage-deflate does')
            [CompletionResult]::new('--rsv', '--rsv', [CompletionResultType]::ParameterName, 'Set reserved bits: 4 RSV1, 2 RSV2, 1 RSV3, or a sum')
            [CompletionResult]::new('--length-form', '--length-form', [CompletionResultType]::ParameterName, 'Write the length in so many bits, whether or not fewer are enough')
            [CompletionResult]::new('--close', '--close', [CompletionResultType]::ParameterName, 'A close frame with this code; TEXT is its reason')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only: no findings, no notes, no log')
            [CompletionResult]::new('--binary', '--binary', [CompletionResultType]::ParameterName, 'A binary frame')
            [CompletionResult]::new('--ping', '--ping', [CompletionResultType]::ParameterName, 'A ping; TEXT is its payload, or nothing')
            [CompletionResult]::new('--pong', '--pong', [CompletionResultType]::ParameterName, 'A pong; TEXT is its payload, or nothing')
            [CompletionResult]::new('--mask', '--mask', [CompletionResultType]::ParameterName, 'Mask with a fresh random key, as a client must')
            [CompletionResult]::new('--no-fin', '--no-fin', [CompletionResultType]::ParameterName, 'Leave FIN clear, as if more frames followed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
