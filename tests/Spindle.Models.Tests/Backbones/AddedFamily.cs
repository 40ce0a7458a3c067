using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

/// <summary>A family outside of Spindle: BERT's encoder over word embeddings alone, without positions or segments.</summary>
public sealed class AddedFamily : IBackboneFamily
{
    public string ModelType => "orderless";

    public string WeightPrefix => "orderless.";

    public ModelClass BaseClass => new("OrderlessModel", "", PeftTasks.Features);

    public ModelClass ClassifierClass(IBackbone backbone) => new("OrderlessForSequenceClassification", "orderless.", PeftTasks.Classification);

    public string HeadOutput => "classifier.out_proj";

    public IBackbone Build(string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options) =>
        new Orderless(this, name, configuration, source, options);

    private sealed class Orderless : IBackbone
    {
        private readonly SummedEmbeddings embeddings;
        private readonly PostNormEncoder encoder;

        public Orderless(IBackboneFamily family, string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options)
        {
            var settings = EncoderSettings.Read(configuration, options, epsilon: 1e-12);
            Family = family;
            Device = options.Device;
            (HiddenSize, VocabularySize, HeadDropout) = (settings.HiddenSize, settings.VocabularySize, settings.HeadDropout);

            var read = new WeightReader(source, options);
            var words = read.Table("embeddings.word_embeddings.weight", VocabularySize, HiddenSize);
            embeddings = new(name, words, read.LayerNorm("embeddings.LayerNorm", HiddenSize, settings.Epsilon), settings.HiddenDropout, MaximumLength);
            encoder = new(settings, read, new() { Query = "attention.query" });
            source.Finish(ignored: _ => false);

            Weights = read.Weights;
            Fingerprint = source.Fingerprint;
            Shape = new(name, Weights.Sum(weight => weight.Frozen.numel()), [.. Layers.Select(layer => layer.Shape)]);
        }

        public IBackboneFamily Family { get; }

        public BackboneShape Shape { get; }

        public string Fingerprint { get; }

        public int HiddenSize { get; }

        public int VocabularySize { get; }

        public int MaximumLength => int.MaxValue;

        public double HeadDropout { get; }

        public Device Device { get; }

        public bool Training { get; set; }

        public IReadOnlyList<Layer> Layers => encoder.Layers;

        public IReadOnlyList<WeightSlot> Weights { get; }

        public Tensor Encode(TokenBatch batch) => EncodeAll(batch)[^1];

        public IReadOnlyList<Tensor> EncodeAll(TokenBatch batch)
        {
            var padding = new PaddingMask(batch.Mask);
            var embedded = embeddings.Embed(batch.Ids, encoder, (_, _) => [], Training);
            return [.. encoder.States(embedded, batch.Ids.shape[1], (_, length) => padding.Bias(length), Training)];
        }

        public Tensor Pool(Tensor hidden, TokenBatch batch) => hidden.select(1, 0);

        public ISequenceHead MakeJointHead(int outputs, InitialValues random) => new DenseHead("classifier", HiddenSize, outputs, random);

        public void Dispose()
        {
            foreach (var weight in Weights) weight.Dispose();
        }
    }
}
