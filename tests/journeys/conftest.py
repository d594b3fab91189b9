"""The whole road over real servers, as made in roads.py."""

from roads import dovecot, live_rules, make_road, postgres, road, samples, sink, tools

__all__ = ["dovecot", "live_rules", "make_road", "postgres", "road", "samples", "sink", "tools"]
