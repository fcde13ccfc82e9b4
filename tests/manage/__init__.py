"""Items that are created, changed and imported by command."""
