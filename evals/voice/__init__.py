"""Phone scenarios as real calls: over the socket, with a synthetic voice, in real time. See __main__.py.

witness.py      the front desk of a call, with everything that was heard and answered kept
server.py       a Careline with its phone on loopback, for one call
calling.py      one scenario as a call
spoken.py       how a line is pronounced
word_errors.py  what was heard against what was said
results.py      the table
"""
