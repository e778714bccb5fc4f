# Two commands do everything: `make demo` and `make test`. Each sets up what it needs on a machine that has Python 3.11 or
# later and make: a virtual environment with pinned packages, a Temporal server with its web UI, and fonts. A second run
# finds all of it and starts in seconds. `make help` lists the rest; ARGS="…" is passed on.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The environment is made anew whenever the lock or the project file changes.
STAMP := $(VENV)/ready-$(shell cat requirements.lock pyproject.toml | cksum | tr -d ' ')
ARGS ?=

# Without kept bytecode each of some hundred processes that the tests start compiles the house anew: 0.4 seconds each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test up check bench machine mutants lock clean setup server fonts s3
.NOTPARALLEL:
.DEFAULT_GOAL := help

help:
	@echo 'make demo    推演随附的真实案件，给出报告（ARGS=--keep 保持运行）'
	@echo 'make up      启动本机系统：服务器、网页界面、工作进程；数据留存，Ctrl-C 停止'
	@echo 'make test    运行全部测试（四个进程；ARGS="-k 名称" 只运行一部分，一个进程）'
	@echo 'make check   检查格式、类型、分层、文档、打包'
	@echo 'make bench   运行基准测试'
	@echo 'make machine 状态机十万步：任意消息、任意顺序（约八至十三分钟）'
	@echo 'make mutants 变异测试期限函数（约两分钟）'
	@echo 'make lock    重新锁定依赖版本'
	@echo 'make clean   删除虚拟环境和各种缓存（不动案件数据）'

demo: setup server fonts
	@$(BIN)/mingjian demo $(ARGS)

# Four processes share the files, since much of the time is waiting; each has a server of its own. With ARGS there is one.
test: setup server fonts s3
	@$(BIN)/python -m pytest $(or $(ARGS),-n 4 --dist loadfile --no-loadscope-reorder --max-worker-restart 0)

up: setup server fonts
	@$(BIN)/mingjian up $(ARGS)

bench: setup server fonts
	@$(BIN)/python -m bench $(ARGS)

machine: setup
	@MINGJIAN_MACHINE=long nice $(BIN)/python -m pytest tests/test_case_machine.py $(ARGS)

mutants: setup
	@$(BIN)/python -m tests.mutation

check: setup server
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_docs.py tests/test_packaging.py $(ARGS)

lock: setup
	$(BIN)/python -m starter.provision.lock

clean:
	rm -rf $(VENV) dist build mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup: $(STAMP)

server: setup
	@$(BIN)/python -m starter.provision.server --fetch

fonts: setup
	@$(BIN)/python -m starter.provision.fonts

# Without Go there is none: the tests that need it are then passed over.
s3: setup
	-@$(BIN)/python -m starter.provision.s3_server --fetch

$(STAMP): requirements.lock pyproject.toml
	@chosen=; \
	for candidate in $(PYTHON) python3.13 python3.12 python3.11; do \
	  if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    chosen=$$candidate; break; \
	  fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	  echo '需要 Python 3.11 或更新版本（连同 venv 模块）：请安装后再试，或用 make PYTHON=/路径/python3.11 指明' >&2; \
	  if command -v $(PYTHON) >/dev/null; then echo "现有的是 $$($(PYTHON) --version 2>&1)" >&2; fi; \
	  exit 1; \
	fi; \
	echo "[1/3] 建立虚拟环境（$$($$chosen --version)）"; \
	rm -rf $(VENV); "$$chosen" -m venv $(VENV)
	@echo '[2/3] 安装锁定的依赖（第一次约一两分钟）'
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	@echo '[3/3] 安装本项目'
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $(STAMP)
