"""The demonstration: a bundled crisis, the local servers that replay it, and the stage for it."""
