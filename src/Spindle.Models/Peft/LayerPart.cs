using static TorchSharp.torch;

namespace Spindle.Models.Peft;

/// <summary>One strategy in one layer, with its values.</summary>
/// <param name="Layer">The layer's zero-based index.</param>
/// <param name="Options">The strategy's options, of its kind's record.</param>
/// <param name="Size">Its size; 1 where it has none.</param>
/// <param name="Values">Its values by parameter name, after the strategy's prefix (<c>encoder.layer.0.attention.self.query.weight.a</c>).</param>
public sealed record LayerPart(int Layer, object Options, int Size, IReadOnlyDictionary<string, Tensor> Values)
{
    /// <summary>The kind of strategy where it is another than the form's; null otherwise.</summary>
    public string? Kind { get; init; }

    /// <summary>The names of the values that are stored but not trained.</summary>
    public IReadOnlyCollection<string> Constants { get; init; } = [];

    /// <summary>The number of trained parameters.</summary>
    public long Parameters => Values.Where(value => !Constants.Contains(value.Key)).Sum(value => value.Value.numel());
}
