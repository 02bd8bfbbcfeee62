/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

void recon_time_zone_check (void);
