"""Real headers, proven against gcc: what a header declares and what the parser made of it.

compiler.py runs gcc; claims.py turns a parsed table into C that must compile; examine.py puts the
two together for one header; packages.py finds the headers; report.py writes doc/headers.md.
"""
