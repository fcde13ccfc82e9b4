"""`k8s-secret`: one Secret of Kubernetes, for `kubectl apply -f -`."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from typing import Final

from mysafe_env.errors import Report, UsageError
from mysafe_env.filters.toyaml import yaml_string
from mysafe_env.sinks.export.base import Format
from mysafe_env.sinks.export.scanner import Scanner
from mysafe_env.sinks.export.yaml_format import read_quoted

_DEFAULT_NAME: Final = "mysafe-env"
_DEFAULT_TYPE: Final = "Opaque"
# The rules of k8s.io/apimachinery/pkg/util/validation; MaxSecretSize of k8s.io/api.
_LABEL: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAMESPACE: Final = re.compile(rf"(?=.{{1,63}}\Z){_LABEL}")
_SUBDOMAIN: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*")
_QUALIFIED: Final = re.compile(r"(?=.{1,63}\Z)[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_LONGEST_NAME: Final = 253
_LARGEST: Final = 1024 * 1024
_LEFT_OUT: Final = "write it out, or leave the option out; an unset shell variable?"
# Types whose keys are given, and can't be the names of variables: tls.crt, .dockerconfigjson, ssh-privatekey ...
_OTHER_TYPES: Final = frozenset(
    f"kubernetes.io/{kind}" for kind in ("dockercfg", "dockerconfigjson", "service-account-token", "ssh-auth", "tls")
)


class K8sSecretFormat(Format):
    """A manifest with the values in Base64 under `data`; the API server reads the same bytes back."""

    name = "k8s-secret"
    reader = "Kubernetes: mysafe-env export -f k8s-secret | kubectl apply -f -"
    cannot = "more than 1 MiB in all; names of more than 253 characters"

    def __init__(
        self,
        secret_name: str = _DEFAULT_NAME,
        namespace: str | None = None,
        labels: tuple[str, ...] = (),
        secret_type: str = _DEFAULT_TYPE,
    ) -> None:
        """The metadata of the Secret, labels as `KEY=VALUE`; raises `UsageError` for what Kubernetes would refuse."""
        self._secret = _checked(_SUBDOMAIN, secret_name, "--name")
        self._namespace = None if namespace is None else _checked(_NAMESPACE, namespace, "--namespace")
        self._labels = dict(_label(label) for label in labels)
        self._type = _checked_type(secret_type)

    def refusals(self, values: Mapping[str, str]) -> Iterator[Report]:
        """Single variables, else all of them when they are too large together."""
        refused = list(super().refusals(values))
        yield from refused
        if not refused and sum(len(text.encode()) for text in values.values()) > _LARGEST:
            largest = max(values, key=lambda variable: len(values[variable].encode()))
            yield self.cannot_carry(largest, "a Secret holds 1 MiB at most, and this is its largest value")

    def refusal(self, variable: str, text: str) -> Report | None:  # noqa: ARG002  # Base64 carries every text
        """A name that is too long for a key."""
        if len(variable) > _LONGEST_NAME:
            return self.cannot_name(variable, "its name has more than 253 characters")
        return None

    def write(self, values: Mapping[str, str]) -> str:
        """The manifest, with the variables in order."""
        return "".join(self._lines(values))

    def _lines(self, values: Mapping[str, str]) -> Iterator[str]:
        yield f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: {yaml_string(self._secret)}\n"
        if self._namespace:
            yield f"  namespace: {yaml_string(self._namespace)}\n"
        if self._labels:
            yield "  labels:\n"
        for key, value in self._labels.items():
            yield f"    {yaml_string(key)}: {yaml_string(value)}\n"
        yield f"type: {yaml_string(self._type)}\n"
        yield "data:\n" if values else "data: {}\n"
        for variable, text in values.items():
            yield f"  {yaml_string(variable)}: {yaml_string(b64encode(text.encode()).decode())}\n"

    def read(self, text: str) -> dict[str, str]:
        """The bytes of `data`, as UTF-8."""
        scanner, values = Scanner(text), {}
        if text.endswith("\ndata: {}\n"):
            return {}
        scanner.until("\ndata:\n")
        while not scanner.at_end:
            scanner.expect("  ")
            variable = read_quoted(scanner)
            scanner.expect(": ")
            values[variable] = b64decode(read_quoted(scanner), validate=True).decode()
            scanner.expect("\n")
        return values


def _checked(pattern: re.Pattern[str], text: str, option: str) -> str:
    if not text:
        raise UsageError(f"{option} is empty", _LEFT_OUT)
    if not pattern.fullmatch(text):
        raise UsageError(f'{option} can\'t be "{text}"', "Kubernetes takes lower-case letters, digits and - in names")
    return text


def _checked_type(secret_type: str) -> str:
    if not secret_type:
        raise UsageError("--type is empty", _LEFT_OUT)
    if secret_type in _OTHER_TYPES or secret_type != secret_type.strip():
        raise UsageError(
            f'a Secret of variables can\'t have the type "{secret_type}"', "leave --type out, which means Opaque"
        )
    return secret_type


def _label(label: str) -> tuple[str, str]:
    key, found, value = label.partition("=")
    prefix, slash, name = key.rpartition("/")
    if not found or not _QUALIFIED.fullmatch(name) or (value and not _QUALIFIED.fullmatch(value)):
        raise UsageError(f'--label can\'t be "{label}"', "write KEY=VALUE, as in app.kubernetes.io/name=orders")
    if slash:
        _checked(_SUBDOMAIN, prefix, "the prefix of --label")
    return key, value


FORMAT = K8sSecretFormat
