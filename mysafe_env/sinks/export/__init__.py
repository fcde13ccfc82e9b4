"""One pure writer per consumer."""
