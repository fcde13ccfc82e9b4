"""The examples in `templates/`, each checked by the program that it is for."""
