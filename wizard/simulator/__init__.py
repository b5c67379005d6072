"""A simulated SMS platform that speaks the vendor's protocol, for trying out and for tests.

Not Huawei Cloud: a process of its own on this machine alone, which sends nothing to any phone.
Start it with `python -m wizard.simulator --port 9010`; its page `/` lists what it can play.
Nothing in here imports Django.
"""
