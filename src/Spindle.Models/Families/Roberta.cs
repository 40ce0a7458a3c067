using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Families;

/// <summary>RoBERTa.</summary>
public sealed class RobertaFamily : IBackboneFamily
{
    /// <inheritdoc/>
    public string ModelType => "roberta";

    /// <inheritdoc/>
    public string WeightPrefix => "roberta.";

    /// <inheritdoc/>
    public ModelClass BaseClass => new("RobertaModel", "", PeftTasks.Features);

    /// <inheritdoc/>
    public ModelClass ClassifierClass(IBackbone backbone) => new("RobertaForSequenceClassification", "roberta.", PeftTasks.Classification);

    /// <inheritdoc/>
    public string HeadOutput => "classifier.out_proj";

    /// <inheritdoc/>
    public IBackbone Build(string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options) =>
        new Roberta(this, name, configuration, source, options);
}

/// <summary>RoBERTa (Liu et al. 2019): a post-norm encoder whose positions count up from the padding id, as HF transformers' <c>RobertaModel</c> computes it.</summary>
internal sealed class Roberta : IBackbone
{
    private readonly int padding;
    private readonly WeightSlot positions;
    private readonly WeightSlot segments;
    private readonly SummedEmbeddings embeddings;
    private readonly PostNormEncoder encoder;

    public Roberta(RobertaFamily family, string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options)
    {
        var settings = EncoderSettings.Read(configuration, options, epsilon: 1e-5);
        padding = configuration.Id("pad_token_id") ?? 1;
        var rows = configuration.Size("max_position_embeddings");
        MaximumLength = rows - padding - 1;
        if (MaximumLength < 1) throw configuration.Unsupported("max_position_embeddings", $"{rows}", $"more than pad_token_id {padding} and one");
        Family = family;
        Device = options.Device;
        (HiddenSize, VocabularySize, HeadDropout) = (settings.HiddenSize, settings.VocabularySize, settings.HeadDropout);

        var read = new WeightReader(source, options);
        var words = read.Table("embeddings.word_embeddings.weight", VocabularySize, HiddenSize);
        positions = read.Table("embeddings.position_embeddings.weight", rows, HiddenSize);
        segments = read.Table("embeddings.token_type_embeddings.weight", configuration.Size("type_vocab_size"), HiddenSize);
        var norm = read.LayerNorm("embeddings.LayerNorm", HiddenSize, settings.Epsilon);
        embeddings = new(name, words, norm, settings.HiddenDropout, MaximumLength);
        encoder = new(settings, read, new());
        encoder.Surround(norm);
        source.Finish(ignored: name => name.StartsWith("classifier.", StringComparison.Ordinal) || name.StartsWith("lm_head.", StringComparison.Ordinal)
            || name.Contains("pooler.", StringComparison.Ordinal) || name.EndsWith("position_ids", StringComparison.Ordinal));

        Weights = read.Weights;
        Fingerprint = source.Fingerprint;
        Shape = new(name, Weights.Sum(weight => weight.Frozen.numel()), [.. Layers.Select(layer => layer.Shape)]);
    }

    public IBackboneFamily Family { get; }

    public BackboneShape Shape { get; }

    public string Fingerprint { get; }

    public int HiddenSize { get; }

    public int VocabularySize { get; }

    public int MaximumLength { get; }

    public double HeadDropout { get; }

    public Device Device { get; }

    public bool Training { get; set; }

    public IReadOnlyList<Layer> Layers => encoder.Layers;

    public IReadOnlyList<WeightSlot> Weights { get; }

    public Tensor Encode(TokenBatch batch) => encoder.Last(Embed(batch), batch, Training);

    public Tensor EncodePooled(TokenBatch batch) => Pool(encoder.First(Embed(batch), batch, Training), batch);

    public bool SkipsPadding => encoder.SkipsPadding;

    public IReadOnlyList<Tensor> EncodeAll(TokenBatch batch) => [.. States(batch)];

    /// <summary>The first token's state.</summary>
    public Tensor Pool(Tensor hidden, TokenBatch batch) => hidden.select(1, 0);

    public ISequenceHead MakeJointHead(int outputs, InitialValues random) => new DenseHead("classifier", HiddenSize, outputs, random);

    public void Dispose()
    {
        foreach (var weight in Weights) weight.Dispose();
    }

    // there is one segment
    private Tensor Embed(TokenBatch batch) => embeddings.Embed(batch.Ids, encoder, (before, length) =>
        [positions.Rows(PaddedPositions.Compute(batch.Ids, padding, before, length)), segments.Current[0]], Training);

    private IEnumerable<Tensor> States(TokenBatch batch)
    {
        var mask = new PaddingMask(batch);
        return encoder.States(Embed(batch), batch.Ids.shape[1], (_, length) => mask.Bias(length), Training);
    }
}
