"""What templates need is fetched together with what the mapping needs, and each item once."""

import sys

from tests.render.site import Site
from tests.support.emulator import environment_of, running_emulator
from tests.support.process import run

VAULT = """
demo = true
[[password]]
name = "db"
tags = "orders"
username = "app"
password = "p1"
[[note]]
name = "key"
tags = "orders"
note = "n1"
[[secretapi]]
name = "mail"
identifier_code = "mail"
client_secret = "s1"
"""
MAPPING = """
[env]
DB_PASSWORD = { kind = "password", name = "db" }
[[render]]
template = "a.j2"
to = "a"
[[render]]
template = "b.j2"
to = "b"
"""


def test_one_list_for_each_selector_and_one_get_for_each_item(site: Site) -> None:
    """However many templates use an item; only a computed lookup comes later, and fetches nothing that is there."""
    site.write("mysafe.toml", MAPPING)
    site.write("a.j2", "{{ DB_PASSWORD }}{{ secret('mysafe://note/key') }}{% include 'part.j2' %}")
    site.write("b.j2", "{{ secret('mysafe://password/db#username') }}{{ secret('mysafe://note/' ~ 'key'|trim) }}")
    site.write(
        "part.j2", "{{ item('secretapi', identifier_code='mail').client_secret }}{{ secret('mysafe://note/key') }}"
    )
    with running_emulator(VAULT) as emulator:
        environment = environment_of(emulator) | {"HOME": str(site.folder)}
        done = run(sys.executable, "-m", "mysafe_env", "render", environment=environment, folder=site.folder)
        asked = [request.target for request in emulator.requests]
    assert (0, b"") == (done.code, done.stderr)
    assert ("p1n1s1n1", "appn1") == (site.read("a"), site.read("b"))
    assert (7, 7) == (len(asked), len({*asked})), asked
