using static TorchSharp.torch;

namespace Spindle.Models.Parameters;

/// <summary>Every trained parameter of a model in one flat float32 tensor, and every gradient in another, so that an optimiser updates one tensor instead of hundreds.</summary>
public sealed class ParameterBuffer : IDisposable
{
    private readonly List<Tensor> views = [];

    /// <summary>Puts parameters into one buffer, in order, and initialises them.</summary>
    /// <param name="parameters">The parameters; their names are unique.</param>
    /// <param name="device">The device of the buffer.</param>
    /// <exception cref="ArgumentException">Two parameters share a name.</exception>
    public ParameterBuffer(IReadOnlyList<TrainedParameter> parameters, Device device)
    {
        if (parameters.GroupBy(parameter => parameter.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"two parameters are named '{twice.Key}'", nameof(parameters));
        Parameters = parameters;
        using var scope = NewDisposeScope();
        var count = parameters.Sum(parameter => parameter.Count);
        Values = zeros(count, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
        Gradients = zeros(count, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
        var offset = 0L;
        foreach (var parameter in parameters)
        {
            long[] shape = [.. parameter.Shape];
            var view = Values.narrow(0, offset, parameter.Count).view(shape).detach().DetachFromDisposeScope();
            parameter.Bind(view, withInitialValues: true);
            view.requires_grad_();
            view.grad = Gradients.narrow(0, offset, parameter.Count).view(shape);
            views.Add(view);
            offset += parameter.Count;
        }
    }

    /// <summary>The parameters, in the order of the buffer.</summary>
    public IReadOnlyList<TrainedParameter> Parameters { get; }

    /// <summary>Every value, <c>[count]</c>, float32.</summary>
    public Tensor Values { get; }

    /// <summary>Every gradient, <c>[count]</c>, float32.</summary>
    public Tensor Gradients { get; }

    /// <summary>Sets every gradient to zero, in place.</summary>
    public void ZeroGradients() => Gradients.zero_();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in views) view.Dispose();
        Values.Dispose();
        Gradients.Dispose();
    }
}
