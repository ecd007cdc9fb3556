"""Writes a list of {id, question, answer} as a practice folder's topics, to measure retrieval on texts of others.

python -m evals.training.faq_folder ENTRIES.json DIR
"""

import json
import sys
from pathlib import Path

import yaml


def write(entries: Path, folder: Path, lang: str = "en") -> int:
    """Write one topic a file and return how many."""
    rows = json.loads(entries.read_text("utf-8"))
    target = folder / "faq" / lang
    target.mkdir(parents=True, exist_ok=True)
    for row in rows:
        head = {"id": row["id"], "title": row["question"], "questions": [row["question"]]}
        text = f"---\n{yaml.safe_dump(head, allow_unicode=True, sort_keys=False)}---\n{row['answer']}\n"
        (target / f"{row['id']}.md").write_text(text, "utf-8")
    return len(rows)


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), Path(sys.argv[2])), "topics")
