"""msgspec at its best: Structs, so that only what is declared is made of a body."""

import msgspec


class Entry(msgspec.Struct):
    result: str
    reason: str | None = None


class Registry(msgspec.Struct):
    validations: dict[str, Entry] | None = None


class Verification(msgspec.Struct):
    id: str
    status: str
    code: int
    registryValidations: dict[str, Registry] | None = None
    reasonCode: int | None = None


class Root(msgspec.Struct):
    verification: Verification


loads = msgspec.json.Decoder(Root).decode
