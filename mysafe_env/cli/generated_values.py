"""Generated values, for `--generate`."""

import secrets
import string
from typing import Final

from mysafe_env.secret import Secret

SHORTEST: Final = 12
USUAL: Final = 32
LONGEST: Final = 512
# Punctuation that no shell, URL, quote, env file or template reads as anything but itself.
_CLASSES: Final = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.~")
_ALPHABET: Final = "".join(_CLASSES)


def strong_value(length: int = USUAL) -> Secret:
    """A random value of *length* characters, 6 bits each: letters, digits and `-_.~`, some of every class.

    It begins with a letter or a digit, as an argument of a program must that would take it for an option.
    """
    while True:
        text = "".join(secrets.choice(_ALPHABET) for _ in range(length))
        if text[0].isalnum() and all(any(char in one for char in text) for one in _CLASSES):
            return Secret(text)
