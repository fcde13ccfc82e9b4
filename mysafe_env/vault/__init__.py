"""The embedded local vault: MySafe's items and rules without a server."""
