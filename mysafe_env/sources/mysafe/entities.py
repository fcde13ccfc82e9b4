"""The entities in MySafe's answers, read tolerantly, because the documentation contradicts itself.

Two generations of pages, v3-32 and v3-33 with v4, describe the same API with other names and types.
"""

import json
from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import BadAnswerError
from mysafe_env.items import NOTE, PASSWORD, SECRETAPI, Kind
from mysafe_env.secret import Secret
from mysafe_env.sources.http.calls import Answer
from mysafe_env.sources.mysafe.answers import Number
from mysafe_env.sources.mysafe.envelope import Asked, accepted, confirmed, said

# First the names in the bodies of the documentation, then those in its field tables.
_LIST_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    PASSWORD.name: ("password_on_list", "passwords_on_list"),
    NOTE.name: ("note_on_list", "notes_on_list"),
    SECRETAPI.name: ("api_secret_on_list", "api_secrets_on_list"),
}
# `api_entity` is what create and update answer.
_ENTITY_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    PASSWORD.name: ("password_entity", "passwords_entity"),
    NOTE.name: ("note_entity", "notes_entity"),
    SECRETAPI.name: ("api_secret_entity", "api_entity", "api_secrets_entity"),
}
_FLAGS: Final[Mapping[str, bool]] = {"true": True, "1": True, "false": False, "0": False}
_TOKEN_DIGITS: Final = 6

_HINT: Final = "the server may be of a version that this program does not know"


class Entity:
    """One JSON object of an answer, read field by field.

    A field is asked for by all its names; null counts as missing.
    A wrong type raises `BadAnswerError`, which names the field and never its value.
    """

    __slots__ = ("_fields", "_what")

    def __init__(self, fields: object, what: str) -> None:
        if not isinstance(fields, dict):
            raise BadAnswerError(f"{what} is not a JSON object", _HINT)
        self._fields: dict[str, object] = fields
        self._what = what

    def text(self, *names: str) -> str | None:
        """A field as text; a number is the text it was sent as."""
        value = self._first(names)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong(names, "is not text")
        if isinstance(value, Number) and names == ("token",):
            # A code that was sent as a number has lost its leading zeros.
            return value.zfill(_TOKEN_DIGITS)
        self._refuse_surrogates(names, value)
        return str(value)

    def secret(self, name: str) -> Secret | None:
        """A field as a secret."""
        text = self.text(name)
        return None if text is None else Secret(text)

    def flag(self, *names: str, missing: bool = False) -> bool:
        """A boolean, which may also be sent as 0, 1 or text; *missing* where there is none."""
        value = self._first(names)
        if value is None:
            return missing
        known = _FLAGS.get(str(value).lower())
        if known is None:
            raise self._wrong(names, "is neither true nor false")
        return known

    def notices(self, name: str) -> tuple[str, ...]:
        """The entries of a list of unknown shape, each as text."""
        value = self._fields.get(name) or []
        entries = value if isinstance(value, list) else [value]
        return tuple(entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False) for entry in entries)

    def entities(self, name: str) -> tuple["Entity", ...]:
        """The objects of a list."""
        return _entities(self._fields.get(name) or [], f"an entry of {name} of {self._what}")

    def has_any(self, names: tuple[str, ...]) -> bool:
        """Whether one of the fields was sent, be it as null."""
        return not self._fields.keys().isdisjoint(names)

    def _first(self, names: tuple[str, ...]) -> object:
        sent = (self._fields.get(name) for name in names)
        return next((value for value in sent if value is not None), None)

    def _refuse_surrogates(self, names: tuple[str, ...], text: str) -> None:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise self._wrong(names, "holds half a character (a lone surrogate)") from None

    def _wrong(self, names: tuple[str, ...], why: str) -> BadAnswerError:
        return BadAnswerError(f'the field "{names[0]}" of {self._what} {why}', _HINT)


def read_list(answer: Answer, kind: Kind) -> tuple[Entity, ...]:
    """The rows in the answer to a list call; raises `ItemError` or `OutageError` for a refusal."""
    asked = Asked(kind.name)
    return _entities(_payload(answer, asked, _LIST_KEYS), f"a row of {asked}")


def read_entity(answer: Answer, kind: Kind, identifier: str) -> Entity:
    """The item in the answer to a get call; raises `ItemError` or `OutageError` for a refusal.

    Its identifier is not compared with the one that was asked for: the documentation's own examples differ.
    """
    asked = Asked(kind.name, identifier)
    entity = Entity(_payload(answer, asked, _ENTITY_KEYS), str(asked))
    # A field that is null lets an optional entry be left out; an empty object must not do that.
    if not entity.has_any(kind.fields):
        raise BadAnswerError(f"the answer for {asked} holds none of its fields", _HINT)
    return entity


def read_created(answer: Answer, asked: Asked) -> Entity:
    """The new item in the answer to a create, which must hold its identifier."""
    entity = Entity(_payload(answer, asked, _ENTITY_KEYS), str(asked))
    if not entity.text("identifier"):
        raise BadAnswerError(f"the answer for {asked} holds no identifier", _HINT)
    return entity


def read_updated(answer: Answer, asked: Asked) -> Entity:
    """The changed item in the answer to an update, which may say no more than that it was done."""
    document = confirmed(answer, asked)
    found = (document.get(name) for name in _ENTITY_KEYS[asked.kind])
    return Entity(next((value for value in found if value is not None), {}), str(asked))


def read_switched(answer: Answer, asked: Asked) -> bool:
    """Whether an activation or deactivation changed anything, which only the answer's words tell."""
    return "already" not in said(confirmed(answer, asked)).lower()


def _payload(answer: Answer, asked: Asked, keys: Mapping[str, tuple[str, ...]]) -> object:
    """What the answer holds beside the envelope; raises `BadAnswerError` for nothing, which is no empty list."""
    document = accepted(answer, asked)
    names = keys[asked.kind]
    found = (document.get(name) for name in names)
    payload = next((value for value in found if value is not None), None)
    if payload is None:
        raise BadAnswerError(f"the answer for {asked} holds no {names[0]}", _HINT)
    return payload


def _entities(payload: object, what: str) -> tuple[Entity, ...]:
    """The objects of a list, or the single object that stands for a list of one."""
    objects = payload if isinstance(payload, list) else [payload]
    return tuple(Entity(fields, what) for fields in objects)
