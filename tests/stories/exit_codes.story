125, 126 and 127 are ours; every other code of mysafe-run is the command's.

-- mysafe.toml --
[env]
A = "1"

-- empty.toml --

-- not_executable --
echo never

$ mysafe-run
2> mysafe-run: error: there is no COMMAND to run
2> mysafe-run: hint: put it at the end: mysafe-run -- COMMAND [ARG]...
? 125

$ mysafe-run --bogus -- true
2> mysafe-run: error: there is no option...
2> mysafe-run: hint: see mysafe-run --help
? 125

$ mysafe-env run --bogus -- true
2> mysafe-env: error: there is no option...
2> mysafe-env: hint: see mysafe-env run --help
? 125

$ mysafe-env --bogus
2> mysafe-env: error: there is no option...
2> mysafe-env: hint: see mysafe-env --help
? 2

$ mysafe-env chekc
2> mysafe-env: error: there is no command "chekc"; did you mean "check"?
2> mysafe-env: hint: see mysafe-env --help
? 2

$ mysafe-env
2> mysafe-env: error: a COMMAND is missing
2> mysafe-env: hint: write mysafe-env [OPTIONS] COMMAND [ARGS]...; see mysafe-env --help
? 2

$ mysafe-env secretsafe members
2> mysafe-env: error: a COMMAND is missing
2> mysafe-env: hint: write mysafe-env secretsafe members [OPTIONS] COMMAND [ARGS]...; see mysafe-env secretsafe members --help
? 2

$ mysafe-env export --format json --output ''
2> mysafe-env: error: the file to be written has no name
2> mysafe-env: hint: name one; an unset shell variable?
? 1

$ mysafe-run -m empty.toml -- true
2> mysafe-run: error: there is nothing to inject: no mapping, no env file and no reference in the environment names a value
2> mysafe-run: hint: write variables into [env] of empty.toml, or choose one of its profiles with --profile
? 125

$ mysafe-run -m missing.toml -- true
2> mysafe-run: error: missing.toml: there is no such file; write one, or name another with --mapping
? 125

$ mysafe-run --profile nowhere -- true
2> mysafe-run: error: mysafe.toml: there is no profile "nowhere", which --profile names; there are none
? 125

$ mysafe-run -- no-such-command
2> mysafe-run: error: command "no-such-command" was not found
2> mysafe-run: hint: check its spelling, and PATH as the command would get it
? 127

$ mysafe-run -- ./not_executable
2> mysafe-run: error: ...not_executable...
2> mysafe-run: hint: ...
? 126

$ mysafe-run -- /
2> mysafe-run: error: .../...
2> mysafe-run: hint: ...
? 126

$ mysafe-run -- printf '%s|' -- --help -c "a b" '*' ''
1> --|--help|-c|a b|*||

$ mysafe-run printf '%s|' -- --help
1> --|--help|

$ mysafe-run -c 'printf "%s|" "$0" "$@"' -- a --b
1> a|--b|

$ mysafe-env check --offline -m missing.toml
2> ...
? 1

$ mysafe-env export
2> mysafe-env: error: --format is missing
2> mysafe-env: hint: write mysafe-env export --format FORMAT; see mysafe-env export --help
? 2

$ mysafe-env export --format jsno
2> mysafe-env: error: there is no export format "jsno"
2> mysafe-env: hint: did you mean "json"?
? 2
