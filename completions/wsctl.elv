
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
            cand --color 'Use colours: auto (which obeys NO_COLOR), always, never'
            cand -q 'Print results only: no findings, no notes, no log'
            cand --quiet 'Print results only: no findings, no notes, no log'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand accept 'Compute Sec-WebSocket-Accept for a key, or check one'
            cand decode 'Turn frames, in any notation or raw, into text'
            cand handshake 'Judge a pasted request, response, or both'
            cand generate 'Generate a completion script or the man page'
            cand help 'Print this message or the help of the given subcommand(s)'
            cand explain 'Explain a rule, or find the rules behind an error text'
            cand serve 'Run a throw-away server that prints every frame'
            cand encode 'Turn text into frames, right ones or wrong ones'
        }
        &'wsctl;accept'= {
            cand --color 'Use colours: auto (which obeys NO_COLOR), always, never'
            cand --check 'Compare this Sec-WebSocket-Accept with the right one; exit status 1 if it is wrong'
            cand -q 'Print results only: no findings, no notes, no log'
            cand --quiet 'Print results only: no findings, no notes, no log'
            cand --response 'Print the whole 101 response'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;decode'= {
            cand --color 'Use colours: auto (which obeys NO_COLOR), always, never'
            cand --file 'Read the frames from this file'
            cand --input 'Read the bytes in this notation, instead of the one they seem to be in'
            cand --from 'Say who sent the frames, instead of taking it from a head or from the first MASK bit'
            cand --deflate 'Take the messages with RSV1 as compressed with these parameters of permessage-deflate, as a response names them; without any, the default ones'
            cand -f 'What to print'
            cand --format 'What to print'
            cand --max-message 'Hold at most so much of one payload, for json and --full, and inflate no message to more'
            cand -q 'Print results only: no findings, no notes, no log'
            cand --quiet 'Print results only: no findings, no notes, no log'
            cand -v 'Print a line for each frame; twice, its header fields with their bits'
            cand --verbose 'Print a line for each frame; twice, its header fields with their bits'
            cand --full 'Show long payloads whole in frames and fields'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;handshake'= {
            cand --color 'Use colours: auto (which obeys NO_COLOR), always, never'
            cand --from 'Say who sent what is there, where it is no HTTP at all'
            cand -f 'What to print'
            cand --format 'What to print'
            cand -q 'Print results only: no findings, no notes, no log'
            cand --quiet 'Print results only: no findings, no notes, no log'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;generate'= {
            cand --color 'Use colours: auto (which obeys NO_COLOR), always, never'
            cand -q 'Print results only: no findings, no notes, no log'
            cand --quiet 'Print results only: no findings, no notes, no log'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;help'= {
            cand accept 'Compute Sec-WebSocket-Accept for a key, or check one'
            cand decode 'Turn frames, in any notation or raw, into text'
            cand encode 'Turn text into frames, right ones or wrong ones'
            cand serve 'Run a throw-away server that prints every frame'
            cand handshake 'Judge a pasted request, response, or both'
            cand explain 'Explain a rule, or find the rules behind an error text'
            cand generate 'Generate a completion script or the man page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'wsctl;help;accept'= {
        }
        &'wsctl;help;decode'= {
        }
        &'wsctl;help;encode'= {
        }
        &'wsctl;help;serve'= {
        }
        &'wsctl;help;handshake'= {
        }
        &'wsctl;help;explain'= {
        }
        &'wsctl;help;generate'= {
        }
        &'wsctl;help;help'= {
        }
        &'wsctl;explain'= {
            cand --color 'Use colours: auto (which obeys NO_COLOR), always, never'
            cand -q 'Print results only: no findings, no notes, no log'
            cand --quiet 'Print results only: no findings, no notes, no log'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;serve'= {
            cand --color 'Use colours: auto (which obeys NO_COLOR), always, never'
            cand --host 'The address to listen on'
            cand -p 'The port; 0 takes a free one'
            cand --port 'The port; 0 takes a free one'
            cand --cert 'Speak TLS, with the certificate in this file'
            cand --key 'The private key of that certificate, in PEM'
            cand --deflate 'Compress messages for clients that offer it'
            cand --subprotocol 'Speak this, if a client offers it; repeatable'
            cand --to 'Whom answers go to'
            cand --addressee-field 'The field that names the addressee'
            cand --reply 'Answer with this; {text}, {name}, … are filled in'
            cand --exec 'Let a program answer, a line for a line'
            cand --max-message 'Refuse larger messages, with 1009'
            cand --max-connections 'Refuse more connections at once, with status 503'
            cand --origin 'Let only pages of this origin in; repeatable'
            cand --ping-interval 'Ping every client so often, and time the pongs'
            cand --idle-timeout 'Close connections that were silent for so long'
            cand --seed 'Make the same random choices again'
            cand -f 'What the log is: frames, or json'
            cand --format 'What the log is: frames, or json'
            cand --record 'Write everything to a file too, as -f json prints it'
            cand --fault 'Do something wrong on purpose; --help lists all'
            cand -q 'Print results only: no findings, no notes, no log'
            cand --quiet 'Print results only: no findings, no notes, no log'
            cand --no-page 'Show browsers no page'
            cand --tls 'Speak TLS, with a certificate made just now'
            cand -v 'Print all headers, both ways'
            cand --verbose 'Print all headers, both ways'
            cand --full 'Show long payloads whole'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'wsctl;encode'= {
            cand --color 'Use colours: auto (which obeys NO_COLOR), always, never'
            cand --bytes 'The payload as bytes in a notation, as decode reads them'
            cand -o 'How to write the frames'
            cand --output 'How to write the frames'
            cand --opcode 'A frame with this opcode, reserved ones included'
            cand --mask-key 'Mask with this key: eight hexadecimal digits'
            cand --fragment 'Split it into frames of at most so many bytes'
            cand --deflate 'Compress the message as permessage-deflate does'
            cand --rsv 'Set reserved bits: 4 RSV1, 2 RSV2, 1 RSV3, or a sum'
            cand --length-form 'Write the length in so many bits, whether or not fewer are enough'
            cand --close 'A close frame with this code; TEXT is its reason'
            cand -q 'Print results only: no findings, no notes, no log'
            cand --quiet 'Print results only: no findings, no notes, no log'
            cand --binary 'A binary frame'
            cand --ping 'A ping; TEXT is its payload, or nothing'
            cand --pong 'A pong; TEXT is its payload, or nothing'
            cand --mask 'Mask with a fresh random key, as a client must'
            cand --no-fin 'Leave FIN clear, as if more frames followed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
