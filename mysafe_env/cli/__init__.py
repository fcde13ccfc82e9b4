"""The front door: a lazy command table, one small file per command, one module for the voice."""
