"""`mysafe-env secretsafe events`: the event log, printed as it comes."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click

from mysafe_env.cli.options import secretsafe_options
from mysafe_env.cli.output import json_text, write_text
from mysafe_env.cli.secretsafe.client import Client, client_from
from mysafe_env.cli.secretsafe.showing import as_text
from mysafe_env.errors import NotFoundError, UsageError, visible
from mysafe_env.sources.http.calls import Pairs

_COLUMNS: Final = (
    *("date", "type", "actingUserId", "memberId", "itemId", "collectionId", "groupId", "policyId"),
    *("device", "ipAddress"),
)
_SPAN: Final = timedelta(days=30)
Event = Mapping[str, object]


@click.command("events")
@click.option("--start", metavar="TIME", help="From this time on (ISO 8601, UTC unless it says otherwise).")
@click.option("--end", metavar="TIME", help="Up to this time.  [now]")
@click.option("--member", metavar="WHO", help="What this member did: an id or an e-mail address.")
@click.option("--item", metavar="ID", help="What was done with this item.")
@click.option("--follow", is_flag=True, help="Go on with new events until Ctrl-C.")
@click.option(
    "--interval", type=click.FloatRange(min=1), default=15.0, metavar="S", help="Seconds between two looks.  [15]"
)
@click.option(
    "--format", "style", type=click.Choice(["text", "csv", "jsonl"]), default="text", help="How to print.  [text]"
)
@click.option("--json", "as_json", is_flag=True, help="An array of the server's own objects.")
@secretsafe_options
def command(*, follow: bool, interval: float, style: str, as_json: bool, **options: Any) -> None:
    """Print the event log, newest first; without times, that of the last 30 days.

    With --follow, new events come oldest first, as they happen.
    """
    if follow and (as_json or options["end"]):
        raise UsageError("--follow has no end", "leave --end and --json out; --format jsonl goes with it")
    client = client_from(options)
    filters = _filters(client, options)
    events = _followed(client, filters, options["start"], interval) if follow else _found(client, filters, options)
    _print(events, "json" if as_json else style)


def _found(client: Client, filters: Pairs, options: Mapping[str, Any]) -> Iterator[Event]:
    times = _times(options["start"], options["end"])
    return (event.to_json() for event in client.api.events(times + filters, client.until))


def _times(start: str | None, end: str | None) -> Pairs:
    """Both or none: of one alone the server takes no notice."""
    if start is None and end is None:
        return ()
    last = _moment(end) if end else datetime.now(UTC)
    first = _moment(start) if start else last - _SPAN
    return ("start", _stamp(first)), ("end", _stamp(last))


def _filters(client: Client, options: Mapping[str, Any]) -> Pairs:
    if options["member"] and options["item"]:
        raise UsageError("the server filters by one of --member and --item", "leave one out")
    if options["member"]:
        return (("actingUserId", _user_id(client, options["member"])),)
    return (("itemId", options["item"]),) if options["item"] else ()


def _user_id(client: Client, who: str) -> str:
    """The id of a member's account, which is what the server filters by."""
    for member in client.api.list_all("members", client.deadline):
        user_id = member.text("userId")
        if user_id and who in {user_id, member.text("id"), member.text("email")}:
            return user_id
    raise NotFoundError(f'no member with an account is "{who}"', "see mysafe-env secretsafe members list")


def _followed(client: Client, filters: Pairs, start: str | None, interval: float) -> Iterator[Event]:
    """New events, oldest first; those of the moment that was seen last are asked for again, and left out."""
    since = _moment(start) if start else datetime.now(UTC)
    stamp, printed = _stamp(since), set[str]()
    while True:
        # The server's clock may be ahead of this one.
        times = (("start", stamp), ("end", _stamp(datetime.now(UTC) + timedelta(days=1))))
        found = [event.to_json() for event in client.api.events(times + filters, client.until)]
        new = [event for event in reversed(found) if json.dumps(event, sort_keys=True) not in printed]
        yield from new
        if new:
            stamp = str(new[-1].get("date"))
            printed = {json.dumps(event, sort_keys=True) for event in found if str(event.get("date")) == stamp}
        time.sleep(interval)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f'"{text}" is no time', "write it as 2026-05-01 or 2026-05-01T10:00:00Z") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _print(events: Iterable[Event], style: str) -> None:
    styles: dict[str, Callable[[Iterable[Event]], Iterator[str]]] = {
        "text": _as_text,
        "csv": _as_csv,
        "jsonl": _as_json_lines,
        "json": _as_array,
    }
    for piece in styles[style](events):
        write_text(piece)


def _as_text(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        what = (f"{name}={as_text(value)}" for name, value in event.items() if _is_told(name, value))
        line = f"{as_text(event.get('date'))}  {as_text(event.get('type'))}  {' '.join(what)}"
        yield visible(line).replace("\n", " ") + "\n"


def _is_told(name: str, value: object) -> bool:
    return value is not None and name not in {"object", "date", "type"}


def _as_csv(events: Iterable[Event]) -> Iterator[str]:
    yield _csv_line(_COLUMNS)
    for event in events:
        yield _csv_line([as_text(event.get(column)) for column in _COLUMNS])


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _as_json_lines(events: Iterable[Event]) -> Iterator[str]:
    return (json_text(event) + "\n" for event in events)


def _as_array(events: Iterable[Event]) -> Iterator[str]:
    before = "["
    for event in events:
        yield before + "\n  " + json_text(event)
        before = ","
    yield "\n]\n" if before == "," else "[]\n"
