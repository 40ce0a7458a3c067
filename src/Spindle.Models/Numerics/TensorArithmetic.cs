using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Numerics;

/// <summary>Arithmetic of tensors and numbers that is safe from the garbage collector. TorchSharp's own operators create a scalar that nothing references during
/// the native call. A collection started by another thread at that moment frees it, and the call fails or reads freed memory.</summary>
public static class TensorArithmetic
{
    private static readonly Scalar One = 1;

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, double right) => WithScalar(right, number => left.add(number, One));

    /// <summary>left + right, for integers.</summary>
    public static Tensor Plus(this Tensor left, long right) => WithScalar(right, number => left.add(number, One));

    /// <summary>left · right.</summary>
    public static Tensor Times(this Tensor left, double right) => WithScalar(right, left.mul);

    /// <summary>Where left equals an integer, as booleans.</summary>
    public static Tensor EqualTo(this Tensor left, long right)
    {
        using Scalar number = right;
        return left.eq(number);
    }

    /// <summary>left with a number wherever the mask is true.</summary>
    public static Tensor MaskedFill(this Tensor left, Tensor mask, double right) => WithScalar(right, number => left.masked_fill(mask, number));

    /// <summary>A tensor filled with an integer, int64.</summary>
    public static Tensor Full(long[] shape, long value, Device device)
    {
        using Scalar number = value;
        return full(shape, number, ScalarType.Int64, device);
    }

    /// <summary>A tensor filled with a number, float32.</summary>
    public static Tensor Full(long[] shape, double value, Device device) => WithScalar(value, number => full(shape, number, ScalarType.Float32, device));

    /// <summary>The result of a call with a number as its scalar.</summary>
    public static Tensor WithScalar(double value, Func<Scalar, Tensor> call)
    {
        using Scalar number = value;
        return call(number);
    }

    private static Tensor WithScalar(long value, Func<Scalar, Tensor> call)
    {
        using Scalar number = value;
        return call(number);
    }
}
