"""What holds for every export format."""

import pytest

from mysafe_env.errors import UsageError
from mysafe_env.secret import Secret
from mysafe_env.sinks.export.registry import FORMATS, export_text, make_format
from tests.support.process import run_python


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_goes_by_the_name_that_is_typed(name: str) -> None:
    """It says in one line who reads it, and in one what it can't carry."""
    found = make_format(name)

    assert name == found.name
    assert found.reader
    assert 1 == len(f"{found.reader} {found.cannot}".splitlines())


@pytest.mark.parametrize("name", FORMATS)
def test_only_the_chosen_format_is_imported(name: str) -> None:
    """Asking for one format does not load the others, but for the YAML in which a Secret is written."""
    code = "import sys; from mysafe_env.sinks.export.registry import FORMATS, make_format; make_format(sys.argv[1])\n"
    code += "print(*(name for name, module in FORMATS.items() if module in sys.modules))"

    assert ("yaml k8s-secret" if name == "k8s-secret" else name) == run_python(code, name).output


@pytest.mark.parametrize(
    ("name", "hint"), [("jsn", 'did you mean "json"?'), ("unheard-of", f"known are: {', '.join(sorted(FORMATS))}")]
)
def test_an_unknown_format(name: str, hint: str) -> None:
    """The nearest name is proposed, or all of them."""
    with pytest.raises(UsageError) as caught:
        make_format(name)

    assert (f'there is no export format "{name}"', hint) == (caught.value.message, caught.value.hint)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_values_give_the_same_text(name: str) -> None:
    """Variables stand in their own order, and the text depends on nothing else."""
    values = {"BB": Secret("1"), "AA": Secret("2"), "CC": Secret("3")}
    text = export_text(make_format(name), values)

    assert text == export_text(make_format(name), values)
    assert text.index("BB") < text.index("AA") < text.index("CC")


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_an_export_too(name: str) -> None:
    """Without variables the text is what the reader takes for none."""
    chosen = make_format(name)

    assert {} == chosen.read(export_text(chosen, {}))
