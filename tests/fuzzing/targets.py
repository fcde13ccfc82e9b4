"""Everything that can be fuzzed, by name: what reads it, and the inputs to start from."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.fuzzing import cipher_targets, server_targets, text_targets

ROOT = Path(__file__).parents[2]
FOUND = Path(__file__).parent / "inputs"
"""Inputs by target: some that are right, and those that once were too much."""
_FOLDERS = {
    "mapping": ("tests/grammar/mapping", ".toml"),
    "env_file": ("tests/grammar/env_files", ".env"),
    "settings_file": ("tests/grammar/env_files", ".env"),
    "import_dotenv": ("tests/grammar/env_files", ".env"),
    "vault": ("tests/grammar/vault", ".toml"),
    "template": ("templates", ".j2"),
}


class Target(NamedTuple):
    """One reader of inputs."""

    name: str
    run: Callable[[bytes], None]
    """Raises nothing for any bytes unless there is a mistake."""
    by_socket: bool = False

    def seeds(self) -> tuple[bytes, ...]:
        """The inputs that are kept for it."""
        return tuple(path.read_bytes() for path in sorted(self._files()))

    def _files(self) -> Iterator[Path]:
        yield from (FOUND / self.name).glob("*")
        if self.name in _FOLDERS:
            folder, suffix = _FOLDERS[self.name]
            yield from (ROOT / folder).rglob(f"*{suffix}")


TARGETS: Mapping[str, Target] = {
    **{name: Target(name, run) for name, run in {**text_targets.TARGETS, **cipher_targets.TARGETS}.items()},
    **{name: Target(name, run, by_socket=True) for name, run in server_targets.TARGETS.items()},
}
