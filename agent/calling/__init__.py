"""A telephone for trying Careline out: it rings a running Careline over the Media Streams protocol, in real time.

`line.py` is one open call (50 frames a second each way, marks, clear, keys), `dialling.py` how a line is had (as the
call page does, or as Twilio does), `call.py` a conversation over it, `script.py` a conversation written down.
"""
