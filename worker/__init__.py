"""The service: the only package that touches the world, and that imports the other two."""
