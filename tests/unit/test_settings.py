"""Connection settings: every row of the table, the order of precedence, and every contradiction."""

import contextlib
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mysafe_env.errors import MySafeEnvError, SettingsError
from mysafe_env.settings import CREDENTIALS, DEFAULT_TIMEOUT, LONGEST_TIMEOUT, Flags, Settings, read_settings

CANARY = "canary-zQ7"
NAMES = [
    *("MYSAFE_URL", "MYSAFE_CLIENT_ID", "MYSAFE_CLIENT_SECRET", "MYSAFE_CLIENT_SECRET_FILE", "MYSAFE_TENANT"),
    *("MYSAFE_TOKEN_METHOD", "MYSAFE_TOKEN_AUTH", "MYSAFE_CA_BUNDLE", "MYSAFE_CLIENT_CERT", "MYSAFE_CLIENT_KEY"),
    *("MYSAFE_REFERER", "MYSAFE_TIMEOUT", "MYSAFE_MAPPING", "MYSAFE_PROFILE"),
    *("SENHASEGURA_URL", "SENHASEGURA_CLIENT_ID", "SENHASEGURA_CLIENT_SECRET"),
]


def _settings(flags: Flags | None = None, file: dict[str, str] | None = None, **environ: str) -> Settings:
    return read_settings(flags or Flags(), environ, file or {})


def _from(**environ: str) -> Settings:
    return read_settings(Flags(), environ, {})


def _refusal(flags: Flags | None = None, file: dict[str, str] | None = None, **environ: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        _settings(flags, file, **environ).read_client_secret()
    return caught.value


def _secret(settings: Settings) -> str | None:
    secret = settings.read_client_secret()
    return secret.reveal() if secret else None


def test_nothing_is_set() -> None:
    """Without any setting there are the defaults, and no address."""
    assert Settings() == _settings()
    assert ("", "", None, 30.0, "auto") == (
        _settings().url,
        _settings().vault_file,
        _settings().client_secret,
        _settings().timeout,
        _settings().token_method,
    )


@pytest.mark.parametrize(
    ("variable", "attribute"),
    [
        ("MYSAFE_CLIENT_ID", "client_id"),
        ("MYSAFE_TENANT", "tenant"),
        ("MYSAFE_REFERER", "referer"),
        ("MYSAFE_MAPPING", "mapping"),
        ("MYSAFE_PROFILE", "profile"),
        ("SENHASEGURA_CLIENT_ID", "client_id"),
    ],
)
def test_plain_texts(variable: str, attribute: str) -> None:
    """These are taken as they are; an empty one counts as not set."""
    assert "as it is" == getattr(_from(**{variable: "as it is"}), attribute)
    assert "as it is" == getattr(_settings(file={variable: "as it is"}), attribute)
    assert "" == getattr(_from(**{variable: ""}), attribute)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://vault.example.com", "https://vault.example.com"),
        ("https://vault.example.com/", "https://vault.example.com"),
        ("https://vault.example.com:8443/prefix//", "https://vault.example.com:8443/prefix"),
        ("https://bücher.example", "https://bücher.example"),
        ("HTTPS://host", "HTTPS://host"),
        ("https://[2001:db8::1]:443", "https://[2001:db8::1]:443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:1/x", "http://127.0.0.1:1/x"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]", "http://[::1]"),
    ],
)
def test_addresses(url: str, expected: str) -> None:
    """An https address, or plain http to this machine, is taken without its final slash."""
    assert (expected, "") == (_settings(MYSAFE_URL=url).url, _settings(MYSAFE_URL=url).vault_file)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:vault.toml", "vault.toml"),
        ("file:/etc/vault.toml", "/etc/vault.toml"),
        ("file:///etc/vault.toml", "/etc/vault.toml"),
        ("file://localhost/etc/vault.toml", "/etc/vault.toml"),
        ("file:a b#c?d", "a b#c?d"),
    ],
)
def test_local_vaults(url: str, path: str) -> None:
    """`file:` names a local vault, relative or absolute, with two slashes or without."""
    assert ("", path) == (_settings(MYSAFE_URL=url).url, _settings(MYSAFE_URL=url).vault_file)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("vault.example.com", "MYSAFE_URL is not an https URL"),
        ("ftp://vault.example.com", "MYSAFE_URL is not an https URL"),
        ("https://", "MYSAFE_URL is not an https URL"),
        ("https:///x", "MYSAFE_URL is not an https URL"),
        ("https://vault.example.com\n", "MYSAFE_URL is not an https URL"),
        ("https://vault.example.com /x", "MYSAFE_URL is not an https URL"),
        ("https://vault.example.com:port", "MYSAFE_URL is not a URL"),
        ("https://vault.example.com:99999", "MYSAFE_URL is not a URL"),
        ("https://[::1", "MYSAFE_URL is not a URL"),
        ("https://user:canary-zQ7@host", "MYSAFE_URL holds a user name or password"),
        ("https://canary-zQ7@host", "MYSAFE_URL holds a user name or password"),
        ("https://host?client_secret=canary-zQ7", "MYSAFE_URL holds a ? or a #"),
        ("https://host/#canary-zQ7", "MYSAFE_URL holds a ? or a #"),
        ("https://host?", "MYSAFE_URL holds a ? or a #"),
        ("file:", "MYSAFE_URL names no vault file after file:"),
        ("file://", "MYSAFE_URL names no vault file after file:"),
        ("file://localhost", "MYSAFE_URL names no vault file after file:"),
        (
            "http://vault.example.com",
            "MYSAFE_URL is plain http to vault.example.com, which would send the client secret unencrypted",
        ),
        (
            "http://localhost.example.com",
            "MYSAFE_URL is plain http to localhost.example.com, which would send the client secret unencrypted",
        ),
    ],
)
def test_refused_addresses(url: str, message: str) -> None:
    """An address that is none, holds too much or is not encrypted is refused, and not repeated."""
    error = _refusal(MYSAFE_URL=url)
    assert message == error.message
    assert error.hint
    assert CANARY not in error.message + error.hint


def test_insecure_http_is_allowed_by_its_flag() -> None:
    """`--insecure-http` takes plain http to any machine."""
    assert "http://vault.internal" == _settings(Flags("http://vault.internal", insecure_http=True)).url


def test_precedence() -> None:
    """A flag beats the environment, which beats the settings file; an empty value leaves the turn to the next."""
    file = {"MYSAFE_URL": "https://file", "MYSAFE_TIMEOUT": "3", "MYSAFE_CLIENT_ID": "file"}
    everywhere = _settings(Flags("https://flag", timeout=1), file, MYSAFE_URL="https://environ", MYSAFE_TIMEOUT="2")
    assert ("https://flag", 1.0, "file") == (everywhere.url, everywhere.timeout, everywhere.client_id)
    assert "https://environ" == _settings(Flags(""), file, MYSAFE_URL="https://environ").url
    assert "https://file" == _settings(Flags(), file, MYSAFE_URL="").url


def test_names_of_senhasegura() -> None:
    """The names of senhasegura's own tooling stand in where ours are absent, wherever ours would stand."""
    theirs = {"SENHASEGURA_URL": "https://theirs", "SENHASEGURA_CLIENT_ID": "i", "SENHASEGURA_CLIENT_SECRET": "s"}
    settings = _from(**theirs)
    assert ("https://theirs", "i", "s") == (settings.url, settings.client_id, _secret(settings))
    assert "https://ours" == read_settings(Flags(), theirs, {"MYSAFE_URL": "https://ours"}).url


@pytest.mark.parametrize(
    ("content", "secret"),
    [(b"s3", "s3"), (b"s3\n", "s3"), (b"s3\r\n", "s3"), (b"s3\n\n", "s3\n"), (b" s3 ", " s3 "), ("é".encode(), "é")],
)
def test_secret_file(tmp_path: Path, content: bytes, secret: str) -> None:
    """The client secret may stand in a file, whose final line break is not part of it."""
    path = tmp_path / "secret"
    path.write_bytes(content)
    assert secret == _secret(_settings(MYSAFE_CLIENT_SECRET_FILE=str(path)))


def test_secret_file_beats_the_name_of_senhasegura(tmp_path: Path) -> None:
    """A secret file of ours is no contradiction to a secret under senhasegura's name."""
    path = tmp_path / "secret"
    path.write_text("ours")
    settings = _settings(MYSAFE_CLIENT_SECRET_FILE=str(path), SENHASEGURA_CLIENT_SECRET="theirs")
    assert "ours" == _secret(settings)


def test_secret_and_secret_file() -> None:
    """Both at once is an error that shows neither."""
    error = _refusal(MYSAFE_CLIENT_SECRET=CANARY, file={"MYSAFE_CLIENT_SECRET_FILE": "/x"})
    assert "both MYSAFE_CLIENT_SECRET and MYSAFE_CLIENT_SECRET_FILE are set" == error.message


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file or directory"), (b"\xff", "it is not UTF-8 text"), (b"", "is empty"), (b"\n", "is empty")],
)
def test_faulty_secret_file(tmp_path: Path, content: bytes | None, reason: str) -> None:
    """A secret file that is missing, empty or no text is named with the reason."""
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    error = _refusal(MYSAFE_CLIENT_SECRET_FILE=str(path))
    assert f"MYSAFE_CLIENT_SECRET_FILE {path}" in error.message
    assert reason in error.message


@pytest.mark.parametrize(
    ("method", "auth", "expected"),
    [
        ("", "", ("auto", "")),
        ("auto", "", ("auto", "")),
        ("post", "", ("post", "body")),
        ("post", "basic", ("post", "basic")),
        ("post", "query", ("post", "query")),
        ("get", "", ("get", "basic")),
        ("get", "query", ("get", "query")),
    ],
)
def test_token_ways(method: str, auth: str, expected: tuple[str, str]) -> None:
    """A named method has a usual way for the credentials, and may have another one."""
    settings = _settings(MYSAFE_TOKEN_METHOD=method, MYSAFE_TOKEN_AUTH=auth)
    assert expected == (settings.token_method, settings.token_auth)


@pytest.mark.parametrize(
    ("method", "auth", "message", "hint"),
    [
        ("put", "", 'MYSAFE_TOKEN_METHOD is "put"', "write auto, post or get"),
        ("POST", "", 'MYSAFE_TOKEN_METHOD is "POST"', "write auto, post or get"),
        ("post", "header", 'MYSAFE_TOKEN_AUTH is "header"', "write body, basic or query"),
        ("get", "body", "MYSAFE_TOKEN_AUTH=body does not go with MYSAFE_TOKEN_METHOD=get", "a GET has no body"),
        ("", "basic", "MYSAFE_TOKEN_AUTH=basic does not go with MYSAFE_TOKEN_METHOD=auto", "name the method too"),
    ],
)
def test_refused_token_ways(method: str, auth: str, message: str, hint: str) -> None:
    """An unknown word, or two that contradict each other, are refused."""
    error = _refusal(MYSAFE_TOKEN_METHOD=method, MYSAFE_TOKEN_AUTH=auth)
    assert message == error.message
    assert error.hint.startswith(hint)


def test_tls_files(tmp_path: Path) -> None:
    """The files of TLS are taken when they can be read."""
    path = str(tmp_path)
    settings = _settings(Flags(ca_bundle=path), MYSAFE_CLIENT_CERT=path, MYSAFE_CLIENT_KEY=path, MYSAFE_CA_BUNDLE="/no")
    assert (path, path, path) == (settings.ca_bundle, settings.client_cert, settings.client_key)


@pytest.mark.parametrize("name", ["MYSAFE_CA_BUNDLE", "MYSAFE_CLIENT_CERT", "MYSAFE_CLIENT_KEY"])
@pytest.mark.parametrize("path", ["/no/such/file", "a\0b", "\ud800"])
def test_missing_tls_files(name: str, path: str) -> None:
    """A file of TLS that can't be read is named with its setting."""
    assert _refusal(file={name: path}).message.startswith(f"can't read {name} ")


def test_key_without_certificate(tmp_path: Path) -> None:
    """A client key alone is of no use."""
    assert "MYSAFE_CLIENT_KEY is set without MYSAFE_CLIENT_CERT" == _refusal(MYSAFE_CLIENT_KEY=str(tmp_path)).message


@pytest.mark.parametrize(("text", "seconds"), [("", 30.0), ("5", 5.0), ("0.25", 0.25), ("1e3", 1000.0), (" 7 ", 7.0)])
def test_timeouts(text: str, seconds: float) -> None:
    """The timeout is a number of seconds above zero."""
    assert seconds == _settings(MYSAFE_TIMEOUT=text).timeout
    assert 30.0 == DEFAULT_TIMEOUT


def test_a_timeout_of_ages_is_shortened() -> None:
    """A wait longer than the system's clocks can count is made one that they can."""
    assert LONGEST_TIMEOUT == _settings(MYSAFE_TIMEOUT="1e300").timeout


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e999", "soon", "5s", "0x10"])
def test_refused_timeouts(text: str) -> None:
    """Anything else is refused by name."""
    assert f'MYSAFE_TIMEOUT is "{text}"' == _refusal(MYSAFE_TIMEOUT=text).message
    assert f'--timeout is "{text}"' == _refusal(Flags(timeout=text)).message


def test_credentials_and_their_twins() -> None:
    """What no child inherits is every secret of ours and every variable that names its file."""
    assert {
        *("MYSAFE_CLIENT_SECRET", "MYSAFE_CLIENT_SECRET_FILE", "SENHASEGURA_CLIENT_SECRET"),
        *("SENHASEGURA_CLIENT_SECRET_FILE", "SECRETSAFE_CLIENT_SECRET", "SECRETSAFE_CLIENT_SECRET_FILE"),
        *("SECRETSAFE_MASTER_PASSWORD", "SECRETSAFE_MASTER_PASSWORD_FILE"),
    } == {*CREDENTIALS}


@pytest.mark.parametrize("name", ["MYSAFE_CLIENT_ID", "SENHASEGURA_CLIENT_ID", "MYSAFE_TENANT"])
def test_text_in_another_encoding(name: str) -> None:
    """Bytes that are no UTF-8 can't be sent; the setting is named."""
    with pytest.raises(SettingsError, match=f"{name} is not UTF-8 text"):
        read_settings(Flags(), {name: "\udcff"}, {})


def test_a_variable_without_a_name() -> None:
    """The entry "=x" of an environment is no setting's value."""
    assert read_settings(Flags(), {}, {}) == read_settings(Flags(), {"": "x"}, {})


def test_a_secret_in_another_encoding() -> None:
    """Bytes that are no UTF-8 can't be sent; the setting is named, and its value is not."""
    with pytest.raises(SettingsError) as caught:
        read_settings(Flags(), {"MYSAFE_CLIENT_SECRET": "canary\udcff"}, {})
    assert "MYSAFE_CLIENT_SECRET is not UTF-8 text" == caught.value.message
    assert "canary" not in caught.value.hint


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("MYSAFE_URL", "nonsense", "is not an https URL"),
        ("SENHASEGURA_URL", "http://mysafe.example.com", "is plain http to mysafe.example.com"),
        ("MYSAFE_URL", "file:", "names no vault file after file:"),
        ("MYSAFE_TIMEOUT", "soon", 'is "soon"'),
        ("MYSAFE_CA_BUNDLE", "/nowhere", "/nowhere"),
        ("MYSAFE_CLIENT_KEY", "/dev/null", "is set without MYSAFE_CLIENT_CERT"),
        ("MYSAFE_CLIENT_SECRET_FILE", "/nowhere", "/nowhere: No such file or directory"),
        ("MYSAFE_TOKEN_METHOD", "put", 'is "put"'),
        ("MYSAFE_TOKEN_AUTH", "digest", 'is "digest"'),
        ("SENHASEGURA_CLIENT_ID", "\udcff", "is not UTF-8 text"),
    ],
)
def test_a_fault_names_the_place_of_the_setting(name: str, text: str, told: str) -> None:
    """A message names the variable that was set, or the setting with the file where it stands, or the flag."""
    flags = {
        "MYSAFE_URL": ("--vault", Flags(vault=text)),
        "MYSAFE_TIMEOUT": ("--timeout", Flags(timeout=text)),
        "MYSAFE_CA_BUNDLE": ("--ca-bundle", Flags(ca_bundle=text)),
    }
    overruled = {name: "overruled"}
    places = [
        (name, Flags(), {name: text}, overruled),
        (f"{name} (local.env)", Flags(), {}, {name: text}),
        *((*flag, overruled, overruled) for flag in [flags.get(name)] if flag),
    ]
    for place, by_flag, environ, file in places:
        with pytest.raises(SettingsError) as caught:
            read_settings(by_flag, environ, file, "local.env").read_client_secret()
        assert f"{place} {told}" in caught.value.message


def test_a_setting_knows_its_place() -> None:
    """What is told of a setting later on, when a server or file does not answer, names the same places."""
    settings = read_settings(
        Flags(vault="https://a.test"),
        {"MYSAFE_URL": "https://b.test", "SENHASEGURA_CLIENT_ID": "i", "MYSAFE_PROFILE": "p"},
        {"MYSAFE_PROFILE": "q", "MYSAFE_MAPPING": "m.toml", "SECRETSAFE_URL": "https://c.test"},
        "local.env",
    )
    assert "--vault" == settings.told("MYSAFE_URL")
    assert "SENHASEGURA_CLIENT_ID" == settings.told("MYSAFE_CLIENT_ID")
    assert "MYSAFE_PROFILE" == settings.told("MYSAFE_PROFILE")
    assert "MYSAFE_MAPPING (local.env)" == settings.told("MYSAFE_MAPPING")
    assert "SECRETSAFE_URL (local.env)" == settings.told("SECRETSAFE_URL")
    assert "local.env" not in repr(settings)


def test_repr_masks_the_secret() -> None:
    """Settings can be shown."""
    assert CANARY not in repr(_settings(MYSAFE_CLIENT_SECRET=CANARY))


_texts = st.text() | st.sampled_from(
    ["https://host", "http://[", "file:", "post", "get", "1", "-1", "/no", "a\0", "\ud800"]
)


@given(
    st.dictionaries(st.sampled_from(NAMES), _texts), st.dictionaries(st.sampled_from(NAMES), _texts), _texts | st.none()
)
def test_settings_or_a_settings_error(environ: dict[str, str], file: dict[str, str], url: str | None) -> None:
    """Whatever is set, the answer is settings that can be used, or an error of ours."""
    with contextlib.suppress(MySafeEnvError):
        settings = read_settings(Flags(vault=url), environ, file)
        assert math.isfinite(settings.timeout)
        assert settings.url.isprintable()
        assert not (settings.url and settings.vault_file)
