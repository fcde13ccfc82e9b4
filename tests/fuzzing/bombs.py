"""Inputs that are small, or allowed, and made to cost much: by target and name, each made when it is asked for."""

import json
from collections.abc import Callable, Mapping
from functools import partial

from tests.fuzzing.canary import CANARY

MIB = 2**20
_DEEP = 30_000

Bomb = Callable[[], bytes]


def _toml(table: str, key: str) -> Mapping[str, Bomb]:
    """What any reader of TOML is given; *key* is one that holds a value in *table*."""
    head = f"{table}\n".encode()
    assign = head + key.encode() + b" = "
    return {
        "nested lists": lambda: assign + b"[" * _DEEP,
        "nested tables": lambda: assign + b"{a=" * _DEEP,
        "a dotted key": lambda: head + b"a." * _DEEP + b"a = 1\n",
        "a dotted header": lambda: b"[" + b"a." * _DEEP + b"a]\n",
        "ten thousand digits": lambda: assign + b"9" * 10_000,
        "a date of many digits": lambda: assign + b"1979-05-27T07:32:00." + b"9" * MIB,
        "a long line": lambda: assign + b'"' + b"x" * MIB + b'"\n',
        "a long string that is open": lambda: assign + b'"""' + b'"" ' * (MIB // 2),
        "a list of many lines": lambda: assign + b"[\n" + b"  [1],\n" * 5_000 + b"]\nunknown = 1\n",
        "a text of many lines": lambda: assign + b'"""\n' + b"line\n" * 100_000 + b'"""\nunknown = 1\n',
        "many empty lists": lambda: assign + b"[" + b"[]," * (MIB // 16) + b"]\n",
        "many unknown keys": lambda: head + b"".join(b"unknown%d = 1\n" % number for number in range(5_000)),
        "a long key": lambda: head + b"k" * MIB + b" = 1\n",
        "too large": lambda: b"#" * (64 * MIB),
        "NUL": lambda: assign + b'"\0"',
        "lone surrogate": lambda: assign + rb'"\ud800"',
    }


def _some(bombs: Mapping[str, Bomb], *names: str) -> Mapping[str, Bomb]:
    """Some of the bombs, for a reader that shares its parser with another one."""
    return {name: bombs[name] for name in names}


_OF_VAULTS = (
    "nested lists",
    "nested tables",
    "a dotted key",
    "ten thousand digits",
    "many unknown keys",
    "too large",
    "NUL",
)

_DOTENV: Mapping[str, Bomb] = {
    "blanks before no comment": lambda: b"A=x" + b" " * MIB + b"y",
    "open braces": lambda: b"A=" + b"${" * MIB,
    "open braces and an end": lambda: b"A=" + b"${" * MIB + b":}",
    "open defaults": lambda: b"A=" + b"${a:-" * (MIB // 2),
    "a growing value": lambda: b"A=0123456789\n" + b"".join(b"A=${A}${A}\n" for _ in range(64)),
    "an open quote": lambda: b'A="' + b"x\\" * MIB,
    "an open quote of quotes": lambda: b"A='" + b"\\'" * MIB,
    "many variables": lambda: b"".join(b"A%d=x\n" % number for number in range(5_000)),
    "many wrong lines": lambda: b"not an assignment\n" * 5_000,
    "too large": lambda: b"A=x\n" * (16 * MIB),
    "NUL": lambda: b"A=a\0b\n",
}


def _json(wrap: Callable[[bytes], bytes]) -> Mapping[str, Bomb]:
    """What any reader of JSON is given, inside of what is usual."""
    return {
        "nested lists": lambda: wrap(b"[" * _DEEP),
        "lists nested as deep as the parser goes": lambda: wrap(b"[" * 900 + b"]" * 900),
        "objects nested as deep as a parser goes": lambda: wrap(b'{"a":' * 450 + b"1" + b"}" * 450),
        "many empty lists": lambda: wrap(b"[" + b"[]," * (5 * MIB) + b"[]]"),
        "many numbers": lambda: wrap(b"[" + b"1," * (7 * MIB) + b"1]"),
        "many objects": lambda: wrap(b"[" + b'{"a":1},' * (MIB + MIB // 2) + b"1]"),
        "a long text": lambda: wrap(b'"' + "\N{WHITE SMILING FACE}".encode() + b"x" * (14 * MIB) + b'"'),
        "ten thousand digits": lambda: wrap(b"9" * 10_000),
        "a large exponent": lambda: wrap(b"1e999999"),
        "NaN": lambda: wrap(b"NaN"),
        "lone surrogate": lambda: wrap(rb'"\ud800"'),
        "a name twice": lambda: wrap(b'{"a": 1, "a": 2}'),
        "a byte order mark": lambda: b"\xef\xbb\xbf" + wrap(b"1"),
        "UTF-16": lambda: wrap(b"1").decode().encode("utf-16"),
    }


def _envelope(start: bytes, name: str) -> Callable[[bytes], bytes]:
    head = b'{"code": 200, "response": {"status": 200, "message": "Success", "error": false}, "%s": ' % name.encode()
    return lambda inner: start + head + inner + b"}"


def _field(start: bytes, body: Mapping[str, object], name: str) -> Callable[[bytes], bytes]:
    """A JSON object with one field replaced."""
    head = json.dumps({key: value for key, value in body.items() if key != name})
    return lambda inner: start + head[:-1].encode() + b', "%s": ' % name.encode() + inner + b"}"


_CHUNKED = b"\3HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_HTTP: Mapping[str, Bomb] = {
    "a long status line": lambda: b"\3HTTP/1.1 200 " + b"x" * (32 * MIB),
    "many headers": lambda: b"\3HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * MIB,
    "a long header": lambda: b"\3HTTP/1.1 200 OK\r\nX: " + b"y" * (32 * MIB),
    "many interim answers": lambda: b"\3" + b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
    "an endless body": lambda: b"\3HTTP/1.1 200 OK\r\n\r\n" + b"x" * (64 * MIB),
    "a long chunk size": lambda: _CHUNKED + b"0" * (32 * MIB),
    "many small chunks": lambda: _CHUNKED + b"1\r\nx\r\n" * 10_000,
    "many trailers": lambda: _CHUNKED + b"0\r\n" + b"X: y\r\n" * 50_000,
    "a large length": lambda: b"\3HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\nx",
    "a cookie of the cookie jar's own": lambda: (
        b"\3HTTP/1.1 200 OK\r\nSet-Cookie: a=b; expires=Wed, 21 Ogt 2026 07:28:00 GMT\r\nContent-Length: 0\r\n\r\n"
    ),
    "a bomb in gzip": lambda: b"\3HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + b"\x1f\x8b\x08" + bytes(MIB),
    "a long redirect": lambda: b"\3HTTP/1.1 302 Found\r\nLocation: /" + b"\x1b[31m" * 10_000 + b"\r\n\r\n",
    "a date of many digits": lambda: (
        b"\3HTTP/1.1 429 Busy\r\nRetry-After: Wed, 21 Oct "
        + b"9" * 4_000
        + b" 07:28:00 GMT\r\nContent-Length: 0\r\n\r\n"
    ),
}

_TEMPLATE: Mapping[str, bytes] = {
    "a long range": b"{% for i in range(10**9) %}x{% endfor %}",
    "a repeated text": b'{{ "a" * 10**9 }}',
    "a repeated value": b"{{ SECRET * 10**9 }}",
    "a repeated list": b"{{ ([1] * 10**9)|length }}",
    "a large power": b"{{ 9 ** 9 ** 9 }}",
    "a power of values": b"{% set x = SECRET|length %}{{ x ** x ** x ** x }}",
    "endless output": b"{% for i in range(99999) %}{% for j in range(99999) %}0123456789{% endfor %}{% endfor %}",
    "endless macros": b"{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "Python's own": b"{{ 'x'.__class__.__mro__ }}{{ ''.format_map(env) }}",
    "Python's own in a format": b'{{ "{0.__class__}".format(SECRET) }}',
    "deep brackets": b"{{ " + b"(" * 5_000 + b"1" + b")" * 5_000 + b" }}",
    "many operators": b"{{ 1" + b" + 1" * 5_000 + b" }}",
    "many filters": b"{{ 1" + b"|upper" * 5_000 + b" }}",
    "many attributes": b"{{ SECRET" + b".a" * 5_000 + b" }}",
    "many negations": b"{{ " + b"not " * 5_000 + b"1 }}",
    "deep blocks": b"{% if 1 %}" * 5_000 + b"{% endif %}" * 5_000,
    "ten thousand digits": b"{{ " + b"9" * 10_000 + b" }}",
    "many braces": b"{{" * 200_000,
    "many open comments": b"{#" * 200_000,
    "many open quotes": b"{{ '" + b"\\'" * 200_000,
    "many blanks": b"{{ 1" + b" " * MIB + b"%",
}

_TOKEN = {"access_token": "made-up", "token_type": "Bearer", "expires_in": 3600}
_MEMBER = {"id": "9a", "email": "a@b.test", "type": 2, "status": 2}


def _parsed(name: str, wrap: Callable[[bytes], bytes]) -> Mapping[str, Bomb]:
    return {f"{name}: {each}": bomb for each, bomb in _json(wrap).items()}


BOMBS: Mapping[str, Mapping[str, Bomb]] = {
    "mapping": _toml("[env]", "A"),
    "vault": _some(_toml("demo = true\n[[note]]\nname = 'n'", "note"), *_OF_VAULTS),
    "served_vault": _some(_toml("demo = true\n[account]\nemail = 'a@b'\nmaster_password = 'x'", "kdf"), *_OF_VAULTS),
    "env_file": _DOTENV,
    "settings_file": _some(_DOTENV, "open braces", "a growing value", "NUL"),
    "import_dotenv": _some(_DOTENV, "open braces", "a growing value", "many wrong lines", "NUL"),
    "import_json": {**_json(lambda inner: inner), **_parsed("a value", lambda inner: b'{"A": ' + inner + b"}")},
    "import_csv": {
        "many cells": lambda: b"name,note\n" + b"," * (3 * MIB),
        "many rows": lambda: b"name,note\n" + b"a,b\n" * 5_000,
        "an open quote": lambda: b'name,note\na,"' + b"x\n" * MIB,
        "a field over the limit": lambda: b"name,note\na," + b"x" * MIB,
        "many columns": lambda: b",".join(b"c%d" % number for number in range(100_000)) + b"\n",
        "NUL": lambda: b"name,note\na,\0\n",
        "too large": lambda: b"a,b\n" * (16 * MIB),
    },
    "import_result": {
        **_json(lambda inner: inner + b"\n"),
        "a number of ten thousand digits": lambda: (
            b'{"row": ' + b"9" * 10_000 + b', "kind": "note", "name": "a", "status": "created", "identifier": "1"}\n'
        ),
        "no line": lambda: b"x" * (64 * MIB),
    },
    "locators": {**_json(lambda inner: inner), **_parsed("a value", lambda inner: b'{"a": ' + inner + b"}")},
    "template": {name: partial(bytes, data) for name, data in _TEMPLATE.items()},
    "reference": {
        "long": lambda: b"mysafe://note/" + b"%41" * (MIB // 4),
        "many selectors": lambda: b"mysafe://note?" + b"&".join(b"tag=%d" % number for number in range(200_000)),
        "a long kind": lambda: b"mysafe://" + b"n" * MIB,
    },
    "encstring": {
        "long": lambda: b"2." + b"A" * (4 * MIB),
        "many parts": lambda: b"2." + b"|" * (4 * MIB),
        "no type": lambda: b"A" * (4 * MIB) + b"|",
    },
    "totp": {
        "a long address": lambda: b"otpauth://totp/?" + b"a=b&" * (MIB // 4),
        "a long seed": lambda: b"A" * MIB,
        "many blanks": lambda: b" " * MIB + b"A",
    },
    "mysafe": {
        **_parsed("list", _envelope(b"\0\0", "password_on_list")),
        **_parsed("get", _envelope(b"\3\0", "password_entity")),
        "words without end": lambda: (
            b"\3\2" + json.dumps({"response": {"message": "x" * (8 * MIB), "error": True}}).encode()
        ),
    },
    "mysafe_write": {
        **_parsed("sharing", _envelope(b"\3\0", "password_entity")),
        "notices": lambda: (
            b'\3\0{"password_entity": {"identifier": 7, "name": "a", "shared_error": ['
            + b'{"a":' * 450
            + b"1"
            + b"}" * 450
            + b"]}}"
        ),
        "a secret beside a number of ten thousand digits": lambda: (
            b'\0\2{"n": '
            + b"9" * 10_000
            + b', "response": {"message": "1001: '
            + CANARY.encode()
            + b'", "error": true}}'
        ),
        "a secret as a name": lambda: (
            b'\3\0{"password_entity": {"identifier": 7, "name": "a", "shared_error": [{"'
            + CANARY.encode()
            + b'": 1}]}}'
        ),
    },
    "mysafe_token": {
        **_json(lambda inner: b"\0\0" + inner),
        **_parsed("lifetime", _field(b"\0\0", _TOKEN, "expires_in")),
    },
    "http": _HTTP,
    "secretsafe_login": {
        **_json(lambda inner: b"\0\0" + inner),
        **_parsed("lifetime", _field(b"\0\0", _TOKEN, "expires_in")),
        "a lifetime of thousands of digits": lambda: _field(b"\0\0", _TOKEN, "expires_in")(b"9" * 4_000),
    },
    "secretsafe_sync": {**_json(lambda inner: b"\0\0" + inner)},
    "secretsafe_organization": {
        **_parsed("list", lambda inner: b'\0\0{"data": [{"id": "9a", "x": ' + inner + b"}]}"),
        **_parsed("update", _field(b"\x08\0", _MEMBER, "x")),
        "methods that are none": lambda: b'\x14\0{"paths": {"/public/members": [1, null]}}',
        "a description of thousands of paths": lambda: (
            b'\x14\0{"paths": {' + b",".join(b'"/public/%d{": {"get": {}}' % n for n in range(20_000)) + b"}}"
        ),
        "words of thousands of reasons": lambda: b'\0\2{"errors": {"": [' + b'"x",' * MIB + b'"x"]}}',
    },
}
