/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

int  recon_build_lock   (void);
void recon_build_unlock (int lock);
