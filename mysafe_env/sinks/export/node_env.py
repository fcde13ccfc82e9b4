"""`node-env`: quoted lines without escapes, for `node --env-file`."""

from collections.abc import Mapping

from mysafe_env.errors import Report
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner


class NodeEnvFormat(Format):
    r"""One `NAME='...'` a variable, in a quote that the value does not hold: node has no escape but `\n`."""

    name = "node-env"
    reader = "node --env-file=FILE"
    cannot = r"NUL, carriage returns; values with ', ` and either \" or \n in them".replace(r"\"", '"')

    def refusal(self, variable: str, text: str) -> Report | None:
        """The refusal of what node removes, and of values that hold every kind of quote."""
        if "\r" in text:
            return self.cannot_carry(variable, "it holds a carriage return, which node removes")
        if not _quote(text):
            return self.cannot_carry(variable, "it holds all the quotes that node knows, and they can't be escaped")
        return self.nul(variable, text)

    def write(self, values: Mapping[str, str]) -> str:
        """The lines in order; a newline in a value stays a newline between the quotes."""
        return "".join(f"{variable}={_quote(text)}{text}{_quote(text)}\n" for variable, text in values.items())

    def read(self, text: str) -> dict[str, str]:
        """The variables, by the rules of node's node_dotenv.cc for quoted values."""
        return Scanner(text.replace("\r", "")).assignments("=", _quoted)


def _quote(text: str) -> str:
    r"""The quote to use; empty if there is none. Between double quotes node turns `\n` into a newline."""
    if "'" not in text:
        return "'"
    if "`" not in text:
        return "`"
    return "" if '"' in text or "\\n" in text else '"'


def _quoted(scanner: Scanner) -> str:
    quote = scanner.character()
    if quote not in "'`\"":
        raise ValueError("a value without quotes")
    value = scanner.until(quote)
    return value.replace("\\n", "\n") if quote == '"' else value


FORMAT = NodeEnvFormat
