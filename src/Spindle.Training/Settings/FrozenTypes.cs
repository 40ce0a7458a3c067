using static TorchSharp.torch;

namespace Spindle.Training.Settings;

/// <summary>The types of frozen weights.</summary>
internal static class FrozenTypes
{
    /// <summary>The type that a resolved precision stands for.</summary>
    public static ScalarType Of(Precision precision) => precision switch
    {
        Precision.Float32 => ScalarType.Float32,
        Precision.BFloat16 => ScalarType.BFloat16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "resolve the precision for a device first"),
    };
}
