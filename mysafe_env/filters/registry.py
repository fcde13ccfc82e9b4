"""All filters by their names."""

from collections.abc import Callable, Mapping

from mysafe_env.filters.base64 import b64decode, b64encode
from mysafe_env.filters.haproxy import haproxy
from mysafe_env.filters.hashes import Hashes
from mysafe_env.filters.indent import indent
from mysafe_env.filters.ini import ini
from mysafe_env.filters.netrc import netrc
from mysafe_env.filters.nginx import nginx
from mysafe_env.filters.pgpass import pgpass
from mysafe_env.filters.properties import properties
from mysafe_env.filters.sha256 import sha256
from mysafe_env.filters.shquote import shquote
from mysafe_env.filters.systemd import systemd
from mysafe_env.filters.tojson import tojson
from mysafe_env.filters.totoml import totoml
from mysafe_env.filters.toyaml import toyaml
from mysafe_env.filters.urlencode import urlencode
from mysafe_env.filters.xml import xml

_PURE = (
    b64decode,
    b64encode,
    haproxy,
    indent,
    ini,
    netrc,
    nginx,
    pgpass,
    properties,
    sha256,
    shquote,
    systemd,
    tojson,
    totoml,
    toyaml,
    urlencode,
    xml,
)


def filters_for(old_text: str) -> Mapping[str, Callable[..., str]]:
    """Every filter by its name in a template; *old_text* is the content of the file that is rendered again."""
    hashes = Hashes(old_text)
    return {**{each.__name__: each for each in _PURE}, "bcrypt": hashes.bcrypt, "htpasswd": hashes.htpasswd}
