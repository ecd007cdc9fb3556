"""Patients as sealed rows."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from agent.domain.patients import Patient, Person
from agent.storage.sealing import Sealer


def seal_patient(sealer: Sealer, patient: Patient) -> bytes:
    """Seal everything but the id."""
    body = asdict(patient)
    body["guardians"] = [g if isinstance(g, str) else asdict(g) for g in patient.guardians]
    body["carers"] = [one if isinstance(one, str) else asdict(one) for one in patient.carers]
    return sealer.seal_text(json.dumps(body, default=date.isoformat), f"patients:{patient.id}")


def open_patient(sealer: Sealer, id: str, sealed: bytes) -> Patient:
    """Read a patient back. Raises ServiceError."""
    body: dict[str, Any] = json.loads(sealer.open_text(sealed, f"patients:{id}"))
    guardians = tuple(g if isinstance(g, str) else _person(g) for g in body.pop("guardians"))
    carers = tuple(one if isinstance(one, str) else _person(one) for one in body.pop("carers", ()))
    born = date.fromisoformat(body["born"])
    return Patient(**{**body, "born": born, "guardians": guardians, "carers": carers})


def _person(body: dict[str, Any]) -> Person:
    born = body["born"]
    return Person(**{**body, "born": date.fromisoformat(born) if born else None})
