/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/client.h"

#include <glib/gi18n-lib.h>

#include "client/client-private.h"
#include "wire/transport.h"

G_DEFINE_FINAL_TYPE (ReconClient, recon_client, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_KERNELS,
  N_PROPS
};

enum
{
  LOG,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

void
_recon_client_log (ReconClient   *self,
                   guint          job,
                   ReconLogLevel  level,
                   gint64         time,
                   const char    *text)
{
  g_signal_emit (self, signals[LOG], 0, job, (int) level, time, text);
}

static void
set_kernels (ReconClient *self,
             const char  *device,
             guint        n_done,
             guint        n_all)
{
  if (g_str_equal (device, self->kernels) && n_done == self->n_kernels_done && n_all == self->n_kernels)
    return;

  g_free (self->kernels);
  self->kernels = g_strdup (device);
  self->n_kernels_done = n_done;
  self->n_kernels = n_all;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KERNELS]);
}

void
_recon_client_notify (ReconClient *self)
{
  if (self->state != RECON_CLIENT_READY)
    set_kernels (self, "", 0, 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static ReconClientJob *
find_job (ReconClient *self,
          guint        number)
{
  for (guint i = 0; i < self->jobs->len; i++)
    {
      ReconClientJob *job = self->jobs->pdata[i];

      if (job->number == number)
        return job;
    }

  return NULL;
}

static void
handle_log (ReconClient *self,
            GVariant    *parameters)
{
  static const char *const names[] = { "warning", "info", "debug" };
  const char *name, *text;
  ReconClientJob *owner;
  gint64 time;
  guint job;

  g_variant_get (parameters, "(u&sx&s)", &job, &name, &time, &text);
  owner = job != 0 ? find_job (self, job) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (!g_str_equal (name, names[i]))
        continue;
      if (owner != NULL)
        _recon_client_job_emit_log (owner, (int) i, time, text);
      _recon_client_log (self, job, (ReconLogLevel) i, time, text);
    }
}

void
_recon_client_signal_cb (GDBusConnection *connection,
                         const char      *sender,
                         const char      *path,
                         const char      *interface,
                         const char      *signal,
                         GVariant        *parameters,
                         gpointer         user_data)
{
  g_autoptr (ReconClient) self = g_object_ref (user_data);
  ReconClientJob *job;
  guint number;

  if (g_str_equal (signal, "Log") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(usxs)")))
    {
      handle_log (self, parameters);
      return;
    }
  if (g_str_equal (signal, "Kernels") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(suu)")))
    {
      const char *device;
      guint n_done, n_all;

      g_variant_get (parameters, "(&suu)", &device, &n_done, &n_all);
      set_kernels (self, device, n_done, n_all);
      return;
    }
  if (!g_str_has_prefix (g_variant_get_type_string (parameters), "(u"))
    return;

  g_variant_get_child (parameters, 0, "u", &number);
  job = number != 0 ? find_job (self, number) : NULL;
  if (job != NULL)
    {
      g_autoptr (ReconClientJob) alive = g_object_ref (job);

      _recon_client_job_handle_signal (alive, signal, parameters);
    }
}

static void
recon_client_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ReconClient *self = RECON_CLIENT (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, (int) self->state);
      break;
    case PROP_KERNELS:
      g_value_set_string (value, self->kernels);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_client_dispose (GObject *object)
{
  ReconClient *self = RECON_CLIENT (object);

  recon_client_stop (self);

  G_OBJECT_CLASS (recon_client_parent_class)->dispose (object);
}

static void
recon_client_finalize (GObject *object)
{
  ReconClient *self = RECON_CLIENT (object);

  g_strfreev (self->argv);
  g_free (self->lost_reason);
  g_free (self->kernels);
  g_ptr_array_unref (self->jobs);

  G_OBJECT_CLASS (recon_client_parent_class)->finalize (object);
}

static void
recon_client_class_init (ReconClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = recon_client_get_property;
  object_class->dispose = recon_client_dispose;
  object_class->finalize = recon_client_finalize;

  properties[PROP_STATE] =
      g_param_spec_int ("state", NULL, NULL, RECON_CLIENT_STOPPED, RECON_CLIENT_LOST, RECON_CLIENT_STOPPED,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_KERNELS] = g_param_spec_string ("kernels", NULL, NULL, "",
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[LOG] = g_signal_new ("log", RECON_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                               G_TYPE_UINT, G_TYPE_INT, G_TYPE_INT64, G_TYPE_STRING);

  recon_transport_register_errors ();
}

static void
recon_client_init (ReconClient *self)
{
  self->jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_init (&self->waiting);
  self->kernels = g_strdup ("");
}

/**
 * recon_client_new:
 * @argv: (array zero-terminated=1): what starts a worker: program (looked for in PATH) and arguments
 *
 * Returns: (transfer full): a client whose worker isn't started yet
 */
ReconClient *
recon_client_new (const char *const *argv)
{
  ReconClient *self;

  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  self = g_object_new (RECON_TYPE_CLIENT, NULL);
  self->argv = g_strdupv ((char **) argv);

  return self;
}

ReconClientState
recon_client_get_state (ReconClient *self)
{
  g_return_val_if_fail (RECON_IS_CLIENT (self), RECON_CLIENT_STOPPED);

  return self->state;
}

/**
 * recon_client_get_lost_reason:
 * @self: a client
 *
 * Returns: (transfer none) (nullable): how the worker ended, with its last words, if it is lost
 */
const char *
recon_client_get_lost_reason (ReconClient *self)
{
  g_return_val_if_fail (RECON_IS_CLIENT (self), NULL);

  return self->lost_reason;
}

/**
 * recon_client_get_kernels:
 * @self: a client
 * @n_done: (out): how many are compiled
 * @n_all: (out): of how many; 0 while a job goes first
 *
 * Returns: (transfer none): the device for which the worker compiles kernels ahead, or "" while it doesn't
 */
const char *
recon_client_get_kernels (ReconClient *self,
                          guint       *n_done,
                          guint       *n_all)
{
  *n_done = self->n_kernels_done;
  *n_all = self->n_kernels;

  return self->kernels;
}

/**
 * recon_client_get_pid:
 * @self: a client
 *
 * Returns: the process of the worker, or 0
 */
GPid
recon_client_get_pid (ReconClient *self)
{
  g_return_val_if_fail (RECON_IS_CLIENT (self), 0);

  return self->process != NULL ? recon_client_process_get_pid (self->process) : 0;
}
