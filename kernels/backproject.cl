/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Backprojection of filtered sinograms (parallel beam), the plain kernel that faster ones are compared with.
 *
 * f (x, y) = Σ_i w_i q_i (x cos θ_i + y sin θ_i)
 *
 * A. C. Kak and M. Slaney, Principles of Computerized Tomographic Imaging, IEEE Press 1988, section 3.3, eq. (34).
 *
 * Pixel (row r, column c) of the full W × W slice, W columns of the detector, lies at x = c - (W-1)/2, y = r -
 * (W-1)/2; y grows downwards as r does. The projection at θ sees it at the column u = s + axis, s = x cos θ + y sin
 * θ; pixel centres count from 0. Between columns q is interpolated linearly; beyond the detector it is 0, and
 * interpolated to that next to it.
 *
 * Sinograms are angles × groups × W × lanes, slices are slices × height × width, where the slice is the part of the
 * full one that begins at column x0 and row y0. One work item per pixel of a slice; a launch makes the rows from
 * first_row to end_row of some slices. Every pixel is summed in the order of the table, whatever is launched with it.
 */

#pragma OPENCL FP_CONTRACT OFF

__kernel void
backproject (__global const float  *sinograms,
             __global float        *slices,
             __global const float4 *angles, /* cos θ, sin θ, w, 0 */
             const uint             n_angles,
             const uint             n_groups,
             const uint             lanes,
             const uint             detector_width,
             const float            axis,
             const float            radius_squared, /* 0 beyond this distance from the slice's middle */
             const uint             x0,
             const uint             y0,
             const uint             width,
             const uint             height,
             const uint             end_row,
             const uint             first_row,
             const uint             first_slice)
{
  const uint column = get_global_id (0);
  const uint row = first_row + get_global_id (1);
  const uint slice = first_slice + get_global_id (2);

  if (column >= width || row >= end_row)
    return;

  const float end = (float) detector_width;
  const float x = (float) (x0 + column) - 0.5f * (end - 1.0f);
  const float y = (float) (y0 + row) - 0.5f * (end - 1.0f);
  const size_t row_samples = (size_t) detector_width * lanes;
  const uint group = slice / lanes;
  __global const float *q = sinograms + group * row_samples + (slice - group * lanes);
  float sum = 0.0f;

  if (fma (x, x, y * y) <= radius_squared)
    for (uint i = 0; i < n_angles; i++, q += n_groups * row_samples)
      {
        const float4 angle = angles[i];
        const float u = fma (x, angle.x, fma (y, angle.y, axis));

        if (u > -1.0f && u < end)
          {
            const int left = (int) floor (u);
            const int right = left + 1;
            const float q_left = left >= 0 ? q[(size_t) left * lanes] : 0.0f;
            const float q_right = right < (int) detector_width ? q[(size_t) right * lanes] : 0.0f;
            const float value = fma (u - (float) left, q_right - q_left, q_left);

            sum = fma (angle.z, value, sum);
          }
      }

  slices[((size_t) slice * height + row) * width + column] = sum;
}
