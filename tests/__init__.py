"""The tests, by what they look at.

the house       architecture, typing, packaging, test_readme.py
one room        unit, fetching, grammar, mysafe (its HTTP, too), secretsafe, export, render, templates, emulator
whole commands  stories (shell sessions to read), cli, manage, process, contract (every source alike), gateway
secrets         canary: planted values must not show up anywhere
hostile input   fuzzing, properties
figures         benchmarks, simulation; their tests only look at how they measure
for all         support: servers, processes, terminals and files that several folders use
"""
