"""Environment names: valid ones, dangerous ones, and names made of other texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mysafe_env.mapping.names import is_dangerous, is_valid_name, to_name


@pytest.mark.parametrize("name", ["A", "_", "a1", "DB_PASSWORD", "class"])
def test_valid(name: str) -> None:
    """Letters, digits and underscores make a name."""
    assert is_valid_name(name)


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "A\n", "É", "A=", "A\0", "µ", "²"])
def test_invalid(name: str) -> None:
    """Anything else, and a digit in front, makes none."""
    assert not is_valid_name(name)


@pytest.mark.parametrize(
    "name",
    ["PATH", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "BASH_FUNC_x", "GIT_CONFIG_COUNT", "https_proxy", "_JAVA_OPTIONS"],
)
def test_dangerous(name: str) -> None:
    """Names through which a value becomes code are dangerous, whole families of them too."""
    assert is_dangerous(name)


@pytest.mark.parametrize("name", ["DB_PASSWORD", "MY_PATH", "PATHS", "OLD_LD_X", "path", "GIT_CONFIG"])
def test_harmless(name: str) -> None:
    """A name that only resembles a dangerous one is harmless."""
    assert not is_dangerous(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("orders db", "ORDERS_DB"),
        ("orders-db.v2", "ORDERS_DB_V2"),
        ("2fa", "_2FA"),
        ("straße", "STRA_E"),
        ("日本", "__"),
        ("", ""),
    ],
)
def test_names_of_texts(text: str, name: str) -> None:
    """A text becomes upper case, with _ for what no name may hold and in front of a digit."""
    assert name == to_name(text)


@given(st.text(min_size=1))
def test_every_text_gives_a_name(text: str) -> None:
    """A text that is not empty gives a valid name, and a name gives itself."""
    assert is_valid_name(to_name(text))
    assert to_name(text) == to_name(to_name(text))
