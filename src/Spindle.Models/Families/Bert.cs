using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Spindle.Models.Families;

/// <summary>BERT, MiniLM and other encoders with the same architecture.</summary>
public sealed class BertFamily : IBackboneFamily
{
    /// <inheritdoc/>
    public string ModelType => "bert";

    /// <inheritdoc/>
    public string WeightPrefix => "bert.";

    /// <inheritdoc/>
    public ModelClass BaseClass => new("BertModel", "", PeftTasks.Features);

    /// <inheritdoc/>
    public ModelClass ClassifierClass(IBackbone backbone) => backbone.Weights.Any(weight => weight.Name.StartsWith("pooler.", StringComparison.Ordinal))
        ? new("BertForSequenceClassification", "bert.", PeftTasks.Classification)
        : throw new InvalidDataException($"{backbone.Shape.Name}: has no pooler, and every classifier of its family in HF transformers has one");

    /// <inheritdoc/>
    public string HeadOutput => "classifier";

    /// <inheritdoc/>
    public IBackbone Build(string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options) =>
        new Bert(this, name, configuration, source, options);
}

/// <summary>BERT (Devlin et al. 2019): a post-norm encoder with learned positions and segments, as HF transformers' <c>BertModel</c> computes it.</summary>
internal sealed class Bert : IBackbone
{
    private readonly WeightSlot positions;
    private readonly WeightSlot segments;
    private readonly SummedEmbeddings embeddings;
    private readonly PostNormEncoder encoder;
    private readonly TunableLinear? pooler;

    public Bert(BertFamily family, string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options)
    {
        var settings = EncoderSettings.Read(configuration, options, epsilon: 1e-12);
        if (configuration.Text("position_embedding_type", "absolute") is var kind && kind != "absolute")
            throw configuration.Unsupported("position_embedding_type", kind, "absolute");
        Family = family;
        Device = options.Device;
        (HiddenSize, VocabularySize, HeadDropout) = (settings.HiddenSize, settings.VocabularySize, settings.HeadDropout);
        MaximumLength = configuration.Size("max_position_embeddings");

        var read = new WeightReader(source, options);
        var words = read.Table("embeddings.word_embeddings.weight", VocabularySize, HiddenSize);
        positions = read.Table("embeddings.position_embeddings.weight", MaximumLength, HiddenSize);
        segments = read.Table("embeddings.token_type_embeddings.weight", configuration.Size("type_vocab_size"), HiddenSize);
        var norm = read.LayerNorm("embeddings.LayerNorm", HiddenSize, settings.Epsilon);
        embeddings = new(name, words, norm, settings.HiddenDropout, MaximumLength);
        encoder = new(settings, read, new());
        if (source.Has("pooler.dense.weight", expected: true)) pooler = read.Linear(LinearPlace.Pooler, "pooler.dense", HiddenSize, HiddenSize);
        encoder.Surround(norm, pooler);
        source.Finish(ignored: name => name is "classifier.weight" or "classifier.bias"
            || name.EndsWith("position_ids", StringComparison.Ordinal) || name.StartsWith("cls.", StringComparison.Ordinal));

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

    public Tensor Pool(Tensor hidden, TokenBatch batch) => pooler is null
        ? throw new InvalidDataException($"{Shape.Name}: the checkpoint has no pooler, which a joint head needs; use 'head: sentence-encoder'")
        : pooler.Forward(hidden.select(1, 0)).to(ScalarType.Float32).tanh();

    public ISequenceHead MakeJointHead(int outputs, InitialValues random) => new JointHead(HiddenSize, outputs, random);

    public void Dispose()
    {
        foreach (var weight in Weights) weight.Dispose();
    }

    private Tensor Embed(TokenBatch batch) =>
        embeddings.Embed(batch.Ids, encoder, (before, length) => [positions.Current.narrow(0, before, length), Segments(batch, length)], Training);

    private IEnumerable<Tensor> States(TokenBatch batch)
    {
        var padding = new PaddingMask(batch);
        return encoder.States(Embed(batch), batch.Ids.shape[1], (_, length) => padding.Bias(length), Training);
    }

    // prompts are of the first segment
    private Tensor Segments(TokenBatch batch, long length) => batch.TypeIds is { } types
        ? segments.Rows(functional.pad(types, [length - types.shape[1], 0]))
        : segments.Current[0];
}
