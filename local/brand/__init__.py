"""An insurer's brand: a folder outside the clone that no upgrade touches, checked before the portal is made with it."""
