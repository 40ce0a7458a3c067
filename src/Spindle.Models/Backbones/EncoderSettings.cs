using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>The sizes and rates of an encoder, by the keys that BERT's <c>config.json</c> and those of its relatives share.</summary>
/// <param name="HiddenSize">The size of the hidden states.</param>
/// <param name="Layers">The number of layers.</param>
/// <param name="Heads">The number of attention heads; it divides the hidden size.</param>
/// <param name="InnerSize">The inner size of the feed-forward part.</param>
/// <param name="VocabularySize">The number of tokens.</param>
/// <param name="Epsilon">Added to the variance by every normalisation.</param>
/// <param name="HiddenDropout">The dropout probability of the embeddings and of each sublayer's output.</param>
/// <param name="AttentionDropout">The dropout probability of attention weights.</param>
/// <param name="HeadDropout">The dropout probability of a head.</param>
/// <param name="Activation">The activation of the feed-forward part.</param>
public sealed record EncoderSettings(
    int HiddenSize,
    int Layers,
    int Heads,
    int InnerSize,
    int VocabularySize,
    double Epsilon,
    double HiddenDropout,
    double AttentionDropout,
    double HeadDropout,
    Func<Tensor, Tensor> Activation)
{
    /// <summary>Whether each block is computed again in the backward pass, see <see cref="BackboneOptions.ActivationCheckpointing"/>.</summary>
    public bool RecomputesBlocks { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="options">How the backbone is loaded.</param>
    /// <param name="epsilon">The family's default of <see cref="Epsilon"/>.</param>
    /// <exception cref="InvalidDataException">A value is missing, out of range or unsupported.</exception>
    public static EncoderSettings Read(BackboneConfiguration configuration, BackboneOptions options, double epsilon)
    {
        var (hidden, heads) = (configuration.Size("hidden_size"), configuration.Size("num_attention_heads"));
        if (hidden % heads != 0) throw configuration.Unsupported("num_attention_heads", $"{heads}", $"a divisor of hidden_size {hidden}");
        var dropout = options.Dropout ?? configuration.Probability("hidden_dropout_prob", 0.1);
        return new(
            hidden,
            configuration.Size("num_hidden_layers", 1000),
            heads,
            configuration.Size("intermediate_size"),
            configuration.Size("vocab_size", 1 << 24),
            configuration.Number("layer_norm_eps", epsilon),
            dropout,
            options.Dropout ?? configuration.Probability("attention_probs_dropout_prob", 0.1),
            options.Dropout ?? configuration.Probability("classifier_dropout", dropout),
            ActivationFunctions.Find(configuration, "hidden_act"))
        {
            RecomputesBlocks = options.ActivationCheckpointing,
        };
    }
}
