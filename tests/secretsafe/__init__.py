"""SecretSafe: the organisation API, the decryption of vault items, and the emulated server."""
