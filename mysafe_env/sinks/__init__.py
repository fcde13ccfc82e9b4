"""Where values go: the child's environment, files, exports."""
