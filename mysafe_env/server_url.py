"""The base URL of a server: which URLs are accepted, and which hosts are this machine."""

from urllib.parse import SplitResult, urlsplit

from mysafe_env.errors import SettingsError


def server_url(name: str, url: str, *, insecure_http: bool, told: str = "") -> str:
    """A base URL without a final slash; raises `SettingsError` that names the setting, as *told* if that differs."""
    told = told or name
    parts = _split(name, told, url)
    _refuse_extras(name, told, url, parts)
    if parts.scheme == "http" and not (insecure_http or is_loopback(parts.hostname or "")):
        raise SettingsError(
            f"{told} is plain http to {parts.hostname}, which would send the client secret unencrypted",
            "use https://, or say --insecure-http if the way there is protected otherwise",
        )
    return url.rstrip("/")


def _split(name: str, told: str, url: str) -> SplitResult:
    hint = "write it as https://host[:port][/prefix]"
    if name == "MYSAFE_URL":
        hint += ", or file:vault.toml for a local vault"
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # reading it is what checks it
    except ValueError:
        raise SettingsError(f"{told} is not a URL", hint) from None
    # urlsplit drops line breaks in silence; the URL itself would keep them.
    clean = url.isprintable() and " " not in url
    if not clean or parts.scheme not in {"https", "http"} or not parts.hostname:
        raise SettingsError(f"{told} is not an https URL", hint)
    return parts


def _refuse_extras(name: str, told: str, url: str, parts: SplitResult) -> None:
    # The URL is not echoed: what stands before the @ may be a password.
    if parts.username is not None or parts.password is not None:
        raise SettingsError(
            f"{told} holds a user name or password",
            f"leave only https://host[:port][/prefix]; credentials go to {_system(name)}_CLIENT_ID "
            f"and {_system(name)}_CLIENT_SECRET",
        )
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise SettingsError(f"{told} holds a ? or a #", "leave only https://host[:port][/prefix]")


def _system(name: str) -> str:
    return name.partition("_")[0]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or its address."""
    if host == "localhost":
        return True
    import ipaddress  # noqa: PLC0415  # slow to import, and few servers are asked without TLS

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
