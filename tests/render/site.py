"""A folder with templates and a mapping, rendered the way the commands do it."""

from collections.abc import Iterable
from pathlib import Path

from mysafe_env.items import Item
from mysafe_env.references import Lookup
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.sinks.rendering.actions import diff_jobs, differing_jobs, render_jobs
from mysafe_env.sinks.rendering.jobs import Job, read_jobs
from tests.support.mappings import plan_file


class Site:
    """The folder of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {"PATH": "/usr/bin:/bin"}
        self.warnings: list[str] = []

    def write(self, name: str, text: str) -> Path:
        """A file of the folder, with the folders on its way."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def read(self, name: str) -> str:
        """The text of a file."""
        return (self.folder / name).read_bytes().decode()

    def mapping(self, *entries: str) -> None:
        """A mapping with some `[[render]]` entries."""
        self.write("mysafe.toml", "".join(f"[[render]]\n{entry}\n" for entry in entries))

    def jobs(self) -> tuple[Job, ...]:
        """What the mapping asks for."""
        return read_jobs(plan_file(self.folder / "mysafe.toml").renders)

    def render(self, **values: str) -> list[str]:
        """Render everything; the names of the files that changed."""
        return self._names(render_jobs(self.jobs(), self._scope(values), self.warnings.append))

    def differing(self, **values: str) -> list[str]:
        """The names of the files that would change."""
        return self._names(differing_jobs(self.jobs(), self._scope(values), self.warnings.append))

    def diff(self, *shown: str, **values: str) -> list[str]:
        """The lines of the diff, without its heads."""
        text = diff_jobs(self.jobs(), self._scope(values), [Secret(each) for each in shown])
        return [line for line in text.splitlines() if not line.startswith(("---", "+++", "@@"))]

    def names(self) -> set[str]:
        """Everything that is in the folder, by relative path."""
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*")}

    def _scope(self, values: dict[str, str]) -> Scope:
        return Scope({name: Secret(value) for name, value in values.items()}, self.environ, _nothing, _nothings)

    def _names(self, paths: Iterable[str]) -> list[str]:
        return [Path(path).relative_to(self.folder).as_posix() for path in paths]


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def _nothing(_: Lookup) -> Item:
    raise AssertionError("nothing is fetched")


def _nothings(_: Lookup) -> tuple[Item, ...]:
    raise AssertionError("nothing is fetched")
