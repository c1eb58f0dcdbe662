"""The addresses of the desk."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..problems import Problem
from . import answers, compare, doubts, feed, following, stories, story
from .frame import ASSETS, asset


async def assets(request: Request) -> Response:
    """Return a style or a script."""
    name = request.path_params["name"]
    if name not in ASSETS:
        raise Problem(404, "no such file")
    return Response(asset(name), media_type=ASSETS[name], headers={"Cache-Control": "private, max-age=31536000, immutable"})


def desk_routes() -> list[Route]:
    """Return the addresses of the desk."""
    return [
        Route("/", compare.home),
        Route("/compare", compare.compare, methods=["POST"]),
        Route("/comparisons/{name}", compare.comparison),
        Route("/comparisons/{name}/{style}", compare.download),
        Route("/stories", stories.stories),
        Route("/stories/{name}", story.story),
        Route("/stories/{name}/compare", story.story_pair),
        Route("/stories/{name}/compare/{style}", story.story_pair_file),
        Route("/stories/{name}/{style}", story.story_file),
        Route("/live", following.live, methods=["GET"]),
        Route("/feed.atom", feed.feed),
        Route("/doubts", doubts.doubts),
        Route("/verdicts", answers.judge, methods=["POST"]),
        Route("/assets/{name}", assets),
    ]
