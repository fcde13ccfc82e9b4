"""The shape of the package: who imports whom, and what a start costs."""
