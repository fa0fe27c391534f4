"""What needs no network: checks, documents, input types, and that no frame of ours keeps a value."""

from __future__ import annotations

import copy
import datetime
import inspect
import io
import json
import pickle
import pprint
from pathlib import Path
from typing import Any
from unittest import mock

import libine as ine
import pytest
from conftest import KEY, SECRET, frames_of_ours
from libine import _core, _settings

CIC = "198765432"
WHO: dict[str, Any] = {"cic": CIC, "consent": True, "vendor_data": "case", "selfie": ine.testing.picture(32, 32)}


def test_check_finds_every_problem_at_once() -> None:
    report = ine.check(cic="GARJ000000HMCRLP00", consent=False)
    assert not report.ok
    codes = {p.code for p in report.problems}
    assert {"LOOKS_LIKE_CURP", "REQUIRED", "CONSENT"} <= codes
    assert "GARJ" not in repr(report) + report.to_json()
    assert ine.check(**WHO).ok
    with pytest.raises(TypeError, match=r"\.ok"):
        assert ine.check(**WHO)


def test_an_int_is_no_cic_and_the_error_says_why() -> None:
    with pytest.raises(TypeError, match="leading zeros"):
        ine.check(cic=12345678)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"consent": 1},
        {"consent": "yes"},
        {"selfie": 7},
        {"vendor_data": 1.5},
        {"vendor_data": True},
        {"name": "x"},
        {"first_issue": 2018},
    ],
)
def test_wrong_types_are_type_errors(wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        ine.check(**(WHO | wrong))


def test_dates_may_be_dates() -> None:
    assert ine.check(**WHO, first_issue=datetime.date(2018, 6, 15), today=datetime.date(2026, 1, 1)).ok
    future = ine.check(**WHO, first_issue=datetime.date(2030, 6, 15), today=datetime.date(2026, 1, 1))
    assert "FUTURE" in {p.code for p in future.problems}


def test_a_lone_surrogate_is_a_problem_and_no_exception() -> None:
    report = ine.check(**WHO, first_name="JOS\udce9")
    assert "ENCODING" in {p.code for p in report.problems}


@pytest.mark.parametrize("form", ["bytes", "bytearray", "memoryview", "path", "str", "file", "bytesio", "read"])
def test_images_in_every_form(form: str, tmp_path: Path) -> None:
    image = ine.testing.picture(32, 32)
    path = tmp_path / "selfie.png"
    path.write_bytes(image)
    with path.open("rb") as file, path.open("rb") as begun:
        begun.seek(0, 2)
        forms: dict[str, Any] = {
            "bytes": image,
            "bytearray": bytearray(image),
            "memoryview": memoryview(image),
            "path": path,
            "str": str(path),
            "file": file,
            "bytesio": io.BytesIO(image),
            "read": path.open("rb", buffering=0),
        }
        report = ine.check(**(WHO | {"selfie": forms[form]}))
        assert report.ok, report
        forms["read"].close()
    with pytest.raises(TypeError, match="binary"):
        with path.open("r", encoding="latin-1") as text:
            ine.check(**(WHO | {"selfie": text}))


def test_a_bytearray_is_free_again_after_the_call() -> None:
    image = bytearray(ine.testing.picture(32, 32))
    ine.check(**(WHO | {"selfie": image}))
    image.append(0)


def undocumented(name: str, thing: Any) -> list[str]:
    if not inspect.isclass(thing):
        return [] if inspect.getdoc(thing) else [name]
    inherited = {attribute for base in (tuple, str, dict, Exception) for attribute in dir(base)}
    mine = [a for a in dir(thing) if not a.startswith("_") and a not in inherited]
    members = [(a, inspect.getattr_static(thing, a)) for a in mine]
    # The class's own text tells of what is in its slots.
    found = [f"{name}.{a}" for a, it in members if not inspect.ismemberdescriptor(it) and not inspect.getdoc(it)]
    return found if thing.__doc__ else [name, *found]


def test_everything_public_is_documented() -> None:
    things = {name: getattr(ine, name) for name in ine.__all__}
    things |= {
        f"testing.{name}": getattr(ine.testing, name) for name in ("Sandbox", "scenarios", "signed_webhook", "picture")
    }
    assert [missing for name, thing in things.items() for missing in undocumented(name, thing)] == []


def test_every_name_is_there_and_no_other() -> None:
    assert set(ine.__all__) <= set(dir(ine)) and all(getattr(ine, name) for name in ine.__all__)
    with pytest.raises(AttributeError, match="no attribute"):
        getattr(ine, "nothing".lower())
    assert ine.__version__ == ine.build_info()["libine"]


def test_curp() -> None:
    found = ine.curp("GOMC850101HDFMRR07", today=datetime.date(2026, 1, 1))
    assert found.birth == datetime.date(1985, 1, 1) and found.sex == "H"
    assert "GOMC" not in repr(found)
    assert not ine.curp("nonsense").report.ok


def test_mrz_refuses_nonsense_and_does_not_print_or_pickle() -> None:
    found = ine.mrz("nonsense")
    assert not found.report.ok and repr(found) == "<Mrz ok=False>"
    with pytest.raises(TypeError, match="personal"):
        pickle.dumps(found)


def test_pseudonym() -> None:
    pepper = b"p" * 32
    name = ine.pseudonym(CIC, pepper)
    assert len(name) == 32 and name == ine.pseudonym(CIC, pepper) != ine.pseudonym(CIC, b"q" * 32)
    with pytest.raises(ine.Error):
        ine.pseudonym(CIC, b"short")


def test_credentials_do_not_show_or_pickle_their_secret() -> None:
    creds = ine.Credentials("5a4db0c5-1111-4111-8111-111111111111", "hush-hush", label="shop")
    assert "hush" not in repr(creds)
    with pytest.raises(TypeError, match="secrets"):
        pickle.dumps(creds)
    with pytest.raises(ine.Error):
        ine.Credentials("no uuid", "hush-hush")
    with pytest.raises(ine.Error):
        ine.Credentials("5a4db0c5-1111-4111-8111-111111111111", "")


def test_a_self_contained_wheel_finds_the_certificates_of_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("")
    places = (str(tmp_path / "absent"), str(bundle))
    monkeypatch.setattr(_settings, "BUNDLES", places)
    for link, found in (("static", str(bundle)), ("shared", None)):
        monkeypatch.setattr(_core, "ine_build_info", lambda link=link: f"openssl_link={link}\n")
        assert _settings.system_bundle() == found


@pytest.mark.parametrize(
    "call",
    [
        lambda: ine.check(cic=CIC, first_name="PERSONAL", selfie=7),  # type: ignore[arg-type]
        lambda: ine.check(cic=CIC, curp=19),  # type: ignore[arg-type]
        lambda: ine.interpret(b'{"PERSONAL":}'),
        lambda: ine.interpret('{"PERSONAL":1}'),  # type: ignore[arg-type]
        lambda: ine.pseudonym("PERSONAL", b""),
        lambda: ine.Credentials("5a4db0c5-1111-4111-8111-111111111111", "PERSONAL", ""),
        lambda: ine.curp("PERSONAL", strict=["nonsense"]),
        lambda: ine.Client(
            ine.Credentials("5a4db0c5-1111-4111-8111-111111111111", "s"), "http://127.0.0.1:9", retries=0
        ).verify(cic=CIC, first_name="PERSONAL", consent=True),
        lambda: ine.Client(
            ine.Credentials("5a4db0c5-1111-4111-8111-111111111111", "s"), "http://127.0.0.1:9", retries=0
        ).raw("POST", "/v1/sessions/{id}/collected-data", id="x", body={"PERSONAL": 1}),
        lambda: ine.Webhooks([ine.Credentials("5a4db0c5-1111-4111-8111-111111111111", "s")]).open(
            {"x-hmac-signature": "no"}, b"PERSONAL"
        ),
    ],
)
def test_no_frame_of_ours_keeps_a_personal_value(call: Any) -> None:
    with pytest.raises((ine.Error, TypeError, ValueError)) as caught:
        call()
    seen = frames_of_ours(caught.value)
    assert seen and "PERSONAL" not in seen and CIC not in seen
    assert "PERSONAL" not in str(caught.value) and CIC not in str(caught.value)


class SaysBool(int):
    """What isinstance() takes for a bool, as it takes MagicMock(spec=bool)."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return bool


def test_consent_is_a_bool_and_nothing_that_looks_like_one() -> None:
    for wrong in (SaysBool(1), 1, "true", [True], mock.MagicMock(spec=bool), mock.MagicMock()):
        with pytest.raises(TypeError, match="consent is True or False"):
            ine.check(**(WHO | {"consent": wrong}))


def test_what_is_personal_is_no_tuple() -> None:
    """json, loggers and trackers of exceptions walk through tuples, whatever they print as."""
    session = ine.Session("id", "https://veriff.example/bearer", "case")
    curp = ine.curp("GARJ000000HMCRLP00")
    for one, name in ((session, "url"), (curp, "birth"), (ine.mrz("IDMEX1234567890<<"), "cic")):
        assert not isinstance(one, (tuple, list, dict)) and not hasattr(one, "__dict__")
        with pytest.raises(TypeError):
            json.dumps(one)
        with pytest.raises(AttributeError, match="does not change"):
            setattr(one, name, None)
        assert copy.copy(one) is one and copy.deepcopy(one) is one
    assert session == ine.Session("id", "https://veriff.example/bearer", "case") != ine.Session("id", None, "case")
    assert hash(session) == hash(pickle.loads(pickle.dumps(session))) and session != ("id", None, "case")
    assert "bearer" not in repr(session) + pprint.pformat(session)
    with pytest.raises(TypeError, match="does not pickle"):
        pickle.dumps(curp)


@pytest.mark.parametrize("selfie", ["/missing/GARJ000000HMCRLP00.jpg", "iVBORw0KGgo" * 600, "/dev/zero", "/"])
@pytest.mark.parametrize("transport", [None, "stdlib"])
def test_an_image_that_is_no_file_is_refused_without_its_name(selfie: str, transport: Any) -> None:
    """A picture in base64 given for a path is a person's face: no exception may hold it."""
    client = ine.Client(ine.Credentials(KEY, SECRET), "http://127.0.0.1:9", transport=transport)
    for call in (
        lambda: client.verify(**(WHO | {"selfie": selfie})),
        lambda: client.upload_media("12df6045-3846-3e45-946a-14fa6136d78b", selfie),
    ):
        with pytest.raises(ine.Error) as caught:
            call()
        assert caught.value.sent in ("no", None), caught.value.sent
        seen = str(caught.value) + caught.value.to_json() + frames_of_ours(caught.value)
        assert selfie == "/" or selfie not in seen
