"""The text of a reference, for tests that read it back."""

from urllib.parse import quote

from mysafe_env.items import SYSTEMS
from mysafe_env.references import Reference


def format_reference(reference: Reference) -> str:
    """The text that `parse_reference` reads back as *reference*."""
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in reference.lookup.selectors)
    address = f"{reference.lookup.system}://{reference.lookup.kind}?{query}"
    kind = SYSTEMS[reference.lookup.system][reference.lookup.kind]
    # What is meant where no field is named is not always one of the fields.
    return f"{address}#{quote(reference.field, safe='')}" if kind.has_field(reference.field) else address
