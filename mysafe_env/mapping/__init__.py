"""From text to layers: mapping files, env files, references, and the inherited environment."""
