using System.Globalization;
using System.Runtime.InteropServices;

namespace Spindle.Models.Devices;

/// <summary>What libtorch does not report about GPUs, from NVIDIA's driver library, which numbers them as libtorch does.</summary>
internal sealed unsafe class CudaDriver : IDisposable
{
    private const int Done = 0;
    private const int MajorOfCapability = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR

    private readonly nint library;

    private CudaDriver(nint library) => this.library = library;

    /// <summary>Loads the driver library; null where there is none, or it does not start.</summary>
    public static CudaDriver? Open() => Open(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1");

    internal static CudaDriver? Open(string name)
    {
        if (!NativeLibrary.TryLoad(name, out var library)) return null;
        var driver = new CudaDriver(library);
        if (driver.Find("cuInit") is var start && start != 0 && ((delegate* unmanaged<uint, int>)start)(0) == Done) return driver;
        driver.Dispose();
        return null;
    }

    /// <summary>The number of GPUs.</summary>
    public int Count => Number("cuDeviceGetCount") ?? 0;

    /// <summary>The newest version of CUDA that the driver supports.</summary>
    public string Version => Number("cuDriverGetVersion") is { } version ? string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}") : "of an unknown version";

    /// <summary>The first number of a GPU's compute capability, or null.</summary>
    public int? Generation(int index)
    {
        int value;
        var ask = (delegate* unmanaged<int*, int, int, int>)Find("cuDeviceGetAttribute");
        return ask != null && DeviceOf(index) is { } device && ask(&value, MajorOfCapability, device) == Done ? value : null;
    }

    /// <summary>The free bytes of a GPU's memory, or null.</summary>
    public long? FreeMemory(int index)
    {
        var retain = (delegate* unmanaged<nint*, int, int>)Find("cuDevicePrimaryCtxRetain");
        var release = (delegate* unmanaged<int, int>)Find("cuDevicePrimaryCtxRelease_v2");
        var push = (delegate* unmanaged<nint, int>)Find("cuCtxPushCurrent_v2");
        var pop = (delegate* unmanaged<nint*, int>)Find("cuCtxPopCurrent_v2");
        var ask = (delegate* unmanaged<nuint*, nuint*, int>)Find("cuMemGetInfo_v2");
        nint context, popped;
        if (retain == null || release == null || push == null || pop == null || ask == null || DeviceOf(index) is not { } device || retain(&context, device) != Done) return null;
        try
        {
            if (push(context) != Done) return null;
            nuint free, total;
            var isKnown = ask(&free, &total) == Done;
            _ = pop(&popped);
            return isKnown ? (long)free : null;
        }
        finally
        {
            _ = release(device);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => NativeLibrary.Free(library);

    private int? DeviceOf(int index)
    {
        int device;
        var find = (delegate* unmanaged<int*, int, int>)Find("cuDeviceGet");
        return find != null && find(&device, index) == Done ? device : null;
    }

    private int? Number(string function)
    {
        int value;
        var ask = (delegate* unmanaged<int*, int>)Find(function);
        return ask != null && ask(&value) == Done ? value : null;
    }

    private nint Find(string name) => NativeLibrary.TryGetExport(library, name, out var address) ? address : 0;
}
