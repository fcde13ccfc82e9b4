"""`[[render]]`: a file, or a folder of files, to be made from templates."""

import os.path

from mysafe_env.mapping.model import COMMAND_SECONDS, Render
from mysafe_env.mapping.tables import MappingTable


def read_render(table: MappingTable, folder: str) -> Render | None:
    """One `[[render]]` table with its paths resolved against *folder*, or None when a problem was noted."""
    template, to, owner = table.text("template"), table.text("to"), table.text("owner")
    mode, command, timeout = table.mode("mode"), table.texts("command"), table.seconds("timeout")
    backup, mkdir, search = table.flag("backup"), table.flag("mkdir"), table.texts("template_path")
    table.require("template")
    table.require("to")
    if "timeout" in table and "command" not in table:
        table.fault("is the time of a command; add command, or take the key out", "timeout")
    if not table.close() or template is None or to is None:
        return None
    return Render(
        template=os.path.join(folder, template),  # noqa: PTH118  # pathlib is slow to import
        to=os.path.join(folder, to),  # noqa: PTH118  # see above
        place=table.place,
        mode=mode,
        owner=owner or "",
        command=command,
        timeout=COMMAND_SECONDS if timeout is None else timeout,
        backup=backup,
        mkdir=mkdir,
        template_path=tuple(os.path.join(folder, each) for each in search),  # noqa: PTH118  # see above
    )
