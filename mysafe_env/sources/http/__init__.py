"""HTTP for the sources: one call in time, and again where that may help."""
