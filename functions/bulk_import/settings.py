"""The settings of the functions of a load by AWS; ``template.yaml`` explains each of them."""

from __future__ import annotations

import re
from functools import cached_property

from member_access.settings import IdentifierPattern, TableSettings


class LoadSettings(TableSettings):
    """The settings of all functions of a load."""

    import_bucket: str
    identifier_pattern: IdentifierPattern

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The stack's pattern for identifiers."""
        return re.compile(self.identifier_pattern, re.ASCII)


class RangeLoadSettings(LoadSettings):
    """The settings of the workers."""

    index_key_arn: str
    own_data_key_arn: str
