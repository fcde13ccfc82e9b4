"""What a type checker must accept; nothing here is run."""
