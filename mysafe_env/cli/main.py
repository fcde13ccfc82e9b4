"""What the two console scripts call."""
