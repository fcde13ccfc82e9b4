"""MySafe's REST API over a local vault, as the two generations of its documentation describe it."""
