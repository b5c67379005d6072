"""Huawei Cloud Message & SMS: signing, calls, and what their answers mean."""
