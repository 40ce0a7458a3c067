using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>Values that parameters of a head start from. They are kept outside tensors, so that many models may share them.</summary>
/// <param name="Values">The elements of a parameter by its name, in the order of its memory.</param>
public sealed record HeadValues(IReadOnlyDictionary<string, float[]> Values)
{
    /// <summary>Copies tensors.</summary>
    /// <param name="values">A tensor for each parameter, in its shape.</param>
    public static HeadValues Of(params IEnumerable<(string Name, Tensor Value)> values)
    {
        using var scope = NewDisposeScope();
        return new(values.ToDictionary(
            pair => pair.Name, pair => pair.Value.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray(), StringComparer.Ordinal));
    }
}
