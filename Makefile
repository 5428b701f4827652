.PHONY: demo test check setup

demo: setup
	.venv/bin/python manage.py demo
	.venv/bin/python manage.py serve

test:
	bin/setup --dev
	bin/test

check:
	bin/check

setup:
	bin/setup
