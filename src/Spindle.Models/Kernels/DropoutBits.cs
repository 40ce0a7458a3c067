using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>Dropout's random numbers as a function of (seed, row, column): the backward pass computes them again instead of reading a stored mask.</summary>
internal readonly struct DropoutBits
{
    private const uint Step = 0x9e3779b1;

    private readonly long seed;
    private readonly uint threshold;

    /// <summary>The numbers of one dropout.</summary>
    /// <param name="seed">The seed, from <see cref="NextSeed"/>.</param>
    /// <param name="probability">The probability of a zero, from 0 to below 1.</param>
    public DropoutBits(long seed, double probability)
    {
        this.seed = seed;
        threshold = (uint)Math.Min(uint.MaxValue, Math.Round(probability * 4294967296.0));
        Scale = (float)(1 / (1 - probability));
        IsOn = probability > 0;
    }

    /// <summary>What kept numbers are multiplied by.</summary>
    public float Scale { get; }

    /// <summary>Whether anything is dropped.</summary>
    public bool IsOn { get; }

    /// <summary>A seed from libtorch's generator, so that <c>manual_seed</c> decides it.</summary>
    public static long NextSeed()
    {
        using var scope = NewDisposeScope();
        return randint(long.MaxValue, [1L], ScalarType.Int64).ReadCpuInt64(0);
    }

    /// <summary>The keys of a row.</summary>
    /// <param name="row">The row.</param>
    public (uint First, uint Second) Keys(long row)
    {
        // SplitMix64 (Steele et al. 2014)
        var z = unchecked((ulong)seed + ((ulong)row + 1) * 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        z ^= z >> 31;
        return ((uint)z, (uint)(z >> 32));
    }

    /// <summary>The factors of 16 numbers: 0, or <see cref="Scale"/>.</summary>
    /// <param name="keys">The row's keys.</param>
    /// <param name="column">The first column.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Factors((uint First, uint Second) keys, int column)
    {
        // two multiplications between shifts mix every bit (Wellons 2018, lowbias32)
        var columns = Vector512.Create(0u, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + Vector512.Create((uint)column);
        var x = (columns * Vector512.Create(Step)) + Vector512.Create(keys.First);
        x = (x ^ Vector512.ShiftRightLogical(x, 16)) * Vector512.Create(0x7feb352du);
        x ^= Vector512.Create(keys.Second);
        x = (x ^ Vector512.ShiftRightLogical(x, 15)) * Vector512.Create(0x846ca68bu);
        x ^= Vector512.ShiftRightLogical(x, 16);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512.Create(threshold)).AsSingle(), Vector512.Create(Scale), Vector512<float>.Zero);
    }
}
