"""Rooms that need neither a server nor a process: one file for each."""
