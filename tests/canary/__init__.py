"""No secret shows where it was not asked for, whatever goes wrong."""
