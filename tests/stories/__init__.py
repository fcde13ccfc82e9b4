"""Whole runs, each written as a shell session with what it prints."""
