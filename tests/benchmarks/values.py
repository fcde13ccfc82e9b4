"""The made-up values that every server of a benchmark holds."""


def value(number: int) -> str:
    """The value of item *number*, which counts from 0."""
    return f"value-{number}" * 4
