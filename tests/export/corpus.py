"""Hostile values: what some tool of this field has lost, changed or executed, each once."""

import hashlib
from typing import Final

from hypothesis import strategies as st

# Where a value that is executed leaves its trace; a reader is started in a folder of its own.
CANARY: Final = "canary-was-executed"

_QUOTES = [
    "'", '"', "`", "''", '""', "``", "'''", '"""', "it's", 'say "hi"', "`tick`", "'both\"", "'all`three\"", "'\"'\"'",
    "'\\''", "x'; exit 3; '", '"; exit 3; "', "' #", "'\n", "\n'", '"\n', "`\n`", "'a'b'c'", "'quoted'", '"quoted"',
    "`quoted`", "'`", '`"', "'\"", "'`\\n", "'`\"\\n", "\u2018curly\u2019", "\u201clow\u201e", "\u201a\u201b",
    "\u2018'\u2019", "it\u2019s", "\u2018\u2018\u2019", "\u00b4\u02bc\uff07", "$'ansi\\n'", '$"locale"', "E'x'", "r'x'",
    "@'\nhere\n'@",
]  # fmt: skip
_DOLLARS = [
    "$", "$$", "$$$", "$HOME", "${HOME}", "${HOME:-x}", "${", "${}", "$}", "$(id)", "$((1+1))", "$[1+1]", "$1", "$@",
    "$?", "a$", "a$b", "$a$b", "\\$HOME", "\\${HOME}", "$\\{HOME}", "$${HOME}", "$$$${HOME}", "%{if true}x%{endif}",
    "%{", "%%{", "%%%{x}", "$%{", "%${", "%{~x~}", "${~x~}", "%", "%%", "%s%n", "%PATH%", "%0A", "%0D", "%3B", "%5D",
    "%25", "%AZP25", "%AZP250A", "%AZP%AZP25", "{{ 7*7 }}", "{% raw %}", "<% x %>", "#{x}", "${:-$}", "${:-$}{", "${${",
    "${a:-${b}}", "$(VARIABLE)", "$env:PATH", "$[env.X]",
]  # fmt: skip
_COMMANDS = [
    f"$(touch {CANARY})", f"`touch {CANARY}`", f"'$(touch {CANARY})'", f"'; touch {CANARY}; '", f'"; touch {CANARY}; "',
    f"\n$(touch {CANARY})\n", f"\ntouch {CANARY}\n", f"x; touch {CANARY}", f"x && touch {CANARY}", f"| touch {CANARY}",
    f"(touch {CANARY})", f"'(touch {CANARY})'", f"<(touch {CANARY})", f"\\$(touch {CANARY})", f"\\`touch {CANARY}\\`",
    f"'\n. ./{CANARY}\n'", f"!!python/object/apply:os.system ['touch {CANARY}']", f"=cmd|'touch {CANARY}'!A1",
    f"\u2019; touch {CANARY}; \u2018", f"\r\ntouch {CANARY}\r\n", "() { :;}; touch canary-was-executed",
    f"\\\n$(touch {CANARY})",
]  # fmt: skip
_BACKSLASHES = [
    "\\", "\\\\", "\\\\\\", "\\\\\\\\", "a\\", "a\\\\", "\\a", "\\n", "\\\\n", "\\r\\n", "\\t", "\\'", '\\"', "\\\\'",
    '\\\\"', "\\`", "\\\n", "\\\\\n", "\n\\", "\\ ", " \\", "\\#", "\\=", "\\:", "\\!", "\\u0041", "\\x41", "\\101",
    "\\0", "\\041", "\\U0001F511", "\\e[0m", "\\N{DASH}", "C:\\new\\table", "\\\\server\\share", "\\d+\\.\\w*", "'\\",
    '"\\', "\\\\\\'", '\\\\\\"', "\\$\\", "\\{\\}", "\\_\\a\\b\\f\\v",
]  # fmt: skip
_LINES = [
    "\n", "\n\n", "a\n", "\na", "a\nb", "a\n\nb", "a\n\n", "\r", "\r\n", "\n\r", "a\r", "\ra", "a\rb", "a\r\nb",
    "a\r\n", "\r\r\n", "a\n b\n  c\n", "a\n#b\nc", "a\nB=c", "a\nexport B=c", "a\n[section]\nb=c", "a\n---\nb",
    "a\n...\nb", "line\u2028separator", "\u2028", "\u2029", "next\u0085line", "\u0085", "\v", "\f", "a\vb\fc",
    "\x1c\x1d\x1e", "a \nb\t\n", "EOF", "EOF\n", "a\nEOF\nb", "END_OF_V_0", "a\nEND_OF_V_0\nb", "\nEOF", "x<<EOF",
    "V<<EOF\nx\nEOF\n", "ghadelimiter_00000000-0000-0000-0000-000000000000", "a\nV002=injected\n", "\n::add-mask::x\n",
    "##vso[task.setvariable variable=X]y", "::set-env name=X::y",
]  # fmt: skip
_SPACES = [
    "", " ", "  ", "\t", "\t\t", " a", "a ", " a ", "\ta", "a\t", "a b", "a  b", "a\tb", "\u00a0", "\u00a0a\u00a0",
    "\u3000", "\u2003a", "\u200b", "a\u200b", " \n ", "\n ", " \n", "\t\n\t", "a \\", "\u1680", "\u180e", " = ", "= ",
    " =",
]  # fmt: skip
_SIGNS = [
    "#", "##", "a#b", "a #b", "a # b", "#a", " #", "a\t#b", "=", "==", "=a", "a=", "a=b", "a=b=c", "!", "!!", "!a",
    "a!b", ":", "::", ": ", "a: b", "a:", ";", ";a", "a;b", "&", "&&", "|", "||", "<", ">", "<<", "*", "**", "?", "~",
    "~root", "a:~", "[", "]", "[a]", "{", "}", "{a,b}", "(", ")", "()", "^", "@", "@a", ",", "-", "--", "-n", "-e",
    "-x -y", "--", "+", "/", "//", "/*", "*/", "<!-- x -->", "a,b", 'a,"b"', "export X=1", "set -x", "=ls", "a&b=c",
    "a|b>c<d", "#!/bin/sh", "%YAML 1.1",
]  # fmt: skip
_LOOK_ALIKES = [
    "yes", "no", "Yes", "NO", "on", "off", "true", "false", "True", "FALSE", "y", "n", "null", "Null", "NULL", "~",
    "nil", "none", "undefined", "NaN", ".nan", ".inf", "-.inf", "0", "00", "007", "0o17", "0x1F", "0b11", "1", "-1",
    "+1", "1.0", "1.", ".5", "1e3", "1E+3", "1_000", "190:20:30", "12:34", "1:1", "2001-12-14",
    "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43", "!!str x", "!x", "&a", "*a", "<<", "- a", "-", "? a", "|",
    ">", "|-\n  a", "{a: b}", "[a, b]", "a: [b", "%TAG", "@at", "`tick", "---", "...", "--- a", "12345678901234567890",
    "1.7976931348623157e309", "0.1e-400", "1/2", "1,5",
]  # fmt: skip
_UNICODE = [
    "\u00e9", "e\u0301", "\u00c5", "A\u030a", "\u212b", "\u1100\u1161\u11a8", "\uac01", "\ufb01", "\u0958", "\u2126",
    "gr\u00fc\u00dfe", "\u65e5\u672c\u8a9e", "\u0430\u0431\u0432", "\u05d0\u05d1", "\u202eevil\u202c", "\U0001f511",
    "\U0001f468\u200d\U0001f469", "\U00010000", "\U0010fffd", "\U0001d11e clef", "\ufeff", "\ufeffa", "a\ufeff",
    "\ufffd", "\u0080", "\u009f", "\u00ad", "\u00ff", "\u0300", "\u0300a", "\ue000", "\uf600", "\uf6ff", "\uf700",
    "\uf8ff", "\ud7ff", "\ufdcf", "\ufdf0", "\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001ffff", "\U0010ffff",
    "a\u0327\u0301", "a\u0301\u0327", "\u0344", "\u2fa1d", "\U0002f800", "\U000e0001", "\u0130\u0131",
]  # fmt: skip
_CONTROLS = [
    *map(chr, range(1, 9)), *map(chr, range(0xE, 0x20)), "\x7f", "a\x00b", "\x00", "\x00\n", "'\x00",
    "\x1b[31mred\x1b[0m", "\x07\x08", "a\x08b", "\x1a", "\x04", "\x03", "".join(map(chr, range(1, 32))),
    "".join(map(chr, range(0x80, 0x100))), "".join(map(chr, range(32, 127))),
]  # fmt: skip


def _made_up_pem() -> str:
    lines = [hashlib.sha384(bytes([number])).hexdigest()[:64] for number in range(12)]
    return "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])


_DOCUMENTS = [
    _made_up_pem(), _made_up_pem().replace("\n", "\r\n"), _made_up_pem().replace("\n", "\\n"),
    '{"user": "a", "pass": "it\'s \\"b\\" \\n ${c}"}', '{\n  "a": [1, 2],\n  "b": null\n}\n', "a: b\nc:\n  - d\n",
    "[a]\nb = 'c'\n", '<a b="c">d &amp; e</a>', "postgres://u:p%40ss@h:5432/d?x=y&z=%20", "Server=h;Password='a;b';",
    "SELECT 'a' || \"b\"; -- c", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "c2VjcmV0IQ==", "dG9r/W4+Lw==",
    "ssh-ed25519 AAAAC3Nza a@b", "0123456789abcdef" * 4, "correct horse battery staple", "p@$$w0rd!#%^&*()", "a" * 4095,
    "a" * 4096, "a" * 65_535, "a" * 65_536, "it's $HOME \\ \"`\n" * 4096, "\u00e9" * 32_768, "\\" * 1001, "'" * 1001,
    '"' * 1001, "$" * 1001, "`" * 1001, "\n" * 1001, " " * 1001,
]  # fmt: skip

VALUES: Final = tuple(
    dict.fromkeys(
        [
            *_QUOTES,
            *_DOLLARS,
            *_COMMANDS,
            *_BACKSLASHES,
            *_LINES,
            *_SPACES,
            *_SIGNS,
            *_LOOK_ALIKES,
            *_UNICODE,
            *_CONTROLS,
            *_DOCUMENTS,
        ]
    )
)

# What consumers treat specially comes up often, everything else sometimes.
TEXT: Final = st.text(
    st.sampled_from("'\"`\\${}()%#=!:;&|<>[]*?~- \t\n\r\u2018\u2019\u0085\u2028\ufeffntru0x")
    | st.characters(exclude_categories=["Cs"])
)


def named(values: "tuple[str, ...] | list[str]") -> dict[str, str]:
    """Each value under a name of its own: V000, V001 ..."""
    return {f"V{number:03}": value for number, value in enumerate(values)}
