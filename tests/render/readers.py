"""The programs that read what the filters write: each gets texts, and gives back what it understood."""

import configparser
import ctypes
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import urllib.request
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import psycopg
import pytest
import ruamel.yaml
import yaml

from tests.support.ports import free_port
from tests.support.process import DEADLINE_SECONDS, run
from tests.support.scripted_server import Reply, Request, ScriptedServer

Read = Callable[[Sequence[str]], list[str]]

JAVA: Final = Path(__file__).parents[1] / "export" / "ReadProperties.java"
# extract-word.h of systemd: EXTRACT_CUNESCAPE and EXTRACT_UNQUOTE, as config_parse_environ() asks for.
_WORDS_OF_A_UNIT: Final = 1 << 1 | 1 << 5


def require(*commands: str) -> None:
    """Skip a test on a machine that lacks a program, or a file with a path, fail it where all have to be."""
    missing = [command for command in commands if not (shutil.which(_program(command)) or Path(command).is_file())]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"{', '.join(missing)} is missing; see .ci/template-readers")
    if missing:
        pytest.skip(f"{', '.join(missing)} is missing; .ci/template-readers installs it on Debian")


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that goes away."""
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


def libpq_url(written: Sequence[str]) -> list[str]:
    """The passwords of connection URLs."""
    urls = (f"postgres://orders:{each}@db/orders" for each in written)
    return [str(psycopg.conninfo.conninfo_to_dict(url).get("password", "")) for url in urls]


def json_reader(written: Sequence[str]) -> list[str]:
    """Strings of a JSON document."""
    return [str(each) for each in json.loads(f"[{', '.join(written)}]")]


def node(written: Sequence[str]) -> list[str]:
    """Strings of a JavaScript program."""
    require("node")
    with folder() as path:
        (path / "a.js").write_text(f"process.stdout.write(JSON.stringify([{', '.join(written)}]))", "utf-8")
        return [str(each) for each in json.loads(run("node", str(path / "a.js"), measured=False).stdout)]


def python(written: Sequence[str]) -> list[str]:
    """String literals of a Python program."""
    values: list[str] = eval(f"[{', '.join(written)}]", {})  # noqa: S307  # that is what is tested
    return values


def pyyaml(written: Sequence[str]) -> list[str]:
    """Values of a YAML 1.1 document."""
    return [
        str(each) for each in yaml.safe_load("".join(f"- key: {each}\n" for each in written)) for each in each.values()
    ]


def ruamel_yaml(written: Sequence[str]) -> list[str]:
    """Values of a YAML 1.2 document."""
    document = "".join(f"- {each}\n" for each in written)
    return [str(each) for each in ruamel.yaml.YAML(typ="safe", pure=True).load(document)]


def shell(name: str) -> Read:
    """Arguments of a command of a shell."""

    def read(written: Sequence[str]) -> list[str]:
        require(name)
        with folder() as path:
            (path / "a.sh").write_text(f"printf '%s\\0' {' '.join(written)}", "utf-8", newline="")
            done = run(name, str(path / "a.sh"), environment={"LANG": "C.UTF-8", "PATH": os.environ["PATH"]})
        return done.stdout.decode().split("\0")[:-1]

    return read


def libpq_passfile(written: Sequence[str]) -> list[str]:
    """The passwords that libpq takes out of a `.pgpass` and sends to a server; databases are told apart by number."""
    with folder() as path, asking_postgres() as (port, passwords):
        passfile = path / ".pgpass"
        lines = (f"127.0.0.1:{port}:db{number}:orders:{each}\n" for number, each in enumerate(written))
        passfile.write_text("".join(lines), "utf-8", newline="")
        passfile.chmod(0o600)
        for number in range(len(written)):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(
                    host="127.0.0.1",
                    port=port,
                    dbname=f"db{number}",
                    user="orders",
                    passfile=str(passfile),
                    sslmode="disable",
                )
    return passwords


@contextmanager
def asking_postgres() -> Iterator[tuple[int, list[str]]]:
    """A server that asks everybody for the password, notes it, and hangs up."""
    passwords: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_ask, args=(listener, passwords), daemon=True)
        thread.start()
        yield listener.getsockname()[1], passwords
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(DEADLINE_SECONDS)


def _ask(listener: socket.socket, passwords: list[str]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as stream:
            (length,) = struct.unpack("!I", stream.read(4))
            stream.read(length - 4)
            # AuthenticationCleartextPassword, answered by PasswordMessage.
            connection.sendall(b"R" + struct.pack("!II", 8, 3))
            kind, length = struct.unpack("!cI", stream.read(5))
            if kind == b"p":
                passwords.append(stream.read(length - 4)[:-1].decode())


def config_parser(written: Sequence[str]) -> list[str]:
    """Values of a section, with the interpolation that the parser has by default."""
    with folder() as path:
        lines = (f"key{number} = {each}\n" for number, each in enumerate(written))
        (path / "a.ini").write_text("".join(["[section]\n", *lines]), "utf-8", newline="")
        parser = configparser.ConfigParser()
        parser.read(path / "a.ini", "utf-8")
        return list(parser["section"].values())


def xml_text(written: Sequence[str]) -> list[str]:
    """Texts of elements."""
    elements = "".join(f"<b>{each}</b>" for each in written)
    return [each.text or "" for each in ET.fromstring(f"<a>{elements}</a>")]  # noqa: S314  # our own


def xml_attribute(quote: str) -> Read:
    """Values of attributes in one kind of quotes."""

    def read(written: Sequence[str]) -> list[str]:
        elements = "".join(f"<b c={quote}{each}{quote}/>" for each in written)
        return [each.attrib["c"] for each in ET.fromstring(f"<a>{elements}</a>")]  # noqa: S314  # our own

    return read


def java(written: Sequence[str]) -> list[str]:
    """Values of a properties file."""
    require("java")
    with folder() as path:
        lines = (f"key{number}={each}\n" for number, each in enumerate(written))
        (path / "a.properties").write_text("".join(lines), "utf-8", newline="")
        done = run("java", "-XX:TieredStopAtLevel=1", str(JAVA), "reader", str(path / "a.properties"), measured=False)
    assert 0 == done.code, done.stderr
    pairs = (line.partition(" ") for line in done.stdout.decode().splitlines())
    found = {name: b64decode(value).decode() for name, _, value in pairs}
    return [found[f"key{number}"] for number in range(len(written))]


def nginx(written: Sequence[str]) -> list[str]:
    """Bodies that a server returns."""
    require("nginx")
    with folder() as path:
        port = free_port()
        places = "\n".join(f"location = /{number} {{ return 200 {each}; }}" for number, each in enumerate(written))
        with _running_nginx(path, f"server {{ listen 127.0.0.1:{port}; {places} }}", port):
            return [_get(f"http://127.0.0.1:{port}/{number}") for number in range(len(written))]


def haproxy(written: Sequence[str]) -> list[str]:
    """Bodies that a proxy returns."""
    require("haproxy")
    with folder() as path:
        port = free_port()
        rules = (
            f"http-request return status 200 content-type text/plain string {each} if {{ path /{number} }}\n"
            for number, each in enumerate(written)
        )
        (path / "a.cfg").write_text(
            f"defaults\nmode http\ntimeout client 9s\nfrontend f\nbind 127.0.0.1:{port}\n{''.join(rules)}",
            "utf-8",
            newline="",
        )
        with serving([_program("haproxy"), "-db", "-q", "-f", str(path / "a.cfg")], port):
            return [_get(f"http://127.0.0.1:{port}/{number}") for number in range(len(written))]


@contextmanager
def _running_nginx(path: Path, servers: str, port: int) -> Iterator[None]:
    """nginx with some servers, of which one listens on *port*."""
    (path / "nginx.conf").write_text(
        f"daemon off; pid {path}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; default_type text/plain; client_body_temp_path {path}/b; proxy_temp_path {path}/p;"
        f" fastcgi_temp_path {path}/f; uwsgi_temp_path {path}/u; scgi_temp_path {path}/s;\n{servers}\n}}\n",
        "utf-8",
        newline="",
    )
    with serving([_program("nginx"), "-p", str(path), "-c", str(path / "nginx.conf")], port):
        yield


@contextmanager
def serving(command: list[str], port: int) -> Iterator[None]:
    """A server that is ready; it ends with the block."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as process:
        try:
            _wait_for(port, process)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=DEADLINE_SECONDS)


def _program(name: str) -> str:
    """Where a server is, also for users who don't look there."""
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") or name


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        else:
            return


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=DEADLINE_SECONDS) as answer:  # noqa: S310  # our own server
        body: bytes = answer.read()
        return body.decode()


def systemd(written: Sequence[str]) -> list[str]:
    """Values of `Environment=`, read by the service manager's own functions for it."""
    libraries = sorted(Path("/usr/lib").glob("*/systemd/libsystemd-shared-*.so"))
    if not libraries:
        pytest.skip("libsystemd-shared is missing")
    library = ctypes.CDLL(str(libraries[0]))
    return [_assigned(library, each) for each in written]


def _assigned(library: ctypes.CDLL, written: str) -> str:
    line, word = ctypes.c_char_p(written.encode()), ctypes.c_char_p()
    assert 1 == library.extract_first_word(ctypes.byref(line), ctypes.byref(word), None, _WORDS_OF_A_UNIT)
    assert line.value in {None, b""}, "something follows the word"
    assert word.value is not None
    assert not re.search("%[^%]", word.value.decode().replace("%%", "")), "a specifier"
    value = word.value.replace(b"%%", b"%")
    assert library.env_assignment_is_valid(value)
    return value.decode().removeprefix("A=")


def python_netrc(written: Sequence[str]) -> list[str]:
    """Passwords that Python's netrc module finds."""
    import netrc  # noqa: PLC0415  # the name is that of a filter too

    with folder() as path:
        (path / "netrc").write_text(_netrc(written), "utf-8", newline="")
        hosts = netrc.netrc(path / "netrc").hosts
    return [hosts[f"host{number}"][2] for number in range(len(written))]


def curl(written: Sequence[str]) -> list[str]:
    """Passwords that curl sends."""
    require("curl")
    found: list[str] = []

    def note(request: Request) -> Reply:
        credentials = b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        found.append(credentials.partition(":")[2])
        return Reply()

    with folder() as path, ScriptedServer(note) as server:
        (path / "netrc").write_text(_netrc(written), "utf-8", newline="")
        host, port = server.address
        urls = [f"http://host{number}:{port}/" for number in range(len(written))]
        resolve = [part for number in range(len(written)) for part in ("--resolve", f"host{number}:{port}:{host}")]
        done = run(
            "curl", "-sS", "--noproxy", "*", "--netrc-file", str(path / "netrc"), *resolve, *urls, measured=False
        )
        assert 0 == done.code, done.stderr
    return found


def _netrc(written: Sequence[str]) -> str:
    return "".join(f"machine host{number} login orders password {each}\n" for number, each in enumerate(written))
