"""Use cases without Qt: a project and a recipe become a job; the command line needs only this."""
