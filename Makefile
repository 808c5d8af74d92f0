# Les commandes du projet. `make` seul les montre.
.DEFAULT_GOAL := help
.PHONY: help install run shell train test lint-faq eval eval-reference faq retours pret pause reprise versions revenir fraicheur source rapport revue sauvegarde restaure channels-check telegram-webhook bench screenshots requirements clean

PYTHON := .venv/bin/python
BROWSER_PYTHON := .browser/bin/python
RASA := $(PYTHON) -m tools.quietly rasa
COMPILE := PATH="$$PATH:$(CURDIR)/.uv/bin" uv pip compile --quiet --python-version 3.10 --generate-hashes \
	--no-emit-index-url --no-header
STEP = @printf '\n== %s\n'

help: ## Montrer les commandes
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## Préparer l'environnement (se fait tout seul avant les autres commandes)
	@sh tools/setup.sh

run: install ## Démarrer l'assistant (adresse REST) ; Ctrl-C l'arrête
	@exec $(PYTHON) -m tools.run

shell: install ## Parler à l'assistant dans le terminal, pour essayer la FAQ
	@exec $(PYTHON) -m tools.shell

train: install ## Entraîner le modèle, si les données ont changé
	@exec $(PYTHON) -m tools.train

test: install ## Tout vérifier : style, types, contenu, données, récits, tests
	$(STEP) 'Style (ruff)'
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	$(STEP) 'Types (mypy)'
	@$(PYTHON) -m mypy
	$(STEP) 'Contenu (lint-faq)'
	@$(PYTHON) -m tools.lint_faq
	$(STEP) 'Données (rasa data validate)'
	@# Said only when it fails: Rasa takes every response that an action chooses for an unused one.
	@said=$$($(RASA) data validate --fail-on-warnings 2>&1) || { printf '%s\n' "$$said"; exit 1; }
	$(STEP) 'Modèle (rasa train)'
	@$(PYTHON) -m tools.train
	$(STEP) 'Récits (rasa test core)'
	@$(RASA) test core --fail-on-prediction-errors --stories tests/stories --no-plot --quiet
	$(STEP) 'Tests (pytest)'
	@$(PYTHON) -m pytest -n 3 --no-loadscope-reorder
	$(STEP) 'Chat dans un navigateur (playwright)'
	@sh tools/setup_browser.sh
	@$(BROWSER_PYTHON) -m pytest -c tests/browser/pytest.ini --confcutdir tests/browser tests/browser

lint-faq: install ## Vérifier le contenu : questions en nombre, sans doublon, faits et réponses atteints
	@$(PYTHON) -m tools.lint_faq

eval: train ## Mesurer la compréhension (BASE=rasa-default : celle de Rasa sans réglage, à côté)
	@exec $(PYTHON) -m evaluation $(if $(BASE),--base $(BASE))

eval-reference: train ## Prendre les résultats du jour pour référence : un recul fera échouer make test
	@exec $(PYTHON) -m evaluation --reference

faq: train ## Poser les questions d'un fichier (FILE=questions.txt), une par ligne
	@exec $(PYTHON) -m evaluation.faq $(if $(FILE),"$(FILE)")

retours: install ## Lister ce que les visiteurs ont dit des réponses (ARGS="--depuis 7")
	@exec $(PYTHON) -m tools.feedback $(ARGS)

pret: install ## Dire ce qui manque encore avant la mise en ligne (ARGS=--remplir : le remplir pas à pas)
	@exec $(PYTHON) -m tools.quietly tools.ready $(ARGS)

# What is between the quotes comes through as it is: make reads no `$` in it.
pause: export override MSG := $(value MSG)
pause: install ## Mettre l'assistant en pause sur tous les canaux (MSG="…" : ce qu'il dit)
	@exec $(PYTHON) -m tools.pause pause

reprise: install ## Faire répondre l'assistant de nouveau
	@exec $(PYTHON) -m tools.pause reprise

versions: install ## Lister les modèles et les connaissances gardés, et ceux qui servent
	@exec $(PYTHON) -m tools.versions

revenir: install ## Revenir à un modèle ou à des connaissances d'avant (VERSION=…)
	@exec $(PYTHON) -m tools.versions $(if $(VERSION),"$(VERSION)") $(ARGS)

fraicheur: install ## Lister les faits et sources à vérifier dans les 30 jours (ARGS="--jours 60")
	@exec $(PYTHON) -m tools.freshness $(ARGS)

source: install ## Ajouter un document et préparer ses faits (FILE=communique.txt)
	@exec $(PYTHON) -m tools.add_source $(if $(FILE),"$(FILE)") $(ARGS)

rapport: install ## Écrire le rapport d'activité (HTML, Markdown, images) (ARGS="--jours 7")
	@exec $(PYTHON) -m tools.report $(ARGS)

revue: install ## Passer en revue les questions restées sans réponse, puis mettre en ligne
	@exec $(PYTHON) -m tools.review $(ARGS)

sauvegarde: install ## Sauvegarder tout ce qui n'est pas dans git (FILE=sauvegarde.tar.gz)
	@exec $(PYTHON) -m tools.backup sauvegarde $(if $(FILE),"$(FILE)") $(ARGS)

restaure: install ## Remettre une sauvegarde en place (FILE=sauvegarde.tar.gz)
	@exec $(PYTHON) -m tools.backup restaure $(if $(FILE),"$(FILE)") $(ARGS)

channels-check: install ## Dire, pour chaque messagerie, ce qui est réglé, ce qui manque, et si les accès marchent
	@exec $(PYTHON) -m tools.quietly tools.channels_check $(ARGS)

telegram-webhook: install ## Dire à Telegram où envoyer les messages (URL=https://votre-site/webhooks/telegram/webhook)
	@exec $(PYTHON) -m tools.quietly tools.telegram_webhook $(if $(URL),"$(URL)") $(ARGS)

screenshots: train ## Refaire les images du chat (docs/images)
	@sh tools/setup_browser.sh
	@exec $(BROWSER_PYTHON) tests/browser/screenshots.py

bench: install ## Mesurer vitesse et taille (BASE=rasa-default : celles de Rasa sans réglage)
	@exec $(PYTHON) -m tools.bench $(if $(BASE),--base $(BASE))

requirements: install ## Recalculer les versions figées (pyproject.toml, overrides.txt)
	@$(COMPILE) --override overrides.txt pyproject.toml --output-file requirements.txt
	@$(COMPILE) --no-annotate tests/browser/requirements.in --output-file tests/browser/requirements.txt
	@# The version of uv stays the one written in tools/uv.txt.
	@$(COMPILE) --no-annotate tools/rasa_default/requirements.in --output-file tools/rasa_default/requirements.txt
	@grep '^uv==' tools/uv.txt | cut -d ' ' -f 1 | $(COMPILE) --no-annotate - --output-file tools/uv.txt

clean: ## Effacer ce qui se refait (environnement, modèle, résultats) ; garder conversations et versions
	@rm -rf .venv .uv .rasa-default .browser models/assistant-oim.* results .rasa .mypy_cache .ruff_cache .pytest_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
