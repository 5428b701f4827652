"""A second stand-in for the part of the Graph API that Sophia uses, for tests: README.md tells where it differs."""
