"""Ask the gate from coroutines, as the handlers of a web service do: those that ask at the same time are decided together.

It prints:

    201 for /articles/1
    201 for /articles/2
    409 for /articles/3: it repeats 1
"""

import asyncio

from dedup import Document, Gate, Index

ARTICLES = {
    "1": "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed.",
    "2": "Rain is expected in the northern provinces from Tuesday on, the weather service of the capital said in its bulletin.",
    "3": "Four people were killed when a bridge fell in Marsa on Monday, police said, and the road to the port is closed.",
}


async def put_article(gate: Gate, name: str, text: str) -> str:
    """Answer one request. In FastAPI this would be the function of a route, with the gate made when the service starts."""
    decision = await gate.decide_soon(Document(name, text))
    if decision.action == "skip":
        return f"409 for /articles/{name}: it repeats {decision.of}"
    return f"201 for /articles/{name}"


async def main() -> None:
    """Send three requests at once."""
    with Index.open(":memory:") as index:
        gate = Gate(index)
        answers = await asyncio.gather(*(put_article(gate, name, text) for name, text in ARTICLES.items()))
    print(*answers, sep="\n")


asyncio.run(main())
