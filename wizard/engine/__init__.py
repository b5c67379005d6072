"""The engine: what a walk through a guide is, decided by values alone.

Imports the standard library and nothing else; reads no clock, opens no file, knows no Django.
"""
