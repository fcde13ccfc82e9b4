"""What filters have in common: their input as text, the error of a refusal, and reasons for one."""


class UnfitError(ValueError):
    """A place can't hold a value. *reason* goes on after `FILTER can't take NAME:`, and never shows the value."""

    def __init__(
        self, reason: str, hint: str = "change the value, or put it where its reader has no such rule"
    ) -> None:
        self.reason = reason
        self.hint = hint
        super().__init__(reason)


def text_of(value: object) -> str:
    """A string, or a number as text; raises `UnfitError` for anything else, which has no one way to be written."""
    if isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return str(value)
    raise no_form(value, f"it is not text but {_described(value)}")


def no_form(value: object, reason: str) -> UnfitError:
    """The refusal of what is not text; an undefined name raises its own error instead."""
    # It does so when it is turned into text.
    str(value)
    return UnfitError(reason, "give it text; tojson, toyaml and totoml take numbers, lists and mappings too")


def double_quoted(text: str) -> str:
    r"""The text in double quotes, with `"` and `\` escaped by a `\`."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def refuse_characters(text: str, characters: str, reason: str) -> None:
    """Raise `UnfitError` with *reason* if one of the characters is in the text."""
    if any(character in text for character in characters):
        raise UnfitError(reason)


def refuse_nul(text: str) -> None:
    """Raise `UnfitError` for a NUL character, which ends a string of every program in C."""
    refuse_characters(text, "\0", "it holds a NUL character")


def refuse_several_lines(text: str) -> None:
    """Raise `UnfitError` for what ends a line, and for NUL."""
    refuse_nul(text)
    refuse_characters(text, "\r\n", "it holds a line break")


def refuse_surrogates(text: str) -> None:
    """Raise `UnfitError` for half of a surrogate pair, which UTF-8 has no bytes for."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UnfitError("it holds half of a surrogate pair, which is not text")


def _described(value: object) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"
