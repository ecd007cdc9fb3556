"""Puts the demo's made-up patients (knowledge/demo_patients.jsonl) into an empty demo schedule."""

from agent.app import House
from agent.ehr.importing import import_file
from agent.settings import shipped


async def add_demo_patients(house: House) -> None:
    """Import the demo's patients; repeating it changes nothing."""
    file = shipped("knowledge") / "demo_patients.jsonl"
    if file.exists():
        await import_file("patients", file, records=house.records, database=house.storage.database)
