/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window-fixture.h"

#define PATIENCE_SECONDS 60

GtkWidget *
find_widget (GtkWidget *root,
             GType      type)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

void
window_fixture_set_up (WindowFixture *self,
                       gconstpointer  unused)
{
  const char *const argv[] = { g_getenv ("RECONSTRUCT"), "worker", "--stdio", NULL };
  g_autoptr (GError) error = NULL;

  self->folder = test_folder_new ();
  self->application = g_object_new (ADW_TYPE_APPLICATION, "flags", G_APPLICATION_NON_UNIQUE, "resource-base-path",
                                    "/org/reconstruct/Reconstruct", NULL);
  g_application_register (G_APPLICATION (self->application), NULL, &error);
  g_assert_no_error (error);
  self->client = recon_client_new (argv);
  recon_client_start (self->client);
  self->window = recon_window_new (self->application, self->client, NULL);
  self->document = g_object_ref (recon_window_get_document (self->window));
  gtk_window_present (GTK_WINDOW (self->window));
  window_fixture_wait (self, window_fixture_is_ready, "the worker is ready");
}

/* What is under way may hold it a moment longer. */
static void
assert_goes (gpointer object)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;

  g_object_add_weak_pointer (object, &object);
  g_object_unref (object);
  while (object != NULL && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (object);
}

void
window_fixture_tear_down (WindowFixture *self,
                          gconstpointer  unused)
{
  g_object_ref (self->window);
  gtk_window_destroy (GTK_WINDOW (self->window));
  assert_goes (self->window);
  assert_goes (self->document);
  recon_client_stop (self->client);
  assert_goes (self->client);
  g_clear_object (&self->application);
  test_folder_remove (self->folder);
}

char *
window_fixture_path (WindowFixture *self,
                     const char    *name)
{
  return g_build_filename (self->folder, name, NULL);
}

void
window_fixture_make_scan (WindowFixture *self,
                          const char    *options)
{
  test_run_expect (self->folder, 0, "", "phantom scan --no-truth %s", options);
}

void
window_fixture_set (WindowFixture *self,
                    ...)
{
  va_list arguments;
  const char *name;

  va_start (arguments, self);
  while ((name = va_arg (arguments, const char *)) != NULL)
    {
      const char *text = va_arg (arguments, const char *);
      g_auto (GStrv) parts = g_strsplit (name, ".", 2);
      g_autoptr (GError) error = NULL;
      ReconParameter parameter;

      g_assert_true (recon_parameter_find (parts[0], parts[1], &parameter));
      recon_document_set (self->document, parameter, text, &error);
      g_assert_no_error (error);
      recon_document_end_visit (self->document);
    }
  va_end (arguments);
}

/* As the user does: folder by folder. */
void
window_fixture_load_scan (WindowFixture *self)
{
  g_autofree char *projections = window_fixture_path (self, "scan/projections");
  g_autofree char *darks = window_fixture_path (self, "scan/darks");
  g_autofree char *flats = window_fixture_path (self, "scan/flats");
  g_autofree char *output = window_fixture_path (self, "slices");

  window_fixture_set (self, "input.projections", projections, "input.darks", darks, "input.flats", flats,
                      "output.path", output, NULL);
}

ReconViewerPane *
window_fixture_get_viewer (WindowFixture *self)
{
  return RECON_VIEWER_PANE (find_widget (GTK_WIDGET (self->window), RECON_TYPE_VIEWER_PANE));
}

ReconImage *
window_fixture_get_image (WindowFixture *self)
{
  return recon_image_view_get_image (recon_viewer_pane_get_view (window_fixture_get_viewer (self)));
}

void
window_fixture_wait (WindowFixture   *self,
                     WindowCondition  condition,
                     const char      *what)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;

  while (!condition (self))
    {
      if (g_get_monotonic_time () > deadline)
        g_error ("It does not come to pass that %s", what);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
}

gboolean
window_fixture_is_ready (WindowFixture *self)
{
  return recon_client_get_state (self->client) == RECON_CLIENT_READY;
}

gboolean
window_fixture_is_idle (WindowFixture *self)
{
  gboolean busy;

  g_object_get (window_fixture_get_viewer (self), "busy", &busy, NULL);

  return !busy;
}

gboolean
window_fixture_has_image (WindowFixture *self)
{
  return window_fixture_get_image (self) != NULL && window_fixture_is_idle (self);
}
