"""MySafe as a source: HTTP, TLS, proxies, tokens, answers, and the client for Python programs."""
