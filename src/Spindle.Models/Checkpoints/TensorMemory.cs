using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Checkpoints;

/// <summary>Brings a file's bytes into tensors. Where type and place stay, the bytes go straight into the tensor's memory; elsewhere a piece at a time goes
/// through one small tensor, so that no second copy of the whole ever stands beside the first.</summary>
internal static class TensorMemory
{
    // below libtorch's grain size: a piece is converted on this thread, where a parallel region would cost more than it does
    private const long PieceElements = 1 << 14;
    private const long LargestSpan = 1 << 30; // a span counts its bytes in an int

    /// <summary>Reads a tensor.</summary>
    /// <param name="file">The file.</param>
    /// <param name="position">The tensor's first byte in the file.</param>
    /// <param name="entry">What the tensor is.</param>
    /// <param name="type">The type that is wanted, or null for the file's own.</param>
    /// <param name="device">Where it is to lie, or null for the CPU.</param>
    /// <exception cref="EndOfStreamException">The file ends inside the tensor.</exception>
    public static Tensor Read(SafeFileHandle file, long position, TensorEntry entry, ScalarType? type, Device? device)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (wanted, place) = (type ?? entry.Type, device ?? CPU);
        if (entry.Strides is { } strides && entry.Count > 0)
        {
            var span = empty([entry.Length / entry.Type.ElementSize()], entry.Type);
            Fill(file, position, span);
            var strided = empty([.. entry.Shape], wanted, place);
            strided.copy_(span.as_strided([.. entry.Shape], [.. strides], 0));
            return strided.MoveToOuterDisposeScope();
        }
        var tensor = empty([.. entry.Shape], wanted, place);
        if (wanted == entry.Type && place.type == DeviceType.CPU) Fill(file, position, tensor.view(-1));
        else Convert(file, position, entry.Type, tensor.view(-1));
        return tensor.MoveToOuterDisposeScope();
    }

    private static void Convert(SafeFileHandle file, long position, ScalarType stored, Tensor target)
    {
        var count = target.numel();
        var piece = empty([Math.Min(count, PieceElements)], stored);
        for (long done = 0, next; done < count; done += next)
        {
            next = Math.Min(PieceElements, count - done);
            using var from = piece.narrow(0, 0, next);
            using var to = target.narrow(0, done, next);
            Fill(file, position + done * stored.ElementSize(), from);
            to.copy_(from);
        }
    }

    private static void Fill(SafeFileHandle file, long position, Tensor flat)
    {
        var size = flat.element_size();
        var step = LargestSpan / size;
        for (long done = 0, count = flat.numel(); done < count; done += step)
        {
            using var part = flat.narrow(0, done, Math.Min(step, count - done));
            ReadExactly(file, position + done * size, part.bytes);
        }
    }

    private static void ReadExactly(SafeFileHandle file, long position, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(file, bytes, position);
            if (read == 0) throw new EndOfStreamException();
            bytes = bytes[read..];
            position += read;
        }
    }
}
