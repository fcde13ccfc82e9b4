"""The command line: a table of commands that are imported when they are chosen, and a file for each of them."""
