"""The crawler: from a source on the network to an article, without queue, database or clock."""
