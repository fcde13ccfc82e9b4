"""The export formats by name, each imported when it is asked for."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from mysafe_env.errors import ExportError, Report, UnfitValuesError, UsageError
from mysafe_env.secret import Secret
from mysafe_env.sinks.export.base import Format
from mysafe_env.suggest import did_you_mean

FORMATS: Final[Mapping[str, str]] = {
    "json": "mysafe_env.sinks.export.json_format",
    "shell": "mysafe_env.sinks.export.shell",
    "fish": "mysafe_env.sinks.export.fish",
    "powershell": "mysafe_env.sinks.export.powershell",
    "docker-env": "mysafe_env.sinks.export.docker_env",
    "compose-env": "mysafe_env.sinks.export.compose_env",
    "systemd-env": "mysafe_env.sinks.export.systemd_env",
    "node-env": "mysafe_env.sinks.export.node_env",
    "python-dotenv": "mysafe_env.sinks.export.python_dotenv",
    "dotenv": "mysafe_env.sinks.export.dotenv",
    "github-env": "mysafe_env.sinks.export.github_env",
    "gitlab-dotenv": "mysafe_env.sinks.export.gitlab_dotenv",
    "azure-pipelines": "mysafe_env.sinks.export.azure_pipelines",
    "java-properties": "mysafe_env.sinks.export.java_properties",
    "yaml": "mysafe_env.sinks.export.yaml_format",
    "csv": "mysafe_env.sinks.export.csv_format",
    "tfvars": "mysafe_env.sinks.export.tfvars",
    "k8s-secret": "mysafe_env.sinks.export.k8s_secret",
}
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def make_format(name: str, **options: object) -> Format:
    """One format with its own options; raises `UsageError` for a name that is none."""
    if name not in FORMATS:
        raise UsageError(f'there is no export format "{name}"', did_you_mean(name, FORMATS))
    made: Format = import_module(FORMATS[name]).FORMAT(**options)
    return made


def export_text(chosen: Format, values: Mapping[str, Secret]) -> str:
    """The values, revealed, as the text of one format; it is to be written as UTF-8.

    Raises `UnfitValuesError` with every variable that it can't carry.
    """
    revealed = {name: value.reveal() for name, value in values.items()}
    # A format's own rules are about text, so what is none comes first.
    refused = list(_not_text(revealed)) or list(chosen.refusals(revealed))
    if refused:
        raise UnfitValuesError(refused)
    return chosen.write(revealed)


def verify_text(chosen: Format, values: Mapping[str, Secret], text: str) -> None:
    """Raise `ExportError` unless the model of the format's reader gets exactly *values* out of *text*."""
    try:
        read = {name: Secret(value) for name, value in chosen.read(text).items()}
    except ValueError:
        read = {}
    wrong = [name for name, value in values.items() if read.get(name) != value] or sorted(read.keys() - values.keys())
    if wrong:
        raise ExportError(
            f"{chosen.name} would not be read back as it is: {', '.join(wrong)}",
            "this is a bug of mysafe-env; please report it, with the name of the format",
        )


def _not_text(values: Mapping[str, str]) -> Iterator[Report]:
    for name, text in values.items():
        if not _NAME.fullmatch(name):
            yield Report(f'"{name}" is not the name of a variable', "use letters, digits and _, no digit first")
        elif not _is_text(text):
            yield Report(
                f"no format can carry {name}: its value holds half of a surrogate pair, which is not text",
                "correct the item",
            )


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
