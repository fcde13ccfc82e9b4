"""Reading one TOML table key by key."""

from collections.abc import Mapping

from mysafe_env.suggest import did_you_mean


class Table:
    """A TOML table. Asking for a key makes it a known one; `close` reports all others. No value is ever shown."""

    def __init__(self, data: Mapping[str, object]) -> None:
        self.data = data
        self._known: set[str] = set()
        self._faulty = False

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def string(self, key: str) -> str | None:
        """A string, which may be empty; None where the key is missing or faulty."""
        value = self.value(key)
        if value is None or isinstance(value, str):
            return value
        self.fault(f'is not a string; quote it: {key} = "..."', key)
        return None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false; *default* where the key is missing or faulty."""
        value = self.value(key, default)
        if isinstance(value, bool):
            return value
        self.fault("is neither true nor false; write one of them without quotes", key)
        return default

    def tables(self, key: str) -> list[dict[str, object]]:
        """A list of tables; empty where the key is missing or faulty."""
        value = self.value(key, [])
        if isinstance(value, list) and all(isinstance(table, dict) for table in value):
            return value
        self.fault(f"is not a list of tables; write [[{key}]]", key)
        return []

    def value(self, key: str, default: object = None) -> object:
        """Whatever stands there."""
        self._known.add(key)
        return self.data.get(key, default)

    def fault(self, text: str, *keys: str) -> None:
        """Note what is wrong with this table, or with one of its keys, and what to do."""
        self._faulty = True
        self.note(text, *keys)

    def note(self, text: str, *keys: str) -> None:
        """Keep a fault together with the place of this table; each heir knows its own kind of place."""
        raise NotImplementedError

    def close(self) -> bool:
        """Report the keys that nobody asked for; true if the table had no fault at all."""
        for key in self.data:
            if key not in self._known:
                self.fault(f"unknown key; {did_you_mean(key, self._known)}", key)
        return not self._faulty
