"""The filters of templates: each writes a value as one place of a config file needs it, or refuses it."""
