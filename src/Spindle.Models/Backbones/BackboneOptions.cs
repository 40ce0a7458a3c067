using Spindle.Designs.Shapes;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>How a backbone is loaded.</summary>
public sealed record BackboneOptions
{
    /// <summary>The type of the frozen matrices and of the products with them: float32 or bfloat16.</summary>
    public ScalarType FrozenType { get; init; } = ScalarType.Float32;

    /// <summary>The dropout probability in training, or null to use the checkpoint's.</summary>
    public double? Dropout { get; init; }

    /// <summary>How the layers of an encoder-decoder are numbered.</summary>
    public LayerNumbering Layers { get; init; } = LayerNumbering.Paired;

    /// <summary>Whether each block in training keeps only its inputs for the backward pass and is computed again there, which saves memory for about a third more time.</summary>
    public bool ActivationCheckpointing { get; init; }

    /// <summary>The device that holds the weights.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>The families that can be loaded.</summary>
    public BackboneFamilies Families { get; init; } = BackboneFamilies.Default;
}
