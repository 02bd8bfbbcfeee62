/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/lines.h"

#include <glib/gi18n-lib.h>

#include "base/fail.h"

/* The work is divided into items: some successive frames, whole batches of the reader as far as possible, so that
 * no chunk of the file is unpacked twice, and all of their lines; where that makes fewer items than threads, some of
 * the lines. How it is divided does not change what is read. */

/* Samples that a thread reads at once, as float32: so many that the cost of a call does not show, and so few that they
 * stay in the processor's cache until they are dealt with. */
#define GOOD_BYTES ((gsize) 1 << 20)

/* Read straight into place, they need not. */
#define GOOD_DIRECT_BYTES ((gsize) 4 << 20)

/* With less than this for one thread, fewer threads work: reading lines in several goes may unpack chunks again. */
#define LEAST_BYTES ((gsize) 8 << 20)

typedef struct
{
  guint start; /* position in the list of frames */
  guint n_frames;
  guint first_line;
  guint n_lines;
} Item;

typedef struct
{
  const ReconLinesPart *part;
  GArray               *items; /* (element-type Item) */
  GCancellable         *cancellable;

  /* Straight into place. */
  float                *pixels;
  gsize                 frame_pitch;
  gsize                 row_pitch;

  /* Through scratch memory, which each member has for itself. */
  ReconLinesFunc        func;
  gpointer              user_data;
  gsize                 scratch_bytes; /* of one */
  float               **scratch;
  guint                 lines_per_go;

  /* In order: one item after the other. */
  gboolean              in_order;
  GMutex                lock;
  GCond                 turned;
  guint                 turn;   /* the item whose turn it is */
  gboolean              failed; /* so that there will be no further turn */
} Run;

/* How much is read at once through scratch memory. */
typedef struct
{
  guint n_members;
  guint n_frames;
  guint n_lines;
  gsize bytes; /* of the two */
} Portion;

static guint
get_batch (const ReconLinesPart *self)
{
  return recon_reader_get_batch (recon_frames_get_reader (self->frames));
}

/* Bytes of one line of one frame as float32; %G_MAXSIZE where they cannot be represented. */
static gsize
line_bytes (const ReconLinesPart *self)
{
  gsize bytes;

  if (!g_size_checked_mul (&bytes, self->lines.height, self->n_columns) ||
      !g_size_checked_mul (&bytes, bytes, sizeof (float)))
    return G_MAXSIZE;

  return MAX (bytes, 1);
}

static gsize
multiply (gsize a,
          gsize b)
{
  gsize product;

  return g_size_checked_mul (&product, a, b) ? product : G_MAXSIZE;
}

/* Whole batches of about so many bytes. */
static guint
frames_of (gsize bytes,
           gsize frame_bytes,
           guint batch)
{
  gsize n = bytes / frame_bytes;

  return n > batch ? (guint) MIN (n - n % batch, G_MAXINT) : batch;
}

static Portion
get_portion (const ReconLinesPart *self,
             guint                 n_members,
             gsize                 limit)
{
  guint batch = MIN (get_batch (self), MAX (recon_frames_get_n (self->frames), 1));
  gsize share = MAX (limit / n_members, MIN (limit, LEAST_BYTES));
  gsize line = line_bytes (self);
  gsize unit = multiply (line, batch);
  Portion portion;

  portion.n_lines = (guint) CLAMP (share / unit, 1, self->lines.n);
  portion.n_frames = batch;
  if (unit > limit)
    portion.n_frames = (guint) CLAMP (limit / line, 1, batch);
  else if (portion.n_lines == self->lines.n)
    portion.n_frames = frames_of (MIN (GOOD_BYTES, share), multiply (line, self->lines.n), batch);
  portion.n_frames = MIN (portion.n_frames, MAX (recon_frames_get_n (self->frames), 1));

  portion.bytes = multiply (multiply (line, portion.n_lines), portion.n_frames);
  portion.n_members = (guint) CLAMP (limit / portion.bytes, 1, n_members);

  return portion;
}

/* The end of an item of at most @n_frames that begins with the frame at @start: with a batch, if possible. */
static guint
find_end (const ReconLinesPart *self,
          guint                 start,
          guint                 n_frames)
{
  const guint *index = recon_frames_get_index (self->frames);
  guint n = recon_frames_get_n (self->frames);
  guint batch = get_batch (self);
  guint end = start + 1;

  while (end < n && end - start < n_frames &&
         (index[end] / batch == index[end - 1] / batch || n_frames - (end - start) >= batch))
    end++;

  return end;
}

/* Adds the lines of some frames in about @n_parts, without parting rows that belong together in the file. */
static void
add_items (const ReconLinesPart *self,
           GArray               *items,
           Item                  item,
           guint                 n_parts)
{
  const ReconLines *lines = &self->lines;
  guint batch_rows = recon_reader_get_batch_rows (recon_frames_get_reader (self->frames));
  guint least = (lines->n - 1) / n_parts + 1;

  for (guint line = 0; line < lines->n; line += item.n_lines)
    {
      guint end = MIN (line + least, lines->n);

      while (end < lines->n && (lines->first + end * lines->stride) / batch_rows ==
                                 (lines->first + (end - 1) * lines->stride + lines->height - 1) / batch_rows)
        end++;

      item.first_line = line;
      item.n_lines = end - line;
      g_array_append_val (items, item);
    }
}

static GArray *
make_items (const ReconLinesPart *self,
            guint                 n_frames,
            guint                 n_parts)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (Item));
  guint n = recon_frames_get_n (self->frames);

  for (guint start = 0, end; start < n; start = end)
    {
      end = find_end (self, start, n_frames);
      add_items (self, items, (Item) { .start = start, .n_frames = end - start }, n_parts);
    }

  return items;
}

/* The reading of some lines of an item, without where to. */
static ReconReading
get_reading (const Run  *run,
             const Item *item,
             guint       first_line,
             guint       n_lines)
{
  const ReconLinesPart *part = run->part;

  return (ReconReading) {
    .frames = recon_frames_get_index (part->frames) + item->start,
    .n_frames = item->n_frames,
    .lines = { part->lines.first + first_line * part->lines.stride, part->lines.height, part->lines.stride, n_lines },
    .column = part->column,
    .n_columns = part->n_columns,
  };
}

static gboolean
read_item_cb (guint      i,
              guint      member,
              gpointer   user_data,
              GError   **error)
{
  Run *run = user_data;
  const Item *item = &g_array_index (run->items, Item, i);
  ReconReading reading = get_reading (run, item, item->first_line, item->n_lines);

  reading.pixels = run->pixels + item->start * run->frame_pitch +
                   (gsize) item->first_line * run->part->lines.height * run->row_pitch;
  reading.frame_pitch = run->frame_pitch;
  reading.row_pitch = run->row_pitch;

  return !g_cancellable_set_error_if_cancelled (run->cancellable, error) &&
         recon_reader_read_lines (recon_frames_get_reader (run->part->frames), &reading, run->cancellable, error);
}

/**
 * recon_lines_read:
 * @self: which lines of which frames, all of whose heights hold the lines
 * @team: who reads
 * @n_members: how many of them at most
 * @pixels: (out caller-allocates): column c of row i of the lines of frame j is
 *   pixels[j · frame_pitch + i · row_pitch + c]
 * @frame_pitch: samples from one frame to the next
 * @row_pitch: samples from one row to the next
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads lines straight into place.
 *
 * Returns: %FALSE with the error of the reader
 */
gboolean
recon_lines_read (const ReconLinesPart  *self,
                  ReconTeam             *team,
                  guint                  n_members,
                  float                 *pixels,
                  gsize                  frame_pitch,
                  gsize                  row_pitch,
                  GCancellable          *cancellable,
                  GError               **error)
{
  gsize frame_bytes = multiply (line_bytes (self), MAX (self->lines.n, 1));
  Run run = { .part = self, .cancellable = cancellable, .pixels = pixels, .frame_pitch = frame_pitch,
              .row_pitch = row_pitch };
  g_autoptr (GArray) items = NULL;

  g_return_val_if_fail (self->lines.n > 0 && self->lines.height > 0 && self->lines.stride >= self->lines.height, FALSE);

  n_members = MIN (n_members, recon_team_get_n_members (team));
  items = make_items (self, frames_of (GOOD_DIRECT_BYTES, frame_bytes, get_batch (self)), 1);
  if (n_members > 1 && items->len < 4 * n_members)
    {
      g_array_unref (items);
      items = make_items (self, get_batch (self), 1);
    }
  if (n_members > 1 && items->len < 4 * n_members && items->len > 0)
    {
      guint n_parts = (4 * n_members - 1) / items->len + 1;

      g_array_unref (items);
      items = make_items (self, get_batch (self), n_parts);
    }
  run.items = items;

  return recon_team_run (team, n_members, items->len, read_item_cb, &run, error);
}

/* Waits until the items before have been delivered. Returns %FALSE if that will not happen. */
static gboolean
wait_for_turn (Run   *run,
               guint  i)
{
  gboolean failed;

  if (!run->in_order)
    return TRUE;

  g_mutex_lock (&run->lock);
  while (run->turn != i && !run->failed)
    g_cond_wait (&run->turned, &run->lock);
  failed = run->failed;
  g_mutex_unlock (&run->lock);

  return !failed;
}

static void
end_turn (Run      *run,
          gboolean  failed)
{
  if (!run->in_order)
    return;

  g_mutex_lock (&run->lock);
  run->turn++;
  run->failed = run->failed || failed;
  g_cond_broadcast (&run->turned);
  g_mutex_unlock (&run->lock);
}

static float *
get_scratch (Run     *run,
             guint    member,
             GError **error)
{
  if (run->scratch[member] == NULL && run->scratch_bytes != G_MAXSIZE)
    run->scratch[member] = g_try_malloc (run->scratch_bytes);
  if (run->scratch[member] == NULL)
    {
      guint64 rows = (guint64) run->lines_per_go * run->part->lines.height;

      return recon_fail_null (error, RECON_ERROR_MEMORY,
                              _ ("There is no memory to read %" G_GUINT64_FORMAT " rows of images of %s."), rows,
                              recon_reader_get_path (recon_frames_get_reader (run->part->frames)));
    }

  return run->scratch[member];
}

/* Hands out lines of an item that have been read. */
static void
deliver (Run                *run,
         const Item         *item,
         const ReconReading *reading,
         guint               first_line)
{
  gsize line_pitch = reading->row_pitch * reading->lines.height;

  for (guint j = 0; j < item->n_frames; j++)
    for (guint line = 0; line < reading->lines.n; line++)
      run->func (item->start + j, first_line + line, reading->pixels + j * reading->frame_pitch + line * line_pitch,
                 run->user_data);
}

static gboolean
work_on_item (Run      *run,
              guint     i,
              guint     member,
              gboolean *has_turn,
              GError  **error)
{
  const Item *item = &g_array_index (run->items, Item, i);
  float *scratch = get_scratch (run, member, error);

  if (scratch == NULL || g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return FALSE;

  for (guint line = 0; line < item->n_lines; line += run->lines_per_go)
    {
      guint first_line = item->first_line + line;
      ReconReading reading = get_reading (run, item, first_line, MIN (run->lines_per_go, item->n_lines - line));

      reading.pixels = scratch;
      reading.row_pitch = reading.n_columns;
      reading.frame_pitch = (gsize) reading.lines.n * reading.lines.height * reading.row_pitch;

      if (!recon_reader_read_lines (recon_frames_get_reader (run->part->frames), &reading, run->cancellable, error))
        return FALSE;
      if (!*has_turn && !wait_for_turn (run, i))
        return FALSE;

      *has_turn = TRUE;
      deliver (run, item, &reading, first_line);
    }

  return TRUE;
}

static gboolean
foreach_item_cb (guint      i,
                 guint      member,
                 gpointer   user_data,
                 GError   **error)
{
  Run *run = user_data;
  gboolean has_turn = FALSE;
  gboolean done = work_on_item (run, i, member, &has_turn, error);

  /* An item that failed waits too: those before it are to be delivered or to fail themselves. */
  if (!has_turn && !wait_for_turn (run, i))
    return FALSE;

  end_turn (run, !done);

  return done;
}

/**
 * recon_lines_foreach:
 * @self: which lines of which frames, all of whose heights hold the lines
 * @team: who reads
 * @n_members: how many of them at most
 * @limit: bytes of temporary memory to keep to as far as single lines of single frames allow
 * @order: how @func is called
 * @func: what to do with each line
 * @user_data: data for @func
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads lines and hands them out. Where the limit does not allow for all lines of a batch of frames, they are read in
 * several goes, all of one batch before the next.
 *
 * Returns: %FALSE with the error of the reader, or #RECON_ERROR_MEMORY
 */
gboolean
recon_lines_foreach (const ReconLinesPart  *self,
                     ReconTeam             *team,
                     guint                  n_members,
                     gsize                  limit,
                     ReconLinesOrder        order,
                     ReconLinesFunc         func,
                     gpointer               user_data,
                     GCancellable          *cancellable,
                     GError               **error)
{
  Portion portion = get_portion (self, MIN (n_members, recon_team_get_n_members (team)), limit);
  g_autoptr (GArray) items = make_items (self, portion.n_frames, 1);
  g_autofree float **scratch = g_new0 (float *, portion.n_members);
  Run run = { .part = self, .items = items, .cancellable = cancellable, .func = func, .user_data = user_data,
              .scratch_bytes = portion.bytes, .scratch = scratch, .lines_per_go = portion.n_lines,
              .in_order = order == RECON_LINES_IN_ORDER };
  gboolean done;

  g_return_val_if_fail (self->lines.n > 0 && self->lines.height > 0 && self->lines.stride >= self->lines.height, FALSE);

  g_mutex_init (&run.lock);
  g_cond_init (&run.turned);
  done = recon_team_run (team, portion.n_members, items->len, foreach_item_cb, &run, error);
  g_cond_clear (&run.turned);
  g_mutex_clear (&run.lock);

  for (guint i = 0; i < portion.n_members; i++)
    g_free (scratch[i]);

  return done;
}

/**
 * recon_lines_foreach_scratch_bytes:
 * @self: which lines of which frames
 * @n_members: as for recon_lines_foreach()
 * @limit: as for recon_lines_foreach()
 *
 * Returns: upper bound of the temporary memory that recon_lines_foreach() takes for these or fewer lines, without that
 *   of the reader
 */
gsize
recon_lines_foreach_scratch_bytes (const ReconLinesPart *self,
                                   guint                 n_members,
                                   gsize                 limit)
{
  Portion portion = get_portion (self, n_members, limit);
  gsize all = multiply (multiply (line_bytes (self), self->lines.n), recon_frames_get_n (self->frames));

  /* Fewer lines are read of more frames at once, so that nothing smaller than the limit bounds fewer lines. */
  return MIN (all, MAX (limit, portion.bytes));
}
