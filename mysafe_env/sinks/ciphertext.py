"""Values that look as if MySafe had encrypted them.

An access key can be set to return sensitive values encrypted; nothing in the answer marks them, and the scheme is
not documented. A sibling product's ciphertext is one RSA block in base64, so a value of that shape is suspected.
"""

from collections.abc import Mapping
from typing import Final

from mysafe_env.secret import Secret

# RSA-2048 and RSA-4096: 256 and 512 bytes.
_BASE64_LENGTHS: Final = (344, 684)


def looks_encrypted(values: Mapping[str, Secret]) -> tuple[str, ...]:
    """The names of the values that have the size and alphabet of one RSA block in base64."""
    return tuple(name for name, value in values.items() if _is_block(value.reveal()))


def _is_block(text: str) -> bool:
    if len(text) not in _BASE64_LENGTHS:
        return False
    from base64 import b64decode  # noqa: PLC0415  # for values of these very lengths

    try:
        return len(b64decode(text, validate=True)) in {256, 512}
    except ValueError:
        return False
