"""A gateway on a loopback port, in a folder of its own, with TLS of an authority of its own."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

import trustme

from tests.support.ports import free_port
from tests.support.running import eventually

AUTHORITY = trustme.CA()
SLOW = 0.4
"""Seconds that an impatient gateway waits for its upstream."""
_PATIENCE = 60.0

NGINX = Template("""
daemon off;
master_process off;
pid $folder/nginx.pid;
error_log stderr;
events { worker_connections 64; }
http {
  access_log $folder/access.log;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
  limit_req_zone $$binary_remote_addr zone=all:1m rate=10r/s;
  limit_req_status 429;
  server {
    listen 127.0.0.1:$port ssl;
    ssl_certificate $folder/server.pem;
    ssl_certificate_key $folder/server.pem;
    ssl_client_certificate $folder/ca.pem;
    ssl_verify_client $verify;
    location / {
      $limit
      proxy_pass http://127.0.0.1:$upstream;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_read_timeout ${slow}ms;
      proxy_next_upstream off;
    }
  }
}
""")
HAPROXY = Template("""
defaults
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server ${slow}ms
  retries 0
frontend gateway
  bind 127.0.0.1:$port ssl crt $folder/server.pem ca-file $folder/ca.pem verify $verify
  stick-table type integer size 1 expire 1s store http_req_rate(250ms)
  http-request track-sc0 always_true
  $limit
  default_backend mysafe
backend mysafe
  server emulator 127.0.0.1:$upstream
""")


@dataclass(frozen=True)
class Kind:
    """A program, its configuration, how it is started with a file, and its words for what may be demanded."""

    command: Callable[[Path], list[str]]
    text: Template
    limit: str
    verify: tuple[str, str]
    """For no client certificate, and for one that is demanded."""


KINDS = {
    "nginx": Kind(
        lambda file: [_program("nginx"), "-p", str(file.parent), "-c", str(file)],
        NGINX,
        "limit_req zone=all burst=1 nodelay;",
        ("off", "on"),
    ),
    "haproxy": Kind(
        lambda file: [_program("haproxy"), "-db", "-q", "-f", str(file)],
        HAPROXY,
        "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 5 }",
        ("none", "required"),
    ),
}


@dataclass(frozen=True)
class Gateway:
    """A gateway that runs, and where its upstream is to be."""

    url: str
    upstream: int
    bundle: str
    """A file with the authority's certificate."""


@contextmanager
def gateway(
    kind: str, folder: Path, *, limited: bool = False, client_certificate: bool = False, patience: float = _PATIENCE
) -> Iterator[Gateway]:
    """A gateway while it runs; its upstream is a port where nobody listens yet, and has *patience* seconds."""
    wanted = KINDS[kind]
    AUTHORITY.cert_pem.write_to_path(folder / "ca.pem")
    AUTHORITY.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    port, upstream = free_port(), free_port()
    file = folder / f"{kind}.conf"
    file.write_text(
        wanted.text.substitute(
            folder=folder,
            port=port,
            upstream=upstream,
            slow=round(patience * 1000),
            limit=wanted.limit if limited else "",
            verify=wanted.verify[client_certificate],
        )
    )
    with (folder / "log").open("wb") as log, subprocess.Popen(wanted.command(file), stdout=log, stderr=log) as process:
        try:
            eventually(lambda: process.poll() is not None or _listens(port), f"{kind} listens")
            assert process.poll() is None, (folder / "log").read_text()
            yield Gateway(f"https://127.0.0.1:{port}", upstream, str(folder / "ca.pem"))
        finally:
            process.terminate()


def client_certificate(folder: Path) -> str:
    """A file with a certificate of the authority, and its key."""
    path = folder / "client.pem"
    AUTHORITY.issue_cert("ci.example.test").private_key_and_cert_chain_pem.write_to_path(path)
    return str(path)


def is_installed(kind: str) -> bool:
    """Whether the program is there."""
    return bool(shutil.which(kind, path=_PATH))


_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def _program(name: str) -> str:
    found = shutil.which(name, path=_PATH)
    assert found
    return found


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
