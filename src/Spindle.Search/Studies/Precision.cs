namespace Spindle.Search.Studies;

/// <summary>The precision of the frozen weights and of the matrix products with them; tuned weights are always float32.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>bfloat16: float32's range at half the bytes.</summary>
    BFloat16,
}
