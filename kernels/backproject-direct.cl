/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Backprojection on processors: the sum of backproject.cl with the same operations, arranged by tiles so that vectors
 * and caches are used well: see backproject-tiles.clh. Projections are added up one by one, pixel by pixel.
 *
 * Beyond the detector projections are 0; next to it they are interpolated to that. */

#include "lanes.clh"
#include "backproject.clh"
#include "backproject-tiles.clh"

/* As a Line, where the detector ends in the line of pixels: the columns' weights are the heights of tents over them. */
typedef struct
{
  int   left[ROWS][PATCH];
  float left_weight[ROWS][PATCH];
  float right_weight[ROWS][PATCH];
} __attribute__ ((aligned (64))) EndLine;

/* Whether n projections are seen on the detector, and not right beside its ends, all along a line from (x, y) on. */
static inline bool
is_inside (__global const float4 *angles,
           const uint             n,
           const float            x,
           const float            y,
           const Geometry        *geometry)
{
  const float end = (float) (geometry->width - 1) - 0.001f;
  bool inside = true;

  for (uint k = 0; k < n; k++)
    {
      const float from_axis = fma (y, angles[k].y, geometry->axis);
      const float first = fma (x, angles[k].x, from_axis);
      const float last = fma (x + (float) (PATCH - 1), angles[k].x, from_axis);

      inside = inside && min (first, last) >= 0.001f && max (first, last) < end;
    }

  return inside;
}

static inline void
fill_line (Line                  *line,
           __global const float4 *angles, /* cos θ, sin θ, weight, 0 */
           const uint             n,
           const float            x,
           const float            y,
           const Geometry        *geometry)
{
  for (uint k = 0; k < n; k++)
    {
      const float from_axis = fma (y, angles[k].y, geometry->axis);

      for (uint first = 0; first < PATCH; first += VECTOR)
        {
          const float16 u = fma (IOTA + (x + (float) first), (float16) angles[k].x, (float16) from_axis);
          const int16 left = convert_int16 (u);

          vstore16 (left * (int) sizeof (lanes_float), 0, line->offset[k] + first);
          vstore16 (u - convert_float16 (left), 0, line->fraction[k] + first);
        }
    }
}

/* Adds n projections to the pixels of a line, by the operations of the plain kernel. */
static inline void
add_line (const Line            *line,
          __global const float4 *angles,
          const uint             n,
          const_row_pointer      rows,
          const size_t           pitch, /* from one projection to the next */
          row_pointer            pixels)
{
  for (uint first = 0; first < PATCH; first += PIXELS)
    {
      lanes_float sum[PIXELS];

#pragma unroll
      for (uint i = 0; i < PIXELS; i++)
        sum[i] = pixels[first + i];

      for (uint k = 0; k < n; k++)
        {
          __global const char *row = (__global const char *) (rows + k * pitch);
          const lanes_float weight = angles[k].z;

#pragma unroll
          for (uint i = 0; i < PIXELS; i++)
            {
              const_row_pointer left = (const_row_pointer) (row + line->offset[k][first + i]);

              sum[i] = fma (weight, fma (left[1] - left[0], line->fraction[k][first + i], left[0]), sum[i]);
            }
        }

#pragma unroll
      for (uint i = 0; i < PIXELS; i++)
        pixels[first + i] = sum[i];
    }
}

static inline void
fill_end_line (EndLine               *line,
               __global const float4 *angles,
               const uint             n,
               const float            x,
               const float            y,
               const Geometry        *geometry)
{
  for (uint k = 0; k < n; k++)
    {
      const float4 angle = angles[k];
      const float from_axis = fma (y, angle.y, geometry->axis);

      for (uint first = 0; first < PATCH; first += VECTOR)
        {
          const float16 u = fma (IOTA + (x + (float) first), (float16) angle.x, (float16) from_axis);
          /* Converting is much faster than floor(); beyond the detector it doesn't matter. */
          const float16 near = fmin (fmax (u, (float16) -2.0f), (float16) ((float) geometry->width + 1.0f));
          const int16 left = min (max (convert_int16 (near), (int16) 0), (int16) (geometry->width - 2));
          const float16 f = u - convert_float16 (left);

          vstore16 (left, 0, line->left[k] + first);
          vstore16 (angle.z * fmax (1.0f - fabs (f), (float16) 0.0f), 0, line->left_weight[k] + first);
          vstore16 (angle.z * fmax (1.0f - fabs (f - 1.0f), (float16) 0.0f), 0, line->right_weight[k] + first);
        }
    }
}

static inline void
add_end_line (const EndLine    *line,
              const uint        n,
              const_row_pointer rows,
              const size_t      pitch,
              row_pointer       pixels)
{
  for (uint i = 0; i < PATCH; i++)
    for (uint k = 0; k < n; k++)
      {
        const_row_pointer left = rows + k * pitch + line->left[k][i];

        pixels[i] = fma (left[0], line->left_weight[k][i], pixels[i]);
        pixels[i] = fma (left[1], line->right_weight[k][i], pixels[i]);
      }
}

/* Angles between two visits of a patch: their part of the projections stays in the cache. */
#define ANGLES_PER_VISIT 128

__kernel __attribute__ ((reqd_work_group_size (1, 1, 1))) void
backproject_direct (__global const lanes_float *sinograms,
                    __global float             *slices,
                    __global lanes_float       *scratch, /* one for each work item: TILE² */
                    const Geometry              geometry,
                    __global const float4      *angles,
                    const uint                  n_angles,
                    const uint                  first_column,
                    const uint                  first_row,
                    const uint                  n_columns,
                    const uint                  n_rows,
                    volatile __global uint     *next, /* tile that is to be made next */
                    const uint                  end)
{
  row_pointer pixels = scratch + (size_t) get_group_id (0) * TILE * TILE;
  const size_t pitch = (size_t) geometry.n_groups * (uint) geometry.width;
  Line line;
  EndLine end_line;

  for (uint job = atomic_inc (next); job < end; job = atomic_inc (next))
    {
      const Tile tile = get_tile (job, first_column, first_row, n_columns, n_rows, &geometry);
      const_row_pointer group = sinograms + (size_t) tile.group * (uint) geometry.width;
      const bool is_empty = !is_needed (tile.column, tile.row, tile.x, tile.y, TILE, &geometry);

      for (uint i = 0; i < TILE * TILE && !is_empty; i++)
        pixels[i] = 0.0f;

      for (uint visit = 0; visit < n_angles && !is_empty; visit += ANGLES_PER_VISIT)
        for (int patch = 0; patch < PATCHES * PATCHES; patch++)
          {
            const int column = patch % PATCHES * PATCH;
            const int row = patch / PATCHES * PATCH;
            const float x = tile.x + (float) column;
            const float y = tile.y + (float) row;

            if (!is_needed (tile.column + column, tile.row + row, x, y, PATCH, &geometry))
              continue;

            for (uint first = visit; first < min (n_angles, visit + ANGLES_PER_VISIT); first += ROWS)
              for (int line_of_patch = 0; line_of_patch < PATCH; line_of_patch++)
                {
                  const uint n = min ((uint) ROWS, n_angles - first);
                  const float line_y = y + (float) line_of_patch;
                  const_row_pointer rows = group + first * pitch;
                  row_pointer result = pixels + (row + line_of_patch) * TILE + column;

                  if (is_inside (angles + first, n, x, line_y, &geometry))
                    {
                      fill_line (&line, angles + first, n, x, line_y, &geometry);
                      add_line (&line, angles + first, n, rows, pitch, result);
                    }
                  else
                    {
                      fill_end_line (&end_line, angles + first, n, x, line_y, &geometry);
                      add_end_line (&end_line, n, rows, pitch, result);
                    }
                }
          }

      write_tile (&tile, &geometry, pixels, is_empty, slices);
    }
}
