/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "form/field.h"

G_BEGIN_DECLS

/* The devices that compute: kinds of them, and each one that there is. */
#define RECON_TYPE_DEVICE_ROW (recon_device_row_get_type ())
G_DECLARE_FINAL_TYPE (ReconDeviceRow, recon_device_row, RECON, DEVICE_ROW, AdwComboRow)

void recon_device_row_set_devices (ReconDeviceRow *self,
                                   GVariant       *devices);

G_END_DECLS
