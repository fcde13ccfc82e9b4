"""The files that `mysafe-env demo` works with: a vault, a mapping and a template."""
