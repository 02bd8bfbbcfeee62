/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/register.h"

/* In the order of the work, which is that of files and forms. */
static const ReconParameterSection *const sections[] = {
  &recon_flat_field_parameters,
  &recon_filter_parameters,
  &recon_backproject_parameters,
  NULL,
};

/**
 * recon_tasks_register:
 *
 * Makes the parameters of all tasks known. Every program calls it before its first #ReconConfig; more calls, from any
 * thread, do nothing.
 */
void
recon_tasks_register (void)
{
  static gsize registered = 0;

  if (!g_once_init_enter (&registered))
    return;

  recon_parameters_register (sections);
  g_once_init_leave (&registered, 1);
}
