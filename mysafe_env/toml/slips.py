"""What somebody meant who wrote a line that is not TOML, in plain words.

The parser tells where it stopped, and seldom why a person came there. What is told here holds nothing of the text.
"""

import re
from typing import Final, NamedTuple

from mysafe_env.toml.statements import first_faulty_line


class Slip(NamedTuple):
    """A mistake, and what to do about it."""

    what: str
    advice: str
    line: int


# Lines that are longer nobody has typed; some expressions take the square of the length.
_LONGEST: Final = 2_000
# Texts between quotes, and comments.
_OPAQUE: Final = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|#.*""")
_KEY: Final = r"""(?:[\w.-]+|""|'')[ \t]*"""
_PLAIN_VALUE: Final = r"(?:true|false|[+-]?(?:0|[1-9][0-9_]*)(?:\.[0-9]+)?)(?![^\s,\]}#])"
_NEXT_STATEMENT: Final = re.compile(rf"[ \t]*(?:{_KEY}=|\[+{_KEY}\]+)", re.ASCII)

_QUOTE: Final = ("a text is not closed where its line ends", "add the quote that is missing")
_LONG_QUOTE: Final = ("a text between three quotes is not closed", "write three quotes at its end, too")
_BACKSLASH: Final = ("a text holds a lone backslash", "write two of them, or put the text between single quotes")
_CONTROL: Final = ("a text holds a control character", "take it out, or write it as \\u and four digits")
_TWICE: Final = ("a name stands twice in its table", "take one out")
_HEADER: Final = ("the name of a table is not closed as it was opened", "write [NAME], or [[NAME]]")
_LIST: Final = ("a list is not closed, or a comma is missing in it", 'write NAME = ["...", "..."]')

# How the parser's words begin, and what the line holds besides texts and comments; the first rule that fits counts.
_RULES: Final = tuple(
    (words, re.compile(pattern, re.ASCII), told)
    for words, pattern, told in (
        (
            "Cannot overwrite",
            r"^[ \t]*\[",
            (
                "a table stands where its name has a value or another table already",
                "put all of it into one; where there may be several, write each as [[NAME]]",
            ),
        ),
        ("Cannot overwrite", "", _TWICE),
        ("Duplicate inline table key", "", _TWICE),
        ("Cannot declare", "", ("a table begins twice", "move its lines to where it began")),
        ("Cannot mutate", "", ("what stands between { and } is added to", "write all of it between them")),
        ("Unescaped '\\'", "", _BACKSLASH),
        ("Invalid hex value", "", _BACKSLASH),
        ("Illegal character '\\n'", "", _QUOTE),
        ("Found invalid character '\\n'", "", _QUOTE),
        ("", "\0", ("a NUL character is there, as everywhere in UTF-16 text", "save the file as UTF-8")),
        ("Illegal character", "", _CONTROL),
        ("Found invalid character", "", _CONTROL),
        ("", "^(?:<{7}|={7}|>{7})", ("two versions of the file were not merged", "choose one, and take out the marks")),
        ("", r'''^(?:[^"]*"""(?!.*""")|[^']*\'\'\'(?!.*\'\'\'))''', _LONG_QUOTE),
        ("", r"\r", ("its lines end with CR alone", "save the file with Unix line ends")),
        ("", "[\u2018-\u201f\u00ab\u00bb`]", ("a quote is not a straight one", 'write " on either side')),
        ("", "[\u00a0\u2000-\u200f\u202f\u2060\u3000\ufeff]", ("a blank is not a plain one", "type the line again")),
        ("", r"^[ \t]*(?://|/\*|;)", ("a comment is written as in another language", "begin it with #")),
        ("", r"^[ \t]*export[ \t]", ("a line begins with export, as in a shell", 'write NAME = "..."')),
        ("", r"^[ \t]*[{}]", ("a line begins with a brace, as in JSON", 'write [TABLE], and NAME = "..." below')),
        ("", r"^[ \t]*-[ \t]", ("a line begins with -, as in YAML", 'write a list as NAME = ["...", "..."]')),
        ("", r"^[ \t]*\[", _HEADER),
        ("", rf"(?:^|[{{,])[ \t]*{_KEY}:", ("a name is followed by :, as in YAML", 'write NAME = "..."')),
        ("", r"=[ \t]*$", ("there is no value behind =", 'write NAME = "...", or NAME = "" for an empty one')),
        ("", r"=[ \t]*#", ("there is a comment behind =, and no value", "put quotes around a value that holds #")),
        (
            "",
            r"=[ \t]*(?i:true|false)\b(?<!true)(?<!false)",
            ("true and false have small letters", "write them so, or a text in quotes"),
        ),
        ("", rf"""=[ \t]*(?!{_PLAIN_VALUE})(?:[^"'\s\[{{#]|{{{{)""", ("a value has no quotes", 'write NAME = "..."')),
        (
            "",
            r"""=[ \t]*(?:""|'')[^\s,;}\]#"']""",
            ("a text ends at a quote in its middle", 'put " around the text, and write \\" for such a quote in it'),
        ),
        ("", r"""^[^"']*(?:(?:""|'')[^"']*)*["'][^"']*$""", _QUOTE),
        ("", r",[ \t]*}", ("a comma stands before }", "take it out")),
        ("", r"{[ \t]*#?$", ("what stands between { and } takes several lines", "write it on one")),
        ("Unterminated string", "", ("a text is not closed", "add the quotes that are missing")),
        ("Expected \"'''\"", "", _LONG_QUOTE),
        ('Expected "\'"', "", _QUOTE),
        ("Unclosed array", "", _LIST),
        (
            "Unclosed inline table",
            "",
            ("a { is not closed, or a comma is missing behind it", 'write NAME = { key = "...", key = "..." }'),
        ),
        ("Expected '='", "", ("a name is not followed by =", 'write NAME = "...", the name without blanks')),
        ("Expected newline", "", ("something stands behind the end of a value", "take it out, or begin a new line")),
        ("Invalid value", "", ("a value is none of TOML's", "put quotes around a text")),
        ("Invalid statement", "", ("a line begins like none of TOML", 'write NAME = "...", [TABLE], or # and words')),
        ("Invalid initial character", "", ("a name is missing, or none", 'write NAME = "..."')),
    )
)


def find_slip(said: str, line: int | None, text: str) -> Slip:
    """The mistake in a text of which the parser said this, and of what line, from 1; None: that it came to the end."""
    start = first_faulty_line(text)
    lines = text.split("\n")
    at = line or start or len(text.rstrip("\n").split("\n"))
    if start is None or start >= at:
        return Slip(*_told(said, lines[at - 1]), at)
    if said in {"Unclosed array", "Invalid value"} and _NEXT_STATEMENT.match(lines[at - 1]):
        return Slip(*_LIST, start)
    # Inside of a list, or a text of several lines, the shape of a line says nothing.
    return Slip(*_told(said, ""), at)


def _told(said: str, line: str) -> tuple[str, str]:
    bare = _OPAQUE.sub(_without_text, line) if len(line) <= _LONGEST else ""
    found = (told for words, pattern, told in _RULES if said.startswith(words) and pattern.search(bare))
    return next(found, (f"{said[:1].lower()}{said[1:]}", "mend the TOML there"))


def _without_text(opaque: re.Match[str]) -> str:
    mark = opaque[0][0]
    return mark if mark == "#" else 2 * mark
