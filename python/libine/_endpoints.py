"""What a client can do, one method for each: a whole verification, and each call of the API by itself.

Every method: `timeout` is in seconds, for all of it with its retries and at most the client's own; a call may be made
from any thread and in a forked child; what is wrong with an input is an InputError before anything is sent; what the
network or the server did is another Error; not verified is a result and never an error."""

from __future__ import annotations

from typing import Any, Unpack

from . import _calls
from . import _constants as c
from ._calls import Request
from ._decision import Decision
from ._driver import OnCreated, OnProgress, Result, Session
from ._inputs import Image, Job, Person
from ._verdict import Verdict


class Endpoints:
    """The methods of Client."""

    __slots__ = ()

    def _flow(
        self,
        mode: int,
        job: Job | None,
        session_id: str | None,
        timeout: float | None,
        on_created: OnCreated | None = None,
        on_progress: OnProgress | None = None,
    ) -> Result:
        raise NotImplementedError

    def _call(self, request: Request, timeout: float | None) -> Decision:
        raise NotImplementedError

    @property
    def _fed(self) -> bool:
        """Whether this side reads the images, and not libcurl's."""
        raise NotImplementedError

    def start(
        self,
        *,
        on_created: OnCreated | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        **who: Unpack[Person],
    ) -> Session:
        """Checks the person, makes the session, uploads the images, submits; does not wait for the decision.

        `on_created(session)` is called before anything else happens to the session: store its id there. When it raises,
        the call is cancelled and raises the same. `on_progress(progress)` needs `Client(progress=True)`.
        OutcomeUnknownError: a reply was lost, and a session may exist under `vendor_data`."""
        result = self._flow(c.FLOW_START, Job(who, fed=self._fed), None, timeout, on_created, on_progress)
        return result.session

    def verify(
        self,
        *,
        on_created: OnCreated | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        **who: Unpack[Person],
    ) -> Verdict:
        """start() and wait(): what came of it. Decide by `verdict.verified`."""
        result = self._flow(c.FLOW_VERIFY, Job(who, fed=self._fed), None, timeout, on_created, on_progress)
        return result.verdict

    def verify_decision(
        self,
        *,
        on_created: OnCreated | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        **who: Unpack[Person],
    ) -> tuple[Verdict, Decision]:
        """verify(), with the decision itself, for evidence(). The decision holds personal data."""
        result = self._flow(c.FLOW_VERIFY, Job(who, fed=self._fed), None, timeout, on_created, on_progress)
        return result.verdict, result.decision

    def wait(
        self,
        session_id: str,
        *,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
    ) -> Verdict:
        """The decision of a session that was submitted: by polling, or by a webhook that feed() brings.

        DeadlineError when the time is over first; the session goes on, and may be waited for again."""
        result = self._flow(c.FLOW_WAIT, None, session_id, timeout, None, on_progress)
        return result.verdict

    def resume(
        self,
        session_id: str,
        *,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        **who: Unpack[Person],
    ) -> Verdict:
        """Finds out where a session stands after an interruption, and goes on to its verdict.

        The person is needed again when the selfie has not arrived: an InputError says so."""
        job = Job(who, fed=self._fed) if who else None
        result = self._flow(c.FLOW_RESUME, job, session_id, timeout, None, on_progress)
        return result.verdict

    def create_session(self, *, timeout: float | None = None, **who: Unpack[Person]) -> Decision:
        """POST /v1/sessions: `session_id` and `session_url` of the reply. Images are not sent with it."""
        return self._call(_calls.create(Job(who, fed=True)), timeout)

    def upload_media(
        self,
        session_id: str,
        image: Image,
        *,
        context: str = "face",
        timestamp: str | None = None,
        timeout: float | None = None,
    ) -> Decision:
        """POST /v1/sessions/{id}/media: one image, from a path or a file in constant memory.

        `context`: face, document-front, document-back, or another that the vendor has agreed to. `timestamp`: ISO 8601."""
        try:
            request = _calls.upload(session_id, image, context, timestamp, self._fed)
        finally:
            del image
        return self._call(request, timeout)

    def submit(self, session_id: str, *, timeout: float | None = None) -> Decision:
        """PATCH /v1/sessions/{id}: all images are there; the vendor decides."""
        return self._call(_calls.by_session("submit", session_id), timeout)

    def decision(self, session_id: str, *, timeout: float | None = None) -> Decision:
        """GET /v1/sessions/{id}/decision, once: a session that is not decided is PENDING."""
        return self._call(_calls.by_session("decision", session_id), timeout)

    def ine_registry(
        self,
        session_id: str,
        *,
        version: str | None = None,
        timeout: float | None = None,
    ) -> Decision:
        """GET /v1/sessions/{id}/decision/ine-registry (legacy): is the card active? `version`: 1.0.0."""
        return self._call(_calls.by_session("ine_registry", session_id, version), timeout)

    def curp_registry(
        self,
        session_id: str,
        *,
        version: str | None = None,
        timeout: float | None = None,
    ) -> Decision:
        """GET /v1/sessions/{id}/decision/curp-registry (legacy)."""
        return self._call(_calls.by_session("curp_registry", session_id, version), timeout)

    def ine_curp_registry(
        self, session_id: str, *, version: str | None = None, timeout: float | None = None
    ) -> Decision:
        """GET /v1/sessions/{id}/decision/combined-ine-curp-registry (legacy)."""
        return self._call(_calls.by_session("ine_curp_registry", session_id, version), timeout)

    def media_list(self, session_id: str, *, timeout: float | None = None) -> Decision:
        """GET /v1/sessions/{id}/media: `items("images")` and `items("videos")` of the reply."""
        return self._call(_calls.by_session("media_list", session_id), timeout)

    def attempts(self, session_id: str, *, timeout: float | None = None) -> Decision:
        """GET /v1/sessions/{id}/attempts: `items("attempts")` of the reply."""
        return self._call(_calls.by_session("attempts", session_id), timeout)

    def attempt_media(self, attempt_id: str, *, timeout: float | None = None) -> Decision:
        """GET /v1/attempts/{id}/media: the images of one attempt."""
        return self._call(_calls.by_id("attempt_media", c.IN_ATTEMPT_ID, attempt_id), timeout)

    def person(self, session_id: str, *, timeout: float | None = None) -> Decision:
        """GET /v1/sessions/{id}/person: what the vendor has read of the person. Personal data."""
        return self._call(_calls.by_session("person", session_id), timeout)

    def watchlist(self, session_id: str, *, timeout: float | None = None) -> Decision:
        """GET /v1/sessions/{id}/watchlist-screening."""
        return self._call(_calls.by_session("watchlist", session_id), timeout)

    def collected_data(self, session_id: str, body: str | bytes, *, timeout: float | None = None) -> Decision:
        """POST /v1/sessions/{id}/collected-data: a JSON object that is sent as it is."""
        try:
            request = _calls.by_session("collected_data", session_id).text(c.IN_BODY, body)
        finally:
            del body
        return self._call(request, timeout)

    def download_media(self, media_id: str, *, timeout: float | None = None) -> Decision:
        """GET /v1/media/{id}: the image is the reply's `bytes`, at most 32 MB."""
        return self._call(_calls.by_id("download_media", c.IN_MEDIA_ID, media_id), timeout)

    def delete_session(self, session_id: str, *, timeout: float | None = None) -> Decision:
        """DELETE /v1/sessions/{id}: the vendor forgets the person."""
        return self._call(_calls.by_session("delete_session", session_id), timeout)

    def raw(
        self,
        method: str,
        path: str,
        *,
        id: str | None = None,
        query: str | None = None,
        body: Any = None,
        timeout: float | None = None,
    ) -> Decision:
        """A signed call of an endpoint without a method of its own.

        `path`: a template as in /v1/sessions/{id}/person, which `id` fills; `query`: without its question mark; `body`:
        JSON as str or bytes, sent as it is. What is signed follows from the method, as everywhere in the API."""
        try:
            request = _calls.raw(method, path, id, query, body)
        finally:
            del body
        return self._call(request, timeout)
