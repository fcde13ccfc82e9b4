"""The emulator of MySafe, asked over its socket."""
