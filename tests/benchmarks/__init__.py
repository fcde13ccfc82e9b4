"""How long runs take, beside scripts and other tools: `python -m tests.benchmarks`."""
