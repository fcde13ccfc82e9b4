"""A secret is seen by nobody who does not ask for it by name."""

import copy
import dataclasses
import io
import json
import logging
import os
import pickle
import pprint
import traceback
from collections.abc import Callable

import pytest

from mysafe_env.secret import MASK, Secret

CANARY = "canary-zQ7"


@dataclasses.dataclass(frozen=True)
class _Holder:
    secret: Secret


def test_reveal() -> None:
    """The value comes out where it is asked for."""
    assert CANARY == Secret(CANARY).reveal()


@pytest.mark.parametrize(
    "show", [repr, ascii, "{!r}".format, "%r".__mod__, lambda secret: pprint.pformat({"a": [secret]})]
)
def test_a_mask_for_the_curious(show: Callable[[object], str]) -> None:
    """Whatever shows an object's repr shows a mask, of one length for every value."""
    shown = show(Secret(CANARY))
    assert MASK in shown
    assert CANARY not in shown
    assert show(Secret("")) == shown


def test_holders_are_masked_too() -> None:
    """A dataclass, a list and a dict that hold a secret show its mask."""
    assert f"_Holder(secret=Secret({MASK!r}))" == repr(_Holder(Secret(CANARY)))
    assert f"{{'a': [Secret({MASK!r})]}}" == str({"a": [Secret(CANARY)]})


@pytest.mark.parametrize(
    "use",
    [
        str,
        format,
        json.dumps,
        "{}".format,
        "%s".__mod__,
        "".join,
        os.fspath,
        lambda secret: f"{secret}",
        lambda secret: f"{secret:>10}",
        lambda secret: "a" + secret,
        lambda secret: {secret: 1},
        lambda secret: secret.__getstate__(),
        len,
        bytes,
        list,
    ],
)
def test_use_as_text_is_refused(use: Callable[[object], object]) -> None:
    """A forgotten `reveal()` fails where it is written, and its error holds no value."""
    with pytest.raises(TypeError) as caught:
        use(Secret(CANARY))
    assert CANARY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_is_refused(protocol: int) -> None:
    """No protocol of pickle carries a secret to a file or another process."""
    with pytest.raises(TypeError, match="can't be pickled"):
        pickle.dumps(Secret(CANARY), protocol)


def test_copies_are_the_secret_itself() -> None:
    """Copying makes no second one, so dataclasses that hold a secret can be copied and replaced."""
    secret = Secret(CANARY)
    assert secret is copy.copy(secret)
    assert secret is copy.deepcopy([secret])[0]
    assert secret is dataclasses.asdict(_Holder(secret))["secret"]
    assert secret is dataclasses.replace(_Holder(secret)).secret


def test_comparison() -> None:
    """Secrets are equal when their values are; a text is never equal to one."""
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert Secret("a")
    assert not Secret("")


def test_no_attributes() -> None:
    """A secret has no dictionary that a dumper could walk through."""
    assert not hasattr(Secret(CANARY), "__dict__")


@pytest.mark.parametrize("form", ["%s", "%r", "got %(secret)s"])
def test_logging(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A log line with a secret among its arguments holds no value, and neither does logging's complaint."""
    stream = io.StringIO()
    logger = logging.Logger("test")  # noqa: LOG001  # one that nobody else can hear
    logger.addHandler(logging.StreamHandler(stream))
    secret = Secret(CANARY)
    logger.warning(form, {"secret": secret} if "(" in form else secret)
    assert CANARY not in stream.getvalue() + "".join(capsys.readouterr())


def test_traceback() -> None:
    """The traceback of an error that carries a secret holds its mask."""
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError("failed", Secret(CANARY))
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert MASK in shown
    assert CANARY not in shown.replace(f"CANARY = {CANARY!r}", "")
