"""The second slot's own model, which wants a package that is not there: running this file fails."""

import a_framework_that_is_not_installed  # noqa: F401


class WideAndDeepCTRModel:
    pass
