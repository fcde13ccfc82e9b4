"""Places: the line on which a key of a TOML file stands."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mysafe_env.errors import MappingError
from mysafe_env.mapping.places import Document, Place, Problems
from mysafe_env.toml.reading import Keys

TEXT = '''# a comment with [brackets] and = signs

top.first = 1
top.second = [
  "a", # ]
  "b",
]

[env] # comment
A = """
B = 1
[not.a.table]
"""
"quoted.name" = \'\'\'
x
\'\'\'
C.kind = "note"
C.name = "n"
D = { value = "x", as = "file" }

  [env.E]
  kind = "note"

[[tagged]]
tag = "a"

[[tagged]]
tag = "b"
kind = [
  "note",
]
  [tagged.sub]
  x = 1
  [[tagged.list]]
  y = 1
  [[tagged.list]]
  y = 2

[profile."two words".env]
F = "1"
'''

LINES: list[tuple[Keys, int | None]] = [
    (("top",), 3),
    (("top", "first"), 3),
    (("top", "second"), 4),
    (("env",), 9),
    (("env", "A"), 10),
    (("env", "quoted.name"), 14),
    (("env", "C"), 17),
    (("env", "C", "kind"), 17),
    (("env", "C", "name"), 18),
    (("env", "C", "missing"), 17),
    (("env", "D", "as"), 19),
    (("env", "E"), 21),
    (("env", "E", "kind"), 22),
    (("env", "MISSING"), 9),
    (("tagged",), 24),
    (("tagged", 0), 24),
    (("tagged", 0, "tag"), 25),
    (("tagged", 0, "kind"), 24),
    (("tagged", 1), 27),
    (("tagged", 1, "tag"), 28),
    (("tagged", 1, "kind"), 29),
    (("tagged", 1, "sub", "x"), 33),
    (("tagged", 1, "list", 0, "y"), 35),
    (("tagged", 1, "list", 1, "y"), 37),
    (("profile",), 39),
    (("profile", "two words"), 39),
    (("profile", "two words", "env", "F"), 40),
    (("missing",), None),
    ((), None),
]


@pytest.mark.parametrize(("keys", "line"), LINES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_lines(keys: Keys, line: int | None, ending: str) -> None:
    """A key is found on its own line, a missing one on that of the closest table around it."""
    assert line == Document("m.toml", TEXT.replace("\n", ending)).line_of(keys)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place(Document("m.toml", TEXT), ("env", "A")), "m.toml:10: env.A"),
        (Place(Document("m.toml", TEXT), ("tagged",)).at(1, "kind"), "m.toml:29: tagged[2].kind"),
        (Place(Document("m.toml", TEXT), ("missing",)), "m.toml: missing"),
        (Place(Document("m.toml"), ()), "m.toml"),
        (Place(Document("a.env"), ("A",), 7), "a.env:7: A"),
        (Place(Document("a.env"), (), 7).at("A"), "a.env:7: A"),
    ],
)
def test_a_place_is_told(place: Place, shown: str) -> None:
    """A place is a file, a line as far as there is one, and a key path that counts from one."""
    assert shown == str(place)


def test_problems_are_told_together_in_order() -> None:
    """Nothing is raised without a problem; all are raised at once, by file and line, however they were found."""
    problems = Problems()
    problems.raise_any()
    problems.add(Place(Document("m.toml", TEXT), ("tagged", 1)), "is odd")
    problems.add(Place(Document("a.env"), (), 3), "is empty")
    problems.add(Place(Document("m.toml", TEXT), ("env", "E")), "is wrong")
    problems.add(Place(Document("m.toml", TEXT), ("env", "E")), "is wrong twice")
    problems.add(Place(Document("a.env"), ("A",), 1), "is long")
    problems.add(Place(Document("m.toml"), ()), "is a file")
    with pytest.raises(MappingError) as caught:
        problems.raise_any()
    assert [
        "m.toml: is a file",
        "m.toml:21: env.E: is wrong",
        "m.toml:21: env.E: is wrong twice",
        "m.toml:27: tagged[2]: is odd",
        "a.env:1: A: is long",
        "a.env:3: is empty",
    ] == [report.message for report in caught.value.reports]


# Single statements, each with the key that stands on its first line; NAME is replaced by a unique one.
STATEMENTS = [
    'NAME = "x"',
    'NAME = """\n[a]\nb = 1\n\'\'\'\n"""',
    "NAME = '''\n\"\"\"\n# \\\n'''",
    'NAME = """a \\\n   b"""',
    "NAME = [\n  1, # ]\n  [2],\n\n]",
    'NAME = [ "[", "]", """\n]""" ]',
    "NAME.a.b = 1",
    '"NAME" = { a = "}", b = { c = 1 } } # comment',
    "'NAME' . 'a' = 1979-05-27T07:32:00Z",
    "# comment = 1\n\nNAME = true",
]
HEADERS = ["[NAME]", "[NAME.x]", '["NAME"] # [x]', "[ NAME . y ]", "[[NAME]]", "[[NAME.x]]", "# [c]\n\n[NAME]"]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from([*STATEMENTS, *HEADERS]), st.sampled_from(["", "\n", "\n# c\n"])), max_size=12)
)
def test_generated_files(parts: list[tuple[str, str]]) -> None:
    """In any file, each key is found on the line where its name was written."""
    names = [f"K{number}K" for number in range(len(parts))]
    text = "".join(part.replace("NAME", name) + "\n" + gap for name, (part, gap) in zip(names, parts, strict=True))
    tomllib.loads(text)
    document = Document("m.toml", text)
    table: Keys = ()
    lines = [line.partition("#")[0] for line in text.split("\n")]
    for name, (part, _) in zip(names, parts, strict=True):
        keys: Keys = (name,) if part in HEADERS else (*table, name)
        assert name in lines[(document.line_of(keys) or 0) - 1]
        if part in HEADERS:
            table = _opened(part, name)


def test_nobody_reads_thousands_of_problems() -> None:
    """Of a file that is something else, a thousand problems are told, and how many more there are."""
    problems, place = Problems(), Place(Document("m.toml"), ())
    for _ in range(1_234):
        problems.add(place, "is wrong")
    with pytest.raises(MappingError) as caught:
        problems.raise_any()
    assert 1_001 == len(caught.value.reports)
    assert "and 234 problems more; mend these first" == caught.value.reports[-1].message


def test_a_long_text_costs_its_length() -> None:
    """What stands below a text of many lines, none of which can end it, is found."""
    text = 'A = """\n' + "line\n" * 50_000 + '"""\nB = 1\n'
    assert 50_003 == Document("m.toml", text).line_of(("B",))


def test_the_search_for_lines_has_an_end() -> None:
    """A list of thousands of lines, each of which might be its last, is not searched; its own line is not told then."""
    text = "A = 1\nB = [\n" + "[1],\n" * 20_000 + "]\nC = 1\n"
    document = Document("m.toml", text)
    assert (1, None, None) == tuple(document.line_of((key,)) for key in "ABC")


def _opened(header: str, name: str) -> Keys:
    """The table that the statements after a header belong to."""
    last = tuple(key for key in ("x", "y") if f"NAME.{key}" in header or f". {key}" in header)
    return (name, *last, *((0,) if "[[" in header else ()))
