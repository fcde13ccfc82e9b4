"""The local vault served over HTTP as MySafe's REST API."""
