"""Mappings, env files and references: tables of what is accepted, and of what is refused with which words."""
