using System.Runtime.Intrinsics.X86;
using Spindle.Models.Devices;

namespace Spindle.Training.Settings;

/// <summary>Whether the processor multiplies bfloat16 natively.</summary>
public static class NativeBFloat16
{
    private const int ExtendedFeatures = 7;
    private const int Avx512BFloat16 = 1 << 5;   // leaf 7, subleaf 1, EAX
    private const int AmxBFloat16 = 1 << 22;     // leaf 7, subleaf 0, EDX

    /// <summary>True with AVX512-BF16 or AMX-BF16.</summary>
    public static bool IsSupported { get; } = Detect();

    /// <summary>Resolves <see cref="Precision.Auto"/> for this machine's processor. Returns other precisions unchanged.</summary>
    public static Precision Resolve(Precision precision) =>
        precision != Precision.Auto ? precision : IsSupported ? Precision.BFloat16 : Precision.Float32;

    /// <summary>Resolves <see cref="Precision.Auto"/> for a device of this machine. Returns other precisions unchanged.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="device">The device.</param>
    /// <param name="devices">The machine's devices, or null to ask libtorch.</param>
    /// <exception cref="InvalidDataException">There is no such device.</exception>
    public static Precision Resolve(Precision precision, DeviceChoice device, ComputeDevices? devices = null) => precision != Precision.Auto ? precision
        : (devices ?? ComputeDevices.OfMachine).HasBFloat16(device) is { } isNative ? isNative ? Precision.BFloat16 : Precision.Float32
        : Resolve(precision);

    private static bool Detect()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < ExtendedFeatures) return false;
        var (subleaves, _, _, edx) = X86Base.CpuId(ExtendedFeatures, 0);
        if ((edx & AmxBFloat16) != 0) return true;
        return subleaves >= 1 && Avx512F.IsSupported && (X86Base.CpuId(ExtendedFeatures, 1).Eax & Avx512BFloat16) != 0;
    }
}
