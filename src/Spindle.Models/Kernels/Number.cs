using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Spindle.Models.Kernels;

/// <summary>A type of number in a tensor's memory, which kernels read and write as 16 floats at a time.</summary>
internal unsafe interface INumber16
{
    /// <summary>Reads 16 numbers.</summary>
    /// <param name="memory">The tensor's first number.</param>
    /// <param name="index">The index of the first number to read.</param>
    static abstract Vector512<float> Load(void* memory, long index);

    /// <summary>Writes 16 numbers, rounded to the nearest.</summary>
    /// <param name="memory">The tensor's first number.</param>
    /// <param name="index">The index of the first number to write.</param>
    /// <param name="values">The numbers.</param>
    static abstract void Store(void* memory, long index, Vector512<float> values);
}

/// <summary>float32.</summary>
internal readonly unsafe struct FullNumber : INumber16
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(void* memory, long index) => Vector512.Load((float*)memory + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(void* memory, long index, Vector512<float> values) => values.Store((float*)memory + index);
}

/// <summary>bfloat16: the upper half of a float32.</summary>
internal readonly unsafe struct BrainNumber : INumber16
{
    private const uint HalfUlp = 0x7fff;
    private const uint NotANumber = 0x7fc0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(void* memory, long index) =>
        Vector512.ShiftLeft(Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)memory + index)), 16).AsSingle();

    // to the nearest, ties to even; rounding a NaN up could turn it into a zero
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(void* memory, long index, Vector512<float> values)
    {
        var bits = values.AsUInt32();
        var upper = Vector512.ShiftRightLogical(bits, 16);
        var rounded = Vector512.ShiftRightLogical(bits + Vector512.Create(HalfUlp) + (upper & Vector512<uint>.One), 16);
        var kept = Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, Vector512.Create(NotANumber));
        Avx512F.ConvertToVector256UInt16(kept).Store((ushort*)memory + index);
    }
}
