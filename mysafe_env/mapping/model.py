"""What mappings, env files and the environment ask for, before anything is fetched."""

from typing import Final, NamedTuple

from mysafe_env.mapping.places import Place
from mysafe_env.references import Reference, Selectors
from mysafe_env.secret import Secret

# Time enough for a reload, and what consul-template gives.
COMMAND_SECONDS: Final = 30.0


class Literal(NamedTuple):
    """A value that is written down where it is used. It is a `Secret` because an env file may hold one."""

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
    """The file that an entry with `as = "file"` names for its value; its path may be relative to the working folder."""

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
    """Whether the variable holds the path of a file, and the file the value."""
    target: TargetFile | None = None
    """The file that was named for it; None: one that only the command sees."""
    yields: bool = False
    """Whether a `[[tagged]]` variable of the same name replaces it: true for env files and the environment."""
    suspect: bool = False
    """Whether the name is dangerous, and no `allow_dangerous` says that it is meant."""
    allows_dangerous: bool = False
    """Whether `allow_dangerous` says that a dangerous name is meant."""
    below: "Entry | None" = None
    """The entry of an env file or of the environment that counts if this one's optional item is absent."""

    @property
    def may_be_absent(self) -> bool:
        """Whether the variable is left as it is when nothing matches."""
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
        """What messages say in place of a variable's name where there is none, such as `tag orders-prod`."""
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
