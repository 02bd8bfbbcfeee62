/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/service-error.h"

#include "error.h"

static const GDBusErrorEntry entries[] = {
  { RECON_ERROR_CONFIG, "org.reconstruct.Error.Config" },
  { RECON_ERROR_INPUT, "org.reconstruct.Error.Input" },
  { RECON_ERROR_EXISTS, "org.reconstruct.Error.Exists" },
  { RECON_ERROR_RESUME, "org.reconstruct.Error.Resume" },
  { RECON_ERROR_READ, "org.reconstruct.Error.Read" },
  { RECON_ERROR_WRITE, "org.reconstruct.Error.Write" },
  { RECON_ERROR_DEVICE, "org.reconstruct.Error.Device" },
  { RECON_ERROR_MEMORY, "org.reconstruct.Error.Memory" },
  { RECON_ERROR_AXIS, "org.reconstruct.Error.Axis" },
};

/**
 * recon_service_error_register:
 *
 * Lets errors of %RECON_ERROR keep their domain and code on their way from the worker to the client. Both call it
 * before the first message; more than once does no harm.
 */
void
recon_service_error_register (void)
{
  static gsize registered = 0;

  if (!g_once_init_enter (&registered))
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    g_dbus_error_register_error (RECON_ERROR, entries[i].error_code, entries[i].dbus_error_name);
  g_once_init_leave (&registered, 1);
}
