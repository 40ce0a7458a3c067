using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Spindle.Models.Kernels;

/// <summary>Small float32 matrices in working memory: products and transposes. Rows are padded to <see cref="RowStep"/> and columns to <see cref="ColumnStep"/>.</summary>
internal static unsafe class Tile
{
    /// <summary>Products have a multiple of this many rows.</summary>
    public const int RowStep = 4;

    /// <summary>Products have a multiple of this many columns.</summary>
    public const int ColumnStep = 32;

    private const int Width = 16;

    /// <summary>The smallest multiple that is not below a size.</summary>
    public static int Padded(int size, int step) => (size + step - 1) / step * step;

    /// <summary>C = A · B, or C += A · B.</summary>
    /// <param name="a">A, <c>[rows, inner]</c>.</param>
    /// <param name="aRow">The distance of A's rows.</param>
    /// <param name="aColumn">The distance of A's columns.</param>
    /// <param name="b">B, <c>[inner, columns]</c>, rows contiguous and as wide as C's.</param>
    /// <param name="c">C, <c>[rows, columns]</c>, contiguous.</param>
    /// <param name="rows">The rows of A and C.</param>
    /// <param name="columns">The columns of B and C.</param>
    /// <param name="inner">The columns of A.</param>
    /// <param name="adds">Whether C keeps what it has.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, int aRow, int aColumn, float* b, float* c, int rows, int columns, int inner, bool adds)
    {
        for (var column = 0; column < columns; column += ColumnStep)
        {
            var row = 0;
            for (; row + 8 <= rows; row += 8) Multiply8(a + (row * aRow), aRow, aColumn, b + column, c + ((long)row * columns) + column, columns, inner, adds);
            for (; row < rows; row += RowStep) Multiply4(a + (row * aRow), aRow, aColumn, b + column, c + ((long)row * columns) + column, columns, inner, adds);
        }
    }

    /// <summary>Transposes a matrix of whole blocks of 16 × 16.</summary>
    /// <param name="from"><c>[rows, columns]</c>, contiguous.</param>
    /// <param name="to"><c>[columns, rows]</c>, contiguous.</param>
    /// <param name="rows">A multiple of 16.</param>
    /// <param name="columns">A multiple of 16.</param>
    public static void Transpose(float* from, float* to, int rows, int columns)
    {
        for (var row = 0; row < rows; row += Width)
            for (var column = 0; column < columns; column += Width)
                Transpose16(from + ((long)row * columns) + column, columns, to + ((long)column * rows) + row, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply8(float* a, int aRow, int aColumn, float* b, float* c, int stride, int inner, bool adds)
    {
        Vector512<float> s00, s01, s10, s11, s20, s21, s30, s31, s40, s41, s50, s51, s60, s61, s70, s71;
        if (adds)
        {
            (s00, s01, s10, s11) = (Vector512.Load(c), Vector512.Load(c + Width), Vector512.Load(c + stride), Vector512.Load(c + stride + Width));
            (s20, s21, s30, s31) = (Vector512.Load(c + (2 * stride)), Vector512.Load(c + (2 * stride) + Width), Vector512.Load(c + (3 * stride)), Vector512.Load(c + (3 * stride) + Width));
            (s40, s41, s50, s51) = (Vector512.Load(c + (4 * stride)), Vector512.Load(c + (4 * stride) + Width), Vector512.Load(c + (5 * stride)), Vector512.Load(c + (5 * stride) + Width));
            (s60, s61, s70, s71) = (Vector512.Load(c + (6 * stride)), Vector512.Load(c + (6 * stride) + Width), Vector512.Load(c + (7 * stride)), Vector512.Load(c + (7 * stride) + Width));
        }
        else
        {
            s00 = s01 = s10 = s11 = s20 = s21 = s30 = s31 = s40 = s41 = s50 = s51 = s60 = s61 = s70 = s71 = Vector512<float>.Zero;
        }
        for (var index = 0; index < inner; index++, a += aColumn, b += stride)
        {
            var (left, right) = (Vector512.Load(b), Vector512.Load(b + Width));
            var value = Vector512.Create(a[0]);
            s00 = Avx512F.FusedMultiplyAdd(value, left, s00);
            s01 = Avx512F.FusedMultiplyAdd(value, right, s01);
            value = Vector512.Create(a[aRow]);
            s10 = Avx512F.FusedMultiplyAdd(value, left, s10);
            s11 = Avx512F.FusedMultiplyAdd(value, right, s11);
            value = Vector512.Create(a[2 * aRow]);
            s20 = Avx512F.FusedMultiplyAdd(value, left, s20);
            s21 = Avx512F.FusedMultiplyAdd(value, right, s21);
            value = Vector512.Create(a[3 * aRow]);
            s30 = Avx512F.FusedMultiplyAdd(value, left, s30);
            s31 = Avx512F.FusedMultiplyAdd(value, right, s31);
            value = Vector512.Create(a[4 * aRow]);
            s40 = Avx512F.FusedMultiplyAdd(value, left, s40);
            s41 = Avx512F.FusedMultiplyAdd(value, right, s41);
            value = Vector512.Create(a[5 * aRow]);
            s50 = Avx512F.FusedMultiplyAdd(value, left, s50);
            s51 = Avx512F.FusedMultiplyAdd(value, right, s51);
            value = Vector512.Create(a[6 * aRow]);
            s60 = Avx512F.FusedMultiplyAdd(value, left, s60);
            s61 = Avx512F.FusedMultiplyAdd(value, right, s61);
            value = Vector512.Create(a[7 * aRow]);
            s70 = Avx512F.FusedMultiplyAdd(value, left, s70);
            s71 = Avx512F.FusedMultiplyAdd(value, right, s71);
        }
        Put(c, s00, s01);
        Put(c + stride, s10, s11);
        Put(c + (2 * stride), s20, s21);
        Put(c + (3 * stride), s30, s31);
        Put(c + (4 * stride), s40, s41);
        Put(c + (5 * stride), s50, s51);
        Put(c + (6 * stride), s60, s61);
        Put(c + (7 * stride), s70, s71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply4(float* a, int aRow, int aColumn, float* b, float* c, int stride, int inner, bool adds)
    {
        Vector512<float> s00, s01, s10, s11, s20, s21, s30, s31;
        if (adds)
        {
            (s00, s01, s10, s11) = (Vector512.Load(c), Vector512.Load(c + Width), Vector512.Load(c + stride), Vector512.Load(c + stride + Width));
            (s20, s21, s30, s31) = (Vector512.Load(c + (2 * stride)), Vector512.Load(c + (2 * stride) + Width), Vector512.Load(c + (3 * stride)), Vector512.Load(c + (3 * stride) + Width));
        }
        else
        {
            s00 = s01 = s10 = s11 = s20 = s21 = s30 = s31 = Vector512<float>.Zero;
        }
        for (var index = 0; index < inner; index++, a += aColumn, b += stride)
        {
            var (left, right) = (Vector512.Load(b), Vector512.Load(b + Width));
            var value = Vector512.Create(a[0]);
            s00 = Avx512F.FusedMultiplyAdd(value, left, s00);
            s01 = Avx512F.FusedMultiplyAdd(value, right, s01);
            value = Vector512.Create(a[aRow]);
            s10 = Avx512F.FusedMultiplyAdd(value, left, s10);
            s11 = Avx512F.FusedMultiplyAdd(value, right, s11);
            value = Vector512.Create(a[2 * aRow]);
            s20 = Avx512F.FusedMultiplyAdd(value, left, s20);
            s21 = Avx512F.FusedMultiplyAdd(value, right, s21);
            value = Vector512.Create(a[3 * aRow]);
            s30 = Avx512F.FusedMultiplyAdd(value, left, s30);
            s31 = Avx512F.FusedMultiplyAdd(value, right, s31);
        }
        Put(c, s00, s01);
        Put(c + stride, s10, s11);
        Put(c + (2 * stride), s20, s21);
        Put(c + (3 * stride), s30, s31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, Vector512<float> left, Vector512<float> right)
    {
        left.Store(c);
        right.Store(c + Width);
    }

    // pairs of rows, then pairs of pairs, until a vector holds a column
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose16(float* from, int fromStride, float* to, int toStride)
    {
        Span<Vector512<float>> r = stackalloc Vector512<float>[Width], t = stackalloc Vector512<float>[Width];
        for (var row = 0; row < Width; row += 2)
        {
            var (even, odd) = (Vector512.Load(from + (row * fromStride)), Vector512.Load(from + ((row + 1) * fromStride)));
            t[row] = Avx512F.UnpackLow(even, odd);
            t[row + 1] = Avx512F.UnpackHigh(even, odd);
        }
        for (var row = 0; row < Width; row += 4)
        {
            r[row] = Avx512F.UnpackLow(t[row].AsDouble(), t[row + 2].AsDouble()).AsSingle();
            r[row + 1] = Avx512F.UnpackHigh(t[row].AsDouble(), t[row + 2].AsDouble()).AsSingle();
            r[row + 2] = Avx512F.UnpackLow(t[row + 1].AsDouble(), t[row + 3].AsDouble()).AsSingle();
            r[row + 3] = Avx512F.UnpackHigh(t[row + 1].AsDouble(), t[row + 3].AsDouble()).AsSingle();
        }
        for (var column = 0; column < 4; column++)
        {
            var low = Avx512F.Shuffle4x128(r[column], r[column + 4], 0x88);   // lanes 0 and 2 of rows 0–3 and 4–7
            var high = Avx512F.Shuffle4x128(r[column], r[column + 4], 0xdd);  // lanes 1 and 3
            var lowEnd = Avx512F.Shuffle4x128(r[column + 8], r[column + 12], 0x88);
            var highEnd = Avx512F.Shuffle4x128(r[column + 8], r[column + 12], 0xdd);
            Avx512F.Shuffle4x128(low, lowEnd, 0x88).Store(to + (column * toStride));
            Avx512F.Shuffle4x128(high, highEnd, 0x88).Store(to + ((column + 4) * toStride));
            Avx512F.Shuffle4x128(low, lowEnd, 0xdd).Store(to + ((column + 8) * toStride));
            Avx512F.Shuffle4x128(high, highEnd, 0xdd).Store(to + ((column + 12) * toStride));
        }
    }
}
