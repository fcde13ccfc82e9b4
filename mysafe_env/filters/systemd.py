"""`systemd`: one quoted word of a unit file's setting, such as `Environment=`."""

import re
from typing import Final

from mysafe_env.filters.base import UnfitError, refuse_surrogates, text_of

# env_value_is_valid() of older systemds: the service manager drops a variable with any of these. Newer ones keep it.
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "%": "%%", "\n": "\\n", "\t": "\\t"})


def systemd(value: object) -> str:
    r"""The text in double quotes, escaped as in C, with `%` doubled, since it begins a specifier.

    Not for `EnvironmentFile=`, whose file has other rules, nor for `ExecStart=`, which expands `$` too.
    Source: systemd.syntax(7), systemd.unit(5), systemd.exec(5).
    """
    text = text_of(value)
    refuse_surrogates(text)
    if CONTROL.search(text) or any(map(is_noncharacter, text)):
        raise UnfitError("it holds a control character or one that is none, for which systemd drops the variable")
    return f'"{text.translate(_ESCAPES)}"'


def is_noncharacter(character: str) -> bool:
    """Whether unichar_is_valid() of systemd's utf8.c takes it for no character: Unicode's noncharacters (23.7)."""
    number = ord(character)
    return 0xFDD0 <= number <= 0xFDEF or number & 0xFFFE == 0xFFFE  # noqa: PLR2004  # as Unicode has them
