"""Sentence embeddings that come inside packages, verified by hash at load. The only importer of onnxruntime."""
