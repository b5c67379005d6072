"""CMPP, China Mobile's protocol, and its sisters SGIP and SMGP: answers of a gateway in logs."""
