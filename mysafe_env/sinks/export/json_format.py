"""`json`: one object, for programs."""

import json
from collections.abc import Mapping
from typing import Final

from mysafe_env.sinks.export.base import Writer


class JsonWriter:
    """An object of strings in UTF-8, indented by two spaces."""

    name = "json"
    reader = "any program that reads JSON (RFC 8259)"
    cannot = ""

    def write(self, values: Mapping[str, str]) -> str:
        """One object with a member per variable, and a final newline."""
        return json.dumps(dict(values), ensure_ascii=False, indent=2) + "\n"


WRITER: Final[Writer] = JsonWriter()
