"""Rendered files: filters, transactions, commands, locks, signals."""
