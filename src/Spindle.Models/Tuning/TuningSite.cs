using Spindle.Models.Parameters;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning;

/// <summary>Where a strategy is attached, and what it needs for that.</summary>
/// <param name="Layer">The layer's places.</param>
/// <param name="Name">What the names of the parameters begin with (<c>layer.3.lora</c>).</param>
/// <param name="Size">From 1 to the cost's maximum.</param>
/// <param name="Random">Where random initial values come from.</param>
public sealed record TuningSite(Layer Layer, string Name, int Size, InitialValues Random)
{
    /// <summary>Whether the model is in training, which a strategy's own dropout asks.</summary>
    public TrainingMode Mode { get; init; } = new();

    /// <summary>Frozen tensors that the layers of one model share.</summary>
    public SharedTensors Shared { get; init; } = new();
}

/// <summary>Whether a model is in training.</summary>
public sealed class TrainingMode
{
    /// <summary>Whether dropout is applied.</summary>
    public bool IsOn { get; set; }
}
