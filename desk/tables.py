"""Every table of the desk, known once this is imported; what migrations and tests are made from."""

import desk.records
import fulfilment.records
import intake.email.records
import verification.records
from intake.records import Record

PLACES = (desk.records, fulfilment.records, intake.email.records, verification.records)

__all__ = ["PLACES", "Record"]
