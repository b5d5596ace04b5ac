# Every target does its own set-up; the second call of any of them does none.
# Variables: IMAGE (demo, annotate), LIBTORCH (an existing libtorch), FILTER (test),
# PEER (bench: the virtual environment of the Python original), PREFIX (install).

SHELL := /bin/bash
LIBTORCH ?= $(CURDIR)/.libtorch
PREFIX ?= $(HOME)/.local
export LIBTORCH

.DEFAULT_GOAL := help
.PHONY: help setup build test slowtest demo annotate install uninstall dist bench format check docs fuzz clean

help:                ## show this list
	@echo "MicroSAM: segmentation of microscopy images. Targets:"
	@sed -nE 's/^([a-z]+): .*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'
	@echo "  make demo IMAGE=path      segment an image of your own"
	@echo "  make test FILTER=Tiff     run the tests whose name contains Tiff"
	@echo "  make ... LIBTORCH=folder  use another libtorch (with lib/ and include/)"

setup:               ## install system packages and libtorch, if they are missing
	@Scripts/bootstrap

build: setup         ## build the program and the tests
	@Scripts/build

test: build          ## build and run all tests
	@Scripts/test $${FILTER:+"$$FILTER"}

slowtest: build      ## the same, with the tests that take minutes and gigabytes (ViT-L, ViT-H)
	@MICROSAM_SLOW_TESTS=1 Scripts/test $${FILTER:+"$$FILTER"}

demo: setup          ## segment a sample image (or IMAGE=path) and write labels and a picture to demo/
	@Scripts/demo $${IMAGE:+"$$IMAGE"}

annotate: setup      ## annotate in the browser: a sample with a tour (or IMAGE=path, a file or a folder)
	@Scripts/annotate $${IMAGE:+"$$IMAGE"}

install: setup       ## install usam, its libraries, completions and manual page into PREFIX (~/.local)
	@Scripts/build usam
	@Scripts/install "$(PREFIX)"

uninstall:           ## remove what make install installed
	@Scripts/install --remove "$(PREFIX)"

dist: setup          ## make an archive for Linux that runs without a compiler
	@Scripts/build usam
	@Scripts/dist

bench: setup         ## measure, side by side with the Python original where it is installed
	@Scripts/bench

format:              ## rewrite all sources in the project's format
	@Scripts/format

check:               ## check format and the project's rules, without building
	@Scripts/check

docs: setup          ## write the API documentation to .build/docs
	@Scripts/docs

fuzz: setup          ## feed damaged files to all readers (INPUTS of them each, from SEED)
	@Scripts/fuzz

clean:               ## remove build products and results, but not libtorch
	@rm -rf .build demo bench-output
