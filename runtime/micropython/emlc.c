/**
 * The MicroPython module emlc: one translation unit, see docs/micropython.md. Natively (.mpy) by the Makefile here,
 * into a firmware by micropython.mk or micropython.cmake.
 *
 * Besides what emlc/tmdl.h lists (EMLC_NO_TREES, EMLC_NO_DENSE, ...): EMLC_MP_NO_CSV, EMLC_MP_NO_LEVEL,
 * EMLC_MP_NO_SIGNALS, EMLC_MP_NO_INFO.
 */
#ifdef EMLC_NO_MATH
#error "the level of a sound, and this module's own functions, need expf and logf: EMLC_NO_MATH is not for it"
#endif

#include <emlc/tmdl_format.h>
#if defined(EMLC_NO_LINKED_TREES) && !defined(EMLC_MP_NO_CSV)
#define EMLC_MP_NO_CSV /* what is loaded from CSV are such trees */
#endif
#include "port.h"
/* After the names of libm have been replaced. */
#include "filter.h"
#include "model.h"
#include "open.h"
#ifndef EMLC_MP_NO_CSV
#include "csv.h"
#endif
#ifndef EMLC_MP_NO_LEVEL
#include "level.h"
#endif
#if EMLC_MP_NATIVE
#include "short_math.h"
#if defined(__ARM_ARCH_6M__) || (defined(__riscv) && !defined(__riscv_flen))
#include "soft_float.h"
#endif
#endif

#if EMLC_MP_NATIVE
/** Called when the module is imported. */
mp_obj_t mpy_init(mp_obj_fun_bc_t* self, size_t n_args, size_t n_kw, mp_obj_t* args) {
  MP_DYNRUNTIME_INIT_ENTRY
  emlc_mp_model_type.base.type = (const mp_obj_type_t*)&mp_type_type;
  emlc_mp_model_type.name = MP_QSTR_Model;
  MP_OBJ_TYPE_SET_SLOT(&emlc_mp_model_type, attr, emlc_mp_model_attr, 0);
  mp_store_global(MP_QSTR_open, MP_OBJ_FROM_PTR(&emlc_mp_open_object));
#ifndef EMLC_MP_NO_CSV
  mp_store_global(MP_QSTR_load_csv, MP_OBJ_FROM_PTR(&emlc_mp_load_csv_object));
#endif
#ifndef EMLC_MP_NO_LEVEL
  emlc_mp_level_type.base.type = (const mp_obj_type_t*)&mp_type_type;
  emlc_mp_level_type.name = MP_QSTR_Level;
  MP_OBJ_TYPE_SET_SLOT(&emlc_mp_level_type, make_new, emlc_mp_level_make_new, 0);
  MP_OBJ_TYPE_SET_SLOT(&emlc_mp_level_type, attr, emlc_mp_level_attr, 1);
  mp_store_global(MP_QSTR_Level, MP_OBJ_FROM_PTR(&emlc_mp_level_type));
#endif
  MP_DYNRUNTIME_INIT_EXIT
}
#else
MP_DEFINE_CONST_OBJ_TYPE(emlc_mp_model_type, MP_QSTR_Model, MP_TYPE_FLAG_NONE, attr, emlc_mp_model_attr);
#ifndef EMLC_MP_NO_LEVEL
MP_DEFINE_CONST_OBJ_TYPE(emlc_mp_level_type, MP_QSTR_Level, MP_TYPE_FLAG_NONE, make_new, emlc_mp_level_make_new, attr,
                         emlc_mp_level_attr);
#endif

static const mp_rom_map_elem_t emlc_mp_globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_emlc)},
    {MP_ROM_QSTR(MP_QSTR_open), MP_ROM_PTR(&emlc_mp_open_object)},
#ifndef EMLC_MP_NO_CSV
    {MP_ROM_QSTR(MP_QSTR_load_csv), MP_ROM_PTR(&emlc_mp_load_csv_object)},
#endif
#ifndef EMLC_MP_NO_LEVEL
    {MP_ROM_QSTR(MP_QSTR_Level), MP_ROM_PTR(&emlc_mp_level_type)},
#endif
};
static MP_DEFINE_CONST_DICT(emlc_mp_globals, emlc_mp_globals_table);

const mp_obj_module_t emlc_mp_module = {.base = {&mp_type_module}, .globals = (mp_obj_dict_t*)&emlc_mp_globals};
MP_REGISTER_MODULE(MP_QSTR_emlc, emlc_mp_module);
#endif
