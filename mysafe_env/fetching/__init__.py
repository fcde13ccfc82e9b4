"""From lookups to items: which calls find them, making these calls, and choosing what was meant.

It knows `sources.base.Source` only, and no particular source.
"""
