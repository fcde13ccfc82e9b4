"""What must not be shown."""

from typing import Final

# No plain word: those may be repeated where a kind or a field is misspelt.
CANARY: Final = "cAnArY7zqx"
