"""The worker's door to fulfilment: what is due, and one attempt of each kind of work.

The database is let go before a system is called: load, leave, call, and write only if the row is still the
one that was loaded. An attempt is counted on its row before the system hears of it, and can be repeated.
"""

from fulfilment.planning import plan_case
from fulfilment.settling import settle_case
from fulfilment.steps import do_step
from fulfilment.tools import Tools
from fulfilment.work import Work, due_work

__all__ = ["Tools", "Work", "do_step", "due_work", "plan_case", "settle_case"]
