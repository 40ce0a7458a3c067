using System.Text.Json.Serialization;

namespace Spindle.Training.Settings;

/// <summary>The precision of the frozen weights and of the matrix products with them; tuned weights are always float32.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    Float32 = 0,

    /// <summary>bfloat16: the range of float32 in half the memory.</summary>
    [JsonStringEnumMemberName("bfloat16")]
    BFloat16 = 1,

    /// <summary>bfloat16 if the device multiplies it natively (a processor with AVX512-BF16 or AMX, a GPU from compute capability 8.0), otherwise float32, because emulated bfloat16 is many times slower.</summary>
    Auto = 2,
}
