"""Makes the site that browsers get, from the files of the portal, a brand and the parameters of a deployment.

The local stack makes it when a file changes, and a deployment when it publishes, so both serve the same.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from local.brand.accessibility import GRID, level_of
from local.brand.catalogue import LANGUAGES, language_of, replaced, texts_of
from local.brand.folder import NOTICE, STYLES, read_brand
from local.brand.links import link_of
from local.brand.pages import PAGES, file_of, title_of
from local.portal_files import CONFIG_FILE, config, is_published
from local.site_graph import modules_of_first_screen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from local.brand.accessibility import Level
    from local.brand.folder import Brand

EXAMPLE_BRAND: Final = "portal/brand"
CHANGE_PIN: Final = "/#/change-pin"
"""Where ``/.well-known/change-password`` leads (W3C, "A Well-Known URL for Changing Passwords")."""
NOT_FOUND: Final = "not-found.html"

_ONLY_FOR_PAGES = re.compile(r"texts/(?:fr|en)-pages\.js")
_FIRST_SCREEN = "screens/sign-in.html"
"""The HTML that stands in the first page."""
_STYLESHEETS = ("tokens.css", "page.css", "forms.css")
_NAMES = {"fr": "Français", "en": "English"}
_LOGO_HEIGHT = 44
_SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="0 0 24 24">(.*?)</symbol>')
_SECURITY_TXT_VALID = timedelta(days=360)


@dataclass(frozen=True)
class SiteSources:
    """What the site is made from.

    Attributes:
        portal: the files of the portal by name, without the example brand.
        brand: the brand.
        level: what the accessibility audit says.
    """

    portal: Mapping[str, bytes]
    brand: Brand
    level: Level

    @classmethod
    def of_clone(cls, root: Path, brand: Path | None) -> SiteSources:
        """Read the portal of a clone as it is now, and a brand.

        Args:
            root: the folder of the clone.
            brand: the folder of the brand; None for the example.

        Raises:
            BrandRefused: the brand cannot be used.
        """
        portal = root / "portal"
        files = {path.relative_to(portal).as_posix(): path.read_bytes() for path in portal.rglob("*") if path.is_file()}
        return cls.read(root, files, brand)

    @classmethod
    def read(cls, root: Path, portal: Mapping[str, bytes], brand: Path | None) -> SiteSources:
        """Read what stands beside the files of the portal.

        Args:
            root: the folder of the clone.
            portal: the files of the portal by name.
            brand: the folder of the brand; None for the example.

        Raises:
            BrandRefused: the brand cannot be used.
        """
        own = {name: content for name, content in portal.items() if not name.startswith("brand/")}
        grid = root / GRID
        level = level_of(grid.read_bytes() if grid.is_file() else None)
        return cls(own, read_brand(brand or root / EXAMPLE_BRAND, own), level)


def site(sources: SiteSources, parameters: Mapping[str, str], today: date) -> dict[str, bytes]:
    """Make every file that browsers get, by name.

    Args:
        sources: what it is made from.
        parameters: those of the stack.
        today: the day on which ``security.txt`` starts to be valid (RFC 9116 wants an end within a year).
    """
    portal, brand = sources.portal, sources.brand
    maker = _Pages(sources, parameters)
    tokens, *others = (portal[f"styles/{name}"] for name in _STYLESHEETS)
    return {
        **{name: _own(name, content, brand) for name, content in portal.items() if _is_copied(name)},
        **{f"brand/{name}": content for name, content in brand.files.items() if name != STYLES},
        "brand/styles.css": _compact(b"\n".join([tokens, brand.files[STYLES], *others])),
        f"brand/{NOTICE}": brand.notice,
        "index.html": maker.first_page(),
        NOT_FOUND: maker.not_found(),
        **{file_of(page, language): maker.page(page, language) for page in maker.written() for language in LANGUAGES},
        "robots.txt": b"User-agent: *\nDisallow: /v1/\n",
        ".well-known/security.txt": _security_txt(brand, parameters, today),
        CONFIG_FILE: config(parameters, brand.links.get("after_sign_in_url")),
    }


def dialled(helpline: str) -> str:
    """Return a telephone number as a link dials it (RFC 3966)."""
    return re.sub(r"[^+\d]", "", helpline)


def _is_copied(name: str) -> bool:
    """Return whether browsers get a file of the portal by its own name: no template and no part of one."""
    path = PurePath(name)
    is_part = path.parts[0] in {"parts", "styles"} or name in {"index.html", "page.html", NOT_FOUND, _FIRST_SCREEN}
    return is_published(path) and not is_part and not _ONLY_FOR_PAGES.fullmatch(name)


def _compact(css: bytes) -> bytes:
    """Leave out what no browser needs of a stylesheet: comments and indentation."""
    return re.sub(rb"\n\s*", b"\n", re.sub(rb"/\*.*?\*/", b"", css, flags=re.DOTALL))


def _own(name: str, content: bytes, brand: Brand) -> bytes:
    language = language_of(name)
    return replaced(content, brand.texts[language]) if language else content


def _security_txt(brand: Brand, parameters: Mapping[str, str], today: date) -> bytes:
    lines = {
        "Contact": brand.links["security_contact"]["fr"],
        "Expires": f"{today + _SECURITY_TXT_VALID}T00:00:00Z",
        "Preferred-Languages": ", ".join(LANGUAGES),
        "Canonical": f"{parameters['PublicOrigin']}/.well-known/security.txt",
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items()).encode()


class _Pages:
    """Fills in the pages."""

    def __init__(self, sources: SiteSources, parameters: Mapping[str, str]) -> None:
        templates = {name: it.decode() for name, it in sources.portal.items() if name.endswith(".html")}
        self._templates = Environment(
            loader=DictLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            trim_blocks=True,
        )
        self._brand, self._level = sources.brand, sources.level
        self._modules = modules_of_first_screen(sources.portal)
        self._icons = dict(_SYMBOL.findall(sources.portal["icons.svg"].decode()))
        self._insurer, self._helpline = parameters["InsurerName"], parameters["InsurerHelpline"]
        self._texts = {
            language: {**texts_of(sources.portal, language), **sources.brand.texts[language]} for language in LANGUAGES
        }

    def written(self) -> list[str]:
        """List the pages that the brand does not have elsewhere."""
        return [page for page in PAGES if link_of(page) not in self._brand.links]

    def first_page(self) -> bytes:
        """Fill in the first page; its script changes the language."""
        addresses = {code: f"./?lang={code}" for code in LANGUAGES}
        return self._filled("index.html", LANGUAGES[0], root="", addresses=addresses, modules=self._modules)

    def not_found(self) -> bytes:
        """Fill in the page for unknown addresses, as the function of CloudFront does in ``template.yaml``."""
        page = self._templates.get_template(NOT_FOUND)
        return page.render(insurer=self._insurer, helpline=self._helpline, dialled=dialled(self._helpline)).encode()

    def page(self, name: str, language: str) -> bytes:
        """Fill in one of the brand's pages."""
        written = self._brand.pages[file_of(name, language)]
        facts = {
            "insurer": escape(self._insurer),
            "telephone": self._telephone(),
            "level": escape(self._texts[language][f"level.{self._level.name}"].format(rate=self._level.percent)),
        }
        content = re.sub(r"\{(\w+)\}", lambda found: str(facts[found[1]]), written)
        addresses = {code: PurePath(file_of(name, code)).name for code in LANGUAGES}
        title = html.unescape(title_of(content))
        own = Markup(content)  # noqa: S704 - the insurer's own page
        return self._filled("page.html", language, root="../", addresses=addresses, title=title, content=own)

    def _filled(self, template: str, language: str, root: str, addresses: Mapping[str, str], **more: Any) -> bytes:  # noqa: ANN401 - facts of one template
        texts, links = self._texts[language], self._links(root)

        def leads_to(name: str) -> Markup:
            by_language = links[name]
            address = Markup('href="{}"').format(by_language[language])
            if len(set(by_language.values())) == 1:
                return address
            return address + Markup(' data-href-fr="{fr}" data-href-en="{en}"').format(**by_language)

        def link(name: str, key: str) -> Markup:
            return Markup('<a {} data-text="{}">{}</a>').format(leads_to(name), key, texts[key])

        def text(key: str) -> Markup:
            return Markup('<span data-text="{}">{}</span>').format(key, texts[key])

        width, height = self._brand.logo_size
        return (
            self._templates.get_template(template)
            .render(
                language=language,
                languages=_NAMES,
                root=root,
                addresses=addresses,
                links=links,
                link=link,
                leads_to=leads_to,
                text=text,
                plain=texts.__getitem__,
                icon=self._icon,
                insurer=self._insurer,
                telephone=self._telephone(),
                level=self._level.stated,
                logo={"width": round(width * _LOGO_HEIGHT / height), "height": _LOGO_HEIGHT},
                theme=self._brand.colours,
                **more,
            )
            .encode()
        )

    def _icon(self, name: str) -> Markup:
        """Write one of the portal's icons into the page, which then needs no further file for it."""
        drawing = Markup(self._icons[name])  # noqa: S704 - the portal's own drawing
        return Markup('<svg class="icon" aria-hidden="true" viewBox="0 0 24 24">{}</svg>').format(drawing)

    def _telephone(self) -> Markup:
        return Markup('<a href="tel:{}" data-telephone>{}</a>').format(dialled(self._helpline), self._helpline)

    def _links(self, root: str) -> dict[str, Mapping[str, str]]:
        pages = {
            link_of(page): {language: f"{root}{file_of(page, language)}" for language in LANGUAGES}
            for page in self.written()
        }
        links: dict[str, Mapping[str, str]] = {**pages, **self._brand.links}
        cookies = {language: f"{address}#cookies" for language, address in links["personal_data"].items()}
        return {"cookies": cookies, **links}


class SiteFolder:
    """The site of a clone as it is now: made again after a file has changed.

    Args:
        root: the folder of the clone.
        brand: the folder of the brand; None for the example.
        parameters: those of the stack.
        today: today.
    """

    def __init__(self, root: Path, brand: Path | None, parameters: Mapping[str, str], today: date) -> None:
        self._root, self._brand, self._parameters, self._today = root, brand, parameters, today
        self._seen: Mapping[Path, int] = {}
        self._files: Mapping[str, bytes] = {}

    def __call__(self) -> Mapping[str, bytes]:
        """Return the files by name.

        Raises:
            BrandRefused: the brand cannot be used.
        """
        folders = (self._root / "portal", self._brand or self._root / EXAMPLE_BRAND, (self._root / GRID).parent)
        seen = {path: path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*") if path.is_file()}
        if seen != self._seen:
            sources = SiteSources.of_clone(self._root, self._brand)
            self._files = site(sources, self._parameters, self._today)
            self._seen = seen
        return self._files
