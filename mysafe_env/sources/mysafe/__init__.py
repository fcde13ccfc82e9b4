"""senhasegura MySafe over its REST API."""
