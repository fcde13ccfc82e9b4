"""`json`: one object, for programs."""

import json

from hypothesis import given
from hypothesis import strategies as st

from mysafe_env.secret import Secret
from mysafe_env.sinks.export.registry import export_text

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def test_an_object_in_mapping_order() -> None:
    """Two spaces of indent, characters as they are, control characters escaped, a final newline."""
    values = {"B": Secret('say "grüße" 🔑'), "A": Secret("two\nlines\0"), "EMPTY": Secret("")}

    expected = '{\n  "B": "say \\"grüße\\" 🔑",\n  "A": "two\\nlines\\u0000",\n  "EMPTY": ""\n}\n'

    assert expected == export_text("json", values)


def test_nothing_is_an_empty_object() -> None:
    """Without variables it is still JSON."""
    assert "{}\n" == export_text("json", {})


@given(st.dictionaries(st.text("ABCxyz_", min_size=1), TEXT))
def test_every_text_is_read_back(values: dict[str, str]) -> None:
    """A reader of JSON gets the same names and values, in the same order."""
    exported = export_text("json", {name: Secret(text) for name, text in values.items()})

    assert list(values.items()) == list(json.loads(exported.encode()).items())
