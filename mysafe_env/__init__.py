"""Secrets of senhasegura MySafe for the programs that need them."""

__version__ = "0.1.0"
