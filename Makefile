# Five main words. Each sets up what it needs through ./run, which see.
#
#   make build     the extension, in place, in the environment .venv
#   make test      the default tests (what ./run test does)
#   make check     linters, warnings as errors, sdist and wheel, the full tests
#   make fuzz      the parser's fuzz targets, SECONDS in all (60)
#   make bench     the benchmarks beside their peers; make bench-check, whether
#                  anything takes more instructions than was recorded
#
# And four smaller ones: make parser (the parser alone, on libc alone, with its
# cdump command), make matrix (the tests on every interpreter of this machine),
# make wheels (what is released, in build/wheelhouse), make format (clang-format
# and ruff, in place).

SECONDS ?= 60
CFLAGS  ?= -O2 -g
PARSER  := $(wildcard parser/*.c)

build test check bench bench-check matrix wheels:
	./run $@

fuzz:
	testing/fuzz/run.sh $(SECONDS)

parser: build/cdump

build/cdump: $(PARSER) $(wildcard parser/*.h parser/*.def)
	mkdir -p build
	$(CC) -std=c11 -Wall -Wextra $(CFLAGS) -Iparser $(PARSER) -o $@

format:
	clang-format -i c/*.[ch] parser/*.[ch]
	./run python -m ruff check --fix .

clean:
	rm -rf build .venv *.egg-info .pytest_cache _cffi_core*.so

.PHONY: build test check fuzz bench bench-check matrix wheels parser format clean
