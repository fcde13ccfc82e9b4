"""From lookups to items: which calls are made, and which item is meant."""
