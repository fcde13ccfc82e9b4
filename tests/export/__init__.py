"""Export formats, each held against the programs that read it."""
