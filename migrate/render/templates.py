"""The Jinja environment: strict, no logic beyond ``for`` and ``if`` over typed contexts."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any

import jinja2

from migrate.resources import templates


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(templates())),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def render_template(name: str, context: Any) -> str:
    """Render ``templates/<name>`` with the fields of the dataclass ``context``."""
    fields = {f.name: getattr(context, f.name) for f in dataclasses.fields(context)}
    return _environment().get_template(name).render(fields)
