"""Bitwarden's end-to-end encryption, as SecretSafe uses it: encrypted strings, and the keys that open them."""
