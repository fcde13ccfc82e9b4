"""TLS is always verified: which authorities are trusted, which certificate is presented, and what errors say."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from mysafe_env.deadline import Deadline
from mysafe_env.errors import SettingsError, UnreachableError
from mysafe_env.sources.http.calls import Answer, Call
from tests.mysafe.bodies import settings
from tests.mysafe.ways import client_of
from tests.support.scripted_server import ScriptedServer, in_turn, json_reply

pytestmark = pytest.mark.usefixtures("both_ways")

CALL = Call("GET", "/thing", "a thing")
AUTHORITY = trustme.CA()


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """A server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def tls_server(*names: str, years: tuple[int, int] = (2020, 2090)) -> ScriptedServer:
    """A server whose certificate of `AUTHORITY` has these names, and is good between these years."""
    begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in years)
    certificate = AUTHORITY.issue_cert(*names, not_before=begin, not_after=end)
    return ScriptedServer(in_turn(json_reply({})), tls=server_context(certificate))


def get(url: str, **others: object) -> Answer:
    """The answer to one call."""
    client = client_of(settings(url, **others))
    try:
        return client.send(CALL, Deadline(60))
    finally:
        client.close()


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    """A file with the authority's certificate."""
    path = tmp_path / "ca.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A server with a good certificate for 127.0.0.1."""
    with tls_server("127.0.0.1") as server:
        yield server


@pytest.fixture
def strict_server() -> Iterator[ScriptedServer]:
    """A server that demands a client certificate of the authority."""
    context = server_context(AUTHORITY.issue_cert("127.0.0.1"))
    context.verify_mode = ssl.CERT_REQUIRED
    AUTHORITY.configure_trust(context)
    with ScriptedServer(in_turn(json_reply({})), tls=context) as server:
        yield server


def test_a_bundle_of_the_settings_is_trusted(server: ScriptedServer, bundle: str) -> None:
    """`MYSAFE_CA_BUNDLE` names a file of certificates."""
    assert 200 == get(server.url, ca_bundle=bundle).status


@pytest.mark.parametrize("scheme", ["HTTPS", "Https"])
def test_a_scheme_in_capitals_is_tls_as_well(scheme: str, server: ScriptedServer, bundle: str) -> None:
    """It is verified, too, and not a byte goes out in clear text."""
    url = server.url.replace("https", scheme)
    assert 200 == get(url, ca_bundle=bundle).status
    with pytest.raises(UnreachableError, match="authority that is not trusted here"):
        get(url)
    assert 1 == len(server.requests)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_bundle_of_the_environment_is_trusted(
    variable: str, server: ScriptedServer, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual variables keep their meaning."""
    monkeypatch.setenv(variable, bundle)
    assert 200 == get(server.url).status


def test_the_setting_beats_the_environment(
    server: ScriptedServer, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle that is named for MySafe is used alone."""
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    with pytest.raises(UnreachableError):
        get(server.url, ca_bundle=str(other))


def test_a_directory_of_certificates_is_trusted(server: ScriptedServer, bundle: str) -> None:
    """A directory holds certificates under the hashes of their names, as OpenSSL wants them."""
    folder = Path(bundle).parent
    hashed = subprocess.run(["openssl", "x509", "-hash", "-noout", "-in", bundle], check=True, capture_output=True)
    Path(bundle).rename(folder / f"{hashed.stdout.decode().strip()}.0")
    assert 200 == get(server.url, ca_bundle=str(folder)).status


def test_all_connections_share_one_context(server: ScriptedServer, bundle: str) -> None:
    """The bundle is read once: a later connection does not miss it when the file is gone."""
    client = client_of(settings(server.url, ca_bundle=bundle))
    Path(bundle).unlink()
    assert 200 == client.send(CALL, Deadline(60)).status
    client.close()


def test_an_unknown_authority_asks_for_a_bundle(server: ScriptedServer) -> None:
    """The bundle of certifi knows no company's own authority."""
    with pytest.raises(UnreachableError, match="authority that is not trusted here") as caught:
        get(server.url)
    assert "MYSAFE_CA_BUNDLE" in caught.value.hint


def test_a_certificate_for_another_host_is_refused(bundle: str) -> None:
    """So is one for another address."""
    for name in ("other.example.test", "127.0.0.2"):
        with (
            tls_server(name) as server,
            pytest.raises(UnreachableError, match=r"certificate of 127\.0\.0\.1:\d+ is for another name"),
        ):
            get(server.url, ca_bundle=bundle)


def test_an_expired_certificate_is_refused(bundle: str) -> None:
    """The advice is to renew it."""
    with (
        tls_server("127.0.0.1", years=(2019, 2020)) as server,
        pytest.raises(UnreachableError, match="has expired") as caught,
    ):
        get(server.url, ca_bundle=bundle)
    assert "renewed" in caught.value.hint


def test_a_certificate_of_the_future_is_refused(bundle: str) -> None:
    """Most often the clock is wrong."""
    with (
        tls_server("127.0.0.1", years=(2095, 2096)) as server,
        pytest.raises(UnreachableError, match="is not valid yet") as caught,
    ):
        get(server.url, ca_bundle=bundle)
    assert "clock" in caught.value.hint


def test_a_certificate_for_another_purpose_is_refused(tmp_path: Path) -> None:
    """What OpenSSL says otherwise is told by its number: here an authority that is none."""
    leaf = AUTHORITY.issue_cert("127.0.0.1")
    config = tmp_path / "openssl.cnf"
    config.write_text(
        "[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\nextendedKeyUsage=clientAuth\nsubjectAltName=IP:127.0.0.1\n"
    )
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    leaf.private_key_pem.write_to_path(key)
    command = [
        "openssl",
        "req",
        "-x509",
        "-new",
        "-key",
        str(key),
        "-config",
        str(config),
        "-subj",
        "/CN=x",
        "-out",
        str(certificate),
    ]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with (
        ScriptedServer(in_turn(json_reply({})), tls=context) as server,
        pytest.raises(UnreachableError, match=r"is not accepted \(OpenSSL's verify code \d+\)"),
    ):
        get(server.url, ca_bundle=str(certificate))


def test_a_demanded_client_certificate_is_presented(strict_server: ScriptedServer, bundle: str, tmp_path: Path) -> None:
    """Certificate and key may be two files or one."""
    leaf = AUTHORITY.issue_cert("ci.example.test")
    certificate, key, both = tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "both.pem"
    leaf.cert_chain_pems[0].write_to_path(certificate)
    leaf.private_key_pem.write_to_path(key)
    leaf.private_key_and_cert_chain_pem.write_to_path(both)
    assert 200 == get(strict_server.url, ca_bundle=bundle, client_cert=str(certificate), client_key=str(key)).status
    assert 200 == get(strict_server.url, ca_bundle=bundle, client_cert=str(both)).status


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_demanded_client_certificate_that_is_not_there_is_asked_for(
    version: ssl.TLSVersion, strict_server: ScriptedServer, bundle: str
) -> None:
    """TLS 1.2 refuses in the handshake, TLS 1.3 after it: the advice is the same."""
    assert strict_server.tls is not None
    strict_server.tls.maximum_version = version
    with pytest.raises(UnreachableError, match="wants a client certificate") as caught:
        get(strict_server.url, ca_bundle=bundle)
    assert "MYSAFE_CLIENT_CERT" in caught.value.hint


def test_a_client_certificate_that_is_not_accepted_is_told(
    strict_server: ScriptedServer, bundle: str, tmp_path: Path
) -> None:
    """A certificate of another authority ends in the server's alert."""
    both = tmp_path / "both.pem"
    trustme.CA().issue_cert("ci.example.test").private_key_and_cert_chain_pem.write_to_path(both)
    with pytest.raises(UnreachableError, match=r"refuses the TLS connection \(TLSV1_ALERT_UNKNOWN_CA\)"):
        get(strict_server.url, ca_bundle=bundle, client_cert=str(both))


def test_a_server_without_tls_is_told_as_such(bundle: str) -> None:
    """An https URL of a plain port is a mistake in the URL."""
    with (
        ScriptedServer(in_turn(json_reply({}))) as server,
        pytest.raises(UnreachableError, match="does not speak TLS") as caught,
    ):
        get(server.url.replace("http:", "https:"), ca_bundle=bundle)
    assert "MYSAFE_URL" in caught.value.hint


def test_a_handshake_that_is_broken_off_is_told_as_one() -> None:
    """It is a lost connection like any other, and may be about a certificate of ours."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(UnreachableError, match="closed the connection before its answer was complete") as caught:
            get(f"https://127.0.0.1:{listener.getsockname()[1]}")
        thread.join(60)
    assert "MYSAFE_CLIENT_CERT" in caught.value.hint


def test_a_bundle_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the variable and the file."""
    missing = str(tmp_path / "none.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", missing)
    with pytest.raises(SettingsError, match=r"can't read REQUESTS_CA_BUNDLE .*none\.pem: No such file"):
        client_of(settings("https://mysafe.example.test"))


def test_a_bundle_without_certificates_is_named(tmp_path: Path) -> None:
    """A file of something else can't be trusted."""
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing\n")
    with pytest.raises(SettingsError, match=r"MYSAFE_CA_BUNDLE .*empty\.pem holds no certificate"):
        client_of(settings("https://mysafe.example.test", ca_bundle=str(empty)))


def test_a_client_certificate_that_can_not_be_used_is_named(bundle: str, tmp_path: Path) -> None:
    """A missing file, a file without key, a key of another certificate, and a key with a password."""
    leaf, other = AUTHORITY.issue_cert("a.example.test"), AUTHORITY.issue_cert("b.example.test")
    certificate, key, locked = tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "locked.pem"
    leaf.cert_chain_pems[0].write_to_path(certificate)
    other.private_key_pem.write_to_path(key)
    lock = ["openssl", "pkey", "-in", str(key), "-aes128", "-passout", "pass:made-up", "-out", str(locked)]
    subprocess.run(lock, check=True, capture_output=True)
    for cert, its_key, message in (
        (
            tmp_path / "none.pem",
            key,
            "can't read MYSAFE_CLIENT_CERT .*none.pem and MYSAFE_CLIENT_KEY .*key.pem: No such",
        ),
        (certificate, "", "can't use MYSAFE_CLIENT_CERT .*cert.pem: no certificate with an unencrypted key"),
        (certificate, key, "key.pem: the key does not belong to the certificate"),
        (certificate, locked, "locked.pem: no certificate with an unencrypted key"),
    ):
        with pytest.raises(SettingsError, match=message):
            client_of(
                settings("https://a.example.test", ca_bundle=bundle, client_cert=str(cert), client_key=str(its_key))
            )


def test_session_keys_are_not_logged(bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SSLKEYLOGFILE would put on the disk what it takes to read every secret on the wire."""
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    with tls_server("127.0.0.1") as server:
        get(server.url, ca_bundle=bundle)
    assert not log.exists()
