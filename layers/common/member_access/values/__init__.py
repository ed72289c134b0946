"""Values as types, each parsed once, at the edge."""
