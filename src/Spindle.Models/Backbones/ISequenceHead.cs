using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Turns a backbone's hidden states into logits. A head is always trained; the budget does not count it.</summary>
public interface ISequenceHead
{
    /// <summary>The head's name in study files and tuned folders.</summary>
    string Name { get; }

    /// <summary>The head's parameters.</summary>
    IReadOnlyList<TrainedParameter> Parameters { get; }

    /// <summary>The logits, <c>[batch, outputs]</c>, float32.</summary>
    Tensor Logits(IBackbone backbone, ModelInput input);
}
