"""From text to a `Mapping`: files, env files, the inherited environment, references."""
