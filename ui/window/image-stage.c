/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/image-stage.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "form/message-words.h"

/* Before this a spinner would only flicker. */
#define SPINNER_DELAY_MS 250

struct _ReconImageStage
{
  GtkWidget         parent_instance;

  GtkStack         *stack;
  AdwStatusPage    *message_page;
  GtkSpinner       *waiting_spinner;
  ReconImageView   *view;
  GtkSpinner       *spinner;
  GtkRevealer      *trouble_revealer;
  GtkLabel         *trouble_label;

  ReconImageSource  source;
  ReconClientImage *shown;    /* (nullable) */
  ReconClientImage *previous; /* (nullable): the image before, made with other parameters */
  guint             spinner_source;
};

G_DEFINE_FINAL_TYPE (ReconImageStage, recon_image_stage, GTK_TYPE_WIDGET)

static void
show_page (ReconImageStage *self,
           const char      *name)
{
  gtk_spinner_set_spinning (self->waiting_spinner, g_str_equal (name, "waiting"));
  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
present (ReconImageStage  *self,
         ReconClientImage *image)
{
  g_autofree char *description = NULL;

  description = g_strdup_printf (_ ("%s %u of %u"), recon_image_source_get_item (self->source), image->number,
                                 image->n_images);
  g_object_set (self->view, "description", description, NULL);
  recon_image_view_set_image (self->view, image->image, image->full_width, image->full_height);
}

/* As long as the key is held, the result of the parameters before is shown. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               user_data)
{
  ReconImageStage *self = user_data;

  if (keyval != GDK_KEY_space)
    return GDK_EVENT_PROPAGATE;
  if (self->previous != NULL)
    present (self, self->previous);

  return GDK_EVENT_STOP;
}

static void
key_released_cb (GtkEventControllerKey *controller,
                 guint                  keyval,
                 guint                  keycode,
                 GdkModifierType        state,
                 gpointer               user_data)
{
  ReconImageStage *self = user_data;

  if (keyval == GDK_KEY_space && self->shown != NULL)
    present (self, self->shown);
}

static gboolean
show_spinner_cb (gpointer user_data)
{
  ReconImageStage *self = user_data;

  self->spinner_source = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), TRUE);
  gtk_spinner_set_spinning (self->spinner, TRUE);

  return G_SOURCE_REMOVE;
}

static void
recon_image_stage_dispose (GObject *object)
{
  ReconImageStage *self = RECON_IMAGE_STAGE (object);
  GtkWidget *child;

  g_clear_handle_id (&self->spinner_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_IMAGE_STAGE);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->shown, recon_client_image_free);
  g_clear_pointer (&self->previous, recon_client_image_free);

  G_OBJECT_CLASS (recon_image_stage_parent_class)->dispose (object);
}

static void
recon_image_stage_class_init (ReconImageStageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = recon_image_stage_dispose;

  g_type_ensure (RECON_TYPE_IMAGE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/image-stage.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, stack);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, message_page);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, waiting_spinner);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, view);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, spinner);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, trouble_revealer);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, trouble_label);
}

static void
recon_image_stage_init (ReconImageStage *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();

  self->source = RECON_SOURCE_SLICE;
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect (key, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect (key, "key-released", G_CALLBACK (key_released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), key);
}

/**
 * recon_image_stage_set_source:
 * @self: a stage
 * @source: where the images that follow are from
 *
 * The one before is of something else and no longer compared with.
 */
void
recon_image_stage_set_source (ReconImageStage  *self,
                              ReconImageSource  source)
{
  g_return_if_fail (RECON_IS_IMAGE_STAGE (self));

  self->source = source;
  g_clear_pointer (&self->previous, recon_client_image_free);
  gtk_revealer_set_reveal_child (self->trouble_revealer, FALSE);
}

/**
 * recon_image_stage_set_busy:
 * @self: a stage
 * @busy: whether an image is under way
 *
 * A spinner says so, after a moment.
 */
void
recon_image_stage_set_busy (ReconImageStage *self,
                            gboolean         busy)
{
  g_return_if_fail (RECON_IS_IMAGE_STAGE (self));

  g_clear_handle_id (&self->spinner_source, g_source_remove);
  if (busy)
    {
      self->spinner_source = g_timeout_add (SPINNER_DELAY_MS, show_spinner_cb, self);
      return;
    }

  gtk_spinner_set_spinning (self->spinner, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
}

/**
 * recon_image_stage_show_image:
 * @self: a stage
 * @image: what is shown; it is copied
 */
void
recon_image_stage_show_image (ReconImageStage  *self,
                              ReconClientImage *image)
{
  gboolean was_full;

  g_return_if_fail (RECON_IS_IMAGE_STAGE (self));

  was_full = self->shown != NULL && self->shown->reduction == 1;
  if (was_full && image->reduction == 1 && self->shown->view == image->view && self->shown->index == image->index)
    {
      g_clear_pointer (&self->previous, recon_client_image_free);
      self->previous = g_steal_pointer (&self->shown);
    }
  g_clear_pointer (&self->shown, recon_client_image_free);
  self->shown = recon_client_image_copy (image);

  present (self, self->shown);
  gtk_revealer_set_reveal_child (self->trouble_revealer, FALSE);
  show_page (self, "image");
}

/**
 * recon_image_stage_show_trouble:
 * @self: a stage
 * @text: why an image doesn't come
 *
 * It stands above an image that is no longer that of the configuration, or in its place.
 */
void
recon_image_stage_show_trouble (ReconImageStage *self,
                                const char      *text)
{
  g_autofree char *words = recon_message_words_reword (text);
  g_autofree char *markup = g_markup_escape_text (words, -1);

  g_return_if_fail (RECON_IS_IMAGE_STAGE (self));

  if (self->shown != NULL && recon_image_view_get_image (self->view) != NULL)
    {
      gtk_label_set_label (self->trouble_label, words);
      gtk_revealer_set_reveal_child (self->trouble_revealer, TRUE);
      show_page (self, "image");
      return;
    }

  adw_status_page_set_title (self->message_page, _ ("There Is No Image Yet"));
  adw_status_page_set_description (self->message_page, markup);
  show_page (self, "message");
}

/**
 * recon_image_stage_show_waiting:
 * @self: a stage
 *
 * The first image is under way. Later ones are waited for behind the one that is shown.
 */
void
recon_image_stage_show_waiting (ReconImageStage *self)
{
  g_return_if_fail (RECON_IS_IMAGE_STAGE (self));

  if (self->shown == NULL)
    show_page (self, "waiting");
}

/**
 * recon_image_stage_show_empty:
 * @self: a stage
 *
 * Nothing is there of which an image could be made; says how to open a scan.
 */
void
recon_image_stage_show_empty (ReconImageStage *self)
{
  g_return_if_fail (RECON_IS_IMAGE_STAGE (self));

  g_clear_pointer (&self->shown, recon_client_image_free);
  gtk_revealer_set_reveal_child (self->trouble_revealer, FALSE);
  show_page (self, "empty");
}

gboolean
recon_image_stage_has_image (ReconImageStage *self)
{
  g_return_val_if_fail (RECON_IS_IMAGE_STAGE (self), FALSE);

  return self->shown != NULL;
}

ReconImageView *
recon_image_stage_get_view (ReconImageStage *self)
{
  g_return_val_if_fail (RECON_IS_IMAGE_STAGE (self), NULL);

  return self->view;
}
