/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/parameter.h"

G_BEGIN_DECLS

/* Registers the program's tasks and, between flat field and filter, one of the test's own: a section "rings" with rows
 * of all kinds. In place of recon_tasks_register(). */
void test_section_register      (void);
void test_section_register_with (const ReconParameterSection *other);

G_END_DECLS
