"""Damaged and costly inputs: `python -m tests.fuzzing` goes on for as long as it is let."""
