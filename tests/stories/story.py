"""Stories: what a user types, what must appear, with the files inline.

    A sentence that says what the story shows.

    -- mysafe.toml --
    [env]
    GREETING = "hello"

    $ mysafe-run -- printenv GREETING
    1> hello
    2> mysafe-run: warning: ...
    ? 0

`$` is a line for `sh`. `1>` and `2>` are the lines of its standard output and error, all of them; in one, `...`
stands for anything, and alone for any lines. `?` is the exit code, 0 if left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_FILE = re.compile(r"-- (\S+) --")


@dataclass
class Command:
    """One line that a user types, and what must come of it."""

    typed: str
    stdout: list[str] = field(default_factory=list)
    stderr: list[str] = field(default_factory=list)
    code: int = 0


@dataclass
class Story:
    """The sentence, the files and the commands of one story."""

    name: str
    sentence: str = ""
    files: dict[str, str] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)


def read_story(path: Path) -> Story:
    """The story in a file; a line that fits nowhere is an error."""
    story = Story(path.stem)
    current: str | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        current = _read_line(story, line, current)
    # The empty line before the next file or command is not the file's.
    story.files = {name: text.removesuffix("\n") or text for name, text in story.files.items()}
    story.files = {name: text if text.endswith("\n") else f"{text}\n" for name, text in story.files.items()}
    return story


def read_stories(folder: Path) -> Iterator[Story]:
    """Every story of a folder, by name."""
    return (read_story(path) for path in sorted(folder.glob("*.story")))


def _read_line(story: Story, line: str, current: str | None) -> str | None:
    """Put one line where it belongs; the name of the file that is being read, if any."""
    if opening := _FILE.fullmatch(line):
        story.files[opening[1]] = ""
        return opening[1]
    if line.startswith("$ "):
        story.commands.append(Command(line[2:]))
        return None
    if current is not None:
        story.files[current] += line + "\n"
        return current
    if not story.commands:
        story.sentence = f"{story.sentence} {line}".strip()
    elif line:
        _expect(story.commands[-1], line)
    return None


def _expect(command: Command, line: str) -> None:
    mark, text = line[:2], line[3:]
    if mark == "1>":
        command.stdout.append(text)
    elif mark == "2>":
        command.stderr.append(text)
    elif line.startswith("? "):
        command.code = int(line[2:])
    else:
        raise ValueError(f"a story can't have the line {line!r}")


def matches(expected: list[str], actual: str) -> bool:
    """Whether the lines are those that the story tells."""
    return re.fullmatch("".join(_pattern(line) for line in expected), _lines(actual)) is not None


def _pattern(line: str) -> str:
    if line == "...":
        return r"(?:.*\n)*"
    return ".*".join(re.escape(piece) for piece in line.split("...")) + r"\n"


def _lines(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
