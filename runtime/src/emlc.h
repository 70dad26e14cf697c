/**
 * The device runtime of emlc: everything. Each header also stands alone; take what you use.
 */
#ifndef EMLC_H
#define EMLC_H

#include "emlc/activations.h"
#include "emlc/bytes.h"
#include "emlc/csv.h"
#include "emlc/dense.h"
#include "emlc/level.h"
#include "emlc/scaler.h"
#include "emlc/sos.h"
#include "emlc/sos_fixed.h"
#include "emlc/status.h"
#include "emlc/steps.h"
#include "emlc/tmdl.h"
#include "emlc/tmdl_info.h"
#include "emlc/tmdl_typed.h"
#include "emlc/trees.h"

#endif /* EMLC_H */
