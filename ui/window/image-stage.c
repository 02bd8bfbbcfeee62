/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/image-stage.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "form/message-words.h"

/* Before this a spinner would only flicker. */
#define SPINNER_DELAY_MS 250

struct _ReconImageStage
{
  GtkWidget         parent_instance;

  GtkStack         *stack;
  AdwStatusPage    *message_page;
  AdwStatusPage    *waiting_page;
  GtkSpinner       *waiting_spinner;
  ReconImageView   *view;
  GtkSpinner       *spinner;
  GtkRevealer      *trouble_revealer;
  GtkLabel         *trouble_label;
  GtkRevealer      *compared_revealer;
  GtkLabel         *compared_label;
  GtkRevealer      *offer_revealer;
  GtkLabel         *offer_label;

  ReconImageSource  source;
  ReconWorkerImage *shown;    /* (nullable): the newest, perhaps a rough one */
  ReconWorkerImage *full;     /* (nullable): the newest in full resolution of what is shown */
  ReconWorkerImage *previous; /* (nullable): the one in full resolution before it that looks otherwise */
  gboolean          comparing;
  gboolean          lock_levels; /* of the view, before it was compared */
  char             *offer;       /* (nullable): what the axis is, if one might find it */
  gboolean          dismissed;   /* the user doesn't want to */
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
         ReconWorkerImage *image)
{
  /* A projection may be shown in the place of what can't be made. */
  ReconImageSource source = self->source == RECON_SOURCE_RESULT ? self->source : (ReconImageSource) image->view;
  g_autofree char *description = NULL;

  if (recon_image_source_is_single (source))
    description = g_strdup (recon_image_source_get_item (source));
  else
    description = g_strdup_printf (_ ("%s %u of %u"), recon_image_source_get_item (source), image->number,
                                   image->n_images);
  g_object_set (self->view, "description", description, NULL);
  recon_image_view_set_image (self->view, image->image, image->full_width, image->full_height);
}

static gboolean
is_of_same_place (const ReconWorkerImage *a,
                  const ReconWorkerImage *b)
{
  return a->view == b->view && a->index == b->index;
}

static gboolean
looks_alike (const ReconWorkerImage *a,
             const ReconWorkerImage *b)
{
  gsize width = recon_image_get_width (a->image), height = recon_image_get_height (a->image);

  return width == recon_image_get_width (b->image) && height == recon_image_get_height (b->image) &&
         memcmp (recon_image_get_pixels (a->image), recon_image_get_pixels (b->image),
                 width * height * sizeof (float)) == 0;
}

static void
forget_full (ReconImageStage *self)
{
  g_clear_pointer (&self->full, recon_worker_image_free);
  g_clear_pointer (&self->previous, recon_worker_image_free);
}

/* What the newest image is compared with is of the settings before, whatever rough images came in between; what was
 * made anew without looking otherwise was no change. */
static void
keep (ReconImageStage  *self,
      ReconWorkerImage *image)
{
  if (self->full != NULL && !is_of_same_place (self->full, image))
    forget_full (self);
  if (image->reduction != 1)
    return;

  if (self->full != NULL && !looks_alike (self->full, image))
    {
      g_clear_pointer (&self->previous, recon_worker_image_free);
      self->previous = g_steal_pointer (&self->full);
    }
  g_clear_pointer (&self->full, recon_worker_image_free);
  self->full = recon_worker_image_copy (image);
}

/* Returns: (nullable): the image of the settings before those of what is shown */
static ReconWorkerImage *
get_compared (ReconImageStage *self)
{
  return self->shown != NULL && self->shown->reduction != 1 ? self->full : self->previous;
}

static void
show_compared (ReconImageStage *self)
{
  ReconWorkerImage *image = get_compared (self);

  if (image != NULL)
    present (self, image);
  gtk_label_set_label (self->compared_label, image != NULL ? _ ("Before the last change") :
                                                             _ ("Nothing has been changed yet"));
  gtk_revealer_set_reveal_child (self->compared_revealer, TRUE);
}

/* The levels stay meanwhile: images are compared by what is the same in both. */
static void
start_comparing (ReconImageStage *self)
{
  if (self->comparing || self->shown == NULL)
    return;

  self->comparing = TRUE;
  g_object_get (self->view, "lock-levels", &self->lock_levels, NULL);
  g_object_set (self->view, "lock-levels", TRUE, NULL);
  show_compared (self);
}

static void
stop_comparing (ReconImageStage *self)
{
  if (!self->comparing)
    return;

  self->comparing = FALSE;
  gtk_revealer_set_reveal_child (self->compared_revealer, FALSE);
  g_object_set (self->view, "lock-levels", self->lock_levels, NULL);
  if (self->shown != NULL)
    present (self, self->shown);
}

/* As long as the key is held, the result of the parameters before is shown. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               user_data)
{
  if (keyval != GDK_KEY_space)
    return GDK_EVENT_PROPAGATE;

  start_comparing (user_data);

  return GDK_EVENT_STOP;
}

static void
key_released_cb (GtkEventControllerKey *controller,
                 guint                  keyval,
                 guint                  keycode,
                 GdkModifierType        state,
                 gpointer               user_data)
{
  if (keyval == GDK_KEY_space)
    stop_comparing (user_data);
}

/* One thing at a time: what is wrong comes first. */
static void
update_offer (ReconImageStage *self)
{
  gboolean troubled = gtk_revealer_get_reveal_child (self->trouble_revealer);

  gtk_revealer_set_reveal_child (self->offer_revealer, self->offer != NULL && !self->dismissed && !troubled &&
                                                         self->shown != NULL);
}

static void
show_trouble_label (ReconImageStage *self,
                    gboolean         show)
{
  gtk_revealer_set_reveal_child (self->trouble_revealer, show);
  update_offer (self);
}

static void
offer_closed_cb (ReconImageStage *self)
{
  self->dismissed = TRUE;
  update_offer (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
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
  g_clear_pointer (&self->shown, recon_worker_image_free);
  g_clear_pointer (&self->offer, g_free);
  forget_full (self);

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
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, waiting_page);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, waiting_spinner);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, view);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, spinner);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, trouble_revealer);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, compared_revealer);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, compared_label);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, offer_revealer);
  gtk_widget_class_bind_template_child (widget_class, ReconImageStage, offer_label);
  gtk_widget_class_bind_template_callback (widget_class, offer_closed_cb);
}

static void
recon_image_stage_init (ReconImageStage *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->source = RECON_SOURCE_SLICE;
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect (key, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect (key, "key-released", G_CALLBACK (key_released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), key);

  /* Nobody hears of a key that is let go elsewhere. */
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (stop_comparing), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), focus);
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
  stop_comparing (self);
  forget_full (self);
  show_trouble_label (self, FALSE);
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
                              ReconWorkerImage *image)
{
  g_return_if_fail (RECON_IS_IMAGE_STAGE (self));

  keep (self, image);
  g_clear_pointer (&self->shown, recon_worker_image_free);
  self->shown = recon_worker_image_copy (image);

  if (self->comparing)
    show_compared (self);
  else
    present (self, self->shown);
  show_trouble_label (self, FALSE);
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
      show_trouble_label (self, TRUE);
      show_page (self, "image");
      return;
    }

  adw_status_page_set_title (self->message_page, _ ("There Is No Image Yet"));
  adw_status_page_set_description (self->message_page, markup);
  show_page (self, "message");
}

/**
 * recon_image_stage_set_offer:
 * @self: a stage
 * @text: (nullable): what the axis is as long as nobody has set it
 *
 * Offers upon the image to find the axis, until the user doesn't want that.
 */
void
recon_image_stage_set_offer (ReconImageStage *self,
                             const char      *text)
{
  g_return_if_fail (RECON_IS_IMAGE_STAGE (self));

  if (g_strcmp0 (text, self->offer) != 0)
    {
      g_free (self->offer);
      self->offer = g_strdup (text);
      if (text != NULL)
        gtk_label_set_label (self->offer_label, text);
    }
  update_offer (self);
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
 * recon_image_stage_set_waiting_for:
 * @self: a stage
 * @text: (nullable): what the first image waits for; %NULL for the scan
 */
void
recon_image_stage_set_waiting_for (ReconImageStage *self,
                                   const char      *text)
{
  g_autofree char *markup = text != NULL ? g_markup_escape_text (text, -1) : NULL;

  g_return_if_fail (RECON_IS_IMAGE_STAGE (self));

  adw_status_page_set_title (self->waiting_page, text != NULL ? _ ("Preparing the Device") : _ ("Reading the Scan"));
  adw_status_page_set_description (self->waiting_page, markup);
}

/**
 * recon_image_stage_show_empty:
 * @self: a stage
 *
 * Nothing is there of which an image could be made; says how to open a scan. What was dismissed is offered again.
 */
void
recon_image_stage_show_empty (ReconImageStage *self)
{
  g_return_if_fail (RECON_IS_IMAGE_STAGE (self));

  stop_comparing (self);
  g_clear_pointer (&self->shown, recon_worker_image_free);
  forget_full (self);
  self->dismissed = FALSE;
  show_trouble_label (self, FALSE);
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
