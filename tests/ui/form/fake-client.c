/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-client.h"

/* Questions are strings: the path of an inspection, "find" and the path of a scan, and "resolve". */

struct _ReconClient
{
  GObject           parent_instance;

  ReconClientState  state;
  GPtrArray        *tasks; /* (element-type GTask): what waits for an answer */
};

G_DEFINE_FINAL_TYPE (ReconClient, recon_client, G_TYPE_OBJECT)

static void
recon_client_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  g_value_set_int (value, RECON_CLIENT (object)->state);
}

static void
recon_client_dispose (GObject *object)
{
  g_clear_pointer (&RECON_CLIENT (object)->tasks, g_ptr_array_unref);

  G_OBJECT_CLASS (recon_client_parent_class)->dispose (object);
}

static void
recon_client_class_init (ReconClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = recon_client_get_property;
  object_class->dispose = recon_client_dispose;
  g_object_class_install_property (object_class, 1,
                                   g_param_spec_int ("state", NULL, NULL, 0, RECON_CLIENT_LOST, 0,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
recon_client_init (ReconClient *self)
{
  self->tasks = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
ask (ReconClient         *self,
     const char          *question,
     GCancellable        *cancellable,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_assert_cmpint (self->state, ==, RECON_CLIENT_READY);
  g_task_set_task_data (task, g_strdup (question), g_free);
  g_ptr_array_add (self->tasks, task);
}

ReconClientState
recon_client_get_state (ReconClient *self)
{
  return self->state;
}

void
recon_client_inspect_async (ReconClient         *self,
                            const char          *path,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  ask (self, path, cancellable, callback, user_data);
}

void
recon_client_find_scan_async (ReconClient         *self,
                              const char          *path,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autofree char *question = g_strconcat ("find ", path, NULL);

  ask (self, question, cancellable, callback, user_data);
}

void
recon_client_resolve_async (ReconClient         *self,
                            ReconConfig         *config,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  ask (self, "resolve", cancellable, callback, user_data);
}

GVariant *
recon_client_answer_finish (ReconClient   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

ReconClient *
fake_client_new (void)
{
  return g_object_new (RECON_TYPE_CLIENT, NULL);
}

void
fake_client_set_state (ReconClient      *self,
                       ReconClientState  state)
{
  self->state = state;
  g_object_notify (G_OBJECT (self), "state");
}

guint
fake_client_count (ReconClient *self)
{
  return self->tasks->len;
}

const char *
fake_client_get_question (ReconClient *self,
                          guint        index)
{
  return g_task_get_task_data (self->tasks->pdata[index]);
}

gboolean
fake_client_is_cancelled (ReconClient *self,
                          guint        index)
{
  return g_cancellable_is_cancelled (g_task_get_cancellable (self->tasks->pdata[index]));
}

/* The oldest question of that kind. */
static GTask *
take (ReconClient *self,
      const char  *question)
{
  for (guint i = 0; i < self->tasks->len; i++)
    if (g_str_equal (fake_client_get_question (self, i), question))
      return g_ptr_array_steal_index (self->tasks, i);

  g_error ("Nobody has asked for %s", question);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
fake_client_answer (ReconClient *self,
                    const char  *question,
                    const char  *answer)
{
  g_autoptr (GTask) task = take (self, question);
  g_autoptr (GError) error = NULL;
  GVariant *variant = g_variant_parse (G_VARIANT_TYPE_VARDICT, answer, NULL, NULL, &error);

  g_assert_no_error (error);
  g_task_return_pointer (task, variant, (GDestroyNotify) g_variant_unref);
  settle ();
}

void
fake_client_fail (ReconClient *self,
                  const char  *question,
                  GQuark       domain,
                  int          code,
                  const char  *message)
{
  g_autoptr (GTask) task = take (self, question);

  g_task_return_new_error (task, domain, code, "%s", message);
  settle ();
}
