using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Numerics;

/// <summary>Arithmetic of tensors and numbers whose scalars live until libtorch has read them. TorchSharp's own operators make a scalar that nothing refers to during
/// the native call: a collection that another thread starts in that moment frees it, and the call fails or reads what is not there.</summary>
public static class TensorArithmetic
{
    private static readonly Scalar One = 1;

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, double right) => WithScalar(right, number => left.add(number, One));

    /// <summary>left + right, of whole numbers.</summary>
    public static Tensor Plus(this Tensor left, long right) => WithScalar(right, number => left.add(number, One));

    /// <summary>left · right.</summary>
    public static Tensor Times(this Tensor left, double right) => WithScalar(right, left.mul);

    /// <summary>Where left equals a whole number.</summary>
    public static Tensor EqualTo(this Tensor left, long right)
    {
        using Scalar number = right;
        return left.eq(number);
    }

    /// <summary>left in place, with a whole number where the mask holds.</summary>
    public static Tensor MaskedFill(this Tensor left, Tensor mask, double right) => WithScalar(right, number => left.masked_fill(mask, number));

    /// <summary>A tensor of one whole number.</summary>
    public static Tensor Full(long[] shape, long value, Device device)
    {
        using Scalar number = value;
        return full(shape, number, ScalarType.Int64, device);
    }

    /// <summary>A tensor of one number, float32.</summary>
    public static Tensor Full(long[] shape, double value, Device device) => WithScalar(value, number => full(shape, number, ScalarType.Float32, device));

    /// <summary>What a call makes of a number.</summary>
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
