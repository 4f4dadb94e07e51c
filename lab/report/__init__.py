"""The report: as data, as one page, for a pull request, and against an earlier one."""
