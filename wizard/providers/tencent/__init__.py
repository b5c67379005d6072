"""Tencent Cloud SMS: pushes, queries, refused calls, the old interface."""
