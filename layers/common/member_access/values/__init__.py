"""Values as types: each is parsed once, at the edge."""
