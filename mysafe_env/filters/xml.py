"""`xml`: the text of an XML element, or the value of an attribute in either kind of quotes."""

import re
from typing import Final
from xml.sax.saxutils import escape  # nosec B406  # it writes, and reads no XML

from mysafe_env.filters.base import UnfitError, text_of

# A reader makes spaces or line feeds of these where they stand as they are (XML 1.0, 2.11 and 3.3.3).
_ESCAPES: Final = {'"': "&quot;", "'": "&apos;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
# XML 1.0, 2.2: no other character may stand in a document, not even escaped.
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(value: object) -> str:
    """The text with everything escaped that a reader would take for markup, or change."""
    text = text_of(value)
    if _FORBIDDEN.search(text):
        raise UnfitError("it holds a character that XML 1.0 has no form for", "encode it: b64encode")
    return escape(text, _ESCAPES)
