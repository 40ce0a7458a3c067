using Spindle.Data.Tasks;
using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Training.Tuned;

/// <summary>The scale of a regression's logit. Here it runs from −1 to 1 over the task's range; other libraries use the value itself as the logit.</summary>
/// <param name="range">The task's range. If it is null, values and logits are the same.</param>
/// <param name="output">The name of the head's last linear map, without <c>.weight</c>.</param>
internal sealed class ValueScale(ScoreRange? range, string output)
{
    private readonly double middle = range is null ? 0 : (range.Minimum + range.Maximum) / 2;
    private readonly double half = range is null ? 1 : (range.Maximum - range.Minimum) / 2;

    /// <summary>Changes a head that returns logits to one that returns values.</summary>
    /// <param name="head">Tensors by name. Those of the head are changed in place.</param>
    public void ToValues(IEnumerable<(string Name, Tensor Value)> head) => Change(head, weight => weight.Times(half), bias => bias.Times(half).Plus(middle));

    /// <summary>Changes a head that returns values to one that returns logits.</summary>
    /// <param name="head">Tensors by name. Those of the head are changed in place.</param>
    public void ToLogits(IEnumerable<(string Name, Tensor Value)> head) => Change(head, weight => weight.Times(1 / half), bias => bias.Plus(-middle).Times(1 / half));

    private void Change(IEnumerable<(string Name, Tensor Value)> head, Func<Tensor, Tensor> ofWeight, Func<Tensor, Tensor> ofBias)
    {
        if (middle == 0 && half == 1) return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (name, value) in head)
        {
            if (name == $"{output}.weight") value.copy_(ofWeight(value));
            if (name == $"{output}.bias") value.copy_(ofBias(value));
        }
    }
}
