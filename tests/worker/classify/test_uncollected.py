"""While something large is built the collector rests; afterwards it is as it was."""

import gc

import pytest

from worker.classify.uncollected import uncollected


def test_the_collector_rests_and_works_again():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_works_again_after_a_fault():
    with pytest.raises(ValueError, match="broken"), uncollected():
        raise ValueError("broken")
    assert gc.isenabled()


def test_a_collector_that_rests_already_goes_on_resting():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
