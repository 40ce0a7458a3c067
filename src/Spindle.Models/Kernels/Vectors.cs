using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Spindle.Models.Kernels;

/// <summary>Functions of 16 floats at a time.</summary>
internal static class Vectors
{
    /// <summary>Whether this processor runs the kernels; elsewhere libtorch's own operators do the work.</summary>
    public static bool IsSupported { get; } = Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported;

    /// <summary>e to the power of each number, to within two units in the last place; 0 below −87.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // e^x = 2^n · e^r with |r| ≤ ln 2 / 2
        var clamped = Avx512F.Max(Vector512.Create(-88f), Avx512F.Min(Vector512.Create(88f), x)); // in this order a NaN stays one
        var n = Avx512F.RoundScale(clamped * Vector512.Create(1.44269504f), 0);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), clamped);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(1.9875691500e-4f), r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r + Vector512<float>.One);
        var result = Avx512F.Scale(p, n);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-87f)), Vector512<float>.Zero, result);
    }

    /// <summary>The normal distribution's cumulative share Φ(x) and density φ(x), to within 1e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Share, Vector512<float> Density) Normal(Vector512<float> x)
    {
        // Abramowitz and Stegun 1964, 7.1.26, for the complementary error function of |x| / √2
        var magnitude = Vector512.Abs(x);
        var e = Exp(x * x * Vector512.Create(-0.5f));
        var t = Vector512<float>.One / Vector512.FusedMultiplyAdd(magnitude, Vector512.Create(0.3275911f * 0.70710678f), Vector512<float>.One);
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(1.061405429f), t, Vector512.Create(-1.453152027f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(1.421413741f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.284496736f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(0.254829592f));
        var tail = p * t * e * Vector512.Create(0.5f); // Φ(−|x|)
        var share = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, Vector512<float>.One - tail);
        return (share, e * Vector512.Create(0.39894228f));
    }
}
