using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Devices;

/// <summary>The GPUs of this machine, as libtorch and the driver see them.</summary>
/// <param name="Gpus">The GPUs, in order of their numbers; empty where none can be used.</param>
/// <param name="WhyNone">Why no GPU can be used, in a few words, with the remedy; null where one can.</param>
public sealed record ComputeDevices(IReadOnlyList<GpuDevice> Gpus, string? WhyNone)
{
    // of NVIDIA's Ampere generation, the first that multiplies bfloat16
    private const int FirstWithBFloat16 = 8;

    private static readonly Lazy<ComputeDevices> Found = new(Find);

    /// <summary>Those of this machine. libtorch is asked once.</summary>
    public static ComputeDevices OfMachine => Found.Value;

    /// <summary>The one device that a choice stands for.</summary>
    /// <param name="choice">What is asked for.</param>
    /// <exception cref="InvalidDataException">There is no such device; the message gives the remedy.</exception>
    public Device Resolve(DeviceChoice choice) => IndexOf(choice) is { } index ? new(DeviceType.CUDA, index) : CPU;

    /// <summary>The GPUs that a search may spread its workers over: those that a choice allows; empty for the CPU.</summary>
    /// <inheritdoc cref="Resolve" path="/param"/>
    /// <inheritdoc cref="Resolve" path="/exception"/>
    public IReadOnlyList<GpuDevice> Allowed(DeviceChoice choice) =>
        IndexOf(choice) is not { } first ? [] : choice.Index is null ? Gpus : [Gpus[first]];

    /// <summary>Whether the GPU that a choice stands for multiplies bfloat16 natively; null where it stands for the CPU.</summary>
    /// <inheritdoc cref="Resolve" path="/param"/>
    /// <inheritdoc cref="Resolve" path="/exception"/>
    public bool? HasBFloat16(DeviceChoice choice) => IndexOf(choice) is { } index ? Gpus[index].Generation >= FirstWithBFloat16 : null;

    // null for the CPU
    private int? IndexOf(DeviceChoice choice)
    {
        if (choice.Kind == DeviceKind.Cpu || (choice.Kind == DeviceKind.Auto && Gpus.Count == 0)) return null;
        if (Gpus.Count == 0) throw new InvalidDataException($"device {choice}: no GPU can be used here: {WhyNone}; or choose the device 'cpu'");
        var index = choice.Index ?? 0;
        return index < Gpus.Count ? index : throw new InvalidDataException(Gpus.Count == 1
            ? $"device {choice}: there is one GPU, cuda:0; write that, or 'cuda'"
            : FormattableString.Invariant($"device {choice}: there are {Gpus.Count} GPUs, cuda:0 to cuda:{Gpus.Count - 1}; write one of them, or 'cuda'"));
    }

    private static ComputeDevices Find()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows()) return new([], "CUDA is only there on Linux and Windows");
        LibtorchFolder.Use();
        try
        {
            var count = cuda.is_available() ? cuda.device_count() : 0;
            using var driver = CudaDriver.Open();
            if (count == 0) return new([], WhyNot(driver));
            return new([.. Enumerable.Range(0, count).Select(index => new GpuDevice(index, driver?.Generation(index), driver?.FreeMemory(index)))], null);
        }
        catch (Exception error) when (error is ExternalException or DllNotFoundException or NotSupportedException or InvalidOperationException)
        {
            // an old driver, for example: libtorch's first line says so
            return new([], error.Message.Split('\n')[0].Trim());
        }
    }

    // a libtorch with CUDA loads this library with itself
    private static bool HasCuda
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.Modules.Cast<ProcessModule>().Any(module => module.ModuleName.Contains("torch_cuda", StringComparison.Ordinal));
        }
    }

    private static string WhyNot(CudaDriver? driver)
    {
        if (!HasCuda) return $"this libtorch has no CUDA; name the folder of one that has it with {LibtorchFolder.Variable} (docs/how-to/devices.md)";
        if (driver is null) return "NVIDIA's driver is not installed, or does not start; install it";
        return driver.Count == 0 ? "the driver finds no GPU; look at nvidia-smi and CUDA_VISIBLE_DEVICES"
            : $"libtorch cannot use the driver, which supports CUDA {driver.Version}; install a newer driver";
    }
}

/// <summary>A GPU.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Generation">The first number of its compute capability; null where the driver does not report it.</param>
/// <param name="FreeMemory">The free bytes of its memory; null where the driver does not report it.</param>
public sealed record GpuDevice(int Index, int? Generation, long? FreeMemory);
