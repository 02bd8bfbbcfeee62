/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/trace-private.h"

#include <json-glib/json-glib.h>

#include <glib/gi18n-lib.h>

#include "base/error.h"

struct _ReconTrace
{
  gatomicrefcount  ref_count;
  char            *path;
  gint64           start;
  GMutex           mutex;  /* guards what follows */
  JsonArray       *events;
  GHashTable      *places; /* numbers of rows in the picture by where the work was done */
};

G_DEFINE_BOXED_TYPE (ReconTrace, recon_trace, recon_trace_ref, recon_trace_unref)

/**
 * recon_trace_new:
 * @path: the file to write
 *
 * Returns: (transfer full): a trace that begins now
 */
ReconTrace *
recon_trace_new (const char *path)
{
  ReconTrace *self = g_new0 (ReconTrace, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->path = g_strdup (path);
  self->start = g_get_monotonic_time ();
  self->events = json_array_new ();
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

/**
 * recon_trace_ref:
 * @self: a trace
 *
 * Returns: (transfer full): the trace, with one more owner
 */
ReconTrace *
recon_trace_ref (ReconTrace *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * recon_trace_unref:
 * @self: (transfer full): a trace
 *
 * Gives up a reference; the last one frees the trace, and writes nothing.
 */
void
recon_trace_unref (ReconTrace *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  json_array_unref (self->events);
  g_hash_table_unref (self->places);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

static JsonObject *
add_event (ReconTrace *self,
           const char *kind,
           const char *name,
           gint64      row,
           JsonObject *arguments)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "ph", kind);
  json_object_set_string_member (event, "name", name);
  json_object_set_int_member (event, "pid", 1);
  json_object_set_int_member (event, "tid", row);
  json_object_set_object_member (event, "args", arguments);
  json_array_add_object_element (self->events, event);

  return event;
}

/* A name for a row of the picture. Returns: its number */
static gint64
get_place (ReconTrace *self,
           const char *where)
{
  JsonObject *arguments;
  gint64 number = GPOINTER_TO_INT (g_hash_table_lookup (self->places, where));

  if (number > 0)
    return number;

  number = g_hash_table_size (self->places) + 1;
  g_hash_table_insert (self->places, g_strdup (where), GINT_TO_POINTER ((gint) number));
  arguments = json_object_new ();
  json_object_set_string_member (arguments, "name", where);
  add_event (self, "M", "thread_name", number, arguments);

  return number;
}

/**
 * recon_trace_add:
 * @self: a trace
 * @what: a task or a stage
 * @where: a device or a stage
 * @first: the first image that it worked on
 * @n: number of images
 * @start: when it began, microseconds of the monotonic clock
 * @end: and when it was done
 */
void
recon_trace_add (ReconTrace *self,
                 const char *what,
                 const char *where,
                 guint       first,
                 guint       n,
                 gint64      start,
                 gint64      end)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  JsonObject *arguments = json_object_new ();
  JsonObject *event = add_event (self, "X", what, get_place (self, where), arguments);

  json_object_set_int_member (arguments, "first", first);
  json_object_set_int_member (arguments, "images", n);
  json_object_set_int_member (event, "ts", start - self->start);
  json_object_set_int_member (event, "dur", end - start);
}

/**
 * recon_trace_write:
 * @self: a trace
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_trace_write (ReconTrace  *self,
                   GError     **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = NULL;
  JsonObject *object = json_object_new ();

  json_object_set_array_member (object, "traceEvents", json_array_ref (self->events));
  json_node_take_object (root, object);
  text = json_to_string (root, FALSE);
  if (g_file_set_contents (self->path, text, -1, &cause))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("The trace can't be written: %s"), cause->message);
  return FALSE;
}
