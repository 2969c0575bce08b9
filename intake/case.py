"""The life of a case as one table of moves; pure, knows no table and no clock."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a case stands. The last five are ends."""

    RECEIVED = "received"
    IDENTIFYING = "identifying"
    PLANNING = "planning"
    AWAITING_DECISION = "awaiting_decision"
    FULFILLING = "fulfilling"
    VERIFYING = "verifying"
    ANSWERED = "answered"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    FORWARDED = "forwarded"


ENDS = frozenset({State.ANSWERED, State.PARTLY, State.REFUSED, State.WITHDRAWN, State.FORWARDED})
OPEN = frozenset(State) - ENDS


class Act(StrEnum):
    """What can happen to a case. Acts outside MOVES (see REMARKS) leave the state as it is."""

    OPEN = "open"
    ASK_IDENTITY = "ask_identity"
    CONFIRM_IDENTITY = "confirm_identity"
    REPLAN = "replan"
    PROPOSE = "propose"
    RELEASE = "release"
    APPROVE = "approve"
    REFUSE = "refuse"
    READ_BACK = "read_back"
    RESIDUE = "residue"
    ANSWER = "answer"
    ANSWER_PARTLY = "answer_partly"
    WITHDRAW = "withdraw"
    FORWARD = "forward"
    EXTEND = "extend"
    CONFIRM_WISH = "confirm_wish"
    PROVE_ADDRESS = "prove_address"
    NOTE = "note"
    STEP_DONE = "step_done"
    STEP_FAILED = "step_failed"
    LETTER_SENT = "letter_sent"
    LETTER_REFUSED = "letter_refused"
    LETTER_AGAIN = "letter_again"
    LETTER_SETTLED = "letter_settled"
    NOTHING_FOUND = "nothing_found"
    HAND_OVER = "hand_over"
    DOWNLOADED = "downloaded"


REMARKS = frozenset(
    {
        Act.CONFIRM_WISH,
        Act.PROVE_ADDRESS,
        Act.NOTE,
        Act.STEP_DONE,
        Act.STEP_FAILED,
        Act.LETTER_SENT,
        Act.LETTER_REFUSED,
        Act.LETTER_AGAIN,
        Act.LETTER_SETTLED,
        Act.NOTHING_FOUND,
        Act.HAND_OVER,
        Act.DOWNLOADED,
    }
)

_S, _A = State, Act
_UNDECIDED = (_S.RECEIVED, _S.IDENTIFYING, _S.PLANNING, _S.AWAITING_DECISION)

MOVES: dict[tuple[State, Act], State] = {
    (_S.RECEIVED, _A.ASK_IDENTITY): _S.IDENTIFYING,
    (_S.IDENTIFYING, _A.ASK_IDENTITY): _S.IDENTIFYING,
    (_S.RECEIVED, _A.CONFIRM_IDENTITY): _S.PLANNING,
    (_S.IDENTIFYING, _A.CONFIRM_IDENTITY): _S.PLANNING,
    (_S.PLANNING, _A.CONFIRM_IDENTITY): _S.PLANNING,
    # nothing is held under what is proven so far: another address may be known (fulfilment.progress)
    (_S.PLANNING, _A.ASK_IDENTITY): _S.IDENTIFYING,
    # a second proven address, or a plan that no longer fits what the systems hold, is planned anew
    (_S.AWAITING_DECISION, _A.REPLAN): _S.PLANNING,
    (_S.PLANNING, _A.PROPOSE): _S.AWAITING_DECISION,
    (_S.PLANNING, _A.RELEASE): _S.FULFILLING,
    (_S.AWAITING_DECISION, _A.APPROVE): _S.FULFILLING,
    (_S.FULFILLING, _A.READ_BACK): _S.VERIFYING,
    (_S.VERIFYING, _A.RESIDUE): _S.FULFILLING,
    (_S.VERIFYING, _A.ANSWER): _S.ANSWERED,
    (_S.VERIFYING, _A.ANSWER_PARTLY): _S.PARTLY,
    # only a customer's data: an officer has passed the request on (Art. 28(3)(e))
    (_S.VERIFYING, _A.FORWARD): _S.FORWARDED,
    **{(s, _A.REFUSE): _S.REFUSED for s in _UNDECIDED},
    **{(s, _A.FORWARD): _S.FORWARDED for s in _UNDECIDED},
    **{(s, _A.WITHDRAW): _S.WITHDRAWN for s in _UNDECIDED},
    # "we hold nothing about you" and a decision carried out by hand end the case without systems
    **{(s, _A.ANSWER): _S.ANSWERED for s in _UNDECIDED},
    **{(s, _A.EXTEND): s for s in sorted(OPEN)},
}


@dataclass(slots=True, eq=False)  # a frozen exception cannot pass through a context manager
class NotAllowed(Exception):
    """The act does not fit the state the case is in."""

    state: State
    act: Act

    def __str__(self) -> str:
        return f"{self.act} is not possible while the case is {self.state}"


def after(state: State, act: Act) -> State:
    """The state a case is in after an act. Raises NotAllowed for an act that does not fit."""
    if act in REMARKS:
        return state
    try:
        return MOVES[state, act]
    except KeyError:
        raise NotAllowed(state, act) from None


def possible(state: State) -> frozenset[Act]:
    """The acts that can move or mark a case in this state."""
    return frozenset(a for (s, a) in MOVES if s is state) | REMARKS
