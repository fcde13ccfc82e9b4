"""`systemd`: one quoted word of a unit file's setting, such as `Environment=`."""

from typing import Final

from mysafe_env.filters.base import UnfitError, refuse_surrogates, text_of

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "%": "%%", "\n": "\\n", "\t": "\\t"})


def systemd(value: object) -> str:
    r"""The text in double quotes, escaped as in C, with `%` doubled, since it begins a specifier.

    Not for `EnvironmentFile=`, whose file has other rules, nor for `ExecStart=`, which expands `$` too.
    Source: systemd.syntax(7), systemd.unit(5), systemd.exec(5).
    """
    text = text_of(value)
    refuse_surrogates(text)
    if any(_is_dropped(ord(character)) for character in text):
        raise UnfitError("it holds a control character or one that is none, for which systemd drops the variable")
    return f'"{text.translate(_ESCAPES)}"'


def _is_dropped(code: int) -> bool:
    """What env_value_is_valid() and unichar_is_valid() refuse: controls, and Unicode's noncharacters."""
    is_control = (code < ord(" ") and code not in {ord("\t"), ord("\n")}) or code == 0x7F  # noqa: PLR2004  # DEL
    return is_control or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE  # noqa: PLR2004  # Unicode, 23.7
