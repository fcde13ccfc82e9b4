"""The files of a template: its own, and those of the templates that it includes, imports or extends."""

import os
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import suppress
from types import CodeType
from typing import Any

import jinja2
from jinja2.loaders import split_template_path

from mysafe_env.errors import TemplateError


class TemplateFiles(jinja2.BaseLoader):
    """Loads templates from some folders, and keeps the text of all that were loaded."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = tuple(folders)
        self.texts: dict[str, str] = {}
        """The text of each template by its path, or the name that messages have for it."""
        self.constants: set[str] = set()
        """The text between the expressions of every template that was compiled."""

    @property
    def more_folders(self) -> tuple[str, ...]:
        """The folders besides that of the first template."""
        return self._folders[1:]

    def holds(self, words: str) -> bool:
        """Whether *words* stand in one of the templates, so that an error may repeat them."""
        return any(words in text for text in self.texts.values())

    def add_constants(self, code: CodeType) -> None:
        """Remember the text between the expressions of a compiled template."""
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self.add_constants(constant)
            elif isinstance(constant, str):
                self.constants.add(constant)

    def names(self) -> Iterator[str]:
        """The names of all files that can be included by their name alone."""
        for folder in self._folders:
            with suppress(OSError), os.scandir(folder) as entries:
                yield from (entry.name for entry in entries if entry.is_file())

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, None]:  # noqa: ARG002  # Jinja2's
        """The text of a template and its path; raises `TemplateNotFound`, or `TemplateError` if it can't be read."""
        # This refuses names that lead out of the folder.
        pieces = split_template_path(template)
        paths = (os.path.normpath(os.path.join(folder, *pieces)) for folder in self._folders)  # noqa: PTH118  # see read_text
        path = next((path for path in paths if os.path.isfile(path)), None)  # noqa: PTH113  # see read_text
        if path is None:
            raise jinja2.TemplateNotFound(template)
        self.texts[path] = read_text(path)
        return self.texts[path], path, None

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  # Jinja2's
    ) -> jinja2.Template:
        """The compiled template."""
        text, path, _ = self.get_source(environment, name)
        code = environment.compile(text, name, path)
        self.add_constants(code)
        return environment.template_class.from_code(environment, code, globals if globals is not None else {})


def check_folders(paths: Iterable[str], named_by: object) -> None:
    """Raise `TemplateError` for the first that is no directory; *named_by* is the flag, or the place, that names it."""
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112  # see read_text
            raise TemplateError(f"{named_by}: there is no directory {path}", "templates are looked for there")


def read_text(path: str) -> str:
    """The text of a template file; raises `TemplateError`."""
    try:
        with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123  # pathlib is slow to import
            return file.read()
    except OSError as error:
        raise TemplateError(f"can't read the template {path}: {error.strerror}", "check its path") from None
    except UnicodeDecodeError:
        raise TemplateError(f"the template {path} is not UTF-8 text", "save it as UTF-8") from None
    except ValueError:
        raise TemplateError(f"{path} is not a file name", "leave the NUL character out") from None
