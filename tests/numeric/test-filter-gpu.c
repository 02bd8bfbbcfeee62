/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>
#include <utime.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "support.h"
#include "task-runner.h"
#include "tasks/filter.h"

/* A block as it is before the filter; room beyond its slices holds NaN, which must not be read. */
typedef struct
{
  guint  n_angles;
  guint  n;
  guint  lanes;
  guint  n_padded;
  guint  width;
  float *data;
} Sinograms;

static ReconFilterSettings
make_settings (ReconFilterKind  filter,
               ReconPadding padding)
{
  return (ReconFilterSettings) { .filter = filter, .padding = padding, .cutoff = 0.5, .order = 4 };
}

static gsize
count (const Sinograms *self)
{
  return (gsize) self->n_angles * self->n_padded * self->width;
}

static float *
get_row (const Sinograms *self,
         guint            angle,
         guint            slice)
{
  return self->data + ((gsize) angle * self->n_padded + slice) * self->width;
}

static void
sinograms_init (Sinograms *self,
                guint      n_angles,
                guint      n,
                guint      lanes,
                guint      width)
{
  guint state = width;

  *self = (Sinograms) { n_angles, n, lanes, (n + lanes - 1) / lanes * lanes, width, NULL };
  self->data = g_new (float, count (self));
  for (gsize i = 0; i < count (self); i++)
    self->data[i] = NAN;
  for (guint a = 0; a < n_angles; a++)
    for (guint s = 0; s < n; s++)
      for (guint x = 0; x < width; x++)
        get_row (self, a, s)[x] = (float) (2 * test_random (&state) - 0.3);
}

static void
sinograms_clear (Sinograms *self)
{
  g_clear_pointer (&self->data, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sinograms, sinograms_clear)

/* Returns: (transfer full): what the filter makes of the block, lanes innermost; with g_free() */
static float *
apply (ReconDevice     *device,
       ReconGpuFilter  *filter,
       const Sinograms *block)
{
  g_autoptr (GError) error = NULL;
  const gsize bytes = count (block) * sizeof (float);
  const ReconBlock size = { block->n_angles, block->n, block->n_padded, block->lanes, block->width };
  float *memory = recon_host_memory_new (bytes, &error);
  float *result = g_malloc (bytes);
  g_auto (ReconClMem) buffer = NULL;

  g_assert_no_error (error);
  memcpy (memory, block->data, bytes);
  buffer = recon_device_wrap (device, memory, bytes, TRUE, &error);
  g_assert_no_error (error);
  recon_gpu_filter_apply (filter, buffer, &size, NULL, &error);
  g_assert_no_error (error);
  recon_device_fetch (device, buffer, result, bytes, &error);
  g_assert_no_error (error);
  recon_host_memory_free (memory);

  return result;
}

static float *
run (ReconDevice               *device,
     const ReconFilterSettings *settings,
     const Sinograms           *block)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconGpuFilter) filter = recon_gpu_filter_new (device, settings, block->width, block->lanes, &error);

  g_assert_no_error (error);

  return apply (device, filter, block);
}

static float
get_result (const Sinograms *block,
            const float     *result,
            guint            angle,
            guint            slice,
            guint            x)
{
  const gsize group = (gsize) angle * (block->n_padded / block->lanes) + slice / block->lanes;

  return result[(group * block->width + x) * block->lanes + slice % block->lanes];
}

/* The row at any column, as the padding continues it. */
static double
get_continued (const float  *row,
               int           width,
               int           x,
               ReconPadding  padding)
{
  const int border = MAX (1, width / 32);
  const int distance = x < 0 ? -x - 1 : x - width;
  double sum = 0;

  if (x >= 0 && x < width)
    return (double) row[x];

  if (padding == RECON_PADDING_ZERO)
    return 0;

  if (padding == RECON_PADDING_EDGE)
    return (double) row[x < 0 ? 0 : width - 1];

  if (distance < border)
    return (double) row[x < 0 ? distance : width - 1 - distance];

  for (int i = 0; i < border; i++)
    sum += (double) row[x < 0 ? i : width - 1 - i];

  return sum / border;
}

/* The filter in real space: the response transformed back. */
static double *
make_kernel (const ReconFilterSettings *settings,
             guint                      m)
{
  g_autofree float *response = g_new (float, m / 2 + 1);
  g_autofree double *cosine = g_new (double, m);
  double *kernel = g_new0 (double, m);

  for (guint i = 0; i < m; i++)
    cosine[i] = cos (2 * G_PI * i / m);

  recon_filter_response (settings, m, response);
  for (guint x = 0; x < m; x++)
    for (guint k = 0; k < m; k++)
      kernel[x] += (double) response[MIN (k, m - k)] * cosine[(guint64) k * x % m] / m;

  return kernel;
}

static void
assert_row (const Sinograms *block,
            const float     *result,
            guint            angle,
            guint            slice,
            ReconPadding     padding,
            const double    *kernel,
            guint            m)
{
  const int width = (int) block->width;
  const int n_right = (int) (m - block->width + 1) / 2;
  const int n_left = (int) m - width - n_right;
  g_autofree double *padded = g_new (double, m);

  for (int x = -n_left; x < width + n_right; x++)
    padded[x + n_left] = get_continued (get_row (block, angle, slice), width, x, padding);

  for (int x = 0; x < width; x++)
    {
      double sum = 0;

      for (int y = -n_left; y < width + n_right; y++)
        sum += padded[y + n_left] * kernel[ABS (x - y)];
      g_assert_cmpfloat_with_epsilon ((double) get_result (block, result, angle, slice, (guint) x), sum, 2e-6);
    }
}

/* Some rows of all kinds: of both projections of a pair, the last projection, the first and last slice. */
static void
assert_filtered (const Sinograms           *block,
                 const float               *result,
                 const ReconFilterSettings *settings)
{
  const guint m = recon_filter_padded_width (block->width);
  g_autofree double *kernel = make_kernel (settings, m);

  for (guint a = 0; a < block->n_angles; a++)
    {
      assert_row (block, result, a, a % block->n, settings->padding, kernel, m);
      assert_row (block, result, a, block->n - 1, settings->padding, kernel, m);
      for (guint s = block->n; s < block->n_padded; s++)
        for (guint x = 0; x < block->width; x++)
          g_assert_cmpfloat (get_result (block, result, a, s, x), ==, 0);
    }
}

static void
test_filters (void)
{
  g_autoptr (ReconDevice) device = open_device (FALSE);
  g_auto (Sinograms) block = { 0 };

  sinograms_init (&block, 5, 11, 8, 70);
  for (int f = RECON_FILTER_RAMP; f <= RECON_FILTER_BUTTERWORTH; f++)
    for (int p = RECON_PADDING_ZERO; p <= RECON_PADDING_MIRROR; p++)
      {
        ReconFilterSettings settings = make_settings ((ReconFilterKind) f, (ReconPadding) p);
        g_autofree float *result = NULL;

        if (f == RECON_FILTER_NONE)
          continue;
        result = run (device, &settings, &block);
        assert_filtered (&block, result, &settings);
      }
}

static void
test_widths (void)
{
  /* Each has programs of its own, which take long to compile. */
  const guint widths[] = { 1, 37, 511, 1000, 2, 3, 16, 512, 1100 };
  const guint n_widths = test_is_exhaustive () ? G_N_ELEMENTS (widths) : 4;
  const guint lanes[] = { 4, 8, 16 };
  const guint slices[] = { 1, 13, 5 };
  g_autoptr (ReconDevice) device = open_device (FALSE);

  for (guint w = 0; w < n_widths; w++)
    for (guint l = 0; l < G_N_ELEMENTS (lanes); l++)
      {
        ReconFilterSettings settings = make_settings (RECON_FILTER_SHEPP_LOGAN, (ReconPadding) ((w + l) % 3));
        g_auto (Sinograms) block = { 0 };
        g_autofree float *result = NULL;

        sinograms_init (&block, 1 + (w + l) % 3, slices[(w + l) % 3], lanes[l], widths[w]);
        result = run (device, &settings, &block);
        assert_filtered (&block, result, &settings);
      }
}

/* On a device that works on the host's memory too. */
static void
test_shared_memory (void)
{
  g_autoptr (ReconDevice) device = open_device (TRUE);
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_EDGE);
  g_auto (Sinograms) block = { 0 };
  g_autofree float *result = NULL;

  sinograms_init (&block, 4, 6, 4, 37);
  result = run (device, &settings, &block);
  assert_filtered (&block, result, &settings);
}

static void
test_none (void)
{
  const guint widths[] = { 1, 5, 32, 100 };
  g_autoptr (ReconDevice) device = open_device (FALSE);
  ReconFilterSettings settings = make_settings (RECON_FILTER_NONE, RECON_PADDING_MIRROR);

  for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const guint width = widths[w];
      g_auto (Sinograms) block = { 0 };
      g_autofree float *result = NULL;

      sinograms_init (&block, 3, 21, 16, width);
      get_row (&block, 0, 3)[width / 2] = NAN;
      get_row (&block, 1, 4)[width / 2] = INFINITY;
      get_row (&block, 2, 5)[width / 2] = 1e-40f;
      result = run (device, &settings, &block);

      for (guint a = 0; a < block.n_angles; a++)
        for (guint s = 0; s < block.n_padded; s++)
          for (guint x = 0; x < width; x++)
            {
              const float value = get_result (&block, result, a, s, x);

              if (s >= block.n)
                g_assert_cmpfloat (value, ==, 0);
              else if (isnan (get_row (&block, a, s)[x]))
                g_assert_true (isnan (value));
              else
                g_assert_cmpfloat (value, ==, get_row (&block, a, s)[x]);
            }
    }
}

/* One value in some rows of a block of 7 angles: of a pair the first, there at @column, the second, both, and the one
 * without a partner. */
static void
damage (Sinograms *block,
        guint      column,
        float      value)
{
  get_row (block, 0, 1)[column] = value;
  get_row (block, 3, 2)[99] = value;
  get_row (block, 4, 4)[1] = get_row (block, 5, 4)[50] = value;
  get_row (block, 6, 0)[7] = value;
}

static gboolean
is_damaged (guint angle,
            guint slice)
{
  return (angle == 0 && slice == 1) || (angle == 3 && slice == 2) || (angle / 2 == 2 && slice == 4) ||
         (angle == 6 && slice == 0);
}

/* A sample that isn't finite spoils its own row only, whatever the row is computed with. */
static void
test_broken (void)
{
  const float values[] = { NAN, INFINITY, -INFINITY };
  g_autoptr (ReconDevice) device = open_device (FALSE);

  for (guint v = 0; v < G_N_ELEMENTS (values); v++)
    {
      ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, (ReconPadding) v);
      const guint m = recon_filter_padded_width (100);
      g_autofree double *kernel = make_kernel (&settings, m);
      g_auto (Sinograms) block = { 0 };
      g_autofree float *whole = NULL;
      g_autofree float *result = NULL;

      sinograms_init (&block, 7, 5, 4, 100);
      whole = run (device, &settings, &block);
      damage (&block, 0, values[v]);
      result = run (device, &settings, &block);

      for (guint a = 0; a < block.n_angles; a++)
        for (guint s = 0; s < block.n; s++)
          {
            const gboolean is_broken = is_damaged (a, s);

            if (!is_broken)
              assert_row (&block, result, a, s, settings.padding, kernel, m);
            for (guint x = 0; x < block.width; x++)
              if (is_broken)
                g_assert_true (isnan (get_result (&block, result, a, s, x)));
              else if (!(a == 1 && s == 1) && !(a == 2 && s == 2))
                g_assert_cmpfloat (get_result (&block, result, a, s, x), ==, get_result (&block, whole, a, s, x));
          }
    }
}

/* Nor does one that is finite, but huge, spoil the row that is filtered with it, by overflow or by rounding. */
static void
test_huge (void)
{
  const float values[] = { 1e5f, -1e10f, 1e30f, 1e38f, -G_MAXFLOAT };
  g_autoptr (ReconDevice) device = open_device (FALSE);

  for (guint v = 0; v < G_N_ELEMENTS (values); v++)
    {
      ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, (ReconPadding) (v % 3));
      const guint m = recon_filter_padded_width (100);
      g_autofree double *kernel = make_kernel (&settings, m);
      g_auto (Sinograms) block = { 0 };
      g_autofree float *whole = NULL;
      g_autofree float *result = NULL;

      sinograms_init (&block, 7, 5, 4, 100);
      whole = run (device, &settings, &block);
      damage (&block, 50, values[v]);
      result = run (device, &settings, &block);

      for (guint a = 0; a < block.n_angles; a++)
        for (guint s = 0; s < block.n; s++)
          {
            if (is_damaged (a, s))
              continue;
            assert_row (&block, result, a, s, settings.padding, kernel, m);
            for (guint x = 0; x < block.width; x++)
              if (!(a == 1 && s == 1) && !(a == 2 && s == 2))
                g_assert_cmpfloat (get_result (&block, result, a, s, x), ==, get_result (&block, whole, a, s, x));
          }
      g_assert_cmpfloat_with_epsilon (get_result (&block, result, 0, 1, 50) / values[v], 0.25f, 1e-4f);
    }
}

/* Slices [first, first + n) and projections from first_angle on of a block. */
static void
take_part (Sinograms       *part,
           const Sinograms *block,
           guint            first_angle,
           guint            first,
           guint            n,
           guint            lanes)
{
  sinograms_init (part, block->n_angles - first_angle, n, lanes, block->width);
  for (guint a = 0; a < part->n_angles; a++)
    for (guint s = 0; s < n; s++)
      memcpy (get_row (part, a, s), get_row (block, first_angle + a, first + s), block->width * sizeof (float));
}

static void
assert_part_equal (ReconDevice               *device,
                   const ReconFilterSettings *settings,
                   const Sinograms           *block,
                   const float               *expected,
                   guint                      first_angle,
                   guint                      first,
                   guint                      n,
                   guint                      lanes)
{
  g_auto (Sinograms) part = { 0 };
  g_autofree float *result = NULL;

  take_part (&part, block, first_angle, first, n, lanes);
  result = run (device, settings, &part);
  for (guint a = 0; a < part.n_angles; a++)
    for (guint s = 0; s < n; s++)
      for (guint x = 0; x < part.width; x++)
        g_assert_cmpfloat (get_result (&part, result, a, s, x), ==,
                           get_result (block, expected, first_angle + a, first + s, x));
}

/* Many chunks; the bits depend neither on them, nor on the slices beside a slice, nor on the lanes. */
static void
test_chunks (void)
{
  g_autoptr (ReconDevice) device = open_device (FALSE);
  ReconFilterSettings settings = make_settings (RECON_FILTER_HANN, RECON_PADDING_MIRROR);
  g_auto (Sinograms) block = { 0 };
  g_autofree float *result = NULL;

  /* 801 pairs of 2 groups of 8 slices: more than three times 4096 rows. */
  sinograms_init (&block, 1601, 15, 8, 33);
  result = run (device, &settings, &block);

  assert_part_equal (device, &settings, &block, result, 0, 0, 1, 8);
  assert_part_equal (device, &settings, &block, result, 0, 14, 1, 16);
  assert_part_equal (device, &settings, &block, result, 0, 3, 11, 4);
  assert_part_equal (device, &settings, &block, result, 2, 0, 15, 16);
  assert_part_equal (device, &settings, &block, result, 1598, 0, 15, 8);

  /* And they are right at the end. */
  block.data += (gsize) 1597 * block.n_padded * block.width;
  block.n_angles -= 1597;
  assert_filtered (&block, result + (gsize) 1597 * block.n_padded * block.width, &settings);
  block.data -= (gsize) 1597 * block.n_padded * block.width;
}

static void
test_cancel (void)
{
  g_autoptr (ReconDevice) device = open_device (FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_ZERO);
  g_autoptr (ReconGpuFilter) filter = recon_gpu_filter_new (device, &settings, 3, 4, &error);
  g_auto (ReconClMem) buffer = recon_device_new_buffer (device, 2 * 4 * 3 * sizeof (float), &error);
  const ReconBlock size = { .n_angles = 2, .n = 4, .n_padded = 4, .lanes = 4, .width = 3 };

  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_false (recon_gpu_filter_apply (filter, buffer, &size, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_too_large (void)
{
  g_autoptr (ReconDevice) any = open_device (FALSE);
  g_autoptr (ReconDevice) device = NULL;
  g_autoptr (GError) error = NULL;
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_ZERO);
  ReconDeviceInfo info = *recon_device_get_info (any);

  info.max_allocation = 1024 * 1024;
  device = recon_device_open (&info, &error);
  g_assert_no_error (error);

  g_assert_null (recon_gpu_filter_new (device, &settings, 1000, 4, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "--memory-limit"));

  g_assert_cmpuint (recon_gpu_filter_get_bytes (&settings, 1000, 4), >, info.max_allocation);
  g_assert_cmpuint (recon_gpu_filter_get_bytes (&settings, 1 << 20, 4), >=, (gsize) 16 << 24);
}

static int
compare_strings_cb (gconstpointer a,
                    gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Paths of the files in a folder, sorted. */
static GPtrArray *
list_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_strings_cb);

  return paths;
}

/* The folder of all that the program caches, which is gone. */
static char *
get_empty_cache (void)
{
  char *folder = g_build_filename (g_get_user_cache_dir (), "reconstruct", NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  test_folder_remove (g_strdup (folder));

  return folder;
}

/* What is done to a file that holds a program. */
typedef enum
{
  LEAVE,
  EMPTY,
  TRUNCATE,
  FLIP_BIT,
  REPLACE,
  N_DAMAGES,
} Damage;

static void
damage_file (const char *path,
             Damage      damage)
{
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  switch (damage)
    {
    case EMPTY:
      length = 0;
      break;
    case TRUNCATE:
      length = length / 2;
      break;
    case FLIP_BIT:
      contents[length - length / 3] ^= 4;
      break;
    case REPLACE:
      memset (contents, 'x', length);
      break;
    case LEAVE:
    case N_DAMAGES:
    default:
      return;
    }
  g_assert_true (g_file_set_contents (path, contents, (gssize) length, NULL));
}

static void
age_file (const char *path,
          gint64      days,
          GStatBuf   *status)
{
  gint64 time = g_get_real_time () / G_USEC_PER_SEC - days * 24 * 60 * 60;
  struct utimbuf times = { (time_t) time, (time_t) time };

  g_assert_cmpint (g_utime (path, &times), ==, 0);
  g_assert_cmpint (g_stat (path, status), ==, 0);
}

/* A program that nothing has used for 100 days. */
static char *
get_old (const char *folder)
{
  g_autofree char *name = g_strnfill (64, 'a');

  return g_strconcat (folder, "/", name, ".bin", NULL);
}

static void
put_old (const char *folder)
{
  g_autofree char *path = get_old (folder);
  GStatBuf status;

  g_assert_true (g_file_set_contents (path, "reconstruct program 0\n", -1, NULL));
  age_file (path, 100, &status);
}

static void
take_old (const char *folder,
          gboolean    exists)
{
  g_autofree char *path = get_old (folder);

  g_assert_cmpint (g_file_test (path, G_FILE_TEST_EXISTS), ==, exists);
  g_unlink (path);
}

/* Programs are kept below the user's cache folder and taken from there; damaged ones are made anew without a word.
 * Either counts as use, and writing one removes what was not used for long. */
static void
test_cache (void)
{
  g_autofree char *cache = get_empty_cache ();
  g_autofree char *folder = g_build_filename (cache, "programs", NULL);
  g_autoptr (ReconDevice) device = open_device (FALSE);
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_EDGE);
  g_autoptr (GPtrArray) paths = NULL;
  g_auto (Sinograms) block = { 0 };
  g_autofree float *expected = NULL;
  g_autofree GStatBuf *before = NULL;

  sinograms_init (&block, 2, 4, 4, 12);
  expected = run (device, &settings, &block);
  paths = list_files (folder);
  g_assert_cmpuint (paths->len, >, 0);
  before = g_new0 (GStatBuf, paths->len);

  for (int d = LEAVE; d < N_DAMAGES; d++)
    {
      g_autofree float *result = NULL;
      g_autoptr (GPtrArray) after = NULL;

      damage_file (paths->pdata[0], (Damage) d);
      for (guint i = 0; i < paths->len; i++)
        age_file (paths->pdata[i], 80, &before[i]);
      put_old (folder);

      result = run (device, &settings, &block);
      g_assert_cmpmem (result, count (&block) * sizeof (float), expected, count (&block) * sizeof (float));

      take_old (folder, d == LEAVE);
      after = list_files (folder);
      g_assert_cmpuint (after->len, ==, paths->len);
      for (guint i = 0; i < after->len; i++)
        {
          GStatBuf status;

          /* Only what was damaged has been written again. */
          g_assert_cmpstr (after->pdata[i], ==, paths->pdata[i]);
          g_assert_cmpint (g_stat (after->pdata[i], &status), ==, 0);
          if (i == 0 && d != LEAVE)
            g_assert_cmpuint (status.st_ino, !=, before[i].st_ino);
          else
            g_assert_cmpuint (status.st_ino, ==, before[i].st_ino);
          g_assert_cmpint (status.st_mtime, >, before[i].st_mtime);
        }
    }
}

/* Where there can be no cache there is none. */
static void
test_no_cache (void)
{
  g_autofree char *path = get_empty_cache ();
  g_autoptr (ReconDevice) device = open_device (FALSE);
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_EDGE);
  g_auto (Sinograms) block = { 0 };
  g_autofree float *result = NULL;

  g_assert_true (g_file_set_contents (path, "a file", -1, NULL));
  sinograms_init (&block, 2, 4, 4, 12);
  result = run (device, &settings, &block);
  assert_filtered (&block, result, &settings);
}

int
main (int    argc,
      char **argv)
{
  char *cache = test_folder_new ();
  g_autoptr (GPtrArray) devices = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);

  /* A driver that has looked for its own cache keeps it; the program's is then the test's. */
  devices = recon_devices_list (NULL);
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);

  g_test_add_func ("/filter-gpu/filters", test_filters);
  g_test_add_func ("/filter-gpu/widths", test_widths);
  g_test_add_func ("/filter-gpu/shared-memory", test_shared_memory);
  g_test_add_func ("/filter-gpu/none", test_none);
  g_test_add_func ("/filter-gpu/broken", test_broken);
  g_test_add_func ("/filter-gpu/huge", test_huge);
  g_test_add_func ("/filter-gpu/chunks", test_chunks);
  g_test_add_func ("/filter-gpu/cancel", test_cancel);
  g_test_add_func ("/filter-gpu/too-large", test_too_large);
  g_test_add_func ("/filter-gpu/cache", test_cache);
  g_test_add_func ("/filter-gpu/no-cache", test_no_cache);

  status = g_test_run ();
  test_folder_remove (cache);

  return status;
}
