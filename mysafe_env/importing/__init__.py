"""Many items at once: a file of values to items of MySafe, and the mapping that asks for them."""
