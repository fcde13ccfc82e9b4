"""Exports: one format for each program that reads one, with a pure writer and a model of the reader."""
