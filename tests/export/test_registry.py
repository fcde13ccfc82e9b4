"""What holds for every export format."""

import pytest

from mysafe_env.errors import ExportError, UsageError
from mysafe_env.secret import Secret
from mysafe_env.sinks.export.registry import FORMATS, export_text, writer
from tests.support.process import run_python


@pytest.mark.parametrize("name", FORMATS)
def test_a_writer_goes_by_the_name_that_is_typed(name: str) -> None:
    """It says in one line who reads it, and in one what it can't carry."""
    found = writer(name)

    assert name == found.name
    assert found.reader
    assert 1 == len(f"{found.reader} {found.cannot}".splitlines())


def test_only_the_chosen_format_is_imported() -> None:
    """Asking for one format does not load the others."""
    code = "import sys; from mysafe_env.sinks.export.registry import FORMATS, writer; writer('shell')\n"
    code += "print(*(name for name, module in FORMATS.items() if module in sys.modules))"

    assert "shell" == run_python(code).output


@pytest.mark.parametrize(
    ("name", "hint"), [("jsn", 'did you mean "json"?'), ("unheard-of", f"known are: {', '.join(sorted(FORMATS))}")]
)
def test_an_unknown_format(name: str, hint: str) -> None:
    """The nearest name is proposed, or all of them."""
    with pytest.raises(UsageError) as caught:
        writer(name)

    assert (f'there is no export format "{name}"', hint) == (caught.value.message, caught.value.hint)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("variable", ["", "1A", "A-B", "A B", "A;id", "A\n", "É", "-n"])
def test_a_name_that_is_no_variable_is_refused(name: str, variable: str) -> None:
    """No consumer ever sees a name that it could take for something else."""
    with pytest.raises(ExportError, match="is not the name of a variable"):
        export_text(name, {variable: Secret("x")})


@pytest.mark.parametrize("name", FORMATS)
def test_a_value_that_is_not_text_is_refused(name: str) -> None:
    """Half of a surrogate pair has no UTF-8; the variable is named and the value is not shown."""
    with pytest.raises(ExportError) as caught:
        export_text(name, {"GOOD": Secret("x"), "HALF": Secret("canary\ud800")})

    assert "no format can carry HALF: its value holds half of a surrogate pair, which is not text" == (
        caught.value.message
    )


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_values_give_the_same_text(name: str) -> None:
    """Variables stand in their own order, and the text depends on nothing else."""
    values = {"B": Secret("1"), "A": Secret("2"), "C": Secret("3")}
    text = export_text(name, values)

    assert text == export_text(name, values)
    assert text.index("B") < text.index("A") < text.index("C")
