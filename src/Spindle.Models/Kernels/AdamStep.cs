using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>Adam's step over a flat buffer in one pass (Kingma and Ba 2015, with the bias corrections as in PyTorch).</summary>
public static unsafe class AdamStep
{
    private const int Width = 16;
    private const int Block = 1 << 14;

    /// <summary>Whether the kernel works on a tensor: a contiguous float32 one on a CPU that runs kernels.</summary>
    /// <param name="values">The values.</param>
    public static bool IsFit(Tensor values) => Vectors.IsSupported && values.device_type == TorchSharp.DeviceType.CPU && values.dtype == ScalarType.Float32 && values.is_contiguous();

    /// <summary>Updates both moments and the values in place.</summary>
    /// <param name="values">The values, <c>[count]</c>.</param>
    /// <param name="gradients">Their gradients, <c>[count]</c>.</param>
    /// <param name="first">The mean of the gradients, <c>[count]</c>.</param>
    /// <param name="second">The mean of their squares, <c>[count]</c>.</param>
    /// <param name="factors">What each value's rate is multiplied by, <c>[count]</c>, or null.</param>
    /// <param name="decays">The decays of the first and the second moment, from 0 to below 1.</param>
    /// <param name="rate">The learning rate, divided by the correction of the first moment.</param>
    /// <param name="correction">The square root of the correction of the second moment.</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    public static void Apply(
        Tensor values, Tensor gradients, Tensor first, Tensor second, Tensor? factors, (double First, double Second) decays, float rate, double correction, double epsilon)
    {
        var count = values.numel();
        nint v = (nint)Memory.Of(values), g = (nint)Memory.Of(gradients), m = (nint)Memory.Of(first), s = (nint)Memory.Of(second), f = factors is null ? 0 : (nint)Memory.Of(factors);
        var numbers = new Numbers((float)(1 - decays.First), (float)decays.Second, (float)(1 - decays.Second), -rate, (float)correction, (float)epsilon);
        Memory.ForRows((int)((count + Block - 1) / Block), Block, (from, to) =>
            Apply((float*)v, (float*)g, (float*)m, (float*)s, (float*)f, numbers, (long)from * Block, Math.Min(count, (long)to * Block)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(float* values, float* gradients, float* first, float* second, float* factors, Numbers numbers, long start, long end)
    {
        var at = start;
        for (; at + Width <= end; at += Width)
        {
            var gradient = Vector512.Load(gradients + at);
            var mean = Vector512.Load(first + at);
            mean += Vector512.Create(numbers.FirstShare) * (gradient - mean);
            var square = (Vector512.Load(second + at) * Vector512.Create(numbers.SecondDecay)) + (Vector512.Create(numbers.SecondShare) * gradient * gradient);
            mean.Store(first + at);
            square.Store(second + at);
            if (factors is not null) mean *= Vector512.Load(factors + at);
            var root = (Vector512.Sqrt(square) / Vector512.Create(numbers.Correction)) + Vector512.Create(numbers.Epsilon);
            (Vector512.Load(values + at) + (Vector512.Create(numbers.Rate) * (mean / root))).Store(values + at);
        }

        for (; at < end; at++)
        {
            var gradient = gradients[at];
            first[at] += numbers.FirstShare * (gradient - first[at]);
            second[at] = (second[at] * numbers.SecondDecay) + (numbers.SecondShare * gradient * gradient);
            var mean = factors is null ? first[at] : first[at] * factors[at];
            values[at] += numbers.Rate * (mean / ((MathF.Sqrt(second[at]) / numbers.Correction) + numbers.Epsilon));
        }
    }

    /// <summary>The numbers of a step.</summary>
    private readonly record struct Numbers(float FirstShare, float SecondDecay, float SecondShare, float Rate, float Correction, float Epsilon);
}
