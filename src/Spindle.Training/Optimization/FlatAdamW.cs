using Spindle.Models.Kernels;
using Spindle.Models.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.Optimization;

/// <summary>AdamW (Loshchilov and Hutter 2019) over one flat buffer: a few kernels per step, however many parameters there are.
/// The betas and epsilon are PyTorch's defaults. Weight decay is decoupled and does not apply to vectors (biases, norms, scales); the trainer of HF transformers also excludes
/// biases and norms.</summary>
public sealed class FlatAdamW : IDisposable
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Epsilon = 1e-8;

    private readonly ParameterBuffer parameters;
    private readonly double weightDecay;
    private readonly Tensor first;
    private readonly Tensor second;
    private readonly IReadOnlyList<(Tensor Part, double Factor)> decaying;
    private readonly Tensor? factors;
    /// <summary>Creates an optimizer of the parameters with zero moments.</summary>
    /// <param name="parameters">The parameters and their gradients.</param>
    /// <param name="weightDecay">The decoupled weight decay, at least 0.</param>
    /// <param name="factors">For each parameter, its learning rate as a multiple of a step's; null for the same rate.</param>
    public FlatAdamW(ParameterBuffer parameters, double weightDecay, IReadOnlyList<double>? factors = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        (this.parameters, this.weightDecay) = (parameters, weightDecay);
        first = zeros_like(parameters.Values).DetachFromDisposeScope();
        second = zeros_like(parameters.Values).DetachFromDisposeScope();
        decaying = weightDecay > 0 ? Decaying(parameters, factors) : [];
        this.factors = factors is null ? null : Spread(parameters, factors);
    }

    /// <summary>The steps that were performed.</summary>
    public int Steps { get; set; }

    /// <summary>The means of the gradients and of their squares, each <c>[count]</c>, by name.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Moments => [("first-moment", first), ("second-moment", second)];

    /// <summary>Performs one step with the gradients in the buffer.</summary>
    /// <param name="learningRate">This step's learning rate.</param>
    public void Step(double learningRate)
    {
        Steps++;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (values, gradients) = (parameters.Values, parameters.Gradients);
        // as float32: a rate outside its range becomes infinite and shows in the loss, instead of an exception from torch
        var (corrected, correction) = ((float)(learningRate / (1 - Math.Pow(FirstDecay, Steps))), Math.Sqrt(1 - Math.Pow(SecondDecay, Steps)));
        foreach (var (part, factor) in decaying)
        {
            using Scalar kept = (float)(1 - learningRate * factor * weightDecay);
            part.mul_(kept);
        }

        if (AdamStep.IsFit(values))
        {
            AdamStep.Apply(values, gradients, first, second, factors, (FirstDecay, SecondDecay), corrected, correction, Epsilon);
            return;
        }

        // scalars that outlive the calls, see TensorArithmetic
        using Scalar secondDecay = SecondDecay, secondShare = 1 - SecondDecay, scale = correction, epsilon = Epsilon, one = 1, rate = -corrected;
        first.lerp_(gradients, 1 - FirstDecay);
        second.mul_(secondDecay).addcmul_(gradients, gradients, secondShare);
        var denominator = second.sqrt().div_(scale).add_(epsilon, one);
        values.addcdiv_(factors is null ? first : first.mul(factors), denominator, rate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
        factors?.Dispose();
        foreach (var (part, _) in decaying) part.Dispose();
    }

    // the factor of every element
    private static Tensor Spread(ParameterBuffer parameters, IReadOnlyList<double> factors)
    {
        using var scope = NewDisposeScope();
        var spread = empty_like(parameters.Values);
        var offset = 0L;
        foreach (var (parameter, factor) in parameters.Parameters.Zip(factors))
        {
            using Scalar value = (float)factor;
            spread.narrow(0, offset, parameter.Count).fill_(value);
            offset += parameter.Count;
        }

        return spread.DetachFromDisposeScope();
    }

    // the parts of the buffer that hold matrices, with their factors; adjacent ones with the same factor are merged
    private static List<(Tensor Part, double Factor)> Decaying(ParameterBuffer parameters, IReadOnlyList<double>? factors)
    {
        var parts = new List<(Tensor, double)>();
        var (start, end, factor) = (0L, 0L, 1.0);
        foreach (var (index, parameter) in parameters.Parameters.Index())
        {
            var own = factors?[index] ?? 1;
            if (parameter.Shape.Count < 2) Take(end + parameter.Count);
            else if (own != factor) Take(end);
            factor = own;
            end += parameter.Count;
        }
        Take(end);
        return parts;

        void Take(long next)
        {
            if (end > start) parts.Add((parameters.Values.narrow(0, start, end - start).DetachFromDisposeScope(), factor));
            start = next;
        }
    }
}
