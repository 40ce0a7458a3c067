using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Parameters;

/// <summary>Initial values from a separate random generator, so that they depend only on the seed.</summary>
public sealed class InitialValues : IDisposable
{
    private readonly Generator generator;

    /// <summary>Initial values for a seed.</summary>
    public InitialValues(long seed) => generator = new Generator((ulong)seed, CPU);

    /// <summary>Initial values of one strategy in one layer. Other strategies and layers have other streams, so that their presence changes nothing here.</summary>
    /// <param name="seed">The seed of the model.</param>
    /// <param name="layer">The zero-based layer.</param>
    /// <param name="strategy">The strategy's name.</param>
    public static InitialValues Of(long seed, int layer, string strategy)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}|{layer}|{strategy}")));
        return new(BinaryPrimitives.ReadInt64BigEndian(hash) & long.MaxValue);
    }

    /// <summary>Every element zero.</summary>
    public static void Zero(Tensor target) => target.zero_();

    /// <summary>Every element one.</summary>
    public static void One(Tensor target) => target.copy_(ones(target.shape));

    /// <summary>Normally distributed with mean 0.</summary>
    /// <param name="deviation">The standard deviation.</param>
    public Action<Tensor> Normal(double deviation) => target => target.copy_(randn(target.shape, generator: generator).Times(deviation));

    /// <summary>Uniform between −1/√inputs and 1/√inputs: PyTorch's default for a linear map, Kaiming-uniform with a = √5 (He et al. 2015).</summary>
    /// <param name="inputs">The number of inputs of the map.</param>
    public Action<Tensor> KaimingUniform(long inputs) => target =>
        target.copy_(rand(target.shape, generator: generator).Times(2).Plus(-1.0).Times(1 / Math.Sqrt(inputs)));

    /// <inheritdoc/>
    public void Dispose() => generator.Dispose();
}
