"""The boundary: on one side clear words, on the other pseudonyms. The only importer of presidio and spacy."""
