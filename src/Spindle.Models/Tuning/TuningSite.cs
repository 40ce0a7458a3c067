using Spindle.Models.Parameters;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning;

/// <summary>Where and how a strategy is attached.</summary>
/// <param name="Layer">The layer's places.</param>
/// <param name="Name">The prefix of the parameters' names (<c>layer.3.lora</c>).</param>
/// <param name="Size">The size, from 1 to the cost's maximum.</param>
/// <param name="Random">The source of random initial values.</param>
public sealed record TuningSite(Layer Layer, string Name, int Size, InitialValues Random)
{
    /// <summary>Whether the model is in training, for a strategy's own dropout.</summary>
    public TrainingMode Mode { get; init; } = new();

    /// <summary>Frozen tensors that the layers of one model share.</summary>
    public TensorCache Shared { get; init; } = new();
}

/// <summary>Whether a model is in training.</summary>
public sealed class TrainingMode
{
    /// <summary>Whether dropout is applied.</summary>
    public bool IsOn { get; set; }
}
