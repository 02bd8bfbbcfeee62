/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/file-writer.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/fail.h"
#include "base/output-files.h"

/* Beside vol.h5 there are, until it is complete:
 *
 *   vol.h5.partial                the file itself
 *   vol.h5.partial.journal        what is in it (see #ReconSliceJournal), if the format needs that
 *   vol.h5.partial.reco.conf      the configuration, if the format has no place for it
 *   vol.h5.partial.ledger.jsonl   which slices are finished: not written here
 *
 * and afterwards vol.h5.reco.conf and vol.h5.ledger.jsonl, the last to get its name. */

typedef struct
{
  char     *configuration;
  char     *partial_configuration;
  char     *journal;
  gboolean  moved; /* the file has its final name already */
} ReconFileWriterPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ReconFileWriter, recon_file_writer, RECON_TYPE_WRITER)

static gboolean
recon_file_writer_result_exists (ReconWriter  *writer,
                                 const guint  *numbers,
                                 guint         n_slices,
                                 char        **what)
{
  const char *path = recon_writer_get_path (writer);

  if (!recon_file_exists (AT_FDCWD, path))
    return FALSE;

  if (what != NULL && recon_file_leads_nowhere (path))
    *what = g_strdup_printf (_ ("%s is a link that leads nowhere"), path);
  else if (what != NULL)
    *what = g_strdup_printf (_ ("%s exists"), path);

  return TRUE;
}

static gboolean
recon_file_writer_check (ReconWriter  *writer,
                         GError      **error)
{
  return recon_file_check_target (recon_writer_get_path (writer), error);
}

static gboolean
store_configuration (ReconFileWriter    *self,
                     const ReconVolume  *volume,
                     GError            **error)
{
  ReconFileWriterPrivate *priv = recon_file_writer_get_instance_private (self);

  return !RECON_FILE_WRITER_GET_CLASS (self)->has_configuration ||
         recon_file_store (AT_FDCWD, priv->partial_configuration,
                           volume->configuration != NULL ? volume->configuration : "", error);
}

static gboolean
start (ReconFileWriter    *self,
       const ReconVolume  *volume,
       GError            **error)
{
  ReconFileWriterPrivate *priv = recon_file_writer_get_instance_private (self);
  ReconFileWriterClass *klass = RECON_FILE_WRITER_GET_CLASS (self);
  ReconWriter *writer = RECON_WRITER (self);
  const char *partial = recon_writer_get_partial (writer);
  g_autofree char *folder = g_path_get_dirname (partial);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);

  if (recon_folder_make (folder, made, error) &&
      recon_file_remove (AT_FDCWD, recon_writer_get_partial_ledger (writer), error) &&
      recon_file_remove (AT_FDCWD, priv->journal, error))
    {
      if (klass->start (self, volume, error) && store_configuration (self, volume, error))
        return TRUE;

      g_unlink (partial);
      g_unlink (priv->journal);
      if (klass->has_configuration)
        g_unlink (priv->partial_configuration);
    }
  recon_folder_unmake (made);

  return FALSE;
}

/* Whether an earlier writer was ended in its recon_writer_finish() after the file had got its final name: there is no
 * ledger beside that, or no other one. */
static gboolean
is_moved (ReconWriter  *writer,
          const guint8 *finished,
          guint         n_slices)
{
  const char *path = recon_writer_get_path (writer);
  const char *partial = recon_writer_get_partial (writer);

  recon_file_drop_old_name (partial, path);
  if (memchr (finished, 0, n_slices) != NULL || recon_file_exists (AT_FDCWD, partial))
    return FALSE;

  return g_file_test (path, G_FILE_TEST_IS_REGULAR) &&
         (!recon_file_exists (AT_FDCWD, recon_writer_get_ledger (writer)) ||
          !recon_file_exists (AT_FDCWD, recon_writer_get_partial_ledger (writer)));
}

static gboolean
resume (ReconFileWriter    *self,
        const ReconVolume  *volume,
        const guint8       *finished,
        GError            **error)
{
  ReconFileWriterPrivate *priv = recon_file_writer_get_instance_private (self);
  ReconFileWriterClass *klass = RECON_FILE_WRITER_GET_CLASS (self);
  ReconWriter *writer = RECON_WRITER (self);

  priv->moved = is_moved (writer, finished, volume->n_slices);
  if (priv->moved)
    return klass->check_complete (self, recon_writer_get_path (writer), volume, error);

  if (!recon_file_exists (AT_FDCWD, recon_writer_get_partial (writer)))
    return recon_fail (error, RECON_ERROR_RESUME,
                       _ ("There is nothing to resume: %s does not exist. Start again without --resume."),
                       recon_writer_get_partial (writer));

  return recon_writer_check_free (writer, volume->numbers, volume->n_slices, error) &&
         klass->resume (self, volume, finished, error) && store_configuration (self, volume, error);
}

static gboolean
recon_file_writer_open (ReconWriter        *writer,
                        const ReconVolume  *volume,
                        const guint8       *finished,
                        GError            **error)
{
  ReconFileWriter *self = RECON_FILE_WRITER (writer);

  if (!recon_file_check_target (recon_writer_get_path (writer), error))
    return FALSE;

  return finished != NULL ? resume (self, volume, finished, error) : start (self, volume, error);
}

/* Gives the closed file its final name. Until its own ledger follows there is none beside it. */
static gboolean
move (ReconWriter  *writer,
      GError      **error)
{
  const char *path = recon_writer_get_path (writer);
  gboolean overwrite = recon_writer_get_overwrite (writer);

  if ((overwrite || !recon_file_exists (AT_FDCWD, path)) &&
      !recon_file_remove (AT_FDCWD, recon_writer_get_ledger (writer), error))
    return FALSE;

  return recon_file_move_in (AT_FDCWD, recon_writer_get_partial (writer), AT_FDCWD, path, overwrite, error);
}

static gboolean
move_if_there (const char  *from,
               const char  *to,
               GError     **error)
{
  return !recon_file_exists (AT_FDCWD, from) || recon_file_move (from, to, error);
}

static gboolean
recon_file_writer_finish (ReconWriter  *writer,
                          GError      **error)
{
  ReconFileWriter *self = RECON_FILE_WRITER (writer);
  ReconFileWriterPrivate *priv = recon_file_writer_get_instance_private (self);
  ReconFileWriterClass *klass = RECON_FILE_WRITER_GET_CLASS (self);

  if (!priv->moved && (!klass->close (self, error) || !move (writer, error)))
    return FALSE;

  /* From here on the rest is a matter of tidiness, which a run that resumes can do as well. */
  return (!klass->has_configuration || move_if_there (priv->partial_configuration, priv->configuration, error)) &&
         recon_file_remove (AT_FDCWD, priv->journal, error) &&
         move_if_there (recon_writer_get_partial_ledger (writer), recon_writer_get_ledger (writer), error);
}

static void
recon_file_writer_finalize (GObject *object)
{
  ReconFileWriterPrivate *priv = recon_file_writer_get_instance_private (RECON_FILE_WRITER (object));

  g_free (priv->configuration);
  g_free (priv->partial_configuration);
  g_free (priv->journal);

  G_OBJECT_CLASS (recon_file_writer_parent_class)->finalize (object);
}

static void
recon_file_writer_class_init (ReconFileWriterClass *klass)
{
  ReconWriterClass *writer_class = RECON_WRITER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = recon_file_writer_finalize;
  writer_class->result_exists = recon_file_writer_result_exists;
  writer_class->check = recon_file_writer_check;
  writer_class->open = recon_file_writer_open;
  writer_class->finish = recon_file_writer_finish;
}

static void
recon_file_writer_init (ReconFileWriter *self)
{
}

/**
 * recon_file_writer_set_path:
 * @self: a writer that is being made
 * @path: the file that will hold the slices
 *
 * For subclasses only.
 */
void
recon_file_writer_set_path (ReconFileWriter *self,
                            const char      *path)
{
  ReconFileWriterPrivate *priv = recon_file_writer_get_instance_private (self);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_autofree char *ledger = g_strconcat (path, ".ledger.jsonl", NULL);
  g_autofree char *partial_ledger = g_strconcat (partial, ".ledger.jsonl", NULL);

  recon_writer_set_paths (RECON_WRITER (self), path, partial, ledger, partial_ledger);
  priv->configuration = g_strconcat (path, ".reco.conf", NULL);
  priv->partial_configuration = g_strconcat (partial, ".reco.conf", NULL);
  priv->journal = g_strconcat (partial, ".journal", NULL);
}

/**
 * recon_file_writer_get_journal:
 * @self: a writer
 *
 * Returns: where its journal is; it is removed when the writer starts anew, and at the end
 */
const char *
recon_file_writer_get_journal (ReconFileWriter *self)
{
  ReconFileWriterPrivate *priv = recon_file_writer_get_instance_private (self);

  return priv->journal;
}
