"""What `create` and `update` share: saving an item, and showing what was saved."""

from collections.abc import Callable

import click

from mysafe_env.changes import Change, Saved
from mysafe_env.cli.columns import card
from mysafe_env.cli.options import voice
from mysafe_env.cli.output import showing, write_json, write_text
from mysafe_env.deadline import Deadline
from mysafe_env.errors import SourceError, TakenError
from mysafe_env.importing.existing import Existing
from mysafe_env.items import KINDS, Grants
from mysafe_env.secret import MASK
from mysafe_env.sources.writing import WritableSource

Shown = dict[str, object]


def save(source: WritableSource, change: Change, deadline: Deadline, call: Callable[[], Saved]) -> Saved:
    """The item that *call* saves; raises `TakenError` with the API secret that has the identifier_code already."""
    try:
        return call()
    except TakenError as error:
        raise _with_holder(source, change.plain["identifier_code"], deadline, error) from None


def _with_holder(source: WritableSource, code: str, deadline: Deadline, error: TakenError) -> TakenError:
    """The same error, naming the API secret that has the code as far as this access key may see it."""
    try:
        rows = Existing(source, lambda: deadline).holders(code)
    except SourceError:
        return error
    if len(rows) != 1:
        return error
    name = rows[0].fields.get("name", "")
    return TakenError(f'{error.message}: secretapi {rows[0].identifier} "{name}" has it', error.hint)


def show_saved(ctx: click.Context, saved: Saved, change: Change, *, as_json: bool) -> None:
    """Print the item as it is now; what was written secretly is masked. Warn when it could not be shared."""
    done = f"{saved.kind} {saved.identifier} was saved, and can't be shown"
    try:
        with showing(done, f"see it with: mysafe-env get {saved.kind} {saved.identifier}", voice(ctx)):
            _show(saved, change, as_json=as_json)
    finally:
        if saved.shared_error:
            voice(ctx).warning(
                f"{saved.kind} {saved.identifier} was saved, but not shared as asked: {'; '.join(saved.shared_error)}",
                "check the names of the users and groups, and share it again with: mysafe-env update",
            )


def _show(saved: Saved, change: Change, *, as_json: bool) -> None:
    fields = _shown_fields(saved, change)
    sharing = {"users_allowed": saved.users_allowed, "groups_allowed": saved.groups_allowed}
    if as_json:
        keys = {"users_allowed": "username", "groups_allowed": "name"}
        lists = {name: _listed(grants, keys[name]) for name, grants in sharing.items()}
        document: Shown = {**fields, **lists, "shared_error": list(saved.shared_error)}
        write_json(document)
    else:
        write_text(card({**fields, **{name: _shared_with(grants) for name, grants in sharing.items()}}))


def _shared_with(grants: Grants) -> str:
    """Users or groups for people."""
    return ", ".join(f"{grant.name} ({'edit' if grant.can_edit else 'view'})" for grant in grants)


def _listed(grants: Grants, who: str) -> list[Shown]:
    return [{who: grant.name, "can_edit": grant.can_edit} for grant in grants]


def _shown_fields(saved: Saved, change: Change) -> dict[str, str | None]:
    """What the answer tells, in the API's order; a secret field only if it was written, and masked."""
    kind = KINDS[saved.kind]
    told = {**saved.fields, "identifier": saved.identifier, **dict.fromkeys(change.secrets, MASK)}
    return {name: told.get(name) for name in kind.fields if name not in kind.secret_fields or name in change.secrets}
