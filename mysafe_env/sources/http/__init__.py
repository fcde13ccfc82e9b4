"""HTTP for the sources: a call and its answer within a deadline, and repeated where that is safe and may help.

From the top: `retrying` repeats calls, `client` sends each over a `single` connection or by requests (`pooled`), and
`answers` says what can be told of any answer. `unreachable` turns what the network raises into our errors.
"""
