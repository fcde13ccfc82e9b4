"""SecretSafe's JSON, read without regard to the case of its keys.

Servers built before December 2021 answer in PascalCase, later ones in camelCase, and the token endpoint mixes both.
"""

from collections.abc import Iterator
from typing import Final

from mysafe_env.errors import BadAnswerError
from mysafe_env.sources.http.calls import Answer
from mysafe_env.sources.json_text import parse_json

UNKNOWN_HINT: Final = (
    "the server may be of a version that this program does not know, or SECRETSAFE_URL leads elsewhere"
)
"""What to do about an answer that is not what SecretSafe sends."""


class Document:
    """One JSON object of an answer; null counts as missing, and unknown fields are ignored.

    A wrong type raises `BadAnswerError`, which names the field and never its value.
    """

    __slots__ = ("_by_key", "_fields", "_what")

    def __init__(self, fields: object, what: str) -> None:
        if not isinstance(fields, dict):
            raise BadAnswerError(f"{what} is not a JSON object", UNKNOWN_HINT)
        self._fields: dict[str, object] = fields
        self._by_key = {key.lower(): value for key, value in fields.items()}
        self._what = what

    @property
    def identifier(self) -> str | None:
        """The field "id"; None where it is missing, or no text."""
        value = self._get("id")
        return value if isinstance(value, str) and value else None

    def has(self, name: str) -> bool:
        """Whether a field is there, of whatever type."""
        return self._get(name) is not None

    def text(self, name: str) -> str | None:
        """A field as text; None where it is missing."""
        value = self._get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "is not text")
        return value

    def required(self, name: str) -> str:
        """A text that has to be there."""
        value = self.text(name)
        if not value:
            raise self._wrong(name, "is missing")
        return value

    def number(self, name: str) -> int | None:
        """A whole number."""
        value = self._get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self._wrong(name, "is not a whole number")
        return value

    def flag(self, name: str, *, missing: bool = False) -> bool:
        """True or false; *missing* where there is none."""
        value = self._get(name)
        if value is None:
            return missing
        if not isinstance(value, bool):
            raise self._wrong(name, "is neither true nor false")
        return value

    def document(self, name: str) -> "Document | None":
        """An object inside this one."""
        value = self._get(name)
        return None if value is None else Document(value, f"{name} of {self._what}")

    def documents(self, name: str) -> "tuple[Document, ...]":
        """A list of objects; empty where it is missing."""
        return tuple(Document(entry, f"an entry of {name} of {self._what}") for entry in self._list(name))

    def entries(self, name: str) -> "tuple[Document, ...]":
        """A list of objects that stand for themselves: in place of what is none, one in which everything is missing."""
        return tuple(
            Document(entry if isinstance(entry, dict) else {}, f"entry {number} of {name} of {self._what}")
            for number, entry in enumerate(self._list(name), 1)
        )

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where it is missing."""
        return tuple(str(entry) for entry in self._list(name))

    def to_json(self) -> dict[str, object]:
        """Everything that was sent, with keys in camelCase whatever the server's age."""
        return {_camel_case(key): _plain(value) for key, value in self._fields.items()}

    def __repr__(self) -> str:
        return f"Document({self._what!r})"

    def _get(self, name: str) -> object:
        return self._by_key.get(name.lower())

    def _list(self, name: str) -> Iterator[object]:
        value = self._get(name)
        if value is not None and not isinstance(value, list):
            raise self._wrong(name, "is not a list")
        return iter(value or [])

    def _wrong(self, name: str, why: str) -> BadAnswerError:
        return BadAnswerError(f'the field "{name}" of {self._what} {why}', UNKNOWN_HINT)


def read_json(answer: Answer, what: str) -> object:
    """The JSON of a body; raises `BadAnswerError` for anything else."""
    try:
        return parse_json(answer.body)
    except ValueError:
        pass
    raise BadAnswerError(
        f"the answer for {what} is not JSON (status {answer.status})",
        "check SECRETSAFE_URL, and whether a proxy or a login page stands in between",
    )


def _camel_case(key: str) -> str:
    return key[:1].lower() + key[1:]


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {_camel_case(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
