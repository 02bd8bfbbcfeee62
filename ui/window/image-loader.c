/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/image-loader.h"

/* One image of a result is asked for at a time; what was asked for meanwhile is asked for when it has come, newest
 * only. Previews are a continuous job of the worker, which drops older requests itself; they may be asked for at any
 * time. */

struct _ReconImageLoader
{
  GObject           parent_instance;

  ReconDocument    *document;
  ReconClient      *client;
  ReconClientJob   *preview; /* (nullable): the continuous job */
  ReconClientJob   *run;     /* (nullable): whose slices are the result */
  char             *result;  /* (nullable): without a run, where they are */
  ReconImageSource  source;  /* of what was asked for last, or RECON_N_SOURCES for nothing */
  guint             index;   /* or that of the middle */
  gboolean          raw;     /* a raw projection is asked for in the place of that */
  GCancellable     *reading; /* (nullable): of a result's image that is under way */
  gboolean          read_again;
  gboolean          busy;
};

G_DEFINE_FINAL_TYPE (ReconImageLoader, recon_image_loader, G_TYPE_OBJECT)

enum
{
  PROP_BUSY = 1,
  N_PROPERTIES
};

enum
{
  IMAGE,
  FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
set_busy (ReconImageLoader *self,
          gboolean          busy)
{
  if (busy == self->busy)
    return;

  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* Previews. */

static void
preview_image_cb (ReconImageLoader *self,
                  ReconWorkerImage *image)
{
  ReconImageSource wanted = self->raw ? RECON_SOURCE_PROJECTION : self->source;

  /* The user may have gone on to something else. */
  if ((guint) image->view == wanted && (image->index == self->index || self->index == RECON_PREVIEW_MIDDLE))
    g_signal_emit (self, signals[IMAGE], 0, image);
}

static gboolean
preview_is_busy (ReconImageLoader *self)
{
  gboolean busy = FALSE;

  if (self->preview != NULL)
    g_object_get (self->preview, "busy", &busy, NULL);

  return busy;
}

static void
preview_busy_cb (ReconImageLoader *self)
{
  const char *message = recon_client_job_get_message (self->preview);
  gboolean busy = preview_is_busy (self);

  if (self->source == RECON_SOURCE_RESULT)
    return;

  set_busy (self, busy);
  if (!busy && *message != '\0')
    g_signal_emit (self, signals[FAILED], 0, message);
}

static void
ask_for_preview (ReconImageLoader *self,
                 ReconConfig      *config,
                 ReconImageSource  source)
{
  const ReconPreviewRequest request = { .view = (ReconView) source, .index = self->index, .reduction = 1 };

  if (self->preview != NULL && !recon_client_job_has_ended (self->preview))
    {
      recon_client_job_update (self->preview, config, &request);
      set_busy (self, TRUE);
      return;
    }

  if (self->preview != NULL)
    g_signal_handlers_disconnect_by_data (self->preview, self);
  g_clear_object (&self->preview);
  self->preview = recon_client_preview (self->client, config, &request);
  g_signal_connect_object (self->preview, "image", G_CALLBACK (preview_image_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->preview, "notify::busy", G_CALLBACK (preview_busy_cb), self, G_CONNECT_SWAPPED);
  set_busy (self, TRUE);
}

/* Results. */

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (ReconImageLoader) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconWorkerImage) image = recon_client_image_finish (result, &error);
  gboolean read_again = self->read_again;

  g_clear_object (&self->reading);
  self->read_again = FALSE;
  set_busy (self, self->source != RECON_SOURCE_RESULT && preview_is_busy (self));

  if (self->source != RECON_SOURCE_RESULT)
    return;
  if (read_again)
    recon_image_loader_ask (self, RECON_SOURCE_RESULT, self->index);
  else if (image != NULL)
    g_signal_emit (self, signals[IMAGE], 0, image);
  else
    g_signal_emit (self, signals[FAILED], 0, error->message);
}

static void
ask_for_result (ReconImageLoader *self)
{
  ReconConfig *config = recon_document_get_config (self->document);

  if (self->reading != NULL)
    {
      self->read_again = TRUE;
      return;
    }

  self->reading = g_cancellable_new ();
  set_busy (self, TRUE);
  if (self->run != NULL)
    recon_client_job_get_image_async (self->run, self->index, self->reading, result_cb, g_object_ref (self));
  else
    recon_client_read_image_async (self->client,
                                   self->result != NULL ? self->result
                                                        : recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH),
                                   self->index, self->reading, result_cb, g_object_ref (self));
}

static void
client_state_cb (ReconImageLoader *self)
{
  if (recon_client_get_state (self->client) != RECON_CLIENT_READY)
    set_busy (self, FALSE);
}

static void
recon_image_loader_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, RECON_IMAGE_LOADER (object)->busy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* What is read holds the loader until it has come, which nobody hears of any more. */
static void
recon_image_loader_dispose (GObject *object)
{
  ReconImageLoader *self = RECON_IMAGE_LOADER (object);

  recon_image_loader_drop (self);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  if (self->preview != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->preview, self);
      recon_client_job_cancel (self->preview);
    }
  g_clear_object (&self->preview);
  g_clear_object (&self->run);
  g_clear_object (&self->document);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (recon_image_loader_parent_class)->dispose (object);
}

static void
recon_image_loader_finalize (GObject *object)
{
  g_clear_object (&RECON_IMAGE_LOADER (object)->reading);
  g_free (RECON_IMAGE_LOADER (object)->result);

  G_OBJECT_CLASS (recon_image_loader_parent_class)->finalize (object);
}

static void
recon_image_loader_class_init (ReconImageLoaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = recon_image_loader_get_property;
  object_class->dispose = recon_image_loader_dispose;
  object_class->finalize = recon_image_loader_finalize;

  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[IMAGE] = g_signal_new ("image", RECON_TYPE_IMAGE_LOADER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, RECON_TYPE_WORKER_IMAGE | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[FAILED] = g_signal_new ("failed", RECON_TYPE_IMAGE_LOADER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
recon_image_loader_init (ReconImageLoader *self)
{
  self->source = RECON_N_SOURCES;
}

/**
 * recon_image_loader_new:
 * @document: whose configuration is looked at
 * @client: the worker that makes images
 *
 * Returns: (transfer full): a loader; who owns it disposes of it when nobody looks any more
 */
ReconImageLoader *
recon_image_loader_new (ReconDocument *document,
                        ReconClient   *client)
{
  ReconImageLoader *self = g_object_new (RECON_TYPE_IMAGE_LOADER, NULL);

  self->document = g_object_ref (document);
  self->client = g_object_ref (client);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (client_state_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * recon_image_loader_ask:
 * @self: a loader
 * @source: what is looked at
 * @index: of the image
 *
 * Asks for an image of the configuration as it is now; what was asked for before is not told of any more.
 */
void
recon_image_loader_ask (ReconImageLoader *self,
                        ReconImageSource  source,
                        guint             index)
{
  g_return_if_fail (RECON_IS_IMAGE_LOADER (self));
  g_return_if_fail (source < RECON_N_SOURCES);

  self->source = source;
  self->index = index;
  self->raw = FALSE;
  if (source == RECON_SOURCE_RESULT)
    ask_for_result (self);
  else
    ask_for_preview (self, recon_document_get_config (self->document), source);
}

/**
 * recon_image_loader_ask_raw:
 * @self: a loader
 * @index: of a projection
 *
 * Asks for a projection as it was measured, which needs neither darks nor flats, in the place of a preview that cannot
 * be made. Its image says that it is one.
 *
 * Returns: whether that makes sense; it doesn't twice
 */
gboolean
recon_image_loader_ask_raw (ReconImageLoader *self,
                            guint             index)
{
  const struct
  {
    ReconParameter  parameter;
    const char     *text;
  } settings[] = {
    { recon_parameter ("flat-field.correct"), "no" },
    { RECON_PARAM_DARKS, "" },
    { RECON_PARAM_FLATS, "" },
    { RECON_PARAM_FLATS_AFTER, "" },
  };
  g_autoptr (ReconConfig) config = NULL;

  g_return_val_if_fail (RECON_IS_IMAGE_LOADER (self), FALSE);

  if (self->raw || self->source == RECON_SOURCE_PROJECTION || self->source >= RECON_SOURCE_RESULT)
    return FALSE;

  config = recon_config_copy (recon_document_get_config (self->document));
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    recon_config_parse (config, settings[i].parameter, settings[i].text, NULL);
  self->raw = TRUE;
  self->index = index;
  ask_for_preview (self, config, RECON_SOURCE_PROJECTION);

  return TRUE;
}

/**
 * recon_image_loader_drop:
 * @self: a loader
 *
 * Nothing is looked at: what is under way is not told of.
 */
void
recon_image_loader_drop (ReconImageLoader *self)
{
  g_return_if_fail (RECON_IS_IMAGE_LOADER (self));

  self->source = RECON_N_SOURCES;
  self->read_again = FALSE;
}

/**
 * recon_image_loader_set_run:
 * @self: a loader
 * @run: (nullable): whose slices are the result; without one they are read from the output of the configuration
 */
void
recon_image_loader_set_run (ReconImageLoader *self,
                            ReconClientJob   *run)
{
  g_return_if_fail (RECON_IS_IMAGE_LOADER (self));

  g_set_object (&self->run, run);
}

/**
 * recon_image_loader_set_result:
 * @self: a loader
 * @path: (nullable): the folder or file of the slices that are the result where there is no run; %NULL for the output
 *   of the configuration
 */
void
recon_image_loader_set_result (ReconImageLoader *self,
                               const char       *path)
{
  g_return_if_fail (RECON_IS_IMAGE_LOADER (self));

  g_free (self->result);
  self->result = g_strdup (path);
}
