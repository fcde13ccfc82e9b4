"""The word that was probably meant."""

import pytest

from mysafe_env.suggest import did_you_mean


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], "there are none"),
        (["password", "note"], 'did you mean "password"?'),
        (["xyz", "abc"], "known are: abc, xyz"),
        ([f"n{number:02}" for number in range(30)], f"known are: {', '.join(f'n{each:02}' for each in range(30))}"),
        (
            [f"n{number:02}" for number in range(33)],
            f"known are: {', '.join(f'n{each:02}' for each in range(30))} and 3 more",
        ),
    ],
)
def test_the_advice(known: list[str], expected: str) -> None:
    """The closest word, or those that are known, as many as anybody reads."""
    assert expected == did_you_mean("pasword", known)
