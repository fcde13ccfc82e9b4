"""`--check` and `--diff`: what would change, and never a value."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mysafe_env.secret import MASK
from mysafe_env.sinks.rendering.masking import OldLines, masked_lines
from mysafe_env.templating import Inserted
from tests.render.site import Site
from tests.support.process import DEADLINE_SECONDS

OLD, NEW = "old canary-1", "new canary-2"


@pytest.fixture
def app(site: Site) -> Site:
    """A config file with a value in the middle of a line."""
    site.mapping('template = "app.j2"\nto = "app"')
    site.write("app.j2", 'level = {{ LEVEL }}\nurl = "postgres://app:{{ P|urlencode }}@db"\n# the end\n')
    return site


def test_nothing_is_written(app: Site) -> None:
    """The names are told, and the file is not there."""
    assert ["app"] == app.differing(LEVEL="info", P=NEW)
    app.diff(LEVEL="info", P=NEW)
    assert {"app.j2", "mysafe.toml"} == app.names()


def test_a_new_file(app: Site) -> None:
    """All its lines are new, and values are masked."""
    expected = [f"+level = {MASK}", f'+url = "postgres://app:{MASK}@db"', "+# the end"]
    assert expected == app.diff(LEVEL="info", P=NEW)


def test_a_changed_value(app: Site) -> None:
    """Old and new are masked at the same place of the line."""
    app.render(LEVEL="info", P=OLD)
    line = f'url = "postgres://app:{MASK}@db"'
    assert [f" level = {MASK}", f"-{line}", f"+{line}", " # the end"] == app.diff(LEVEL="info", P=NEW)


def test_literals_of_the_mapping_are_shown(app: Site) -> None:
    """They are no secrets."""
    app.render(LEVEL="info", P=OLD)
    assert "+level = debug" in app.diff("debug", LEVEL="debug", P=OLD)


def test_a_changed_text(app: Site) -> None:
    """What stands in the template is shown; what stood in it once is not, for it could be a value."""
    app.render(LEVEL="info", P=OLD)
    app.write("app.j2", app.read("app.j2").replace("# the end", "# over"))
    assert [f"-# {MASK}", "+# over"] == app.diff(LEVEL="info", P=OLD)[-2:]


def test_an_unchanged_file_has_no_diff(app: Site) -> None:
    """Nothing is shown."""
    app.render(LEVEL="info", P=OLD)
    assert ([], []) == (app.diff(LEVEL="info", P=OLD), app.differing(LEVEL="info", P=OLD))


def test_mode_and_owner(app: Site) -> None:
    """They are told in words."""
    app.render(LEVEL="info", P=OLD)
    (app.folder / "app").chmod(0o644)
    assert ["mode 0644, to be 0600"] == app.diff(LEVEL="info", P=OLD)
    owner = (app.folder / "app").stat()
    app.mapping('template = "app.j2"\nto = "app"\nowner = "12345"\nmode = "0644"')
    assert [f"owner {owner.st_uid}:{owner.st_gid}, to be 12345"] == app.diff(LEVEL="info", P=OLD)


def test_the_end_of_the_text(app: Site) -> None:
    """A newline more or less is a difference."""
    app.write("app", "# the end")
    app.write("app.j2", "# the end\n")
    assert "-\\ no newline at the end" == app.diff()[-1]


def test_bytes(app: Site) -> None:
    """What is no text is not shown."""
    (app.folder / "app").write_bytes(b"\xff")
    assert "the files differ, and one of them is no text or can't be read" == app.diff(LEVEL="info", P=OLD)[-1]


@pytest.mark.parametrize(
    "template",
    [
        "{{ P }}",
        "{{ P|b64encode }} {{ P|sha256 }} {{ P|upper }} {{ P[:8] }} {{ P|reverse }}",
        "{% macro m(x) %}a {{ x }}{% endmacro %}{{ m(P) }}",
        "{% filter upper %}x {{ P }}{% endfilter %}",
        "{% set x %}{{ P }}{% endset %}{{ x }}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ P }}{% endcall %}",
        "{% block b %}{{ P }}{% endblock %}{{ self.b() }}",
        "{% include 'part.j2' %}",
        "{% for c in P %}{{ c }}\n{% endfor %}",
        "{{ 'x' if P else 'y' }}{{ P ~ 'x' }}{{ [P] }}{{ {'p': P} }}",
    ],
)
def test_no_form_of_a_value_is_shown(app: Site, template: str) -> None:
    """Whatever a template makes of a value, it is masked; so is what the old file holds."""
    app.write("part.j2", "-{{ P }}-")
    app.write("app", f"password {OLD}\n{OLD}\n  x: {OLD}\n")
    app.write("app.j2", f"password: {template}\n")
    shown = "\n".join(app.diff(P=NEW))
    assert [] == [part for part in ("canary", "CANARY", "yranac", "Y2FuYXJ5", "c\n", "-1", "-2") if part in shown]
    assert "+password: " in shown


_LINE = st.lists(
    st.sampled_from(["key = ", "x", " ", "\n", "ab", Inserted("S3CR"), Inserted("S3CR\nS3CR"), Inserted("")])
)


@settings(max_examples=200)
@given(_LINE, st.text("S3CRkeyxab =\n", max_size=30))
def test_masked_lines_hold_no_value(pieces: list[str], old: str) -> None:
    """New lines show no value, and old ones show only what stands in the template."""
    lines = masked_lines(pieces, ())
    assert "".join(pieces) == "\n".join(line.text for line in lines)
    assert "S3CR" not in "".join(line.masked for line in lines)
    fixed = "".join(piece for piece in pieces if not isinstance(piece, Inserted))
    shown = OldLines(lines).masked(old.replace("\n", " ")).replace(MASK, "")
    assert set(shown.split()) <= {word for line in fixed.split("\n") for word in _runs(line)} | set(fixed.split())


@settings(max_examples=200)
@given(_LINE, st.lists(st.sampled_from(["key = ", "x", " ", "ab", "S3CR"]), max_size=8))
def test_an_old_line_takes_the_form_that_says_most(pieces: list[str], old: list[str]) -> None:
    """Of all new lines that it could be with other values, the one with the most text of the template."""
    text = "".join(old)
    lines = masked_lines(pieces, ())
    forms = {re.sub(rf"(?:{re.escape(MASK)})+", MASK, line.masked) for line in lines if line.has_value}
    fitting = [form for form in forms if re.fullmatch(".*".join(map(re.escape, form.split(MASK))), text)]
    most = max((_length(form) for form in fitting), default=0)
    if most and text not in {line.text for line in lines if not line.has_value}:
        assert OldLines(lines).masked(text) in {form for form in fitting if _length(form) == most}


def _length(form: str) -> int:
    return sum(len(part.strip()) for part in form.split(MASK))


@pytest.mark.parametrize(
    ("old", "shown"),
    [
        ("from 1 to 2 or 3.", f"from {MASK} to {MASK} or {MASK}."),
        ("from  to  or .", f"from {MASK} to {MASK} or {MASK}."),
        ("from 1 or 2 to 3.", f"from {MASK}"),
        ("from to or.", f"from to {MASK}"),
        ("from 1 to 2 or 3", f"from {MASK}"),
    ],
)
def test_a_line_with_several_values(old: str, shown: str) -> None:
    """An old line fits it if all its text is there, in its order."""
    lines = masked_lines(["from ", Inserted("a"), " to ", Inserted("b"), " or ", Inserted("c"), "."], ())
    assert shown == OldLines(lines).masked(old)


def test_a_large_file(app: Site) -> None:
    """Lines are compared with those that they could be, not each of them with all."""
    app.write("app.j2", "".join(f"key{number} = {{{{ P }}}} of {number}\n" for number in range(5000)))
    app.render(P=OLD)
    began = time.monotonic()
    changed = app.diff(P=NEW)
    assert (f"-key4999 = {MASK} of 4999", f"+key4999 = {MASK} of 4999") == (changed[4999], changed[-1])
    assert time.monotonic() - began < DEADLINE_SECONDS


def _runs(line: str) -> set[str]:
    """Every part of a line; a masked one may show any of them."""
    return {line[start:end].strip() for start in range(len(line)) for end in range(start + 1, len(line) + 1)} | {
        word
        for start in range(len(line))
        for end in range(start + 1, len(line) + 1)
        for word in line[start:end].split()
    }
