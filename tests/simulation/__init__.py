"""A herd of starts against a server that limits its rate: a model, real processes, and whether they agree.

    python -m tests.simulation --json tests/simulation/results/herd.json

Real are: `mysafe-run` processes, their sockets, the emulator and its rate limit. This machine can't start 2,000
of them at once, so they are fewer, and the limit is lower in proportion: what drains in a minute still does.
Modelled are: 2,000 starts as events on a clock, with the product's own `pause` between their attempts and the
emulator's own `RateLimiter` as the server. The model knows no processor time and no network but a round trip.
The overlap is checked: the model is given the moments at which the real processes came.
"""
