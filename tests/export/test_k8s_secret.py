"""`k8s-secret`: a manifest that Kubernetes takes."""

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
import yaml

from mysafe_env.errors import UsageError
from mysafe_env.secret import Secret
from mysafe_env.sinks.export.registry import export_text, make_format
from tests.export.consumers import SECRET_SCHEMA

MANIFEST = """\
apiVersion: v1
kind: Secret
metadata:
  name: "orders.v2"
  namespace: "prod"
  labels:
    "app.kubernetes.io/name": "orders"
    "on": "yes"
    "empty": ""
type: "Opaque"
data:
  "NO": "eA=="
  "KEY": "YQpi"
"""


def test_the_whole_manifest() -> None:
    """Metadata as asked for, values in Base64 in mapping order; nothing in it can be taken for anything but text."""
    labels = ("app.kubernetes.io/name=orders", "on=yes", "empty=")
    chosen = make_format("k8s-secret", secret_name="orders.v2", namespace="prod", labels=labels)
    text = export_text(chosen, {"NO": Secret("x"), "KEY": Secret("a\nb")})

    assert MANIFEST == text
    assert {"NO": "x", "KEY": "a\nb"} == chosen.read(text)
    jsonschema.validate(yaml.safe_load(text), SECRET_SCHEMA)


def test_without_options() -> None:
    """It is named after this tool, in the namespace that kubectl is in."""
    secret = yaml.safe_load(export_text(make_format("k8s-secret"), {}))

    assert {"name": "mysafe-env"} == secret["metadata"]
    assert ("Opaque", {}) == (secret["type"], secret["data"])
    jsonschema.validate(secret, SECRET_SCHEMA)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"secret_name": "Orders"}, '--name can\'t be "Orders"'),
        ({"secret_name": "a\nkind: Pod"}, '--name can\'t be "a kind: Pod"'),
        ({"secret_name": "a..b"}, '--name can\'t be "a..b"'),
        ({"secret_name": "a" * 254}, f'--name can\'t be "{"a" * 254}"'),
        ({"namespace": "a.b"}, '--namespace can\'t be "a.b"'),
        ({"namespace": "a" * 64}, f'--namespace can\'t be "{"a" * 64}"'),
        ({"labels": ("a",)}, '--label can\'t be "a"'),
        ({"labels": ("=b",)}, '--label can\'t be "=b"'),
        ({"labels": ("a=b c",)}, '--label can\'t be "a=b c"'),
        ({"labels": (f"a={'b' * 64}",)}, f'--label can\'t be "a={"b" * 64}"'),
        ({"labels": ("Up/a=b",)}, 'the prefix of --label can\'t be "Up"'),
        ({"secret_type": "kubernetes.io/tls"}, 'a Secret of variables can\'t have the type "kubernetes.io/tls"'),
        ({"secret_name": ""}, "--name is empty"),
        ({"namespace": ""}, "--namespace is empty"),
        ({"labels": ("",)}, '--label can\'t be ""'),
        ({"labels": ("/a=b",)}, "the prefix of --label is empty"),
        ({"secret_type": ""}, "--type is empty"),
        ({"secret_type": " "}, 'a Secret of variables can\'t have the type " "'),
    ],
)
def test_what_kubernetes_would_refuse(options: dict[str, object], message: str) -> None:
    """It is refused here, before anything is fetched."""
    with pytest.raises(UsageError) as caught:
        make_format("k8s-secret", **options)

    assert message == caught.value.message
