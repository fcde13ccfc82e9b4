"""Injuries to a text file: flipped bits, lost and doubled lines, swapped words, stray tokens."""

import re
from collections.abc import Sequence

from hypothesis import strategies as st

CANARY = "canaryzqx"


@st.composite
def damaged(draw: st.DrawFn, corpus: Sequence[bytes]) -> bytes:
    """A text of the corpus with one to three injuries."""
    data = draw(st.sampled_from(corpus))
    for _ in range(draw(st.integers(1, 3))):
        data = draw(st.sampled_from([_flip, _lines, _swap, _insert]))(draw, data)
    return data


def _flip(draw: st.DrawFn, data: bytes) -> bytes:
    if not data:
        return data
    at = draw(st.integers(0, len(data) - 1))
    return data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :]


def _lines(draw: st.DrawFn, data: bytes) -> bytes:
    """One line dropped, doubled or moved to the end."""
    lines = data.split(b"\n")
    line = lines.pop(draw(st.integers(0, len(lines) - 1)))
    where = draw(st.sampled_from(["nowhere", "twice", "end"]))
    return b"\n".join(lines if where == "nowhere" else [*lines, *[line] * (1 + (where == "twice"))])


def _swap(draw: st.DrawFn, data: bytes) -> bytes:
    """Two words exchanged; the canary stays where it is, since a key may be shown."""
    words = re.split(rb"(\w+)", data)
    places = [at for at in range(1, len(words), 2) if words[at] != CANARY.encode()]
    if len(places) > 1:
        one, other = draw(st.sampled_from(places)), draw(st.sampled_from(places))
        words[one], words[other] = words[other], words[one]
    return b"".join(words)


def _insert(draw: st.DrawFn, data: bytes) -> bytes:
    at = draw(st.integers(0, len(data)))
    tokens = [
        b"[",
        b"]",
        b"[[",
        b"{",
        b"}",
        b'"',
        b"'",
        b'"""',
        b"=",
        b".",
        b",",
        b"#",
        b"\\",
        b"\0",
        b"\n",
        b"\xff",
        b"1",
        b"{{",
    ]
    return data[:at] + draw(st.sampled_from(tokens)) + data[at:]
