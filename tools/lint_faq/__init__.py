"""The linter of the content, `make lint-faq`: what is to be mended in the questions and responses, with its line."""
