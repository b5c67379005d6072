"""What agents do with a case beyond answering it, and what their screens show.

It is the same case in a dense skin, with what is internal. Each verb is one transaction.
"""
