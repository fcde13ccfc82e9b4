"""The line ends of a template's own text, which Jinja2 would all turn into the same one."""

import re
from collections.abc import Iterable
from typing import Final

from jinja2.ext import Extension
from jinja2.lexer import TOKEN_DATA, Token, TokenStream

# What Jinja2 takes for the end of a line, and counts lines by.
_END: Final = re.compile("\r\n|\r|\n")


class KeepLineEnds(Extension):
    """Keeps every line end outside of tags as it stands in the file, also where a file mixes several kinds."""

    _ends: tuple[str, ...] = ()

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  # Jinja2's
        """The text as it is; its line ends are remembered for the tokens that are made of it next."""
        self._ends = tuple(_END.findall(source))
        return source

    def filter_stream(self, stream: TokenStream) -> TokenStream | Iterable[Token]:
        """The tokens with the line ends of the file."""
        return stream if {*self._ends} <= {"\n"} else map(self._restored, stream)

    def _restored(self, token: Token) -> Token:
        if token.type != TOKEN_DATA:
            return token
        first, *others = token.value.split("\n")
        start = token.lineno - 1
        ends = self._ends[start : start + len(others)]
        text = first + "".join(end + line for end, line in zip(ends, others, strict=True))
        return Token(token.lineno, TOKEN_DATA, text)
