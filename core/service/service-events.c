/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/service-job.h"

/* Threads of a service don't emit signals: they have the main context do it. */

/**
 * _recon_service_post:
 * @context: where to call it
 * @function: is called later, in the order of such calls
 * @data: for @function
 * @destroy: frees @data, there too
 */
void
_recon_service_post (GMainContext   *context,
                     GSourceFunc     function,
                     gpointer        data,
                     GDestroyNotify  destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, data, destroy);
  g_source_attach (source, context);
}

typedef struct
{
  GObject    *object;
  const char *name;
  GVariant   *arguments;
} Event;

static void
event_free (gpointer data)
{
  Event *event = data;

  g_object_unref (event->object);
  g_variant_unref (event->arguments);
  g_free (event);
}

static gboolean
emit_event (gpointer data)
{
  const Event *event = data;

  g_signal_emit_by_name (event->object, "event", event->name, event->arguments);

  return G_SOURCE_REMOVE;
}

/**
 * _recon_service_post_event:
 * @object: (type GObject): a service or a job
 * @context: its main context
 * @name: a signal of Worker1.xml; stays as it is
 * @arguments: those that it has
 *
 * Emits an "event", later.
 */
void
_recon_service_post_event (gpointer      object,
                           GMainContext *context,
                           const char   *name,
                           GVariant     *arguments)
{
  Event *event = g_new (Event, 1);

  *event = (Event) { g_object_ref (object), name, g_variant_ref_sink (arguments) };
  _recon_service_post (context, emit_event, event, event_free);
}

typedef struct
{
  GWeakRef      object;
  GMainContext *context;
  guint         job;
} Follower;

static void
follower_free (gpointer  data,
               GClosure *closure)
{
  Follower *follower = data;

  g_weak_ref_clear (&follower->object);
  g_main_context_unref (follower->context);
  g_free (follower);
}

static void
record_cb (ReconLog   *log,
           int         level,
           const char *text,
           Follower   *follower)
{
  static const char *const levels[] = { "warning", "info", "debug" };
  g_autoptr (GObject) object = g_weak_ref_get (&follower->object);
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  if (object != NULL)
    _recon_service_post_event (object, follower->context, "Log",
                               g_variant_new ("(usxs)", follower->job, levels[level], g_get_real_time (), valid));
}

/**
 * _recon_service_follow_log:
 * @object: (type GObject): a service or a job; it may own the log
 * @context: its main context
 * @log: whose messages, from any thread, become its events
 * @job: the number of the job that they are about, or 0
 */
void
_recon_service_follow_log (gpointer      object,
                           GMainContext *context,
                           ReconLog     *log,
                           guint         job)
{
  Follower *follower = g_new (Follower, 1);

  g_weak_ref_init (&follower->object, object);
  follower->context = g_main_context_ref (context);
  follower->job = job;
  g_signal_connect_data (log, "record", G_CALLBACK (record_cb), follower, follower_free, 0);
}
