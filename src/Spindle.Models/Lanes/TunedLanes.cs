using Spindle.Models.Backbones;
using Spindle.Models.Places;

namespace Spindle.Models.Lanes;

/// <summary>Several tuned models that share each pass over one backbone: they read the same rows, and the products with frozen weights are computed once over the rows of all.
/// Each has its trained parameters, its head and its dropout. While they share, <see cref="TunedModel.Logits"/> of each must be called once for each step, with the same rows.</summary>
public sealed class TunedLanes : IDisposable
{
    private readonly IBackbone backbone;
    private readonly IReadOnlyList<(TunedModel Model, LanePlaces Places)> lanes;
    private Attachment? attachment;
    private LaneReading? reading;

    /// <summary>Lanes of some models.</summary>
    /// <param name="backbone">The backbone of all models.</param>
    /// <param name="models">The models, at least one, all suspended; <see cref="Obstacle"/> must be null for each.</param>
    public TunedLanes(IBackbone backbone, IReadOnlyList<TunedModel> models)
    {
        ArgumentOutOfRangeException.ThrowIfZero(models.Count);
        this.backbone = backbone;
        lanes = [.. models.Select(model => (model, Places(backbone, model)))];
        Share();
    }

    /// <summary>Why a model cannot share passes with others, or null if it can.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="model">A model that is attached to it.</param>
    public static string? Obstacle(IBackbone backbone, TunedModel model) => backbone is ISequenceToSequence ? "the backbone is an encoder-decoder"
        : model.SequenceHead is Heads.LanguageHead ? "the head is a language model" : LanePlaces.Obstacle(backbone.Layers);

    /// <summary>Begins a step: what the steps before have computed is forgotten.</summary>
    public void BeginStep() => reading!.Restart();

    /// <summary>Gives the backbone to one model alone until that is suspended and <see cref="Share"/> is called.</summary>
    /// <param name="model">One of the models.</param>
    public void Isolate(TunedModel model)
    {
        Release();
        model.Resume();
    }

    /// <summary>Attaches all models again. Each must be suspended.</summary>
    public void Share()
    {
        if (attachment is not null) return;
        attachment = LaneAttachment.Attach(backbone.Layers, [.. lanes.Select(lane => lane.Places)]);
        reading = new(backbone, lanes.Count);
        foreach (var (index, lane) in lanes.Index()) lane.Model.ReadThrough(new LaneBackbone(backbone, reading, index));
    }

    /// <summary>Releases the backbone. The models stay suspended.</summary>
    public void Dispose() => Release();

    private void Release()
    {
        attachment?.Dispose();
        attachment = null;
        foreach (var (model, _) in lanes) model.ReadThrough(null);
    }

    private static LanePlaces Places(IBackbone backbone, TunedModel model)
    {
        model.Resume();
        var places = new LanePlaces(backbone.Layers);
        model.Suspend();
        return places;
    }
}
