/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/contents-text.h"

#include <glib/gi18n.h>

typedef struct
{
  guint       images;
  guint       rows;
  guint       columns;
  const char *type; /* of the contents */
} Part;

static gboolean
look_up (GVariant   *contents,
         const char *name,
         Part       *part)
{
  return g_variant_lookup (contents, name, "(uuu&s)", &part->images, &part->rows, &part->columns, &part->type);
}

/* The images that a parameter takes of a file: darks of a file that knows what darks are, else simply its images. */
static gboolean
look_up_for (GVariant       *contents,
             ReconParameter  parameter,
             Part           *part)
{
  switch (parameter)
    {
    case RECON_PARAM_DARKS:
      return look_up (contents, "darks", part) || look_up (contents, "projections", part);
    case RECON_PARAM_FLATS_AFTER:
      return look_up (contents, "flats-after", part) || look_up (contents, "flats", part) ||
             look_up (contents, "projections", part);
    case RECON_PARAM_FLATS:
      return look_up (contents, "flats", part) || look_up (contents, "projections", part);
    default:
      return look_up (contents, "projections", part);
    }
}

/**
 * recon_contents_text_get_type:
 * @type: a type of samples, as Worker1.Inspect names it
 *
 * Returns: the type for people, translated; @type itself if it is not known
 */
const char *
recon_contents_text_get_type (const char *type)
{
  static const struct
  {
    const char *type;
    const char *text;
  } known[] = {
    { "uint8", N_ ("8 bit") },
    { "int8", N_ ("8 bit, signed") },
    { "uint16", N_ ("16 bit") },
    { "int16", N_ ("16 bit, signed") },
    { "uint32", N_ ("32 bit") },
    { "int32", N_ ("32 bit, signed") },
    { "float16", N_ ("16 bit float") },
    { "float32", N_ ("32 bit float") },
    { "float64", N_ ("64 bit float") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].type, type))
      return _ (known[i].text);

  return type;
}

static guint
count (GVariant   *contents,
       const char *name)
{
  Part part;

  return look_up (contents, name, &part) ? part.images : 0;
}

static void
append_references (GString  *text,
                   GVariant *contents)
{
  guint n_darks = count (contents, "darks");
  guint n_flats = count (contents, "flats");
  guint n_last = count (contents, "flats-after");

  if (n_darks > 0)
    g_string_append_printf (text, ngettext ("; %u dark", "; %u darks", n_darks), n_darks);
  if (n_flats > 0)
    g_string_append_printf (text, ngettext ("; %u flat", "; %u flats", n_flats), n_flats);
  if (n_last > 0)
    g_string_append_printf (text, ngettext ("; %u last flat", "; %u last flats", n_last), n_last);
}

/**
 * recon_contents_text_images:
 * @n: how many
 * @rows: of each
 * @columns: of each
 * @type: of their samples, as Worker1.Inspect names it
 *
 * Returns: (transfer full): such as "1500 images, 2048 × 2048, 16 bit"
 */
char *
recon_contents_text_images (guint       n,
                            guint       rows,
                            guint       columns,
                            const char *type)
{
  g_autofree char *images = g_strdup_printf (ngettext ("%u image", "%u images", n), n);

  return g_strdup_printf ("%s, %u × %u, %s", images, columns, rows, recon_contents_text_get_type (type));
}

/**
 * recon_contents_text_new:
 * @contents: what Worker1.Inspect says of a path
 * @parameter: the parameter whose path it is
 *
 * Returns: (transfer full) (nullable): such as "1500 images, 2048 × 2048, 16 bit"; %NULL if there are no images
 */
char *
recon_contents_text_new (GVariant       *contents,
                         ReconParameter  parameter)
{
  g_autofree char *images = NULL;
  GString *text;
  Part part;

  if (!look_up_for (contents, parameter, &part))
    return NULL;

  images = recon_contents_text_images (part.images, part.rows, part.columns, part.type);
  text = g_string_new (images);

  if (parameter == RECON_PARAM_PROJECTIONS)
    append_references (text, contents);

  return g_string_free (text, FALSE);
}

/**
 * recon_contents_text_mismatch:
 * @contents: what Worker1.Inspect says of a path
 * @projections: what it says of the projections'
 * @parameter: the parameter of the first
 *
 * Returns: (transfer full) (nullable): why they do not fit together; %NULL if they do
 */
char *
recon_contents_text_mismatch (GVariant       *contents,
                              GVariant       *projections,
                              ReconParameter  parameter)
{
  Part part, whole;

  if (!look_up_for (contents, parameter, &part) || !look_up (projections, "projections", &whole) ||
      (part.columns == whole.columns && part.rows == whole.rows))
    return NULL;

  return g_strdup_printf (parameter == RECON_PARAM_DARKS
                            ? _ ("Darks are %u × %u but projections are %u × %u. Choose darks of the same size.")
                            : _ ("Flats are %u × %u but projections are %u × %u. Choose flats of the same size."),
                          part.columns, part.rows, whole.columns, whole.rows);
}

/**
 * recon_contents_text_get_size:
 * @contents: what Worker1.Inspect says of a path
 * @images: (out): its images that are not darks or flats
 * @rows: (out): of each
 * @columns: (out): of each
 *
 * Returns: whether there are any
 */
gboolean
recon_contents_text_get_size (GVariant *contents,
                              guint    *images,
                              guint    *rows,
                              guint    *columns)
{
  Part part;

  if (!look_up (contents, "projections", &part))
    return FALSE;

  *images = part.images;
  *rows = part.rows;
  *columns = part.columns;

  return TRUE;
}

/**
 * recon_contents_text_has:
 * @contents: what Worker1.Inspect says of a path
 * @part: such as "flats-after"
 *
 * Returns: whether there are images of that kind
 */
gboolean
recon_contents_text_has (GVariant   *contents,
                         const char *part)
{
  return count (contents, part) > 0;
}
