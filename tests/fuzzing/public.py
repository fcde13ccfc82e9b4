"""What of an input may be shown: a canary that a fuzzer moved there proves nothing."""

import csv
import io
import json
import tomllib
from collections.abc import Iterator

_SECRET_KEYS = frozenset(
    {"password", "note", "client_secret", "secret_key", "token", "access_token", "master_password", "value", "default"}
)


def open_toml(data: bytes) -> str:
    """Keys, and values that are no secret; nothing of what is not TOML."""
    try:
        return " ".join(_open(tomllib.loads(data.decode("utf-8-sig")), ""))
    except (ValueError, RecursionError):
        return ""


def open_json(data: bytes) -> str:
    """Keys, and values that are no secret; nothing of what is not JSON."""
    try:
        return " ".join(_open(json.loads(data.decode("utf-8-sig")), ""))
    except (ValueError, RecursionError):
        return ""


def open_csv(data: bytes) -> str:
    """The header, and the columns that are no secret."""
    try:
        names, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    except (ValueError, csv.Error):
        return ""
    secret = {number for number, name in enumerate(names) if name in _SECRET_KEYS}
    cells = (cell for row in rows for number, cell in enumerate(row) if number not in secret)
    return " ".join([*names, *cells])


def open_names(data: bytes) -> str:
    """The names of an env file."""
    return " ".join(line.partition("=")[0] for line in data.decode("utf-8", "replace").splitlines())


def open_settings(data: bytes) -> str:
    """The lines of a settings file that hold no secret."""
    lines = data.decode("utf-8", "replace").splitlines()
    return " ".join(line for line in lines if "SECRET=" not in line and "PASSWORD=" not in line)


def _open(value: object, key: str) -> Iterator[str]:
    match value:
        case dict():
            for inner, each in value.items():
                yield inner
                yield from _open(each, inner)
        case list():
            for each in value:
                yield from _open(each, key)
        case str() if key not in _SECRET_KEYS and not key.isupper():
            yield value
