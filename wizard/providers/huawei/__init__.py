"""Huawei Cloud Message & SMS: its answers, its reports, and its codes among words."""
