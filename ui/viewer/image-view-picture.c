/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/image-view-private.h"

#include <glib/gi18n.h>

/* What is shown is always complete: counted, with levels, and halved for being seen from afar. Up to this many pixels
 * that is done at once, before the next frame; a larger image stays away, and what is shown stays, until a thread has
 * made it ready. Only one is made at a time, and after it the newest: so none is late for long, and none is shown
 * that was replaced before its turn came. */
#define SMALL_IMAGE (1024 * 1024)

#define BLINK_MS 500

typedef struct
{
  ReconPictureRequest request;
  ReconPicture       *previous;
} PrepareJob;

static void
prepare_job_free (PrepareJob *job)
{
  recon_picture_request_clear (&job->request);
  g_clear_pointer (&job->previous, recon_picture_unref);
  g_free (job);
}

/* The shift does not matter: it is looked up while drawing. */
static gboolean
is_wanted (ReconImageView *self,
           ReconPicture   *picture)
{
  const ReconPictureRequest *request = recon_picture_get_request (picture);
  const ReconPictureRequest *wanted = &self->wanted;

  return request->first == wanted->first && request->second == wanted->second &&
         request->overlay == wanted->overlay && request->full_width == wanted->full_width &&
         request->full_height == wanted->full_height;
}

/**
 * _recon_image_view_is_ready:
 * @self: a view
 *
 * Returns: whether the picture is what was wanted last
 */
gboolean
_recon_image_view_is_ready (ReconImageView *self)
{
  if (self->picture == NULL)
    return self->wanted.first == NULL;

  return is_wanted (self, self->picture);
}

static gboolean
blink_cb (gpointer user_data)
{
  ReconImageView *self = user_data;
  ReconScene *scene = recon_canvas_get_scene (self->canvas);

  scene->blink = !scene->blink;
  recon_canvas_redraw (self->canvas);
  _recon_image_view_update_readout (self);

  return G_SOURCE_CONTINUE;
}

/**
 * _recon_image_view_update_blink:
 * @self: a view
 *
 * Lets the images take turns, while that is wanted and seen.
 */
void
_recon_image_view_update_blink (ReconImageView *self)
{
  ReconScene *scene = recon_canvas_get_scene (self->canvas);
  gboolean blinks = scene->overlay == RECON_OVERLAY_BLINK && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (blinks && self->blink_source == 0)
    self->blink_source = g_timeout_add (BLINK_MS, blink_cb, self);
  if (blinks)
    return;

  g_clear_handle_id (&self->blink_source, g_source_remove);
  scene->blink = FALSE;
}

/**
 * _recon_image_view_update_label:
 * @self: a view
 *
 * Tells what is shown to those who cannot see it.
 */
void
_recon_image_view_update_label (ReconImageView *self)
{
  const char *description = self->description != NULL && *self->description != '\0' ? self->description : _ ("Image");
  g_autofree char *text = NULL;

  if (self->picture == NULL)
    text = g_strdup (_ ("No image"));
  else
    {
      const ReconPictureRequest *request = recon_picture_get_request (self->picture);
      const ReconHistogram *histogram = recon_picture_get_histogram (self->picture);

      text = g_strdup_printf (_ ("%s, %u by %u, values %.4g to %.4g"), description, request->full_width,
                              request->full_height, histogram->minimum, histogram->maximum);
    }

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->canvas), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* Shows what has become ready. */
static void
present (ReconImageView *self,
         ReconPicture   *picture) /* (transfer full) (nullable) */
{
  ReconScene *scene = recon_canvas_get_scene (self->canvas);
  ReconViewport before = scene->viewport;

  g_clear_pointer (&self->picture, recon_picture_unref);
  self->picture = picture;
  scene->overlay = picture != NULL ? recon_picture_get_request (picture)->overlay : RECON_OVERLAY_NONE;
  scene->shift = self->wanted.shift;
  recon_canvas_set_picture (self->canvas, picture);

  if (picture != NULL)
    {
      gboolean ready = _recon_image_view_is_ready (self);

      if (!self->levels_known || (self->levels_wanted && !self->lock_levels))
        _recon_image_view_apply_auto (self, self->auto_levels);
      if (ready)
        self->levels_wanted = FALSE;
      self->histogram_stale = recon_picture_get_request (picture)->shift != self->wanted.shift;
      recon_levels_popover_set_histogram (self->levels_popover, recon_picture_get_histogram (picture));
    }

  _recon_image_view_update_colours (self);
  _recon_image_view_update_blink (self);
  _recon_image_view_place_line (self);
  _recon_image_view_view_changed (self, &before);
  _recon_image_view_update_profile (self);
  _recon_image_view_update_label (self);
  _recon_image_view_enable_actions (self);
}

static void
prepare_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  PrepareJob *job = task_data;

  g_task_return_pointer (task, recon_picture_new (&job->request, job->previous),
                         (GDestroyNotify) recon_picture_unref);
}

/* The view is not the source object of the task: the thread may be the last to let that go, and a widget must not be
 * finalized there. */
static void
prepared_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (ReconImageView) self = user_data;
  g_autoptr (ReconPicture) picture = g_task_propagate_pointer (G_TASK (result), NULL);

  self->preparing = FALSE;
  /* The view was closed, or emptied. */
  if (self->canvas == NULL || self->wanted.first == NULL)
    return;

  /* What could not wait for the thread has come before it. */
  if (is_wanted (self, picture) || !_recon_image_view_is_ready (self))
    present (self, g_steal_pointer (&picture));
  if (!_recon_image_view_is_ready (self))
    _recon_image_view_queue_prepare (self);
}

static gboolean
prepare_cb (gpointer user_data)
{
  ReconImageView *self = user_data;
  gsize n_pixels = (gsize) recon_image_get_width (self->wanted.first) * recon_image_get_height (self->wanted.first);
  g_autoptr (GTask) task = NULL;
  PrepareJob *job;

  self->prepare_source = 0;
  if (self->preparing)
    return G_SOURCE_REMOVE;

  if (n_pixels <= SMALL_IMAGE)
    {
      present (self, recon_picture_new (&self->wanted, self->picture));
      return G_SOURCE_REMOVE;
    }

  job = g_new0 (PrepareJob, 1);
  recon_picture_request_copy (&self->wanted, &job->request);
  job->previous = self->picture != NULL ? recon_picture_ref (self->picture) : NULL;
  task = g_task_new (NULL, NULL, prepared_cb, g_object_ref (self));
  g_task_set_source_tag (task, prepare_cb);
  g_task_set_task_data (task, job, (GDestroyNotify) prepare_job_free);
  self->preparing = TRUE;
  g_task_run_in_thread (task, prepare_thread);

  return G_SOURCE_REMOVE;
}

/**
 * _recon_image_view_queue_prepare:
 * @self: a view
 *
 * Makes ready and shows what is wanted, soon: several changes in a row are one.
 */
void
_recon_image_view_queue_prepare (ReconImageView *self)
{
  if (self->wanted.first == NULL)
    {
      g_clear_handle_id (&self->prepare_source, g_source_remove);
      present (self, NULL);
    }
  else if (self->prepare_source == 0)
    /* Before the next frame is laid out. */
    self->prepare_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, prepare_cb, self, NULL);
}

/**
 * _recon_image_view_prepare_now:
 * @self: a view
 *
 * Waits for what is wanted, where an answer is needed at once.
 *
 * Returns: whether there is a picture
 */
gboolean
_recon_image_view_prepare_now (ReconImageView *self)
{
  if (!_recon_image_view_is_ready (self))
    {
      g_clear_handle_id (&self->prepare_source, g_source_remove);
      present (self, recon_picture_new (&self->wanted, self->picture));
    }

  return self->picture != NULL;
}
