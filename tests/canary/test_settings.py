"""Connection settings that are wrong: the message names the setting, and shows no secret that is in it."""

import pytest

from tests.canary.cage import CLIENT_SECRET, COMMANDS, MARK, PROXY_PASSWORD, Cage

OWN_FILES = {
    "secret": CLIENT_SECRET.encode(),
    "empty": b"",
    "latin1": f"{MARK}\xff".encode("latin-1"),
    "garbage.pem": f"-----BEGIN CERTIFICATE-----\n{MARK}\n-----END CERTIFICATE-----\n".encode(),
    "broken.env": f"MYSAFE_CLIENT_SECRET='{MARK}\nMYSAFE_URL={MARK}\n".encode(),
    "wrong.env": f"MYSAFE_TIMEOUT=soon\nMYSAFE_CLIENT_SECRET={MARK}\n".encode(),
    "strange.env": f"{MARK}\n= {MARK}\n{MARK} = {MARK}\n".encode(),
}
HTTPS = "https://127.0.0.1:1"
HTTP = "http://127.0.0.1:1"
FAULTY: dict[str, dict[str, str]] = {
    "no URL": {"MYSAFE_URL": ""},
    "user in the URL": {"MYSAFE_URL": f"https://u:{MARK}@h.test"},
    "name in the URL": {"MYSAFE_URL": f"https://{MARK}@h.test"},
    "query in the URL": {"MYSAFE_URL": f"https://h.test/?token={MARK}"},
    "fragment in the URL": {"MYSAFE_URL": f"https://h.test/#{MARK}"},
    "bad port": {"MYSAFE_URL": f"https://u:{MARK}@h.test:port"},
    "bad scheme": {"MYSAFE_URL": f"ftp://u:{MARK}@h.test"},
    "not a URL": {"MYSAFE_URL": f"https://[{MARK}"},
    "plain http": {"MYSAFE_URL": "http://vault.example.test"},
    "no client id": {"MYSAFE_CLIENT_ID": ""},
    "no client secret": {"MYSAFE_CLIENT_SECRET": ""},
    "both secrets": {"MYSAFE_CLIENT_SECRET_FILE": "secret"},
    "missing secret file": {"MYSAFE_CLIENT_SECRET": "", "MYSAFE_CLIENT_SECRET_FILE": "nowhere"},
    "empty secret file": {"MYSAFE_CLIENT_SECRET": "", "MYSAFE_CLIENT_SECRET_FILE": "empty"},
    "secret file not text": {"MYSAFE_CLIENT_SECRET": "", "MYSAFE_CLIENT_SECRET_FILE": "latin1"},
    "secret file is a folder": {"MYSAFE_CLIENT_SECRET": "", "MYSAFE_CLIENT_SECRET_FILE": "tmp"},
    "token method": {"MYSAFE_TOKEN_METHOD": "put"},
    "token contradiction": {"MYSAFE_TOKEN_METHOD": "get", "MYSAFE_TOKEN_AUTH": "body"},
    "token auth alone": {"MYSAFE_TOKEN_AUTH": "query"},
    "no bundle": {"MYSAFE_CA_BUNDLE": "nowhere", "MYSAFE_URL": HTTPS},
    "garbage bundle": {"MYSAFE_CA_BUNDLE": "garbage.pem", "MYSAFE_URL": HTTPS},
    "garbage bundle of requests": {"REQUESTS_CA_BUNDLE": "garbage.pem", "MYSAFE_URL": HTTPS},
    "garbage certificate": {"MYSAFE_CLIENT_CERT": "garbage.pem", "MYSAFE_URL": HTTPS},
    "key without certificate": {"MYSAFE_CLIENT_KEY": "garbage.pem"},
    "garbage key": {"MYSAFE_CLIENT_CERT": "garbage.pem", "MYSAFE_CLIENT_KEY": "garbage.pem", "MYSAFE_URL": HTTPS},
    "timeout": {"MYSAFE_TIMEOUT": "-1"},
    "timeout in words": {"MYSAFE_TIMEOUT": "soon"},
    "endless timeout": {"MYSAFE_TIMEOUT": "inf"},
    "referer": {"MYSAFE_REFERER": "https://a.test\r\nX: y", "MYSAFE_URL": HTTP},
    "nobody listens": {"MYSAFE_URL": HTTP},
    "nobody listens for TLS": {"MYSAFE_URL": HTTPS},
    "proxy": {"MYSAFE_URL": HTTPS, "HTTPS_PROXY": f"http://u:{PROXY_PASSWORD}@127.0.0.1:1"},
    "proxy of SOCKS": {"MYSAFE_URL": HTTPS, "ALL_PROXY": f"socks5h://u:{PROXY_PASSWORD}@127.0.0.1:1"},
    "proxy without host": {"MYSAFE_URL": HTTPS, "HTTPS_PROXY": f"http://u:{PROXY_PASSWORD}@"},
    "proxy of no known kind": {"MYSAFE_URL": HTTPS, "HTTPS_PROXY": f"socks9://u:{PROXY_PASSWORD}@127.0.0.1:1"},
    "proxy with a bad port": {"MYSAFE_URL": HTTPS, "HTTPS_PROXY": f"http://u:{PROXY_PASSWORD}@127.0.0.1:x"},
    "secret in the client id": {"MYSAFE_URL": HTTP, "MYSAFE_CLIENT_ID": f"id\n{MARK}"},
    "secret no header takes": {
        "MYSAFE_URL": HTTP,
        "MYSAFE_CLIENT_SECRET": f"{MARK}\nX: \u2713",
        "MYSAFE_TOKEN_METHOD": "get",
    },
    "tenant": {"MYSAFE_URL": HTTP, "MYSAFE_TENANT": "t\x1b[31m"},
    "mapping": {"MYSAFE_MAPPING": "nowhere.toml"},
    "profile": {"MYSAFE_PROFILE": "nowhere"},
    "no vault file": {"MYSAFE_URL": "file:nowhere.toml"},
    "vault file without a name": {"MYSAFE_URL": "file:"},
    "vault file is a folder": {"MYSAFE_URL": "file:tmp"},
}
FETCHING = ("run", "env run", "export", "render", "render one", "list", "get", "get field", "get reveal")
# What concerns the mapping alone does not stop those that read none.
WITHOUT_MAPPING = ("list", "get", "get field", "get reveal")


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_setting_shows_no_secret(cage: Cage, name: str) -> None:
    """Nothing can be had, every command fails with a message, and no message shows a secret."""
    cage.write(OWN_FILES).use_server("http://127.0.0.1:1", MYSAFE_TIMEOUT="0.3").use(**FAULTY[name])
    done = cage.run_all()
    needing = [each for each in FETCHING if not (name in {"mapping", "profile"} and each in WITHOUT_MAPPING)]
    assert all(done[each].code for each in needing), [each for each in needing if not done[each].code]


@pytest.mark.parametrize("file", ["nowhere.env", "tmp", "latin1", "broken.env", "wrong.env", "strange.env"])
@pytest.mark.parametrize("command", ["run", "export", "check", "list", "get"])
def test_a_faulty_settings_file_shows_nothing(cage: Cage, file: str, command: str) -> None:
    """A settings file that can't be used is named; what stands in it is not shown."""
    cage.write(OWN_FILES).use(MYSAFE_URL="")
    program, *rest = COMMANDS[command]
    end = rest.index("-v")
    done = cage.run(program, *rest[:end], "--settings", file, *rest[end:])
    assert done.code


def test_flags_are_read_like_variables(cage: Cage) -> None:
    """A flag that is wrong is told as well as a variable."""
    for flags in (("--timeout", "0"), ("--vault", f"https://u:{MARK}@h.test"), ("--ca-bundle", "nowhere")):
        done = cage.run("mysafe-env", "list", "note", *flags)
        assert 1 == done.code, flags
