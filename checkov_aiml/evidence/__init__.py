"""The evidence report: what scans found, in words for people who were not there."""
