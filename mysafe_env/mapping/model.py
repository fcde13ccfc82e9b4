"""What was asked for, before anything is fetched."""

from dataclasses import dataclass

from mysafe_env.mapping.places import Place
from mysafe_env.references import Reference
from mysafe_env.secret import Secret


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands where it is used. An env file may hold one that is secret."""

    value: Secret


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field of one item; *default* and *optional* apply only when nothing matches."""

    reference: Reference
    optional: bool = False
    default: Secret | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A value made of other values, in Jinja2."""

    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable of the environment."""

    name: str
    value: Literal | Wanted | Template
    place: Place
    as_file: bool = False
    """Whether the variable holds a path, and the value is what is read there."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """Variables for every item that carries a tag."""

    tag: str
    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    """Empty: the secret field of each kind."""
    name: str
    """The pattern of the variables' names, such as `ORDERS_{identifier_code}_{field}`."""
    optional: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Render:
    """A file to be rendered; paths are absolute or relative to the working folder."""

    template: str
    to: str
    mode: int | None
    owner: str
    command: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Layer:
    """What one input asks for. Layers are laid over each other by name; the later one wins."""

    entries: tuple[Entry, ...] = ()
    tagged: tuple[Tagged, ...] = ()
    renders: tuple[Render, ...] = ()
