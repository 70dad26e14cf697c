/**
 * Load and run models from CSV, a piece of the file at a time: networks, filters, trees. docs/formats.md has the forms.
 */
#ifndef EMLC_CSV_H
#define EMLC_CSV_H

#include "csv_network.h"
#include "csv_sos.h"
#include "csv_trees.h"

#endif /* EMLC_CSV_H */
