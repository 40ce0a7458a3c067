using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Lanes;

/// <summary>The backbone as the head of one lane sees it: its passes are those that all lanes share.</summary>
internal sealed class LaneBackbone(IBackbone backbone, LaneReading reading, int lane) : IBackbone
{
    public IBackboneFamily Family => backbone.Family;

    public BackboneShape Shape => backbone.Shape;

    public string Fingerprint => backbone.Fingerprint;

    public int HiddenSize => backbone.HiddenSize;

    public int VocabularySize => backbone.VocabularySize;

    public int MaximumLength => backbone.MaximumLength;

    public double HeadDropout => backbone.HeadDropout;

    public Device Device => backbone.Device;

    public bool Training
    {
        get => backbone.Training;
        set => backbone.Training = value;
    }

    public IReadOnlyList<Layer> Layers => backbone.Layers;

    public IReadOnlyList<WeightSlot> Weights => backbone.Weights;

    public bool SkipsPadding => backbone.SkipsPadding;

    public Tensor Encode(TokenBatch batch) => reading.Encode(lane, batch);

    public Tensor Pool(Tensor hidden, TokenBatch batch) => reading.Pool(lane, hidden);

    public IReadOnlyList<Tensor> EncodeAll(TokenBatch batch) => throw new NotSupportedException("lanes share the states of the last layer only");

    public ISequenceHead MakeJointHead(int outputs, InitialValues random) => backbone.MakeJointHead(outputs, random);

    /// <summary>Does nothing: the backbone belongs to others.</summary>
    public void Dispose()
    {
    }
}
