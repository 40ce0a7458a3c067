using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Kernels;
using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Spindle.Models.Families;

/// <summary>T5 1.0 and 1.1, with plain or gated feed-forward parts, with tied or untied output.</summary>
public sealed class T5Family : IBackboneFamily
{
    /// <inheritdoc/>
    public string ModelType => "t5";

    /// <inheritdoc/>
    public string WeightPrefix => "transformer.";

    /// <summary>Yes: it was pretrained on every task as text to text.</summary>
    public bool GeneratesByDefault => true;

    /// <inheritdoc/>
    public bool UsesTaskPrefixes => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputWeights => [T5.OutputTable];

    /// <inheritdoc/>
    public ModelClass BaseClass => new("T5ForConditionalGeneration", "", PeftTasks.Generation);

    /// <inheritdoc/>
    public ModelClass ClassifierClass(IBackbone backbone) => new("T5ForSequenceClassification", "transformer.", PeftTasks.Classification);

    /// <inheritdoc/>
    public string HeadOutput => "classification_head.out_proj";

    /// <inheritdoc/>
    public IBackbone Build(string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options) =>
        new T5(this, name, configuration, source, options);
}

/// <summary>T5 1.0 and 1.1 (Raffel et al. 2020; Shazeer 2020): a pre-norm encoder and decoder without biases or position embeddings, whose attention scores are
/// shifted by the distance of query and key, as HF transformers' <c>T5ForConditionalGeneration</c> computes it.</summary>
internal sealed class T5 : ISequenceToSequence
{
    public const string OutputTable = "lm_head.weight";

    private readonly double dropout;
    private readonly double outputScale;
    private readonly Func<Tensor, Tensor> activation;
    private readonly BlockPasses passes;
    private readonly RelativePositions relative;
    private readonly WeightSlot words;
    private readonly WeightSlot outputs;
    private readonly Stack encoder;
    private readonly Stack decoder;

    public T5(T5Family family, string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options)
    {
        Family = family;
        HiddenSize = configuration.Size("d_model");
        VocabularySize = configuration.Size("vocab_size", 1 << 24);
        Tokens = TargetTokens.Read(configuration, padding: 0, end: 1, start: 0);
        dropout = options.Dropout ?? configuration.Probability("dropout_rate", 0.1);
        HeadDropout = options.Dropout ?? configuration.Probability("classifier_dropout", 0);
        Device = options.Device;
        passes = new(options.ActivationCheckpointing);
        var (hidden, heads, headSize) = (HiddenSize, configuration.Size("num_heads"), configuration.Size("d_kv"));
        var (inner, epsilon) = (configuration.Size("d_ff"), configuration.Number("layer_norm_epsilon", 1e-6));
        var (gated, bend) = configuration.Text("feed_forward_proj", "relu") switch
        {
            "relu" => (false, "relu"),
            "gelu" => (false, "gelu"),
            "gated-gelu" => (true, "gelu_new"), // HF transformers ignores dense_act_fn here
            "gated-silu" => (true, "silu"),
            var other => throw configuration.Unsupported("feed_forward_proj", other, "relu, gelu, gated-gelu, gated-silu"),
        };
        activation = ActivationFunctions.Named(bend);
        relative = new(configuration.Size("relative_attention_num_buckets"), configuration.Size("relative_attention_max_distance"));
        var tied = configuration.Flag("tie_word_embeddings", true);
        outputScale = configuration.Flag("scale_decoder_outputs", tied) ? 1 / Math.Sqrt(hidden) : 1;

        var read = new WeightReader(source, options);
        words = read.Tied(["shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"], VocabularySize, hidden);
        encoder = ReadStack("encoder", configuration.Size("num_layers", 1000));
        decoder = ReadStack("decoder", configuration.Whole("num_decoder_layers", configuration.Size("num_layers", 1000), 1, 1000));
        // HF transformers 5 writes 'tie_word_embeddings: true' even where the output is separate, so the weights decide
        outputs = read.Untied(OutputTable, words, expected: !tied) ?? words;
        source.Finish(ignored: name => name.EndsWith("embed_tokens.weight", StringComparison.Ordinal) || name is OutputTable
            || name.StartsWith("classification_head.", StringComparison.Ordinal)
            || name == "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"); // stored by the first release, never used

        Weights = read.Weights;
        Fingerprint = source.Fingerprint;
        Layers = Layer.Number(encoder.Blocks, decoder.Blocks, options.Layers);
        Shape = new(name, Weights.Sum(weight => weight.Frozen.numel()), [.. Layers.Select(layer => layer.Shape)]);

        Stack ReadStack(string name, int depth)
        {
            Block[] blocks = [.. Enumerable.Range(0, depth).Select(index => ReadBlock(name, $"{name}.block.{index}"))];
            var distances = read.Table($"{name}.block.0.layer.0.SelfAttention.relative_attention_bias.weight", relative.Buckets, heads);
            var norm = read.RootMeanSquareNorm($"{name}.final_layer_norm", hidden, epsilon);
            blocks[^1] = blocks[^1] with { OuterNorms = [norm] };
            return new(distances, blocks, norm);
        }

        Block ReadBlock(string stack, string name)
        {
            var attentions = new List<TunableAttention> { ReadAttention($"{name}.layer.0.SelfAttention", cross: false) };
            var norms = new List<TunableNorm> { read.RootMeanSquareNorm($"{name}.layer.0.layer_norm", hidden, epsilon) };
            if (stack == "decoder")
            {
                attentions.Add(ReadAttention($"{name}.layer.1.EncDecAttention", cross: true));
                norms.Add(read.RootMeanSquareNorm($"{name}.layer.1.layer_norm", hidden, epsilon));
            }
            var last = $"{name}.layer.{attentions.Count}";
            List<TunableLinear> feedForward = [read.Linear(LinearPlace.FeedForwardIn, $"{last}.DenseReluDense.{(gated ? "wi_1" : "wi")}", hidden, inner, bias: false)];
            if (gated) feedForward.Add(read.Linear(LinearPlace.FeedForwardGate, $"{last}.DenseReluDense.wi_0", hidden, inner, bias: false));
            feedForward.Add(read.Linear(LinearPlace.FeedForwardOut, $"{last}.DenseReluDense.wo", inner, hidden, bias: false));
            norms.Add(read.RootMeanSquareNorm($"{last}.layer_norm", hidden, epsilon));
            return new(stack, hidden, attentions, feedForward, norms, [.. attentions.Select(_ => new Sublayer())], new());
        }

        TunableAttention ReadAttention(string name, bool cross) => new(cross, heads,
            read.Linear(cross ? LinearPlace.CrossAttentionQuery : LinearPlace.AttentionQuery, $"{name}.q", hidden, heads * headSize, bias: false),
            read.Linear(cross ? LinearPlace.CrossAttentionKey : LinearPlace.AttentionKey, $"{name}.k", hidden, heads * headSize, bias: false),
            read.Linear(cross ? LinearPlace.CrossAttentionValue : LinearPlace.AttentionValue, $"{name}.v", hidden, heads * headSize, bias: false),
            read.Linear(cross ? LinearPlace.CrossAttentionOutput : LinearPlace.AttentionOutput, $"{name}.o", heads * headSize, hidden, bias: false),
            scaled: false);
    }

    public IBackboneFamily Family { get; }

    public BackboneShape Shape { get; }

    public string Fingerprint { get; }

    public int HiddenSize { get; }

    /// <summary>Any length, because positions are relative.</summary>
    public int MaximumLength => int.MaxValue;

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
        var hidden = Drop(encoder.Blocks[0].Input.Prepend(words.Rows(source.Ids), tokens));
        var states = new List<Tensor> { hidden };
        var bias = BiasOf(hidden.shape[1]);
        foreach (var (index, block) in encoder.Blocks.Index())
        {
            if (index > 0 && block.Input.Length > 0) bias = BiasOf((hidden = block.Input.Prepend(hidden, tokens)).shape[1]);
            var length = hidden.shape[1];
            var own = block.Attentions[0].KeyShift is > 0 and var moved ? Moved(length, moved) : Near(bias, block, length);
            hidden = passes.Run(block, [hidden, own], read =>
            {
                var normed = block.Norms[0].Forward(read[0]!);
                var mixed = block.Attentions[0].Forward(normed, normed, read[1], Training ? dropout : 0);
                return FeedForward(block, block.AfterAttentions[0].JoinPreNorm(normed, Drop(mixed), read[0]!));
            });
            states.Add(hidden);
        }
        return Finished(encoder, states);

        Tensor BiasOf(long length)
        {
            var keys = encoder.PositionsTaken + length;
            var distances = relative.Bias(encoder.Distances, length, keys, bothWays: true);
            return padding.Bias(keys) is { } padded ? distances.Plus(padded) : distances;
        }

        Tensor Moved(long length, int by)
        {
            var distances = relative.Bias(encoder.Distances, length, by + length, bothWays: true, moved: by);
            return padding.Bias(by + length) is { } padded ? distances.Plus(padded) : distances;
        }
    }

    public IReadOnlyList<Tensor> Decode(Tensor target, Tensor memory, Tensor sourceMask)
    {
        var hidden = Drop(words.Rows(target));
        var states = new List<Tensor> { hidden };
        var length = target.shape[1];
        var taken = decoder.PositionsTaken;
        var causal = relative.Bias(decoder.Distances, length, taken + length, bothWays: false)
            .Plus(functional.pad(AttentionMask.Causal(length, Device), [taken, 0]));
        var bias = new PaddingMask(sourceMask).Bias(memory.shape[1]);
        foreach (var block in decoder.Blocks)
        {
            var ofOwn = block.Attentions[0].KeyShift is > 0 and var moved
                ? relative.Bias(decoder.Distances, length, moved + length, bothWays: false, moved).Plus(functional.pad(AttentionMask.Causal(length, Device), [moved, 0]))
                : Near(causal, block, length);
            hidden = passes.Run(block, [hidden, ofOwn, memory, bias], read => Run(block, read[0]!, own => own, read[1]!, block.Attentions[1].Read(read[2]!), read[3]));
            states.Add(hidden);
        }
        return Finished(decoder, states);
    }

    public DecoderCache CreateCache(Tensor memory, Tensor sourceMask) =>
        new(decoder.Blocks.Select(block => block.Attentions[1].Read(memory)), new PaddingMask(sourceMask).Bias(memory.shape[1]));

    public Tensor DecodeNext(Tensor tokens, DecoderCache cache)
    {
        var hidden = Drop(words.Rows(tokens));
        var bias = relative.Bias(decoder.Distances, 1, decoder.PositionsTaken + cache.Length + 1, bothWays: false);
        for (var index = 0; index < decoder.Blocks.Count; index++)
        {
            var (at, block) = (index, decoder.Blocks[index]);
            var ofOwn = block.Attentions[0].KeyShift is > 0 and var moved
                ? relative.Bias(decoder.Distances, 1, moved + cache.Length + 1, bothWays: false, moved)
                : Near(bias, block, cache.Length + 1);
            hidden = Run(block, hidden, own => cache.Append(at, own), ofOwn, cache.Source(index), cache.SourceBias);
        }
        cache.Advance();
        return Drop(decoder.Norm.Forward(hidden));
    }

    public Tensor LanguageLogits(Tensor hidden) => LinearProduct.Linear(hidden.to(ScalarType.Float32).Times(outputScale), outputs.Current, null);

    /// <summary>The state of the last end token.</summary>
    public Tensor Pool(Tensor hidden, TokenBatch batch) => Tokens.LastEndStates(hidden, batch);

    public ISequenceHead MakeJointHead(int outputs, InitialValues random) => new DenseHead("classification_head", HiddenSize, outputs, random);

    public void Dispose()
    {
        foreach (var weight in Weights) weight.Dispose();
        relative.Dispose();
    }

    // the bias of a stack covers the longest prefix of its blocks; a block with a shorter one uses a part of it
    private static Tensor Near(Tensor bias, Block block, long length)
    {
        var keys = block.Attentions[0].PositionsTaken + length;
        return keys == bias.shape[3] ? bias : bias.narrow(3, bias.shape[3] - keys, keys);
    }

    // the last states are normalised, as in HF transformers
    private List<Tensor> Finished(Stack stack, List<Tensor> states)
    {
        states[^1] = Drop(stack.Norm.Forward(states[^1]));
        return states;
    }

    private Tensor Run(Block block, Tensor hidden, Func<KeyValues, KeyValues> remember, Tensor ownBias, KeyValues source, Tensor? sourceBias)
    {
        var normed = block.Norms[0].Forward(hidden);
        var own = remember(block.Attentions[0].Read(normed));
        hidden = block.AfterAttentions[0].JoinPreNorm(normed, Drop(block.Attentions[0].Attend(normed, own, ownBias, Training ? dropout : 0)), hidden);
        normed = block.Norms[1].Forward(hidden);
        hidden = block.AfterAttentions[1].JoinPreNorm(normed, Drop(block.Attentions[1].Attend(normed, source, sourceBias, Training ? dropout : 0)), hidden);
        return FeedForward(block, hidden);
    }

    private Tensor FeedForward(Block block, Tensor hidden)
    {
        var normed = block.Norms[^1].Forward(hidden);
        var entered = block.FeedForward[0].Forward(normed); // [batch, sequence, inner]
        var wide = block.FeedForward.Count == 3 ? activation(block.FeedForward[1].Forward(normed)) * entered : activation(entered);
        var narrow = block.FeedForward[^1].Forward(Drop(wide));
        return block.AfterFeedForward.JoinPreNorm(normed, Drop(narrow), hidden);
    }

    private Tensor Drop(Tensor states) => HashedDropout.Forward(states, dropout, Training);

    private sealed record Stack(WeightSlot Distances, IReadOnlyList<Block> Blocks, TunableNorm Norm)
    {
        public int PositionsTaken => Blocks.Max(block => block.Attentions[0].PositionsTaken);
    }
}
