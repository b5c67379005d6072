"""Alibaba Cloud SMS, China and international: pushes, queries, refused calls."""
