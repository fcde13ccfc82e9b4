"""`json`: one object, for programs."""

import json
from collections.abc import Mapping

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format


class JsonFormat(Format):
    """An object of strings in UTF-8, indented by two spaces (RFC 8259)."""

    name = "json"
    reader = "any program that reads JSON"
    cannot = ""

    def refusal(self, variable: str, text: str) -> Report | None:  # noqa: ARG002  # every text has an escape
        """Nothing is refused."""
        return None

    def write(self, values: Mapping[str, str]) -> str:
        """One object with a member per variable, and a final newline."""
        return json.dumps(dict(values), ensure_ascii=False, indent=2) + "\n"

    def read(self, text: str) -> dict[str, str]:
        """The members of the object."""
        members = json.loads(text)
        if not isinstance(members, dict) or not all(isinstance(value, str) for value in members.values()):
            raise ValueError("not an object of strings")
        return members


FORMAT = JsonFormat
