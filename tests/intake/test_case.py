"""The table of moves: which act fits which state."""

import pytest

from intake.case import ENDS, MOVES, OPEN, REMARKS, Act, NotAllowed, State, after, possible


def test_every_state_can_be_reached() -> None:
    """No state stands in the table that no case can come to."""
    reached = {State.RECEIVED}
    while True:
        further = reached | {to for (start, _), to in MOVES.items() if start in reached}
        if further == reached:
            break
        reached = further
    assert reached == set(State)


def test_every_open_state_leads_to_an_end() -> None:
    """No case gets stuck: from each open state some way leads to an end."""
    ending = set(ENDS)
    while True:
        further = ending | {start for (start, _), to in MOVES.items() if to in ending}
        if further == ending:
            break
        ending = further
    assert ending == set(State)


@pytest.mark.parametrize("state", sorted(ENDS))
def test_an_end_is_an_end(state: State) -> None:
    """A closed case takes remarks and nothing else."""
    assert possible(state) == REMARKS
    for act in set(Act) - REMARKS:
        with pytest.raises(NotAllowed):
            after(state, act)


@pytest.mark.parametrize("state", sorted(State))
@pytest.mark.parametrize("act", sorted(REMARKS))
def test_a_remark_moves_nothing(state: State, act: Act) -> None:
    """A remark fits everywhere and leaves the state as it is."""
    assert after(state, act) is state


@pytest.mark.parametrize("state", [State.FULFILLING, State.VERIFYING])
@pytest.mark.parametrize("act", [Act.WITHDRAW, Act.REFUSE])
def test_what_is_being_done_is_not_taken_back(state: State, act: Act) -> None:
    """Once systems are changed it is too late to withdraw or refuse: the case runs to its answer."""
    with pytest.raises(NotAllowed, match=f"{act} is not possible while the case is {state}"):
        after(state, act)


def test_nothing_is_done_before_a_decision() -> None:
    """Into fulfilment lead only a release rule, an officer's approval, and residue found on reading back."""
    ways = {(start, act) for (start, act), to in MOVES.items() if to is State.FULFILLING and start is not to}
    assert ways == {
        (State.PLANNING, Act.RELEASE),
        (State.AWAITING_DECISION, Act.APPROVE),
        (State.VERIFYING, Act.RESIDUE),
    }


def test_done_means_read_back() -> None:
    """From fulfilment no answer goes out except through verification."""
    assert {to for (start, _), to in MOVES.items() if start is State.FULFILLING} == {
        State.VERIFYING,
        State.FULFILLING,  # an extension
    }


@pytest.mark.parametrize("state", sorted(OPEN))
def test_an_open_case_can_be_extended(state: State) -> None:
    """More time may be needed at any point, and leaves the case where it is."""
    assert after(state, Act.EXTEND) is state
