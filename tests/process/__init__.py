"""Commands that are started, replaced and supervised, seen from inside and from outside."""
