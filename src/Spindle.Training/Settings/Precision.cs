namespace Spindle.Training.Settings;

/// <summary>The precision of the frozen weights and of the matrix products with them; tuned weights are always float32.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    Float32 = 0,

    /// <summary>bfloat16: float32's range in half the bytes.</summary>
    BFloat16 = 1,

    /// <summary>bfloat16 where the processor multiplies it natively (AVX512-BF16 or AMX), float32 elsewhere: there bfloat16 is emulated and many times slower.</summary>
    Auto = 2,
}
