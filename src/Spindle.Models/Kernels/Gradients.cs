using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>The tensors that backward passes of kernels return. libtorch takes its own reference only after the call, so that each call frees those of the one before.
/// Otherwise every gradient of a step would live until its end.</summary>
internal static class Gradients
{
    [ThreadStatic]
    private static List<Tensor>? last;

    /// <summary>Frees everything that a backward pass makes and reads, except its result.</summary>
    /// <param name="read">The gradients that it reads; some may be null.</param>
    /// <param name="compute">Computes the gradients; null for inputs without one.</param>
    public static List<Tensor> Keep(List<Tensor> read, Func<List<Tensor>> compute)
    {
        Release();
        using var scope = NewDisposeScope();
        var gradients = compute();
        Release(); // those of a backward pass within this one
        last = [.. gradients.Where(gradient => gradient is not null).Distinct()];
        foreach (var gradient in last) gradient.DetachFromDisposeScope();
        foreach (var gradient in read) gradient?.Dispose();
        return gradients;
    }

    /// <summary>Frees the tensors of the last call on this thread.</summary>
    public static void Release()
    {
        foreach (var gradient in last ?? []) gradient.Dispose();
        last = null;
    }
}
