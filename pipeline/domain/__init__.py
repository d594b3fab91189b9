"""The words of the field as frozen types, the ports the workers are reached through, and the error tree.

Standard library only. Every other room may import from here; this room imports from none.
"""
