"""Where values go: the environment of a command, exports, rendered files, and the terminal of whoever asks for one."""
