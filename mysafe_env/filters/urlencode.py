"""`urlencode`: one part of a URL, such as a user, a password or the value of a query."""

from urllib.parse import quote

from mysafe_env.filters.base import refuse_surrogates, text_of


def urlencode(value: object) -> str:
    """The text with every reserved character as `%XX` of its UTF-8, `/` too, which would end a password in a URL."""
    text = text_of(value)
    refuse_surrogates(text)
    return quote(text, safe="")
