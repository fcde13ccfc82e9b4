"""Mappings and vault files that were damaged by chance."""
