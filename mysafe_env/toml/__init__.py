"""TOML: how it is read, its tables, statements and lines, and how values are written."""
