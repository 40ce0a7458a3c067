namespace Spindle.Designs.Shapes;

/// <summary>What a budget needs to know of a backbone: its size and the sizes of its parts, layer by layer.</summary>
/// <param name="Name">The backbone's name, for messages.</param>
/// <param name="Parameters">The backbone's own parameters, a task head not among them.</param>
/// <param name="Layers">The layers that a design groups and tunes, in order of depth.</param>
public sealed record BackboneShape(string Name, long Parameters, IReadOnlyList<LayerShape> Layers);

/// <summary>One layer of a design: one block, or an encoder block and a decoder block that were paired.</summary>
/// <param name="Blocks">The blocks that are tuned alike as this layer.</param>
public sealed record LayerShape(IReadOnlyList<BlockShape> Blocks);

/// <summary>The shape of one transformer block.</summary>
/// <param name="Stack">The stack that the block is in: <c>encoder</c> or <c>decoder</c>.</param>
/// <param name="HiddenSize">The size of the residual stream.</param>
/// <param name="Attentions">The block's attentions: self, then cross where there is one.</param>
/// <param name="Linears">Every linear map of the block.</param>
/// <param name="Norms">Every normalisation of the block.</param>
public sealed record BlockShape(
    string Stack,
    int HiddenSize,
    IReadOnlyList<AttentionShape> Attentions,
    IReadOnlyList<LinearShape> Linears,
    IReadOnlyList<NormShape> Norms);

/// <summary>The shape of one attention.</summary>
/// <param name="Cross">Whether it attends over the encoder's output.</param>
/// <param name="InnerSize">Heads times head size: the width of its keys and of its values.</param>
public sealed record AttentionShape(bool Cross, int InnerSize);

/// <summary>The shape of one linear map.</summary>
/// <param name="Place">Where in the block it stands.</param>
/// <param name="InputSize">The number of inputs.</param>
/// <param name="OutputSize">The number of outputs.</param>
/// <param name="HasBias">Whether the backbone gives it a bias.</param>
public sealed record LinearShape(LinearPlace Place, int InputSize, int OutputSize, bool HasBias);

/// <summary>The shape of one normalisation.</summary>
/// <param name="Size">The number of its weights.</param>
/// <param name="HasBias">Whether it has as many biases as weights (LayerNorm) or none (T5's root-mean-square norm).</param>
public sealed record NormShape(int Size, bool HasBias);
