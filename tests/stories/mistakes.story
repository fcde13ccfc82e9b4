All mistakes of a mapping are told at once, each with its place.

-- mysafe.toml --
[env]
PORT = 8080
LD_PRELOAD = "/tmp/x.so"
NODE_OPTIONS = { value = "--max-old-space-size=512", allow_dangerous = true }
"1BAD" = "x"
A = { kind = "pasword", tag = "x" }
B = { kind = "password", tagg = "x" }
C = { kind = "note", name = "x", field = "password" }
D = "mysafe://secretapi/a/b"
E = { kind = "note", name = "x", optional = true, default = "y" }
F = { template = "{{ NOWHERE }}" }

[envv]
X = "y"

-- syntax.toml --
[env]
A = "unfinished

$ mysafe-run -- true
2> mysafe-run: error: mysafe.toml:2: env.PORT: is not a string; quote it: PORT = "..."
2> mysafe-run: error: mysafe.toml:3: env.LD_PRELOAD: LD_PRELOAD changes how programs load code...
2> mysafe-run: error: mysafe.toml:5: env.1BAD: is no environment name...
2> mysafe-run: error: mysafe.toml:6: env.A.kind: there is no kind "pasword"; did you mean "password"?
2> mysafe-run: error: mysafe.toml:7: env.B...
2> ...
2> mysafe-run: error: mysafe.toml:8: env.C.field: a note has no field "password"; ...
2> mysafe-run: error: mysafe.toml:9: env.D: the key holds a /; write it as %2F
2> mysafe-run: error: mysafe.toml:10: env.E...
2> mysafe-run: error: mysafe.toml:11: env.F: the template uses "NOWHERE", which is not mapped; ...
2> mysafe-run: error: mysafe.toml:13: envv: unknown table; did you mean "env"?
? 125

$ mysafe-run -m syntax.toml -- true
2> mysafe-run: error: syntax.toml:2: ...
? 125
