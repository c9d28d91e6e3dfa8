# Every target says what it does: make help.
GO      ?= go
NPM     ?= npm --no-fund --no-audit
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LINT    := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
SQLC    := $(GO) run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1
DEAD    := $(GO) run golang.org/x/tools/cmd/deadcode@v0.52.0
FUZZ    ?= 10s

# apt needs root; as anybody else ask sudo.
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
# What building needs, what tests need beyond that.
BUILD_DEBS := gcc libc6-dev pkg-config libpcsclite-dev
TEST_DEBS  := pcscd vsmartcard-vpcd zbar-tools chromium fonts-dejavu-core iproute2 util-linux

.DEFAULT_GOAL := help
.PHONY: help deps test-deps build demo test test-go test-rig test-web test-e2e test-nopcsc lint fmt generate current bench fuzz clean

help: ## Show what can be made.
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## Install what building needs (Debian packages; needs root or sudo).
	@.ci/apt $(BUILD_DEBS)

test-deps: ## Install what the tests need besides.
	@.ci/apt $(BUILD_DEBS) $(TEST_DEBS)

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && $(NPM) ci
	@touch $@

WEB_SOURCES := $(shell find web/src web/scripts -type f 2>/dev/null) $(wildcard web/*.html web/*.ts web/*.js web/public/*)

web/dist/.built: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && $(NPM) run build
	@touch $@

build: deps web/dist/.built ## Build the screens and bin/comanda.
	$(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/comanda ./cmd/comanda

demo: build ## Start a whole sample restaurant on this machine.
	@exec bin/comanda demo

test: test-deps web/dist/.built test-go test-nopcsc test-rig test-web test-e2e ## Run everything that proves it.
	@echo "all tests passed"

test-go: ## Go tests with the race detector; needs nothing but Go, a C compiler and the PC/SC headers.
	$(GO) vet ./...
	$(GO) test -race -timeout 15m -p 3 ./...

test-nopcsc: ## Build and test without PC/SC.
	$(GO) vet -tags nopcsc ./...
	$(GO) test -tags nopcsc -short ./hardware/... ./edge/appliance ./cmd/comanda

test-rig: ## Tests on a real pcscd with virtual readers, and of codes with an independent decoder.
	$(GO) test -race -tags rig -timeout 10m -p 1 ./hardware/nfc/pcsc ./hardware/nfc/ntag424
	$(GO) test -tags rig -timeout 10m ./hardware/display/...
	$(GO) test -tags rig -timeout 8m -run 'Tag|Room' ./cmd/comanda

test-web: web/dist/.built ## Types, accessibility warnings, format and unit tests of the screens; the build weighs them.
	cd web && $(NPM) run check && $(NPM) run lint && $(NPM) test

test-e2e: build ## The whole restaurant in real Chromium.
	cd web && $(NPM) run pages && $(NPM) run e2e

lint: ## Lint, dead code, and whether generated files are current.
	$(LINT) run ./...
	@dead="$$($(DEAD) -test -tags rig ./...)"; if [ -n "$$dead" ]; then echo "$$dead"; echo "dead code"; exit 1; fi
	@$(MAKE) --no-print-directory current

fmt: ## Format Go and web sources.
	$(LINT) fmt ./...
	cd web && $(NPM) run format

generate: web/node_modules/.package-lock.json ## Make again what is generated and committed.
	cd edge/sqlite && $(SQLC) generate
	$(GO) generate ./edge/api
	cd web && $(NPM) run types

current: generate ## Fail when a generated file is not what its source makes.
	@git diff --exit-code --stat -- edge/sqlite/internal edge/api/openapi.yaml web/src/api.d.ts || (echo "generated files are not current: make generate"; exit 1)

bench: build ## Measure: benchmarks, then the whole device under load.
	$(GO) test -run '^$$' -bench . -benchtime 1s ./edge/... 
	$(GO) run ./cmd/comanda-load -binary bin/comanda

fuzz: ## Fuzz every parser of foreign bytes for FUZZ (10s) each.
	@.ci/fuzz $(FUZZ)

clean: ## Remove what was built.
	rm -rf bin web/dist/assets web/dist/*.html web/dist/.built web/node_modules web/test-results
