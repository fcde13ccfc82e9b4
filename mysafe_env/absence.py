"""That nothing matches: how it is told, for one lookup, or for the kinds of one that means several."""

from collections.abc import Sequence

from mysafe_env.errors import NotFoundError
from mysafe_env.references import Lookup, quoted_pairs


def not_found(lookups: Sequence[Lookup]) -> NotFoundError:
    """The error of lookups that differ in their kind alone, all of them in vain."""
    kinds = [lookup.kind for lookup in lookups]
    wanted = f"{_or(kinds)} {quoted_pairs(lookups[0].selectors)}".rstrip()
    if lookups[0].system == "secretsafe":
        return NotFoundError(
            f"nothing in SecretSafe matches {wanted}", "check the spelling, and what is shared with the key's owner"
        )
    listing = "; ".join(f"mysafe-env list {kind}" for kind in kinds)
    return NotFoundError(f"no item matches {wanted}", f"see what this access key can read with: {listing}")


def _or(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
