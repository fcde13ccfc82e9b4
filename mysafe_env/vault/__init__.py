"""The local vault: MySafe's items and rules without a server, read from a TOML file."""
