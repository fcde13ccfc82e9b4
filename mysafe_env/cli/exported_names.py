"""Dangerous names that only an export gives: what counts is the name under which a variable goes out."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.cli.voice import Voice
from mysafe_env.errors import Report, UnfitValuesError
from mysafe_env.mapping.names import DANGER, is_dangerous
from mysafe_env.plan import Plan
from mysafe_env.resolution import Resolution

_WAY_OUT: Final = (
    "choose a --prefix that gives no such name, or leave it out with --exclude; "
    "if that is meant, write it in [env] with allow_dangerous = true"
)


def check_new_names(voice: Voice, new_names: Mapping[str, str], plan: Plan, resolution: Resolution) -> None:
    """Raise `UnfitValuesError` for the variables that get a dangerous name, unless their entries in `[env]` allow it.

    *new_names* has the exported name of each variable. Those of env files and of the environment are a warning.
    """
    tags = {tagged.place for tagged in plan.tagged}
    of_tags = {outcome.name for outcome in resolution.outcomes if outcome.place in tags}
    entries = [entry for entry in plan.entries if entry.name not in of_tags]
    allowed = {entry.name for entry in entries if entry.allows_dangerous}
    users_own = {entry.name for entry in entries if entry.yields}
    dangerous = {name: new for name, new in new_names.items() if new != name and is_dangerous(new)}
    suspects = {name: new for name, new in dangerous.items() if name not in allowed}
    refused = [_report(name, new) for name, new in suspects.items() if name not in users_own]
    if refused:
        raise UnfitValuesError(refused)
    _warn(voice, suspects)


def _report(name: str, new: str) -> Report:
    return Report(f"{name} would be exported as {new}, which {DANGER}", _WAY_OUT)


def _warn(voice: Voice, suspects: Mapping[str, str]) -> None:
    for name, new in suspects.items():
        voice.warning(f"{name} is exported as {new}, which {DANGER}")
    if suspects:
        voice.hint(_WAY_OUT)
