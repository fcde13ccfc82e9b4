"""The events of an organisation: which of them a query asks for, page by page."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from mysafe_env.emulator.exchange import Response
from mysafe_env.emulator.secretsafe.bodies import failed, listed
from mysafe_env.emulator.secretsafe.encryption import Json

_PAGE: Final = 50
_LONGEST: Final = timedelta(days=367)


def list_events(events: Iterable[Json], query: Mapping[str, str], *, old: bool) -> Response:
    """One page, the newest first, with the token of the next one."""
    if _is_too_long(query):
        return failed("Date range must be < 367 days.", old=old)
    found = [each for each in events if _is_asked_for(each, query)]
    found.sort(key=lambda each: str(each["date"]), reverse=True)
    start = int(query.get("continuationToken", "0").removeprefix("page&"))
    following = f"page&{start + _PAGE}" if start + _PAGE < len(found) else None
    return listed(found[start : start + _PAGE], old=old, token=following, paged=True)


def _is_too_long(query: Mapping[str, str]) -> bool:
    """Whether a range of events is longer than the server looks back; what is no time is not read."""
    try:
        first, last = (datetime.fromisoformat(query[name]) for name in ("start", "end"))
        return abs(last - first) >= _LONGEST
    except (KeyError, TypeError, ValueError):
        return False


def _is_asked_for(event: Json, query: Mapping[str, str]) -> bool:
    # Of start and end, one alone is ignored; of the others, the first one counts.
    if "start" in query and "end" in query:
        first, last = sorted((query["start"], query["end"]))
        if not first <= str(event["date"]) <= last:
            return False
    for name in ("actingUserId", "itemId"):
        if name in query:
            return event[name] == query[name]
    return True
