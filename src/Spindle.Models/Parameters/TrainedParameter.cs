using static TorchSharp.torch;

namespace Spindle.Models.Parameters;

/// <summary>One trained tensor, declared by a strategy or a head and stored in a <see cref="ParameterBuffer"/> with all others.</summary>
/// <param name="name">The parameter's name, unique in its model.</param>
/// <param name="shape">Its shape.</param>
/// <param name="initialise">Writes the initial values into a float32 tensor of that shape.</param>
public sealed class TrainedParameter(string name, long[] shape, Action<Tensor> initialise)
{
    private Tensor? value;

    /// <summary>The parameter's name, unique in its model.</summary>
    public string Name => name;

    /// <summary>Its shape.</summary>
    public IReadOnlyList<long> Shape => shape;

    /// <summary>The number of elements.</summary>
    public long Count { get; } = shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The float32 leaf tensor: a view of the buffer.</summary>
    /// <exception cref="InvalidOperationException">It is not in a buffer yet.</exception>
    public Tensor Value => value ?? throw new InvalidOperationException($"{name} is not in a buffer yet");

    internal void Bind(Tensor view, bool withInitialValues)
    {
        value = view;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (withInitialValues) initialise(view);
    }
}
