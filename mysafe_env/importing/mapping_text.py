"""The mapping that asks for what was imported: the same environment, with references in place of values."""

from urllib.parse import quote

from mysafe_env.errors import printable
from mysafe_env.importing.creation import Outcome
from mysafe_env.importing.drafts import Draft, Entry
from mysafe_env.mapping.names import is_dangerous
from mysafe_env.toml.writing import TomlValue, toml_value

_HEAD = "# Made by mysafe-env import. It holds no secret.\n\n[env]\n"


def mapping_text(entries: tuple[Entry, ...], outcomes: tuple[Outcome, ...]) -> str:
    """A mapping file, one line for each variable in the order of *entries*."""
    identifiers = {outcome.draft.number: outcome.identifier for outcome in outcomes}
    return _HEAD + "".join(
        _draft_line(entry, identifiers[entry.number])
        if isinstance(entry, Draft)
        else _line(entry.variable, {"value": entry.text})
        for entry in entries
        if entry.variable
    )


def _draft_line(draft: Draft, identifier: str) -> str:
    if draft.code:
        return _line(draft.variable, {"value": f"mysafe://{draft.kind}/{quote(draft.code, safe='')}"})
    # Names are not unique; the server's number is.
    line = _line(draft.variable, {"kind": draft.kind, "identifier": identifier})
    return f"{line[:-1]}  # {printable(draft.name)}\n"


def _line(variable: str, table: dict[str, TomlValue]) -> str:
    if is_dangerous(variable):
        # It stood in the file that was imported, so it was meant.
        table["allow_dangerous"] = True
    return f"{variable} = {toml_value(table['value'] if list(table) == ['value'] else table)}\n"
