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
    private readonly IReadOnlyList<Tensor> decaying;
    private int steps;

    /// <summary>Creates an optimizer of the parameters with zero moments.</summary>
    /// <param name="parameters">The parameters and their gradients.</param>
    /// <param name="weightDecay">The decoupled weight decay, at least 0.</param>
    public FlatAdamW(ParameterBuffer parameters, double weightDecay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        (this.parameters, this.weightDecay) = (parameters, weightDecay);
        first = zeros_like(parameters.Values).DetachFromDisposeScope();
        second = zeros_like(parameters.Values).DetachFromDisposeScope();
        decaying = weightDecay > 0 ? Decaying(parameters) : [];
    }

    /// <summary>Performs one step with the gradients in the buffer.</summary>
    /// <param name="learningRate">This step's learning rate.</param>
    public void Step(double learningRate)
    {
        steps++;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (values, gradients) = (parameters.Values, parameters.Gradients);
        // as float32: a rate outside its range becomes infinite and shows in the loss, instead of an exception from torch
        // scalars that outlive the calls, see TensorArithmetic
        using Scalar kept = (float)(1 - learningRate * weightDecay), secondDecay = SecondDecay, secondShare = 1 - SecondDecay,
            scale = Math.Sqrt(1 - Math.Pow(SecondDecay, steps)), epsilon = Epsilon, one = 1, rate = (float)(-learningRate / (1 - Math.Pow(FirstDecay, steps)));
        foreach (var part in decaying) part.mul_(kept);
        first.lerp_(gradients, 1 - FirstDecay);
        second.mul_(secondDecay).addcmul_(gradients, gradients, secondShare);
        var denominator = second.sqrt().div_(scale).add_(epsilon, one);
        values.addcdiv_(first, denominator, rate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
        foreach (var part in decaying) part.Dispose();
    }

    // the parts of the buffer that hold matrices; adjacent ones are merged
    private static List<Tensor> Decaying(ParameterBuffer parameters)
    {
        var parts = new List<Tensor>();
        var (start, end) = (0L, 0L);
        foreach (var parameter in parameters.Parameters)
        {
            if (parameter.Shape.Count < 2) Take(end + parameter.Count);
            end += parameter.Count;
        }
        Take(end);
        return parts;

        void Take(long next)
        {
            if (end > start) parts.Add(parameters.Values.narrow(0, start, end - start).DetachFromDisposeScope());
            start = next;
        }
    }
}
