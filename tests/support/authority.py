"""A certificate authority of a test's own."""

import ssl
from pathlib import Path

import trustme


def local_authority(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for *names*, by default 127.0.0.1, and the file of the authority that vouches for it."""
    authority, bundle = trustme.CA(), folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names or ("127.0.0.1",)).configure_cert(context)
    return context, bundle
