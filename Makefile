# Two commands matter: "make run" and "make test". Both need only Python 3.11+, pip, make and git.
# Variables: PORT=8000 DEMO=1 HOST=127.0.0.1 (run) · ARGS="-k words" (test) · ONLY=list,search (bench, prove)

PYTHON ?= python3
BOOTSTRAP = exec $(PYTHON) scripts/bootstrap.py

.PHONY: run status test lint bench prove messages openapi lock screenshots clean help

help: # this list
	@sed -n 's/^\([a-z]*\):  *# */  make \1	/p' Makefile

run: # start everything on this machine, with a demo
	@$(BOOTSTRAP) run

status: # who is running
	@$(BOOTSTRAP) status

test: # lint, types, layers, tests, browser
	@$(BOOTSTRAP) test $(ARGS)

lint: # the quick part of "make test"
	@$(BOOTSTRAP) lint

bench: # measure against the bars, ONLY=list,search for some
	@$(BOOTSTRAP) bench $(ARGS)

prove: # the long safety runs, ONLY=R12 for one
	@$(BOOTSTRAP) prove $(ARGS)

messages: # extract and compile the translations
	@$(BOOTSTRAP) messages $(ARGS)

openapi: # write docs/openapi.yaml
	@$(BOOTSTRAP) openapi

lock: # lock the libraries again, ARGS=--upgrade for newer ones
	@$(BOOTSTRAP) lock $(ARGS)

screenshots: # take the README's pictures from a demo of its own, ARGS=--all for every page
	@$(BOOTSTRAP) screenshots $(ARGS)

clean: # delete the environment, caches and all local data, the database included
	@$(BOOTSTRAP) clean
