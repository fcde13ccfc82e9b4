"""The settings of the second system: what is required, what contradicts, what is shared with the first."""

from pathlib import Path

import pytest

from mysafe_env.errors import SettingsError
from mysafe_env.settings import Flags, Settings, read_settings
from mysafe_env.sources.secretsafe.settings import SecretSafeSettings, read_secretsafe_settings

KEY = {
    "SECRETSAFE_URL": "https://safe.test/",
    "SECRETSAFE_CLIENT_ID": "user.1",
    "SECRETSAFE_CLIENT_SECRET": "canary-secret",
}


def _read(flags: Flags | None = None, /, **environ: str) -> SecretSafeSettings:
    return read_secretsafe_settings(read_settings(flags or Flags(), KEY | environ, {}))


def _refusal(**environ: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        _read(**environ)
    return caught.value


def test_one_address_gives_two() -> None:
    """Identity and API are below the one address, unless each is named."""
    settings = _read()
    assert ("https://safe.test/identity", "https://safe.test/api") == (settings.identity_url, settings.api_url)
    split = _read(SECRETSAFE_IDENTITY_URL="https://identity.test", SECRETSAFE_API_URL="https://api.test/v1/")
    assert ("https://identity.test", "https://api.test/v1") == (split.identity_url, split.api_url)


def test_nothing_is_set() -> None:
    """All that is missing is told together; there is no default server."""
    with pytest.raises(SettingsError) as caught:
        read_secretsafe_settings(Settings())
    assert "not set: SECRETSAFE_URL, SECRETSAFE_CLIENT_ID, SECRETSAFE_CLIENT_SECRET" == caught.value.message


@pytest.mark.parametrize("name", ["SECRETSAFE_CLIENT_SECRET", "SECRETSAFE_MASTER_PASSWORD"])
def test_secrets_in_files(name: str, tmp_path: Path) -> None:
    """Both secrets may stand in files; both ways at once is an error."""
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    read = _read(**{name: "", f"{name}_FILE": str(file)})
    found = read.client_secret if name == "SECRETSAFE_CLIENT_SECRET" else read.master_password
    assert found is not None
    assert "from a file" == found.reveal()
    assert f"both {name} and {name}_FILE are set" == _refusal(**{name: "x", f"{name}_FILE": str(file)}).message


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"SECRETSAFE_CLIENT_ID": "abc"}, "neither with organization. nor with user."),
        ({"SECRETSAFE_CLIENT_ID": "user.1\n"}, "SECRETSAFE_CLIENT_ID holds characters"),
        ({"SECRETSAFE_CLIENT_ID": "user.\udcff"}, "SECRETSAFE_CLIENT_ID holds characters"),
        ({"SECRETSAFE_CLIENT_SECRET": "canary\udcff"}, "SECRETSAFE_CLIENT_SECRET is not UTF-8 text"),
        ({"SECRETSAFE_MASTER_PASSWORD": "canary\udcff"}, "SECRETSAFE_MASTER_PASSWORD is not UTF-8 text"),
        ({"SECRETSAFE_URL": "http://safe.test"}, "SECRETSAFE_URL is plain http"),
        ({"SECRETSAFE_URL": "safe.test"}, "SECRETSAFE_URL is not an https URL"),
        ({"SECRETSAFE_API_URL": "https://a:b@safe.test"}, "SECRETSAFE_API_URL holds a user name"),
    ],
)
def test_wrong_settings(environ: dict[str, str], said: str) -> None:
    """A wrong setting is named, and no secret is."""
    refusal = _refusal(**environ)
    assert said in refusal.message
    assert "canary" not in f"{refusal.message} {refusal.hint}"


def test_shared_settings(tmp_path: Path) -> None:
    """The CA bundle, the time-out and --insecure-http are those of MySafe; its certificate and referer are not sent."""
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    shared = {"MYSAFE_CA_BUNDLE": str(bundle), "MYSAFE_TIMEOUT": "7", "MYSAFE_REFERER": "https://x.test"}
    settings = _read(Flags(insecure_http=True), SECRETSAFE_URL="http://safe.test", **shared)
    assert Settings(ca_bundle=str(bundle), timeout=7.0) == settings.connection


def test_a_settings_file_is_read_too() -> None:
    """The environment beats the settings file."""
    settings = read_settings(Flags(), {"SECRETSAFE_CLIENT_ID": "user.2"}, KEY)
    assert "user.2" == read_secretsafe_settings(settings).client_id
    assert "canary" not in repr(settings)
