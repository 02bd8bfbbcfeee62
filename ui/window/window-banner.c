/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "form/field.h"
#include "form/message-words.h"
#include "window/window-private.h"

/* The one place that says what is wrong now, the most urgent first: the worker is gone, something that was asked for
 * has failed, nothing can compute, settings keep a run from starting; and if nothing is wrong, that there is something
 * to go on with. What is no longer true goes: see recon_window_review_failure(). */

typedef enum
{
  NOTHING,
  LOST,
  FAILURE,
  NO_DEVICE,
  PROBLEMS,
  INTERRUPTED,
} Matter;

static GVariant *
get_resolved (ReconWindow *self)
{
  return self->form != NULL ? recon_form_get_resolved (self->form) : NULL;
}

/**
 * recon_window_can_resume:
 * @self: a window
 * @n_done: (out) (optional): slices that are finished
 * @n_slices: (out) (optional): of so many
 *
 * Returns: whether an interrupted run has left something where the configuration puts its slices that can be gone on
 *   with
 */
gboolean
recon_window_can_resume (ReconWindow *self,
                         guint       *n_done,
                         guint       *n_slices)
{
  GVariant *resolved = get_resolved (self);
  gboolean input_changed = FALSE;
  guint n, n_all;

  if (resolved == NULL || !g_variant_lookup (resolved, "interrupted", "(uu)", &n, &n_all) || n == 0)
    return FALSE;
  if (n_done != NULL)
    *n_done = n;
  if (n_slices != NULL)
    *n_slices = n_all;
  g_variant_lookup (resolved, "input-changed", "b", &input_changed);

  return input_changed || !g_variant_lookup (resolved, "resume-problem", "&s", NULL);
}

static gboolean
is_dismissed (ReconWindow *self)
{
  const char *path = recon_config_get_text (recon_document_get_config (self->document), RECON_PARAM_OUTPUT_PATH);

  return g_strcmp0 (path, self->dismissed) == 0;
}

static Matter
find_matter (ReconWindow *self)
{
  ReconParameter parameter;

  if (recon_client_get_state (self->client) == RECON_CLIENT_LOST)
    return LOST;
  if (self->failure != NULL)
    return FAILURE;
  if (self->no_device != NULL)
    return NO_DEVICE;
  if (recon_form_find_problem (self->form, &parameter))
    return PROBLEMS;
  if (!recon_window_is_running (self) && !is_dismissed (self) && recon_window_can_resume (self, NULL, NULL))
    return INTERRUPTED;

  return NOTHING;
}

static char *
describe_problems (ReconWindow *self)
{
  ReconParameter parameter;
  g_autofree char *name = NULL;
  guint n = 0;

  g_object_get (self->form, "n-problems", &n, NULL);
  if (!recon_form_find_problem (self->form, &parameter))
    return NULL;

  name = recon_message_words_get_name (parameter);
  if (n <= 1)
    return g_strdup_printf (_ ("%s needs attention: %s"), name,
                            recon_field_get_note (RECON_FIELD (recon_form_get_row (self->form, parameter))));

  return g_strdup_printf (ngettext ("%u setting needs attention, first %s", "%u settings need attention, first %s", n),
                          n, name);
}

static char *
describe_interrupted (ReconWindow *self)
{
  guint n_done = 0, n_slices = 0;

  recon_window_can_resume (self, &n_done, &n_slices);

  return g_strdup_printf (_ ("A run was interrupted: %u of %u slices are finished."), n_done, n_slices);
}

static char *
describe (ReconWindow *self,
          Matter       matter)
{
  const char *reason = recon_client_get_lost_reason (self->client);

  switch (matter)
    {
    case LOST:
      return g_strdup_printf (self->restart_source != 0
                                  ? _ ("The part of the program that computes has ended and is started again: %s")
                                  : _ ("The part of the program that computes has ended: %s"),
                              reason != NULL ? reason : "");
    case FAILURE:
      return g_strdup (self->failure);
    case NO_DEVICE:
      return g_strdup (self->no_device);
    case PROBLEMS:
      return describe_problems (self);
    case INTERRUPTED:
      return describe_interrupted (self);
    case NOTHING:
    default:
      return NULL;
    }
}

/* A failure that a row can mend leads there; one that left something offers to go on. (nullable) */
static const char *
get_button (ReconWindow *self,
            Matter       matter)
{
  switch (matter)
    {
    case LOST:
      return self->restart_source != 0 ? NULL : _ ("_Restart");
    case FAILURE:
      if (self->failure_parameter >= 0)
        return _ ("_Show");
      return self->failure_of_run && recon_window_can_resume (self, NULL, NULL) ? _ ("Con_tinue") : NULL;
    case NO_DEVICE:
      return _ ("Look _Again");
    case PROBLEMS:
      return _ ("_Show");
    case INTERRUPTED:
      return _ ("Con_tinue");
    case NOTHING:
    default:
      return NULL;
    }
}

/* The window's state has changed in some way. */
void
recon_window_update_banner (ReconWindow *self)
{
  Matter matter = self->form != NULL ? find_matter (self) : NOTHING;
  g_autofree char *title = self->form != NULL ? describe (self, matter) : NULL;

  /* What fades away is still read. */
  if (title != NULL)
    {
      recon_banner_set_title (self->banner, title);
      recon_banner_set_button_label (self->banner, get_button (self, matter));
      recon_banner_set_level (self->banner, matter == INTERRUPTED ? RECON_BANNER_HINT
                                            : matter == PROBLEMS  ? RECON_BANNER_WARNING
                                                                  : RECON_BANNER_ERROR);
      recon_banner_set_extras (self->banner, matter == FAILURE && self->failure_of_run,
                               matter == FAILURE || matter == INTERRUPTED);
    }
  recon_banner_set_revealed (self->banner, title != NULL);
  recon_viewer_pane_set_told (self->viewer, matter == PROBLEMS);
}

static void
show_row (ReconWindow *self,
          int          parameter)
{
  adw_view_stack_set_visible_child_name (self->pages, "reconstruction");
  g_object_set (self, "show-form", TRUE, NULL);
  if (parameter >= 0)
    recon_form_show_row (self->form, (ReconParameter) parameter);
  else
    recon_form_show_problem (self->form);
}

static void
banner_clicked_cb (ReconWindow *self)
{
  switch (find_matter (self))
    {
    case LOST:
      recon_client_start (self->client);
      break;
    case FAILURE:
      if (self->failure_parameter >= 0)
        show_row (self, self->failure_parameter);
      else
        gtk_widget_activate_action (GTK_WIDGET (self), "win.resume", NULL);
      break;
    case NO_DEVICE:
      recon_window_list_devices (self);
      break;
    case PROBLEMS:
      show_row (self, -1);
      break;
    case INTERRUPTED:
      gtk_widget_activate_action (GTK_WIDGET (self), "win.resume", NULL);
      break;
    case NOTHING:
    default:
      break;
    }
}

static void
banner_details_cb (ReconWindow *self)
{
  if (self->failure != NULL)
    recon_window_show_failure (self);
}

static void
banner_closed_cb (ReconWindow *self)
{
  if (self->failure != NULL)
    {
      recon_window_clear_failure (self);
      return;
    }

  g_free (self->dismissed);
  self->dismissed =
      g_strdup (recon_config_get_text (recon_document_get_config (self->document), RECON_PARAM_OUTPUT_PATH));
  recon_window_update_banner (self);
}

void
recon_window_install_banner (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, banner_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, banner_details_cb);
  gtk_widget_class_bind_template_callback (widget_class, banner_closed_cb);
}
