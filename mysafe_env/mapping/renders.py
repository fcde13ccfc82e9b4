"""`[[render]]`: a file to be made from a template."""

import os.path

from mysafe_env.mapping.model import Render
from mysafe_env.mapping.tables import Table


def read_render(table: Table, folder: str) -> Render | None:
    """One `[[render]]` table with its paths resolved against *folder*, or None when a problem was noted."""
    template, to, owner = table.text("template"), table.text("to"), table.text("owner")
    mode, command = _mode(table), table.texts("command")
    table.require("template")
    table.require("to")
    if not table.close() or template is None or to is None:
        return None
    return Render(
        os.path.join(folder, template),  # noqa: PTH118  # pathlib is slow to import
        os.path.join(folder, to),  # noqa: PTH118
        mode,
        owner or "",
        command,
        table.place,
    )


def _mode(table: Table) -> int | None:
    text = table.text("mode")
    if text is None:
        return None
    if len(text) in {3, 4} and set(text) <= set("01234567"):
        return int(text, 8)
    table.fault('is no file mode; write four octal digits in quotes, such as "0640"', "mode")
    return None
