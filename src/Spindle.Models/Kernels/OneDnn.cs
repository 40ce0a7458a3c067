using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>oneDNN's float32 matrix products. libtorch computes float32 products with MKL, which does not use AVX-512 on processors that are not Intel's.</summary>
internal static class OneDnn
{
    // smaller products cost less than the call
    private const long SmallestProduct = 1 << 20;

    private const string Methods = """
          def linear(self: __torch__.Operators, input: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
            return ops.mkldnn._linear_pointwise(input, weight, bias, "none", [], "")
          def product(self: __torch__.Operators, input: Tensor, weight: Tensor) -> Tensor:
            return ops.mkldnn._linear_pointwise(input, weight, None, "none", [], "")
        """;

    private static readonly Lazy<jit.ScriptModule?> Operators = new(Load);

    /// <summary>Whether a product is faster here than in libtorch's own way.</summary>
    /// <param name="input"><c>[rows, inputs]</c>.</param>
    /// <param name="weight"><c>[outputs, inputs]</c>.</param>
    public static bool IsFaster(Tensor input, Tensor weight) => IsWanted
        && input.dtype == ScalarType.Float32 && weight.dtype == ScalarType.Float32 && input.device_type == DeviceType.CPU
        && input.numel() * weight.shape[0] >= SmallestProduct && Operators.Value is not null;

    /// <summary>input · weightᵀ + bias, without a gradient.</summary>
    /// <param name="input"><c>[rows, inputs]</c>.</param>
    /// <param name="weight"><c>[outputs, inputs]</c>, in any order of memory.</param>
    /// <param name="bias"><c>[outputs]</c>, or null.</param>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias) => bias is null
        ? (Tensor)Operators.Value!.invoke("product", input, weight)
        : (Tensor)Operators.Value!.invoke("linear", input, weight, bias);

    private static bool IsWanted { get; } = Avx512F.IsSupported && !IsIntel;

    private static bool IsIntel => X86Base.CpuId(0, 0) is var (_, first, third, second)
        && (first, second, third) == (0x756e6547, 0x49656e69, 0x6c65746e); // "Genu", "ineI", "ntel"

    private static jit.ScriptModule? Load()
    {
        try
        {
            using var noGrad = no_grad();
            var operators = OperatorArchive.Load(Methods);
            using var one = ones(1, 1);
            using var product = (Tensor)operators.invoke("product", one, one);
            return operators;
        }
        catch (Exception error) when (error is System.Runtime.InteropServices.ExternalException or InvalidOperationException)
        {
            // a libtorch without oneDNN
            return null;
        }
    }
}
