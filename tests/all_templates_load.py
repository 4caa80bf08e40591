"""Compile every template of the project: `python -m tests.all_templates_load`. Ends with 1 when one does not."""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template


def main() -> None:
    """Name each template that does not compile."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mskb.settings")
    django.setup()
    folder = Path(settings.BASE_DIR) / "templates"
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    problems = [problem for name in names if (problem := problem_of(name))]
    print(*problems, f"{len(names)} templates, {len(problems)} do not compile", sep="\n")
    sys.exit(bool(problems) or not names)


def problem_of(name: str) -> str:
    """What is wrong with the template, or nothing."""
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        return f"templates/{name}: {error}"
    return ""


if __name__ == "__main__":
    main()
