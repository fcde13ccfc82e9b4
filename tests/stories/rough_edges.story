What a newcomer types, leaves out and mistypes is answered with what to do.

-- profiles.toml --
[profile.staging.env]
LEVEL = "debug"

-- empty.env --
# nothing yet

$ mysafe-env secretsafe gruops list
2> mysafe-env: error: there is no command "gruops"; did you mean "groups"?
2> mysafe-env: hint: see mysafe-env secretsafe --help
? 2

$ mysafe-env secretsafe groups lst
2> mysafe-env: error: there is no command "lst"; did you mean "list"?
2> mysafe-env: hint: see mysafe-env secretsafe groups --help
? 2

$ mysafe-env secretsafe groups update x --name
2> mysafe-env: error: --name needs a value
2> mysafe-env: hint: see mysafe-env secretsafe groups update --help
? 2

$ mysafe-env check -m profiles.toml
2> mysafe-env: error: there is nothing to check
2> mysafe-env: hint: write variables into [env] of profiles.toml, or choose one of its profiles with --profile
? 2

$ mysafe-env export -f json
2> mysafe-env: error: there is nothing to export
2> mysafe-env: hint: write a mysafe.toml here, or name one with --mapping FILE
? 2

$ mysafe-run -m "$UNSET" -- true
2> mysafe-run: error: "": there is no such file; write one, or name another with --mapping
? 125

$ mysafe-env import empty.env
1> ROW  KIND  NAME  VARIABLE  STATUS  IDENTIFIER
2> mysafe-env: warning: empty.env holds nothing to import
