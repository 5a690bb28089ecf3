"""Learning from the desk: what other weights would have done to articles that people labelled.

Labelled → Example (with its story) → gains of each possible Change → Proposal. Pure; nothing of it
changes a profile.
"""
