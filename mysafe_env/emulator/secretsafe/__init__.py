"""SecretSafe's server over HTTP: the organisation API and the sync of an account, encrypted end to end."""
