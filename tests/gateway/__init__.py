"""Debian's nginx and HAProxy in front of the emulator: what real gateways say, and what becomes of it."""
