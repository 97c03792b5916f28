# make test is all a newcomer needs; make help lists the rest.
GOFUMPT     := mvdan.cc/gofumpt@v0.12.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
SERVERS     := scripts/with-servers.sh

# As the binary is built; the race detector alone needs a C compiler.
export CGO_ENABLED = 0

.PHONY: help test race check build demo clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

test: ## run every test on SQLite, and on private MariaDB and Redis servers
	@scripts/need.sh
	$(SERVERS) go test -p 2 -timeout 13m ./...

race: ## the same with the race detector
	@scripts/need.sh
	@scripts/need.sh gcc=build-essential
	CGO_ENABLED=1 $(SERVERS) go test -race -p 2 -timeout 25m ./...

check: ## format, vet, staticcheck and the rules of the house
	@unformatted=$$(go run $(GOFUMPT) -l .) || exit 1; \
	if [ -n "$$unformatted" ]; then echo "not formatted (gofumpt -w):"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go run $(STATICCHECK) ./...
	@tests=$$(go test -list '^TestArch' ./cmd/aixin) || { echo "$$tests"; exit 1; }; \
	case "$$tests" in TestArch*) ;; *) echo "cmd/aixin has no architecture test"; exit 1;; esac
	go test -count=1 -run '^TestArch' ./cmd/aixin

build: ## one static binary in bin/
	CGO_ENABLED=0 go build -trimpath -buildvcs=auto -ldflags='-s -w' -o bin/aixin ./cmd/aixin

demo: ## try it: everything in one process, with a simulated WeChat
	go run ./cmd/aixin demo

clean: ## remove what build made (never data/)
	rm -rf bin
