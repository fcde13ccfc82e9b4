"""The commands as a user meets them: at a terminal, in a pipe, in a strange environment."""
