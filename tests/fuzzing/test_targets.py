"""Damaged inputs: whatever a file, a reference or a server holds, it is read, or refused in harmless words.

`python -m tests.fuzzing` does the same for as long as one likes, led by coverage.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing.canary import CANARY
from tests.fuzzing.targets import TARGETS, Target
from tests.properties.damage import damaged

# Most of the time goes into starting over, not into reading: a socket, a key derivation, a template.
_COSTLY = {"encstring": 40, "mapping": 80, "template": 40, "included_template": 40}
_BY_SOCKET = 12
_USUAL = 150


def _examples(target: Target) -> int:
    return _COSTLY.get(target.name, _BY_SOCKET if target.by_socket else _USUAL)


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_inputs_that_are_kept(target: Target) -> None:
    """What is right, and what was once too much, leads to a result or to words."""
    seeds = target.seeds()
    assert seeds
    for data in seeds:
        target.run(data)


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_damaged_inputs(target: Target) -> None:
    """The same, damaged: flipped bits, lost and doubled lines, swapped words, stray tokens, or nothing of it left."""

    @settings(max_examples=_examples(target), database=None, suppress_health_check=list(HealthCheck))
    @given(damaged(target.seeds()) | st.binary(max_size=60))
    def property_(data: bytes) -> None:
        target.run(data)

    property_()


def test_most_seeds_hold_a_canary() -> None:
    """What must not be shown is in the inputs of every reader that has to do with secrets."""
    without = {name for name, target in TARGETS.items() if CANARY.encode() not in b"".join(target.seeds())}
    assert without <= {"reference", "inherited", "env_file", "import_dotenv"} | _WITHOUT_SECRETS


_WITHOUT_SECRETS = {
    *("import_result", "locators", "template", "included_template", "encstring", "decrypted", "totp"),
    *("mysafe_token", "secretsafe_login", "secretsafe_sync", "secretsafe_organization"),
}
