using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Kernels;
using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Families;

/// <summary>BART.</summary>
public sealed class BartFamily : IBackboneFamily
{
    /// <inheritdoc/>
    public string ModelType => "bart";

    /// <inheritdoc/>
    public string WeightPrefix => "model.";

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputBuffers => [Bart.OutputBias];

    /// <inheritdoc/>
    public ModelClass BaseClass => new("BartForConditionalGeneration", "model.", PeftTasks.Generation);

    /// <inheritdoc/>
    public ModelClass ClassifierClass(IBackbone backbone) => new("BartForSequenceClassification", "model.", PeftTasks.Classification);

    /// <inheritdoc/>
    public string HeadOutput => "classification_head.out_proj";

    /// <inheritdoc/>
    public IBackbone Build(string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options) =>
        new Bart(this, name, configuration, source, options);
}

/// <summary>BART (Lewis et al. 2020): a post-norm encoder and decoder that share their word embeddings, as HF transformers' <c>BartModel</c> computes it.</summary>
internal sealed class Bart : ISequenceToSequence
{
    public const string OutputBias = "final_logits_bias";

    private const int PositionOffset = 2; // the first rows of the position tables are unused

    private readonly double wordScale;
    private readonly double dropout;
    private readonly double attentionDropout;
    private readonly double activationDropout;
    private readonly Func<Tensor, Tensor> activation;
    private readonly BlockPasses passes;
    private readonly WeightSlot words;
    private readonly Stack encoder;
    private readonly Stack decoder;
    private readonly Tensor? outputBias;

    public Bart(BartFamily family, string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options)
    {
        Family = family;
        HiddenSize = configuration.Size("d_model");
        MaximumLength = configuration.Size("max_position_embeddings");
        VocabularySize = configuration.Size("vocab_size", 1 << 24);
        Tokens = TargetTokens.Read(configuration, padding: 1, end: 2, start: null);
        wordScale = configuration.Flag("scale_embedding", false) ? Math.Sqrt(HiddenSize) : 1;
        dropout = options.Dropout ?? configuration.Probability("dropout", 0.1);
        attentionDropout = options.Dropout ?? configuration.Probability("attention_dropout", 0);
        activationDropout = options.Dropout ?? configuration.Probability("activation_dropout", 0);
        HeadDropout = options.Dropout ?? configuration.Probability("classifier_dropout", 0);
        activation = ActivationFunctions.Find(configuration, "activation_function");
        Device = options.Device;
        passes = new(options.ActivationCheckpointing);

        var (hidden, read) = (HiddenSize, new WeightReader(source, options));
        words = read.Tied(["shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"], VocabularySize, hidden);
        encoder = ReadStack("encoder");
        decoder = ReadStack("decoder");
        outputBias = source.Buffer(OutputBias, 1, VocabularySize);
        source.Finish(ignored: name => name.EndsWith("embed_tokens.weight", StringComparison.Ordinal) || name.EndsWith("shared.weight", StringComparison.Ordinal)
            || name is "lm_head.weight" || name.StartsWith("classification_head.", StringComparison.Ordinal));

        Weights = read.Weights;
        Fingerprint = source.Fingerprint;
        Layers = Layer.Number(encoder.Blocks, decoder.Blocks, options.Layers);
        Shape = new(name, Weights.Sum(weight => weight.Frozen.numel()), [.. Layers.Select(layer => layer.Shape)]);

        Stack ReadStack(string name)
        {
            var heads = configuration.Size($"{name}_attention_heads");
            if (hidden % heads != 0) throw configuration.Unsupported($"{name}_attention_heads", $"{heads}", $"a divisor of d_model {hidden}");
            var positions = read.Table($"{name}.embed_positions.weight", MaximumLength + PositionOffset, hidden);
            var norm = read.LayerNorm($"{name}.layernorm_embedding", hidden, 1e-5);
            Block[] blocks = [.. Enumerable.Range(0, configuration.Size($"{name}_layers", 1000)).Select(index => ReadBlock(name, $"{name}.layers.{index}", heads))];
            blocks[0] = blocks[0] with { OuterNorms = [norm] };
            return new(positions, norm, blocks);
        }

        Block ReadBlock(string stack, string name, int heads)
        {
            var inner = configuration.Size($"{stack}_ffn_dim");
            var attentions = new List<TunableAttention> { ReadAttention($"{name}.self_attn", heads, cross: false) };
            var norms = new List<TunableNorm> { read.LayerNorm($"{name}.self_attn_layer_norm", hidden, 1e-5) };
            if (stack == "decoder")
            {
                attentions.Add(ReadAttention($"{name}.encoder_attn", heads, cross: true));
                norms.Add(read.LayerNorm($"{name}.encoder_attn_layer_norm", hidden, 1e-5));
            }
            var enter = read.Linear(LinearPlace.FeedForwardIn, $"{name}.fc1", hidden, inner);
            var leave = read.Linear(LinearPlace.FeedForwardOut, $"{name}.fc2", inner, hidden);
            norms.Add(read.LayerNorm($"{name}.final_layer_norm", hidden, 1e-5));
            return new(stack, hidden, attentions, [enter, leave], norms, [.. attentions.Select(_ => new Sublayer())], new());
        }

        TunableAttention ReadAttention(string name, int heads, bool cross) => new(cross, heads,
            read.Linear(cross ? LinearPlace.CrossAttentionQuery : LinearPlace.AttentionQuery, $"{name}.q_proj", hidden, hidden),
            read.Linear(cross ? LinearPlace.CrossAttentionKey : LinearPlace.AttentionKey, $"{name}.k_proj", hidden, hidden),
            read.Linear(cross ? LinearPlace.CrossAttentionValue : LinearPlace.AttentionValue, $"{name}.v_proj", hidden, hidden),
            read.Linear(cross ? LinearPlace.CrossAttentionOutput : LinearPlace.AttentionOutput, $"{name}.out_proj", hidden, hidden));
    }

    public IBackboneFamily Family { get; }

    public BackboneShape Shape { get; }

    public string Fingerprint { get; }

    public int HiddenSize { get; }

    public int MaximumLength { get; }

    public int VocabularySize { get; }

    public TargetTokens Tokens { get; }

    public double HeadDropout { get; }

    public Device Device { get; }

    public bool Training { get; set; }

    public IReadOnlyList<Layer> Layers { get; }

    public IReadOnlyList<WeightSlot> Weights { get; }

    public Tensor Encode(TokenBatch batch) => EncodeAll(batch)[^1];

    public IReadOnlyList<Tensor> EncodeAll(TokenBatch batch) => Decode(Tokens.ShiftRight(batch.Ids), EncodeSource(batch)[^1], batch.Mask);

    public IReadOnlyList<Tensor> EncodeSource(TokenBatch source)
    {
        var (padding, tokens) = (new PaddingMask(source), source.Ids.shape[1]);
        var hidden = Embed(encoder, source.Ids, 0);
        var states = new List<Tensor> { hidden };
        foreach (var (index, block) in encoder.Blocks.Index())
        {
            if (index > 0) hidden = block.Input.Prepend(hidden, tokens);
            hidden = passes.Run(block, [hidden, padding.Bias(hidden.shape[1])], read =>
            {
                var mixed = block.Attentions[0].Forward(read[0]!, read[0]!, read[1], Training ? attentionDropout : 0);
                return FeedForward(block, Join(block, 0, read[0]!, mixed)).Full;
            });
            states.Add(hidden);
        }
        return states;
    }

    public IReadOnlyList<Tensor> Decode(Tensor target, Tensor memory, Tensor sourceMask)
    {
        var hidden = Embed(decoder, target, 0);
        var states = new List<Tensor> { hidden };
        var (causal, bias) = (AttentionMask.Causal(target.shape[1], Device), new PaddingMask(sourceMask).Bias(memory.shape[1]));
        foreach (var block in decoder.Blocks)
        {
            var moved = block.Attentions[0].KeyShift;
            var own = moved == 0 ? causal : AttentionMask.Causal(0, target.shape[1], moved + target.shape[1], Device);
            hidden = passes.Run(block, [hidden, own, memory, bias],
                read => Run(block, read[0]!, block.Attentions[0].Read(read[0]!), read[1], block.Attentions[1].Read(read[2]!), read[3]));
            states.Add(hidden);
        }
        return states;
    }

    public DecoderCache CreateCache(Tensor memory, Tensor sourceMask) =>
        new(decoder.Blocks.Select(block => block.Attentions[1].Read(memory)), new PaddingMask(sourceMask).Bias(memory.shape[1]));

    public Tensor DecodeNext(Tensor tokens, DecoderCache cache)
    {
        var hidden = Embed(decoder, tokens, cache.Length);
        for (var index = 0; index < decoder.Blocks.Count; index++)
        {
            var block = decoder.Blocks[index];
            var moved = block.Attentions[0].KeyShift;
            var own = moved == 0 ? null : AttentionMask.Causal(cache.Length, 1, moved + cache.Length + 1, Device);
            hidden = Run(block, hidden, cache.Append(index, block.Attentions[0].Read(hidden)), own, cache.Source(index), cache.SourceBias);
        }
        cache.Advance();
        return hidden;
    }

    public Tensor LanguageLogits(Tensor hidden) => LinearProduct.Linear(hidden.to(ScalarType.Float32), words.Current, outputBias?.flatten());

    /// <summary>The state of the last end token.</summary>
    public Tensor Pool(Tensor hidden, TokenBatch batch) => Tokens.LastEndStates(hidden, batch);

    public ISequenceHead MakeJointHead(int outputs, InitialValues random) => new DenseHead("classification_head", HiddenSize, outputs, random);

    public void Dispose()
    {
        foreach (var weight in Weights) weight.Dispose();
        outputBias?.Dispose();
    }

    // [batch, tokens] → [batch, prompts + tokens, hidden], where 'before' is the number of tokens read so far
    private Tensor Embed(Stack stack, Tensor ids, int before)
    {
        var entered = stack.Blocks[0].Input.Prepend(words.Rows(ids).Times(wordScale), ids.shape[1]);
        var length = entered.shape[1];
        before += stack.Blocks.Max(block => block.Attentions[0].PositionsTaken);
        if (before + length > MaximumLength)
            throw new ArgumentException($"{before + length} tokens, where {Shape.Name} reads at most {MaximumLength}", nameof(ids));
        var sum = entered.Plus(stack.Positions.Current.narrow(0, PositionOffset + before, length));
        return HashedDropout.Forward(stack.Norm.Forward(sum), dropout, Training);
    }

    private Tensor Run(Block block, Tensor hidden, KeyValues own, Tensor? causal, KeyValues source, Tensor? bias)
    {
        hidden = Join(block, 0, hidden, block.Attentions[0].Attend(hidden, own, causal, Training ? attentionDropout : 0)).Full;
        return FeedForward(block, Join(block, 1, hidden, block.Attentions[1].Attend(hidden, source, bias, Training ? attentionDropout : 0))).Full;
    }

    private HiddenStates Join(Block block, int attention, Tensor hidden, Tensor mixed) =>
        block.AfterAttentions[attention].JoinPostNorm(hidden, mixed, block.Norms[attention], Training ? dropout : 0);

    private HiddenStates FeedForward(Block block, HiddenStates hidden)
    {
        var wide = HashedDropout.Forward(activation(block.FeedForward[0].Forward(hidden.Typed)), activationDropout, Training); // [batch, sequence, inner]
        return block.AfterFeedForward.JoinPostNorm(hidden.Full, block.FeedForward[1].Forward(wide), block.Norms[^1], Training ? dropout : 0);
    }

    private sealed record Stack(WeightSlot Positions, TunableNorm Norm, IReadOnlyList<Block> Blocks);
}
