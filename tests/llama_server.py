"""Serves a model file with llama.cpp until its input ends: run by a Python that has xllamacpp, not by the project's."""

import sys

import xllamacpp  # type: ignore[import-not-found]

given = xllamacpp.CommonParams()
given.model.path = sys.argv[1]
given.hostnames = ["127.0.0.1"]
given.port = 0
given.n_ctx = 4_096
given.n_parallel = 1
given.cpuparams.n_threads = 1
server = xllamacpp.Server(given)
sys.stdout.write(f"{server.listening_address}\n")
sys.stdout.flush()
sys.stdin.read()
