"""The environment of the command, and what no process can be given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mysafe_env.errors import LaunchError, Report, UnfitEnvironmentError
from mysafe_env.secret import Secret
from mysafe_env.sinks.environment import check_size, child_environment, launch_size

AS_FILE = 'write as = "file" in its entry; the variable then holds a path to read it from'
DROP = "leave inherited variables out with --drop or --pristine"


def refused(values: dict[str, str]) -> list[Report]:
    """What is said of values that can't be carried."""
    with pytest.raises(UnfitEnvironmentError) as caught:
        child_environment({}, {name: Secret(text) for name, text in values.items()})
    return list(caught.value.reports)


def too_big(environment: dict[bytes, bytes], argv: list[str], injected: tuple[str, ...] = ()) -> list[Report]:
    """What is said of an environment and arguments that don't fit."""
    with pytest.raises(UnfitEnvironmentError) as caught:
        check_size(environment, argv, injected)
    return list(caught.value.reports)


def test_a_value_replaces_an_inherited_one_in_its_place() -> None:
    """Inherited names keep their order, new names follow in theirs."""
    environment = child_environment({"A": "1", "B": "2", "C": "3"}, {"Z": Secret("26"), "B": Secret("two")})

    assert [(b"A", b"1"), (b"B", b"two"), (b"C", b"3"), (b"Z", b"26")] == list(environment.items())


def test_values_are_utf8() -> None:
    """A value is encoded as UTF-8, whatever the locale."""
    assert {b"A": b"gr\xc3\xbc\xc3\x9fe \xf0\x9f\x94\x91"} == child_environment({}, {"A": Secret("grüße 🔑")})


@given(st.binary())
def test_inherited_bytes_stay_what_they_are(raw: bytes) -> None:
    """Inherited bytes that are no UTF-8 reach the command unchanged."""
    assert {b"A": raw} == child_environment({"A": raw.decode(errors="surrogateescape")}, {})


def test_names_keep_their_bytes() -> None:
    """A reference can be inherited under a name that is no UTF-8, and has its value under the same name."""
    environment = child_environment({"\udcff": "mysafe://note/a"}, {"\udcff": Secret("1")})
    assert {b"\xff": b"1"} == environment
    with pytest.raises(UnfitEnvironmentError, match="more than the system"):
        check_size(environment | {b"B": b"x" * 10_000_000}, ["true"], ["\udcff"])


def test_an_inherited_variable_without_a_name_is_left_out() -> None:
    """An entry "=x" of the inherited environment can't be handed on by Python."""
    assert {b"A": b"1"} == child_environment({"": "x", "A": "1"}, {})


def test_a_long_value_for_the_limit_of_linux_is_refused() -> None:
    """NAME=VALUE of 131,072 bytes is named with its size; one byte less is carried. Bytes count, not characters."""
    name_and_sign = len("A=")
    fits = "é" + "x" * (131_071 - name_and_sign - 2)

    assert 131_069 == len(child_environment({}, {"A": Secret(fits)})[b"A"])
    assert [Report("A takes 131072 bytes with its name, more than the 131071 of Linux", AS_FILE)] == refused(
        {"A": fits + "x"}
    )


def test_all_problems_of_an_environment_are_told_together() -> None:
    """Each variable that can't be carried gets its line, and no value is in it."""
    reports = refused({"GOOD": "x", "NUL": "se\0cret", "HALF": "se\ud800cret", "LONG": "y" * 131_072})

    assert [
        Report("the value of NUL holds a NUL character, which an environment can't carry", AS_FILE),
        Report("the value of HALF holds half of a surrogate pair, which is not text", "correct the item"),
        Report("LONG takes 131077 bytes with its name, more than the 131071 of Linux", AS_FILE),
    ] == reports


def test_an_unfit_environment_is_a_launch_error() -> None:
    """Who catches `LaunchError` catches it, and its text holds every line."""
    with pytest.raises(LaunchError, match=r"NUL character.*; B takes 131074 bytes"):
        child_environment({}, {"A": Secret("\0"), "B": Secret("x" * 131_072)})


def test_the_size_of_a_launch() -> None:
    """Strings with their NULs, the path of the command, and a pointer for every string."""
    path, arguments, variables, pointers = len(b"/x\0"), len(b"/x\0-v\0\0"), len(b"A=1\0B=\0"), 5 * 8

    assert path + arguments + variables + pointers == launch_size({b"A": b"1", b"B": b""}, [b"/x", b"-v", b""])


def test_a_small_environment_passes() -> None:
    """Nothing is said when everything fits."""
    check_size({b"A": b"1"}, ["true", "x" * 131_071], ["A"])


def test_a_long_argument_is_refused() -> None:
    """An argument over the limit of Linux is named by its position, not by its text."""
    assert [
        Report(
            "argument 1 of the command takes 131072 bytes, more than the 131071 of Linux",
            "hand it over in a file or on standard input",
        )
    ] == too_big({}, ["cat", "x" * 131_072])


def test_a_total_over_the_limit_names_the_largest_values() -> None:
    """The three largest injected variables are named with their sizes, inherited ones are not."""
    environment = {b"V%d" % number: b"x" * (100_000 + number) for number in range(70)}
    (report,) = too_big(environment, ["true"], ("V1", "V3", "V5", "V2", "V4"))

    assert report.message.startswith("the environment and the arguments take 7003333 bytes together, more than the")
    assert (
        'write as = "file" in the entries of the largest values: '
        f"V5 (100005 bytes), V4 (100004 bytes), V3 (100003 bytes); or {DROP}"
    ) == report.hint


def test_a_total_over_the_limit_without_injected_values() -> None:
    """When nothing was injected, the advice is to inherit less."""
    assert [DROP] == [
        report.hint for report in too_big({b"V%d" % number: b"x" * 100_000 for number in range(70)}, ["true"])
    ]
