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

complete -c wsctl -n "__fish_wsctl_needs_command" -l color -d 'Use colours: auto (which obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_needs_command" -s q -l quiet -d 'Print results only: no findings, no notes, no log'
complete -c wsctl -n "__fish_wsctl_needs_command" -s h -l help -d 'Print help'
complete -c wsctl -n "__fish_wsctl_needs_command" -s V -l version -d 'Print version'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "accept" -d 'Compute Sec-WebSocket-Accept for a key, or check one'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "decode" -d 'Turn frames, in any notation or raw, into text'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "encode" -d 'Turn text into frames, right ones or wrong ones'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "serve" -d 'Run a throw-away server that prints every frame'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "handshake" -d 'Judge a pasted request, response, or both'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "explain" -d 'Explain a rule, or find the rules behind an error text'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "generate" -d 'Generate a completion script or the man page'
complete -c wsctl -n "__fish_wsctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -l check -d 'Compare this Sec-WebSocket-Accept with the right one; exit status 1 if it is wrong' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -l color -d 'Use colours: auto (which obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -l response -d 'Print the whole 101 response'
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -s q -l quiet -d 'Print results only: no findings, no notes, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand accept" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l file -d 'Read the frames from this file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l input -d 'Read the bytes in this notation, instead of the one they seem to be in' -r -f -a "hex\t'Hexadecimal'
python\t'A Python literal'
escaped\t'Text with escapes'
c\t'An array of numbers'
base64\t'Base64'
hexdump\t'A hexdump'
raw\t'Raw octets'
buffer\t'A Buffer of Node'"
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l from -d 'Say who sent the frames, instead of taking it from a head or from the first MASK bit' -r -f -a "client\t'The client, who must mask'
server\t'The server, who must not'"
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l deflate -d 'Take the messages with RSV1 as compressed with these parameters of permessage-deflate, as a response names them; without any, the default ones' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -s f -l format -d 'What to print' -r -f -a "text\t'The text of each message, a line each'
frames\t'A line for each frame (as -v)'
fields\t'Each header field with its octets and bits (as -vv)'
json\t'Frames, messages and findings as JSON lines'
raw\t'The payload of the messages and nothing else'"
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l max-message -d 'Hold at most so much of one payload, for json and --full, and inflate no message to more' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l color -d 'Use colours: auto (which obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -s v -l verbose -d 'Print a line for each frame; twice, its header fields with their bits'
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -l full -d 'Show long payloads whole in frames and fields'
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -s q -l quiet -d 'Print results only: no findings, no notes, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand decode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l octets -d 'The payload as bytes in a notation, as decode reads them' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -s o -l output -d 'How to write the frames' -r -f -a "hex\t'Hexadecimal'
python\t'A Python literal'
escaped\t'Text with escapes'
c\t'An array of numbers'
base64\t'Base64'
hexdump\t'A hexdump'
raw\t'Raw octets'"
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l close -d 'A close frame with this code; TEXT is its reason, or none' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l opcode -d 'A frame with this opcode, reserved ones included' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l mask-key -d 'Mask with this key: eight hexadecimal digits' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l fragment -d 'Split the payload into frames of at most so many bytes' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l deflate -d 'Compress the message as permessage-deflate does' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l rsv -d 'Set reserved bits: 4 is RSV1, 2 is RSV2, 1 is RSV3, or a sum' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l length-form -d 'Write the length in so many bits, whether or not fewer are enough' -r -f -a "7\t''
16\t''
64\t''"
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l color -d 'Use colours: auto (which obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l binary -d 'A binary frame'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l ping -d 'A ping; TEXT is its payload, or nothing'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l pong -d 'A pong; TEXT is its payload, or nothing'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l mask -d 'Mask with a fresh random key, as a client must'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -l no-fin -d 'Leave FIN clear on the last frame, as if more followed'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -s q -l quiet -d 'Print results only: no findings, no notes, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand encode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l host -d 'The address to listen on' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -s p -l port -d 'The port; 0 takes a free one' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l cert -d 'Speak TLS, with the certificate in this file' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l key -d 'The private key of that certificate, in PEM' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l deflate -d 'Compress messages for clients that offer it' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l subprotocol -d 'Speak this, if a client offers it; repeatable' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l to -d 'Whom answers go to' -r -f -a "sender\t'Who sent the message'
others\t'Everyone else'
all\t'Everyone'
none\t'Nobody'
addressee\t'Whom the message, which is JSON, names'"
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l addressee-field -d 'The field that names the addressee' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l reply -d 'Answer with this; {text}, {name}, … are filled in' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l exec -d 'Let a program answer, a line for a line' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l max-message -d 'Refuse larger messages, with 1009' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l max-connections -d 'Refuse more connections at once, with status 503' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l origin -d 'Let only pages of this origin in; repeatable' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l ping-interval -d 'Ping every client so often, and time the pongs' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l idle-timeout -d 'Close connections that were silent for so long' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l fault -d 'Do something wrong on purpose; --help lists all' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l seed -d 'Make the same random choices again' -r
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -s f -l format -d 'What the log is: frames, or json' -r -f -a "frames\t'A line for each frame'
json\t'JSON lines'"
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l record -d 'Write everything to a file too, as -f json prints it' -r -F
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l color -d 'Use colours: auto (which obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l no-page -d 'Show browsers no page'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l tls -d 'Speak TLS, with a certificate made just now'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -s v -l verbose -d 'Print all headers, both ways'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -l full -d 'Show long payloads whole'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -s q -l quiet -d 'Print results only: no findings, no notes, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -l from -d 'Say who sent what is there, where it is no HTTP at all' -r -f -a "client\t'The client, who must mask'
server\t'The server, who must not'"
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -s f -l format -d 'What to print' -r -f -a "text\t'A table of the headers that matter'
json\t'JSON lines'"
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -l color -d 'Use colours: auto (which obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -s q -l quiet -d 'Print results only: no findings, no notes, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand handshake" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand explain" -l color -d 'Use colours: auto (which obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand explain" -s q -l quiet -d 'Print results only: no findings, no notes, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand generate" -l color -d 'Use colours: auto (which obeys NO_COLOR), always, never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c wsctl -n "__fish_wsctl_using_subcommand generate" -s q -l quiet -d 'Print results only: no findings, no notes, no log'
complete -c wsctl -n "__fish_wsctl_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept decode encode serve handshake explain generate help" -f -a "accept" -d 'Compute Sec-WebSocket-Accept for a key, or check one'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept decode encode serve handshake explain generate help" -f -a "decode" -d 'Turn frames, in any notation or raw, into text'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept decode encode serve handshake explain generate help" -f -a "encode" -d 'Turn text into frames, right ones or wrong ones'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept decode encode serve handshake explain generate help" -f -a "serve" -d 'Run a throw-away server that prints every frame'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept decode encode serve handshake explain generate help" -f -a "handshake" -d 'Judge a pasted request, response, or both'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept decode encode serve handshake explain generate help" -f -a "explain" -d 'Explain a rule, or find the rules behind an error text'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept decode encode serve handshake explain generate help" -f -a "generate" -d 'Generate a completion script or the man page'
complete -c wsctl -n "__fish_wsctl_using_subcommand help; and not __fish_seen_subcommand_from accept decode encode serve handshake explain generate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
