using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Prefix;

/// <summary>The network that reparameterises a prefix during training (Li and Liang 2021, section 4.3): an embedding per position, a linear map, tanh, and a
/// linear map to keys and values. It has PyTorch's default initial values, as in HF peft and AdapterHub.</summary>
internal sealed class PrefixNetwork
{
    private readonly int width;
    private readonly TrainedParameter embedding;
    private readonly TrainedParameter inWeight;
    private readonly TrainedParameter inBias;
    private readonly TrainedParameter outWeight;
    private readonly TrainedParameter outBias;

    /// <summary>Declares the parameters.</summary>
    /// <param name="attachment">The attachment that declares them.</param>
    /// <param name="name">The prefix of their names.</param>
    /// <param name="length">The prefix length.</param>
    /// <param name="hidden">The size of the embeddings.</param>
    /// <param name="inner">The network's inner size.</param>
    /// <param name="width">The width of the keys and of the values.</param>
    /// <param name="random">The source of initial values.</param>
    public PrefixNetwork(Attachment attachment, string name, int length, int hidden, int inner, int width, InitialValues random)
    {
        this.width = width;
        embedding = attachment.Declare(new($"{name}.embedding", [length, hidden], random.Normal(1)));
        inWeight = attachment.Declare(new($"{name}.network.in.weight", [inner, hidden], random.KaimingUniform(hidden)));
        inBias = attachment.Declare(new($"{name}.network.in.bias", [inner], random.KaimingUniform(hidden)));
        outWeight = attachment.Declare(new($"{name}.network.out.weight", [2 * width, inner], random.KaimingUniform(inner)));
        outBias = attachment.Declare(new($"{name}.network.out.bias", [2 * width], random.KaimingUniform(inner)));
    }

    /// <summary>Its parameters.</summary>
    public IReadOnlyList<TrainedParameter> Parameters => [embedding, inWeight, inBias, outWeight, outBias];

    /// <summary>The keys, <c>[length, width]</c>.</summary>
    public Tensor Keys() => Half(0);

    /// <summary>The values, <c>[length, width]</c>.</summary>
    public Tensor Values() => Half(width);

    private Tensor Half(int start)
    {
        var activated = nn.functional.linear(embedding.Value, inWeight.Value, inBias.Value).tanh(); // [length, inner]
        return nn.functional.linear(activated, outWeight.Value.narrow(0, start, width), outBias.Value.narrow(0, start, width));
    }
}
