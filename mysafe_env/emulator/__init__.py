"""Servers on loopback that speak MySafe's and SecretSafe's APIs over a vault file, and what both have in common."""
