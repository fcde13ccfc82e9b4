"""Config files: rendered in memory, compared with what is there, and written together or not at all."""
