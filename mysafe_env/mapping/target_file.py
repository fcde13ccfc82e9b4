"""The keys of an entry with `as = "file"` that name a file for the value."""

import os.path

from mysafe_env.mapping.model import TargetFile
from mysafe_env.mapping.tables import MappingTable


def read_target_file(table: MappingTable) -> TargetFile | None:
    """The keys `path`, `mode`, `owner` and `on_disk`; None when there is none, or when a problem was noted."""
    path, mode, owner, on_disk = table.text("path"), table.mode("mode"), table.text("owner"), table.flag("on_disk")
    for key in ("path", "mode", "owner", "on_disk"):
        needed = "path" if key != "path" else "as"
        if key in table and needed not in table:
            table.fault('belongs to as = "file"; add it' if key == "path" else "belongs to a path; add one", key)
    if path is None:
        return None
    folder = os.path.dirname(table.place.document.name)  # noqa: PTH120  # pathlib is slow to import
    return TargetFile(os.path.join(folder, path), mode, owner or "", on_disk)  # noqa: PTH118  # see above
