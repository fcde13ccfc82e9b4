"""What was asked for, before anything is fetched."""

from typing import Final, NamedTuple

from mysafe_env.mapping.places import Place
from mysafe_env.references import Reference, Selectors
from mysafe_env.secret import Secret

# Time enough for a reload, and what consul-template gives.
COMMAND_SECONDS: Final = 30.0


class Literal(NamedTuple):
    """A value that stands where it is used. An env file may hold one that is secret."""

    value: Secret


class Wanted(NamedTuple):
    """A field of one item; *default* and *optional* apply only when nothing matches."""

    reference: Reference
    optional: bool = False
    default: "Literal | Wanted | None" = None


class Template(NamedTuple):
    """A value made of other values, in Jinja2."""

    text: str


class TargetFile(NamedTuple):
    """Where a value goes; the path is absolute, or relative to the working folder."""

    path: str
    mode: int | None
    """None: 0600."""
    owner: str
    """`USER` or `USER:GROUP`, by name or number; empty: whoever runs the command."""
    on_disk: bool
    """Whether the file may be on a file system that is not in memory."""


class Entry(NamedTuple):
    """One variable of the environment."""

    name: str
    value: Literal | Wanted | Template
    place: Place
    as_file: bool = False
    """Whether the variable holds a path, and the value is what is read there."""
    target: TargetFile | None = None
    """The file that was named for it; None: one that only the command sees."""
    yields: bool = False
    """Whether a name that a tag gives wins over it, as over all that stands below the mapping."""
    suspect: bool = False
    """Whether the name is dangerous and nobody said that it is meant."""
    below: "Entry | None" = None
    """What an env file or the environment says of the variable; it counts when the optional item is absent."""

    @property
    def may_be_absent(self) -> bool:
        """Whether the variable is left alone when nothing matches."""
        return isinstance(self.value, Wanted) and self.value.optional


class Tagged(NamedTuple):
    """Variables for every item that carries a tag, or is in a collection or folder."""

    selectors: Selectors
    """The tag, or the collection and folder."""
    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    """Empty: the secret field of each kind."""
    name: str
    """The pattern of the variables' names, such as `ORDERS_{identifier_code}_{field}`."""
    optional: bool
    place: Place

    @property
    def label(self) -> str:
        """What stands for the variables where none can be named; no variable is named so."""
        return " ".join(f"{name} {value}" for name, value in self.selectors)


class Render(NamedTuple):
    """A file, or a folder of files, to be rendered; paths are absolute or relative to the working folder."""

    template: str
    to: str
    place: Place
    mode: int | None = None
    """None: 0600."""
    owner: str = ""
    """`USER`, `USER:GROUP` or `:GROUP`, by name or number; empty: whoever renders."""
    command: tuple[str, ...] = ()
    """What is run after a change."""
    timeout: float = COMMAND_SECONDS
    """Seconds that the command may take."""
    backup: bool = False
    """Whether the old file is kept beside the new one, with a `~` after its name."""
    mkdir: bool = False
    """Whether missing folders on the way to the file are made."""
    template_path: tuple[str, ...] = ()
    """Where else included templates are looked for."""


class Layer(NamedTuple):
    """What one input asks for. Layers are laid over each other by name; the later one wins."""

    entries: tuple[Entry, ...] = ()
    tagged: tuple[Tagged, ...] = ()
    renders: tuple[Render, ...] = ()
