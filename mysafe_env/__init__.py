"""Secrets of senhasegura MySafe for the programs that need them.

    import mysafe_env

    secrets = mysafe_env.resolve()            # a mapping of Secret, as mysafe.toml asks for
    secrets["DB_PASSWORD"].reveal()

    mysafe_env.load_env()                     # like dotenv.load_dotenv(), into os.environ

    with mysafe_env.connect() as mysafe:      # a client of the server that MYSAFE_URL names
        mysafe.get_password("11").password

What stands in `__all__` is public, every type that a public signature names included; the modules behind it may move.
Everything is imported when it is first used, so that importing the package costs nothing.

What rooms hand to each other is immutable: named tuples on the way of a start, since a dataclass takes five times
as long to define, and the module `dataclasses` as long to import as a third of this package; dataclasses elsewhere.
"""

# Type checkers take it for true. `typing` itself takes milliseconds to import, in which Ctrl-C would show a traceback.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from mysafe_env.api import connect, load_env, resolve
    from mysafe_env.changes import Saved
    from mysafe_env.deadline import Deadline
    from mysafe_env.errors import (
        AmbiguousError,
        BadAnswerError,
        CredentialsError,
        InactiveError,
        ItemError,
        MappingError,
        MySafeEnvError,
        NoAccessError,
        NotFoundError,
        OutageError,
        RefusedError,
        Report,
        ResolveError,
        SettingsError,
        SinkError,
        SourceError,
        TakenError,
        TemplateError,
        TimedOutError,
        UncertainError,
        UnreachableError,
        UsageError,
        VaultFileError,
    )
    from mysafe_env.items import Grant, Row
    from mysafe_env.secret import Secret
    from mysafe_env.settings import Settings
    from mysafe_env.sources.mysafe.client import MySafe
    from mysafe_env.sources.mysafe.records import ApiSecret, Note, Password
    from mysafe_env.sources.secretsafe.client import SecretSafe
    from mysafe_env.sources.secretsafe.records import Access, Collection, Event, Group, Member, Policy, Subscription

__version__ = "0.1.0"

__all__ = [
    "Access",
    "AmbiguousError",
    "ApiSecret",
    "BadAnswerError",
    "Collection",
    "CredentialsError",
    "Deadline",
    "Event",
    "Grant",
    "Group",
    "InactiveError",
    "ItemError",
    "MappingError",
    "Member",
    "MySafe",
    "MySafeEnvError",
    "NoAccessError",
    "NotFoundError",
    "Note",
    "OutageError",
    "Password",
    "Policy",
    "RefusedError",
    "Report",
    "ResolveError",
    "Row",
    "Saved",
    "Secret",
    "SecretSafe",
    "Settings",
    "SettingsError",
    "SinkError",
    "SourceError",
    "Subscription",
    "TakenError",
    "TemplateError",
    "TimedOutError",
    "UncertainError",
    "UnreachableError",
    "UsageError",
    "VaultFileError",
    "__version__",
    "connect",
    "load_env",
    "resolve",
]

_HOMES = {
    "Access": "mysafe_env.sources.secretsafe.records",
    "ApiSecret": "mysafe_env.sources.mysafe.records",
    "Collection": "mysafe_env.sources.secretsafe.records",
    "Deadline": "mysafe_env.deadline",
    "Event": "mysafe_env.sources.secretsafe.records",
    "Grant": "mysafe_env.items",
    "Group": "mysafe_env.sources.secretsafe.records",
    "Member": "mysafe_env.sources.secretsafe.records",
    "MySafe": "mysafe_env.sources.mysafe.client",
    "Note": "mysafe_env.sources.mysafe.records",
    "Password": "mysafe_env.sources.mysafe.records",
    "Policy": "mysafe_env.sources.secretsafe.records",
    "Row": "mysafe_env.items",
    "Saved": "mysafe_env.changes",
    "Secret": "mysafe_env.secret",
    "SecretSafe": "mysafe_env.sources.secretsafe.client",
    "Settings": "mysafe_env.settings",
    "Subscription": "mysafe_env.sources.secretsafe.records",
    "connect": "mysafe_env.api",
    "load_env": "mysafe_env.api",
    "resolve": "mysafe_env.api",
}


if not TYPE_CHECKING:  # or any misspelt name would pass a type checker

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        # First, and short: before its end, forks do not wait.
        from mysafe_env.late_imports import IMPORTING, prepare_imports  # noqa: PLC0415  # see above

        prepare_imports()
        with IMPORTING:
            from importlib import import_module  # noqa: PLC0415  # only whoever uses it in Python needs it

            return getattr(import_module(_HOMES.get(name, "mysafe_env.errors")), name)


def __dir__() -> list[str]:
    return list(__all__)
