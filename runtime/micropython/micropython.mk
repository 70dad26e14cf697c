# The module in a firmware: make -C ports/... USER_C_MODULES=/path/to/runtime, or its folder beside other modules.
# EMLC_FLAGS leaves parts out, as docs/micropython.md lists them.
EMLC_MODULE_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(EMLC_MODULE_DIR)/emlc.c
CFLAGS_USERMOD += -I$(EMLC_MODULE_DIR)/../src $(EMLC_FLAGS)
