"""TOML: how it is read, its tables and its statements, and how values are written."""
