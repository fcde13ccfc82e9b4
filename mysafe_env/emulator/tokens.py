"""Bearer tokens: who gets one, and how long it lasts."""

import secrets
import threading
import time

from mysafe_env.secret import Secret


class Tokens:
    """The tokens of one access key."""

    def __init__(self, client_id: str, client_secret: Secret, lifetime: float) -> None:
        self.lifetime = lifetime
        """Seconds that a token lasts."""
        self._client_id = client_id
        self._client_secret = client_secret
        self._lock = threading.Lock()
        self._ends: dict[str, float] = {}

    def admits(self, client_id: str, client_secret: str) -> bool:
        """Whether these are the access key's id and secret."""
        return client_id == self._client_id and Secret(client_secret) == self._client_secret

    def issue(self, beginning: str = "") -> str:
        """A new token, which begins so and goes on at random."""
        token, now = beginning + secrets.token_urlsafe(32), time.monotonic()
        with self._lock:
            self._ends = {known: end for known, end in self._ends.items() if end > now}
            self._ends[token] = now + self.lifetime
        return token

    def accepts(self, authorization: str) -> bool:
        """Whether an Authorization header carries a token that was issued and has not expired."""
        scheme, _, token = authorization.partition(" ")
        with self._lock:
            end = self._ends.get(token.strip(), 0.0)
        return scheme.lower() == "bearer" and time.monotonic() < end
