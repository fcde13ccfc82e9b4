Verbose output tells names, never values.

-- mysafe.toml --
[env]
KEY = "mysafe://secretapi/stripe-live"

$ mysafe-run -v -- true
2> mysafe-run: note: list secretapi identifier_code "stripe-live"
2> mysafe-run: note: get secretapi identifier "1"
