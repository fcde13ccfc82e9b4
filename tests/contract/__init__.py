"""What every source promises, whichever it is."""
