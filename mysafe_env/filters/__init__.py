"""Filters: a value written as one place of a config file wants it, or refused; interchangeable peers."""
