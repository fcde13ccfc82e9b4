"""From lookups to answers: which calls to make, making them, and choosing what was meant. Imports no kind of source."""
