/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/register.h"

/* What every program does first, for test programs of which each has a main() of its own. */
__attribute__ ((constructor)) static void
register_tasks (void)
{
  recon_tasks_register ();
}
