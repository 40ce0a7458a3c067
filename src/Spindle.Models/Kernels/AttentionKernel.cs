using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Spindle.Models.Kernels;

/// <summary>Scaled dot-product attention with dropout, a head of a row at a time and a few queries of it at a time, so that scores stay in the cache (Dao et al. 2022).
/// Scores are float32, whatever the type of the states.</summary>
/// <param name="Rows">Rows of the batch.</param>
/// <param name="Heads">Heads.</param>
/// <param name="Queries">Queries of a row.</param>
/// <param name="Keys">Keys of a row, those of the prefix included.</param>
/// <param name="Size">The head size, a multiple of <see cref="Tile.ColumnStep"/>.</param>
/// <param name="Scale">What scores are multiplied by.</param>
/// <param name="Bits">The dropout of the weights.</param>
internal sealed unsafe record AttentionKernel(int Rows, int Heads, int Queries, int Keys, int Size, float Scale, DropoutBits Bits)
{
    private const int Width = 16;
    private const int Alignment = 64;
    private const int QueriesAtATime = 64;

    /// <summary>The queries, keys, values and the bias of scores.</summary>
    public required (AttentionLayout Queries, AttentionLayout Keys, AttentionLayout Values, AttentionLayout Bias) Inputs { get; init; }

    /// <summary>Keys and values before those of every row, and their number; they are the same for all rows.</summary>
    public (AttentionLayout Keys, AttentionLayout Values, int Length) Prefix { get; init; }

    /// <summary>The first token of each row, and the number of tokens last, where rows lie one after the other without padding; null where all are of one length.</summary>
    public IReadOnlyList<int>? Starts { get; init; }

    private int PaddedKeys => Tile.Padded(Keys, Tile.ColumnStep);

    private int QueriesOfTile => Math.Min(QueriesAtATime, Tile.Padded(Queries, Tile.RowStep));

    private long Work => (long)Queries * Keys * Size;

    /// <summary>Computes the outputs.</summary>
    /// <param name="output">Where the outputs go.</param>
    /// <param name="statistics">Where each query's largest score and the inverse of its sum of exponentials go, or null.</param>
    public void Forward<T>(AttentionLayout output, nint statistics)
        where T : INumber16 => Memory.ForRows(Rows * Heads, Work, (first, end) => Forward<T>(output, statistics, first, end));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward<T>(AttentionLayout output, nint statistics, int first, int end)
        where T : INumber16
    {
        var (most, tile) = (PaddedKeys, QueriesOfTile);
        var work = Allocate((most * Size * 2L) + (tile * Size * 2L) + (tile * (long)most));
        float* keysAcross = work, values = keysAcross + (most * Size), queries = values + (most * Size), mixed = queries + (tile * Size), scores = mixed + (tile * Size);
        for (var item = first; item < end; item++)
        {
            var (row, head) = (item / Heads, item % Heads);
            var (firstToken, length, real) = Starts is null ? (0, Queries, Keys) : (Starts[row], Starts[row + 1] - Starts[row], Starts[row + 1] - Starts[row] + Prefix.Length);
            var keys = Tile.Padded(real, Tile.ColumnStep);
            ReadWithPrefix<T>(Prefix.Keys, Inputs.Keys, row, head, firstToken, real, values, keys);
            Tile.Transpose(values, keysAcross, keys, Size);
            ReadWithPrefix<T>(Prefix.Values, Inputs.Values, row, head, firstToken, real, values, keys);
            for (var start = 0; start < length; start += tile)
            {
                var count = Math.Min(tile, length - start);
                var padded = Tile.Padded(count, Tile.RowStep);
                Read<T>(Inputs.Queries, row, head, firstToken + start, count, queries, padded, Scale);
                Tile.Multiply(queries, Size, 1, keysAcross, scores, padded, keys, Size, adds: false);
                for (var query = 0; query < count; query++)
                {
                    var line = scores + ((long)query * keys);
                    var (largest, inverse) = Softmax(line, real, BiasOf(row, head, start + query));
                    Weigh(line, real, inverse, item, start + query);
                    if (statistics == 0) continue;
                    var kept = (float*)statistics + ((((long)item * Queries) + start + query) * 2);
                    (kept[0], kept[1]) = (largest, inverse);
                }
                Tile.Multiply(scores, keys, 1, values, mixed, padded, Size, keys, adds: false);
                Write<T>(mixed, output, row, head, firstToken + start, count, 1);
            }
        }
        NativeMemory.AlignedFree(work);
    }

    /// <summary>Computes the gradients of queries, keys and values.</summary>
    /// <param name="above">The gradient of the outputs.</param>
    /// <param name="statistics">What the forward pass kept.</param>
    /// <param name="below">Where the gradients of queries, keys and values go.</param>
    /// <param name="ofPrefix">Where the gradients of the prefix go: float32, row by row, so that threads do not write to the same place.</param>
    public void Backward<T>(
        AttentionLayout above, nint statistics, (AttentionLayout Queries, AttentionLayout Keys, AttentionLayout Values) below, (AttentionLayout Keys, AttentionLayout Values) ofPrefix)
        where T : INumber16 => Memory.ForRows(Rows * Heads, 3 * Work, (first, end) => Backward<T>(above, statistics, below, ofPrefix, first, end));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Backward<T>(
        AttentionLayout above, nint statistics, (AttentionLayout Queries, AttentionLayout Keys, AttentionLayout Values) below, (AttentionLayout Keys, AttentionLayout Values) ofPrefix, int first, int end)
        where T : INumber16
    {
        var (most, tile) = (PaddedKeys, QueriesOfTile);
        long whole = (long)most * Size, part = (long)tile * Size, square = (long)tile * most;
        var work = Allocate((whole * 6) + (part * 3) + (square * 2));
        float* keysAlong = work, keysAcross = keysAlong + whole, values = keysAcross + whole, valuesAcross = values + whole;
        float* ofKeys = valuesAcross + whole, ofValues = ofKeys + whole;
        float* queries = ofValues + whole, outputs = queries + part, ofQueries = outputs + part;
        float* shares = ofQueries + part, weights = shares + square;
        for (var item = first; item < end; item++)
        {
            var (row, head) = (item / Heads, item % Heads);
            var (firstToken, length, real) = Starts is null ? (0, Queries, Keys) : (Starts[row], Starts[row + 1] - Starts[row], Starts[row + 1] - Starts[row] + Prefix.Length);
            var keys = Tile.Padded(real, Tile.ColumnStep);
            ReadWithPrefix<T>(Prefix.Keys, Inputs.Keys, row, head, firstToken, real, keysAlong, keys);
            Tile.Transpose(keysAlong, keysAcross, keys, Size);
            ReadWithPrefix<T>(Prefix.Values, Inputs.Values, row, head, firstToken, real, values, keys);
            Tile.Transpose(values, valuesAcross, keys, Size);
            new Span<float>(ofKeys, (int)(2 * whole)).Clear();
            for (var start = 0; start < length; start += tile)
            {
                var count = Math.Min(tile, length - start);
                var padded = Tile.Padded(count, Tile.RowStep);
                Read<T>(Inputs.Queries, row, head, firstToken + start, count, queries, padded, Scale);
                Read<T>(above, row, head, firstToken + start, count, outputs, padded, 1);
                Tile.Multiply(queries, Size, 1, keysAcross, shares, padded, keys, Size, adds: false);
                Tile.Multiply(outputs, Size, 1, valuesAcross, weights, padded, keys, Size, adds: false);
                for (var query = 0; query < count; query++)
                {
                    var kept = (float*)statistics + ((((long)item * Queries) + start + query) * 2);
                    Differentiate(shares + ((long)query * keys), weights + ((long)query * keys), real, BiasOf(row, head, start + query), kept[0], kept[1], item, start + query);
                }
                // rows of padding would add to the sums over queries
                new Span<float>(shares + ((long)count * keys), (padded - count) * keys).Clear();
                new Span<float>(weights + ((long)count * keys), (padded - count) * keys).Clear();
                Tile.Multiply(shares, keys, 1, keysAlong, ofQueries, padded, Size, keys, adds: false);
                Tile.Multiply(shares, 1, keys, queries, ofKeys, keys, Size, padded, adds: true);
                Tile.Multiply(weights, 1, keys, outputs, ofValues, keys, Size, padded, adds: true);
                Write<T>(ofQueries, below.Queries, row, head, firstToken + start, count, Scale);
            }
            var before = Prefix.Length;
            Write<T>(ofKeys + (before * Size), below.Keys, row, head, firstToken, real - before, 1);
            Write<T>(ofValues + (before * Size), below.Values, row, head, firstToken, real - before, 1);
            if (before == 0) continue;
            Write<FullNumber>(ofKeys, ofPrefix.Keys, row, head, 0, before, 1);
            Write<FullNumber>(ofValues, ofPrefix.Values, row, head, 0, before, 1);
        }
        NativeMemory.AlignedFree(work);
    }

    private static float* Allocate(long numbers) => (float*)NativeMemory.AlignedAlloc((nuint)(numbers * sizeof(float)), Alignment);

    private float* BiasOf(int row, int head, int query) => Inputs.Bias.Memory == 0 ? null : (float*)Inputs.Bias.Memory + Inputs.Bias.At(row, head, query);

    private void ReadWithPrefix<T>(AttentionLayout prefix, AttentionLayout from, int row, int head, int start, int count, float* to, int padded)
        where T : INumber16
    {
        var before = Prefix.Length;
        if (before > 0) Read<T>(prefix, 0, head, 0, before, to, before, 1);
        Read<T>(from, row, head, start, count - before, to + (before * Size), padded - before, 1);
    }

    // as float32, with rows of zeros after the last
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read<T>(AttentionLayout from, int row, int head, int start, int count, float* to, int padded, float factor)
        where T : INumber16
    {
        for (var token = 0; token < count; token++, to += Size)
        {
            var at = from.At(row, head, start + token);
            for (var index = 0; index < Size; index += Width) (T.Load((void*)from.Memory, at + index) * Vector512.Create(factor)).Store(to + index);
        }
        new Span<float>(to, (padded - count) * Size).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write<T>(float* from, AttentionLayout to, int row, int head, int start, int count, float factor)
        where T : INumber16
    {
        for (var token = 0; token < count; token++, from += Size)
        {
            var at = to.At(row, head, start + token);
            for (var index = 0; index < Size; index += Width) T.Store((void*)to.Memory, at + index, Vector512.Load(from + index) * Vector512.Create(factor));
        }
    }

    // adds the bias, and turns a line of scores into exponentials; those of padding are 0
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (float Largest, float Inverse) Softmax(float* line, int real, float* bias)
    {
        var most = Vector512.Create(float.NegativeInfinity);
        for (var key = 0; key < Tile.Padded(real, Tile.ColumnStep); key += Width)
        {
            var score = Biased(line, real, bias, key);
            score.Store(line + key);
            most = Avx512F.Max(most, score);
        }
        var largest = Largest(most);
        var sum = Vector512<float>.Zero;
        for (var key = 0; key < Tile.Padded(real, Tile.ColumnStep); key += Width)
        {
            var exponential = Vectors.Exp(Vector512.Load(line + key) - Vector512.Create(largest));
            exponential.Store(line + key);
            sum += exponential;
        }
        return (largest, 1 / Vector512.Sum(sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Weigh(float* line, int real, float inverse, int item, int query)
    {
        var keys = Bits.Keys(((long)item * Queries) + query);
        for (var key = 0; key < Tile.Padded(real, Tile.ColumnStep); key += Width)
        {
            var weight = Vector512.Load(line + key) * Vector512.Create(inverse);
            if (Bits.IsOn) weight *= Bits.Factors(keys, key);
            weight.Store(line + key);
        }
    }

    // in: scores, and the gradient of the weights after dropout; out: the gradient of the scores, and the weights after dropout
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Differentiate(float* shares, float* weights, int real, float* bias, float largest, float inverse, int item, int query)
    {
        var keys = Bits.Keys(((long)item * Queries) + query);
        var sum = Vector512<float>.Zero;
        for (var key = 0; key < Tile.Padded(real, Tile.ColumnStep); key += Width)
        {
            var share = Vectors.Exp(Biased(shares, real, bias, key) - Vector512.Create(largest)) * Vector512.Create(inverse);
            var gradient = Vector512.Load(weights + key);
            if (Bits.IsOn) gradient *= Bits.Factors(keys, key);
            sum += share * gradient;
            share.Store(shares + key);
            gradient.Store(weights + key);
        }
        var mean = Vector512.Create(Vector512.Sum(sum));
        for (var key = 0; key < Tile.Padded(real, Tile.ColumnStep); key += Width)
        {
            var share = Vector512.Load(shares + key);
            (share * (Vector512.Load(weights + key) - mean)).Store(shares + key);
            (Bits.IsOn ? share * Bits.Factors(keys, key) : share).Store(weights + key);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Biased(float* line, int real, float* bias, int key)
    {
        var score = Vector512.Load(line + key);
        if (key + Width <= real) return bias is null ? score : score + Vector512.Load(bias + key);
        // the last vector: beyond the last key nothing may be read, and the score is −∞
        var index = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + Vector512.Create(key);
        var within = Vector512.LessThan(index, Vector512.Create(real)).AsSingle();
        if (bias is not null) score += Avx512F.MaskLoad(bias + key, within, Vector512<float>.Zero);
        return Vector512.ConditionalSelect(within, score, Vector512.Create(float.NegativeInfinity));
    }

    // a NaN among the scores must show in the output
    private static float Largest(Vector512<float> values)
    {
        var largest = float.NegativeInfinity;
        for (var index = 0; index < Width; index++) largest = MathF.Max(largest, values[index]);
        return largest;
    }
}
