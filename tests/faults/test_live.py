"""The real services, asked once each; only with `-m live`."""

import pytest

from tui.config import Paths, Settings
from tui.verbs.doctor_probe import Probes, probe


@pytest.mark.live
async def test_probe_when_the_services_are_real_then_some_of_them_work(tmp_path):
    probes = Probes(Settings(), Paths(config_dir=tmp_path, data_dir=tmp_path, cache_dir=tmp_path, state_dir=tmp_path))
    found = [finding async for finding in probe(probes.all())]
    await probes.aclose()
    assert any(fine for fine, _, _ in found), found
