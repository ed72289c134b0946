"""Scripts for developers: they make what is committed, deploy, and test the tests."""
