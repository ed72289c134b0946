"""Scripts for developers: make committed files, deploy, and test the tests."""
