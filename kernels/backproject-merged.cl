/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Backprojection on processors by tiles, see backproject-tiles.clh, which needs several times less work than adding up
 * projections one by one where the angles are close to each other. Seen from a point of a tile, neighbouring
 * projections that are shifted so that they agree in the tile's middle differ by a fraction of a column only. They are
 * added up once for the whole tile, to a row of 2 samples per column; rows of neighbouring groups are then added up
 * likewise for every patch, and only these few rows are added up pixel by pixel.
 *
 * The idea is that of the fast hierarchical backprojection (S. Basu and Y. Bresler, O(N² log₂ N) filtered
 * backprojection reconstruction algorithm for tomography, IEEE Trans. Image Process. 9 (2000) 1760); how many are
 * added up at a time is decided in core/steps/angle-groups.c. Rows are shifted by cubic convolution (R. Keys, IEEE
 * Trans. ASSP 29 (1981) 1153).
 *
 * Beyond the detector, projections are 0; next to it they are interpolated to that. */

#include "lanes.clh"
#include "backproject.clh"
#include "backproject-tiles.clh"

/* Samples at either side of the middle of a merged row, and of the whole row in blocks of 8. A corner pixel of a
 * patch is √2 (PATCH - 1) / 2 columns away from the middle, a patch's middle √2 (TILE - PATCH) / 2 from the tile's; a
 * sample is half a column. Interpolation needs one more sample of a patch's row and two more of a tile's. 363/256 is
 * a little more than √2. */
#define PATCH_REACH ((PATCH - 1) * 363 / 256 + 2)
#define PATCH_ROW   ((2 * PATCH_REACH + 2 + 7) / 8 * 8)
#define TILE_REACH  ((TILE - PATCH) * 363 / 256 + 3 + PATCH_REACH)
#define TILE_ROW    ((2 * TILE_REACH + 2 + 7) / 8 * 8)

/* Rows of a tile that are made before its patches are, and angles that are merged at once. */
#define TILE_ROWS 32
#define BATCH     8

/* A projection on its way into the row of a tile. The even samples of the row are Σ even[t] q[first + t], the odd
 * ones lie half a column further. */
typedef struct
{
  const_row_pointer projection;
  int               first;
  float             even[4];
  float             odd[5];
} Shifted;

static inline void
shift_projection (Shifted          *shifted,
                  const_row_pointer projection,
                  const float       u, /* of the row's first sample */
                  const float       weight)
{
  const int left = (int) floor (u);
  const float f = u - (float) left;
  const bool next = f >= 0.5f;
  const float4 even = weight * get_cubic (f);
  const float4 odd = weight * get_cubic (next ? f - 0.5f : f + 0.5f);

  shifted->projection = projection;
  shifted->first = left - 1;
  shifted->even[0] = even.x;
  shifted->even[1] = even.y;
  shifted->even[2] = even.z;
  shifted->even[3] = even.w;
  shifted->odd[0] = next ? 0.0f : odd.x;
  shifted->odd[1] = next ? odd.x : odd.y;
  shifted->odd[2] = next ? odd.y : odd.z;
  shifted->odd[3] = next ? odd.z : odd.w;
  shifted->odd[4] = next ? odd.w : 0.0f;
}

#define PAIRS 4 /* even and odd samples that are made at once */

/* Adds up n projections; where one of them ends inside the row its samples are looked at one by one. */
static inline void
add_projections (const Shifted *shifted,
                 const uint     n,
                 row_pointer    row,
                 const bool     is_first,
                 const int      width,
                 const bool     is_inside)
{
  for (int pair = 0; pair < TILE_ROW / 2; pair += PAIRS)
    {
      row_pointer result = row + 2 * pair;
      lanes_float sum[2 * PAIRS];

#pragma unroll
      for (uint i = 0; i < 2 * PAIRS; i++)
        sum[i] = is_first ? (lanes_float) 0.0f : result[i];

      for (uint k = 0; k < n; k++)
        {
          const int first = shifted[k].first + pair;
          lanes_float q[PAIRS + 4];

#pragma unroll
          for (int i = 0; i < PAIRS + 4; i++)
            q[i] = is_inside || (uint) (first + i) < (uint) width ? shifted[k].projection[first + i]
                                                                  : (lanes_float) 0.0f;

#pragma unroll
          for (int i = 0; i < PAIRS; i++)
            {
#pragma unroll
              for (int t = 0; t < 4; t++)
                sum[2 * i] = fma (q[i + t], shifted[k].even[t], sum[2 * i]);
#pragma unroll
              for (int t = 0; t < 5; t++)
                sum[2 * i + 1] = fma (q[i + t], shifted[k].odd[t], sum[2 * i + 1]);
            }
        }

#pragma unroll
      for (uint i = 0; i < 2 * PAIRS; i++)
        result[i] = sum[i];
    }
}

/* The row of a tile: its sample TILE_REACH is what the tile's middle (x, y) sees. */
static inline void
merge_projections (row_pointer             row,
                   const_row_pointer       group,
                   __global const float4  *angles,
                   __global const uint    *projections, /* of each angle */
                   const uint              n,
                   const float             x,
                   const float             y,
                   const size_t            pitch,
                   const Geometry         *geometry)
{
  Shifted shifted[BATCH];

  for (uint first = 0; first < n; first += BATCH)
    {
      const uint n_batch = min ((uint) BATCH, n - first);
      bool is_inside = true;

      for (uint k = 0; k < n_batch; k++)
        {
          const float4 angle = angles[first + k];
          const float u = fma (x, angle.x, fma (y, angle.y, geometry->axis)) - 0.5f * TILE_REACH;

          shift_projection (&shifted[k], group + projections[first + k] * pitch, u, angle.z);
          is_inside = is_inside && shifted[k].first >= 0 && shifted[k].first + TILE_ROW / 2 + 4 <= geometry->width;
        }

      if (is_inside)
        add_projections (shifted, n_batch, row, first == 0, geometry->width, true);
      else
        add_projections (shifted, n_batch, row, first == 0, geometry->width, false);
    }
}

#define SAMPLES 8 /* that are made at once */

/* The row of a patch: its sample PATCH_REACH is what the patch's middle sees, which is (x, y) away from the tile's. */
static inline void
merge_rows (row_pointer            row,
            const_row_pointer      tile_rows, /* the first of them */
            __global const float4 *groups,    /* cos and sin of its angle */
            const uint             n,
            const float            x,
            const float            y)
{
  for (int sample = 0; sample < PATCH_ROW; sample += SAMPLES)
    {
      lanes_float sum[SAMPLES];

#pragma unroll
      for (uint i = 0; i < SAMPLES; i++)
        sum[i] = 0.0f;

      for (uint k = 0; k < n; k++)
        {
          const float4 group = groups[k];
          const float u = 2.0f * fma (x, group.x, y * group.y) + (float) (TILE_REACH - PATCH_REACH);
          const int left = (int) u;
          const float4 weights = get_cubic (u - (float) left);
          const_row_pointer q = tile_rows + k * TILE_ROW + left - 1 + sample;

#pragma unroll
          for (int i = 0; i < SAMPLES; i++)
            {
              sum[i] = fma (q[i], weights.x, sum[i]);
              sum[i] = fma (q[i + 1], weights.y, sum[i]);
              sum[i] = fma (q[i + 2], weights.z, sum[i]);
              sum[i] = fma (q[i + 3], weights.w, sum[i]);
            }
        }

#pragma unroll
      for (int i = 0; i < SAMPLES; i++)
        row[sample + i] = sum[i];
    }
}

static inline void
fill_patch_line (Line             *line,
                 __global const float4 *groups,
                 const uint             n,
                 const float            y) /* from the patch's middle */
{
  for (uint k = 0; k < n; k++)
    {
      const float4 group = groups[k];
      const float from_middle = fma (2.0f * y, group.y, (float) PATCH_REACH);

      for (uint first = 0; first < PATCH; first += VECTOR)
        {
          const float16 x = IOTA + ((float) first - 0.5f * (PATCH - 1));
          const float16 u = fma (x, (float16) (2.0f * group.x), (float16) from_middle);
          const int16 left = convert_int16 (u);

          vstore16 (left * (int) sizeof (lanes_float), 0, line->offset[k] + first);
          vstore16 (u - convert_float16 (left), 0, line->fraction[k] + first);
        }
    }
}

/* Adds n rows to the pixels of a line, and to those that lie opposite to them in the patch: what one sees at u, the
 * other sees at 2 · PATCH_REACH - u. */
static inline void
add_patch_lines (const Line  *line,
                 const uint        n,
                 const_row_pointer rows,
                 row_pointer       pixels,
                 row_pointer       last_opposite) /* opposite to the first one */
{
  for (uint first = 0; first < PATCH; first += PIXELS)
    {
      lanes_float sum[PIXELS], opposite_sum[PIXELS];

#pragma unroll
      for (uint i = 0; i < PIXELS; i++)
        {
          sum[i] = pixels[first + i];
          opposite_sum[i] = last_opposite[-(int) (first + i)];
        }

      for (uint k = 0; k < n; k++)
        {
          __global const char *row = (__global const char *) (rows + k * PATCH_ROW);
          __global const char *end = (__global const char *) (rows + k * PATCH_ROW + 2 * PATCH_REACH);

#pragma unroll
          for (uint i = 0; i < PIXELS; i++)
            {
              const int offset = line->offset[k][first + i];
              const float fraction = line->fraction[k][first + i];
              const_row_pointer left = (const_row_pointer) (row + offset);
              const_row_pointer opposite = (const_row_pointer) (end - offset);

              sum[i] = fma (left[1] - left[0], fraction, sum[i] + left[0]);
              opposite_sum[i] = fma (opposite[-1] - opposite[0], fraction, opposite_sum[i] + opposite[0]);
            }
        }

#pragma unroll
      for (uint i = 0; i < PIXELS; i++)
        {
          pixels[first + i] = sum[i];
          last_opposite[-(int) (first + i)] = opposite_sum[i];
        }
    }
}

/* Scratch of a work item, in vectors: pixels, rows of the tile and of a patch. */
#define MERGED_SCRATCH (TILE * TILE + TILE_ROWS * TILE_ROW + ROWS * PATCH_ROW)

__kernel __attribute__ ((reqd_work_group_size (1, 1, 1))) void
backproject_merged (__global const lanes_float *sinograms,
                    __global float             *slices,
                    __global lanes_float       *scratch, /* one for each work item: MERGED_SCRATCH */
                    const Geometry              geometry,
                    __global const float4      *angles,      /* cos θ, sin θ, weight, 0; by angle */
                    __global const uint        *projections, /* of each angle */
                    __global const float4      *tile_groups, /* cos, sin */
                    __global const uint        *tile_begins, /* first angle of each group, and the end */
                    __global const float4      *patch_groups,
                    __global const uint        *patch_begins, /* first tile group of each patch group, and the end */
                    const uint                  n_patch_groups,
                    const uint                  first_column,
                    const uint                  first_row,
                    const uint                  n_columns,
                    const uint                  n_rows,
                    volatile __global uint     *next, /* tile that is to be made next */
                    const uint                  end)
{
  row_pointer pixels = scratch + (size_t) get_group_id (0) * MERGED_SCRATCH;
  row_pointer tile_rows = pixels + TILE * TILE;
  row_pointer patch_rows = tile_rows + TILE_ROWS * TILE_ROW;
  const size_t pitch = (size_t) geometry.n_groups * (uint) geometry.width;
  const float half_tile = 0.5f * (TILE - 1), half_patch = 0.5f * (PATCH - 1);
  Line line;

  for (uint job = atomic_inc (next); job < end; job = atomic_inc (next))
    {
      const Tile tile = get_tile (job, first_column, first_row, n_columns, n_rows, &geometry);
      const_row_pointer group = sinograms + (size_t) tile.group * (uint) geometry.width;
      const bool is_empty = !is_needed (tile.column, tile.row, tile.x, tile.y, TILE, &geometry);

      for (uint i = 0; i < TILE * TILE && !is_empty; i++)
        pixels[i] = 0.0f;

      for (uint first = 0; first < n_patch_groups && !is_empty; first += ROWS)
        {
          const uint n = min ((uint) ROWS, n_patch_groups - first);
          const uint begin = patch_begins[first];
          const uint stop = patch_begins[first + n];

          for (uint k = begin; k < stop; k++)
            merge_projections (tile_rows + (k - begin) * TILE_ROW, group, angles + tile_begins[k],
                               projections + tile_begins[k], tile_begins[k + 1] - tile_begins[k], tile.x + half_tile,
                               tile.y + half_tile, pitch, &geometry);

          for (int patch = 0; patch < PATCHES * PATCHES; patch++)
            {
              const int column = patch % PATCHES * PATCH;
              const int row = patch / PATCHES * PATCH;

              const float x = (float) column, y = (float) row;

              if (!is_needed (tile.column + column, tile.row + row, tile.x + x, tile.y + y, PATCH, &geometry))
                continue;

              for (uint k = 0; k < n; k++)
                {
                  const uint tile_group = patch_begins[first + k];

                  merge_rows (patch_rows + k * PATCH_ROW, tile_rows + (tile_group - begin) * TILE_ROW,
                              tile_groups + tile_group, patch_begins[first + k + 1] - tile_group,
                              x + half_patch - half_tile, y + half_patch - half_tile);
                }

              for (int i = 0; i < PATCH / 2; i++)
                {
                  fill_patch_line (&line, patch_groups + first, n, (float) i - half_patch);
                  add_patch_lines (&line, n, patch_rows, pixels + (row + i) * TILE + column,
                                   pixels + (row + PATCH - 1 - i) * TILE + column + PATCH - 1);
                }
            }
        }

      write_tile (&tile, &geometry, pixels, is_empty, slices);
    }
}
