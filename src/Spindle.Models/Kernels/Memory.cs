using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>What kernels need to know of tensors and threads.</summary>
internal static unsafe partial class Memory
{
    private const int Width = 16;

    // below it, waking another thread costs more than it saves
    private const long SmallestShare = 1 << 15;

    /// <summary>Whether kernels can work on a tensor: on a CPU that runs them, of a type that they know, with rows of whole vectors.</summary>
    public static bool IsFit(Tensor tensor) => Vectors.IsSupported && tensor.device_type == DeviceType.CPU
        && tensor.dtype is ScalarType.Float32 or ScalarType.BFloat16 && tensor.shape[^1] % Width == 0 && tensor.numel() > 0;

    /// <summary>A tensor's first number, wherever it lies in its storage.</summary>
    public static void* Of(Tensor tensor) => (void*)DataOf(tensor.Handle);

    /// <summary>Runs a kernel over rows, on as many threads as libtorch uses. Every row belongs to one part, so the number of threads changes no result.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="work">The work of a row, in numbers.</param>
    /// <param name="kernel">Computes the rows from the first number to below the second.</param>
    public static void ForRows(int rows, long work, Action<int, int> kernel) => ForRows(rows, work, get_num_threads(), kernel);

    /// <summary>Runs a kernel over rows, on at most some threads.</summary>
    internal static void ForRows(int rows, long work, int threads, Action<int, int> kernel)
    {
        var parts = (int)Math.Min(Math.Min(threads, rows), Math.Max(1, rows * work / SmallestShare));
        if (parts <= 1) kernel(0, rows);
        else Parallel.For(0, parts, part => kernel((int)((long)rows * part / parts), (int)((long)rows * (part + 1) / parts)));
    }

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint DataOf(nint tensor);
}
