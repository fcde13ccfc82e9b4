"""The random digits at the end of the names that we give to what stands beside the user's files."""

import os


def random_digits(size: int) -> str:
    """*size* random bytes in hexadecimal, which nobody can guess, nor has used."""
    return os.urandom(size).hex()


def are_random_digits(text: str, size: int) -> bool:
    """Whether `random_digits` may have made the text."""
    return len(text) == 2 * size and not text.strip("0123456789abcdef")
