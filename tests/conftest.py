"""What holds for every test."""

from hypothesis import settings

# How long an example takes says how busy the machine is; benchmarks measure time, tests do not.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
