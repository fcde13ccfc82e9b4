"""What would change, in words and as a diff, without a value in it."""

import shlex
from collections.abc import Collection, Iterator
from typing import Final

from mysafe_env.errors import printable, visible
from mysafe_env.sinks.rendering.changes import Change
from mysafe_env.sinks.rendering.masking import Line, OldLines, masked_lines
from mysafe_env.sinks.rendering.matching import LineMatcher

_CONTEXT: Final = 3
_NO_END: Final = "\\ no newline at the end"


def diff_lines(change: Change, shown: Collection[str]) -> Iterator[str]:
    """The lines of a unified diff with every value masked but those in *shown*.

    A changed value shows as two equal lines.
    """
    name = printable(change.job.to)
    yield f"--- {name if change.old else '/dev/null'}"
    yield f"+++ {name}"
    yield from _access_lines(change)
    if change.of_content:
        yield from _content_lines(change, shown)
    if change.owes_command:
        command = printable(shlex.join(change.job.render.command))
        yield f"command that has not succeeded since an earlier change, to be run: {command}"


def _access_lines(change: Change) -> Iterator[str]:
    if change.old and change.of_mode:
        yield f"mode {change.old.mode:04o}, to be {change.job.mode:04o}"
    if change.old and change.of_owner:
        yield f"owner {change.old.owner[0]}:{change.old.owner[1]}, to be {change.job.render.owner}"


def _content_lines(change: Change, shown: Collection[str]) -> Iterator[str]:
    new_text, old_text = _text(change.data), _text(change.old.data if change.old else b"")
    if new_text is None or old_text is None:
        yield "the files differ, and one of them is no text or can't be read"
        return
    new = _without_end(masked_lines(change.pieces or (new_text,), shown))
    old = old_text.removesuffix("\n").split("\n") if old_text else []
    yield from _hunks(old, new)
    for sign, text in (("-", old_text), ("+", new_text)):
        if text and not text.endswith("\n"):
            yield f"{sign}{_NO_END}"


def _hunks(old: list[str], new: list[Line]) -> Iterator[str]:
    shown_old = OldLines(new)
    matcher = LineMatcher(old, [line.text for line in new])
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                yield from (f" {visible(line.masked)}" for line in new[new_start:new_end])
                continue
            yield from (f"-{visible(shown_old.masked(line))}" for line in old[old_start:old_end])
            yield from (f"+{visible(line.masked)}" for line in new[new_start:new_end])


def _without_end(lines: list[Line]) -> list[Line]:
    """The lines of a text that ends with a newline, or is empty, without the empty one after it."""
    return lines[:-1] if not lines[-1].parts else lines


def _text(data: bytes | None) -> str | None:
    try:
        return None if data is None else data.decode()
    except UnicodeDecodeError:
        return None


def _range(start: int, end: int) -> str:
    """The first line and the number of lines, as diff writes them."""
    length = end - start
    return f"{start + 1}" if length == 1 else f"{start + bool(length)},{length}"
