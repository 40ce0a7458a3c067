using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Generation;
using Spindle.Models.Heads;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Full;
using static TorchSharp.torch;

namespace Spindle.Models;

/// <summary>A backbone with strategies attached and a head: what is trained, saved and asked. Disposing it gives the backbone back bit-identical.</summary>
public sealed class TunedModel : IDisposable
{
    private readonly IBackbone backbone;
    private readonly ISequenceHead head;
    private readonly IReadOnlyList<Attachment> attachments;
    private readonly TrainingMode mode;
    private readonly SharedTensors shared;

    private TunedModel(IBackbone backbone, ISequenceHead head, IReadOnlyList<Attachment> attachments, TrainingMode mode, SharedTensors shared)
    {
        (this.backbone, this.head, this.attachments, this.mode, this.shared) = (backbone, head, attachments, mode, shared);
        Parameters = new([.. attachments.SelectMany(attachment => attachment.Parameters), .. head.Parameters], backbone.Device);
    }

    /// <summary>Every trained parameter, the head's last.</summary>
    public ParameterBuffer Parameters { get; }

    /// <summary>Trained parameters, the head's not among them.</summary>
    public long Trained => attachments.Sum(attachment => attachment.Parameters.Sum(parameter => parameter.Count));

    /// <summary>The head's parameters.</summary>
    public long HeadParameters => head.Parameters.Sum(parameter => parameter.Count);

    /// <summary>The head's name.</summary>
    public string Head => head.Name;

    /// <summary>The head itself.</summary>
    internal ISequenceHead SequenceHead => head;

    /// <summary>What was attached, in order.</summary>
    internal IReadOnlyList<Attachment> Attachments => attachments;

    /// <summary>Where the weights lie.</summary>
    public Device Device => backbone.Device;

    /// <summary>Whether dropout is applied.</summary>
    public bool Training
    {
        get => backbone.Training;
        set => backbone.Training = mode.IsOn = value;
    }

    /// <summary>Builds the model of a plan: attaches its strategies layer by layer, in the registry's order within a layer, or trains every weight.</summary>
    /// <param name="backbone">The backbone; nothing else may be attached to it.</param>
    /// <param name="plan">What is trained.</param>
    /// <param name="registry">The strategies by name.</param>
    /// <param name="makeHead">Makes the head.</param>
    /// <param name="seed">The seed of every initial value.</param>
    /// <exception cref="InvalidDataException">The plan names an unknown strategy.</exception>
    public static TunedModel Create(IBackbone backbone, TuningPlan plan, StrategyRegistry registry, Func<InitialValues, ISequenceHead> makeHead, long seed)
    {
        using var random = new InitialValues(seed);
        var attachments = new List<Attachment>();
        var (mode, shared) = (new TrainingMode(), new SharedTensors());
        try
        {
            if (plan is not TuningPlan.Sized sized) attachments.Add(FullTuning.Attach(backbone));
            else
            {
                foreach (var layer in sized.Layers)
                    foreach (var strategy in layer.Strategies.OrderBy(strategy => registry.OrderOf(strategy.Name)))
                        attachments.Add(registry.Find(strategy.Name).Attach(
                            new(backbone.Layers[layer.Layer], $"layer.{layer.Layer}.{strategy.Name}", strategy.Size, random) { Mode = mode, Shared = shared }));
            }

            return new(backbone, makeHead(random), attachments, mode, shared);
        }
        catch
        {
            foreach (var attachment in attachments) attachment.Dispose();
            shared.Dispose();
            throw;
        }
    }

    /// <summary>The logits, <c>[batch, outputs]</c>, or of a head that writes <c>[batch, target, vocabulary]</c>, float32; they belong to the caller's dispose scope.</summary>
    public Tensor Logits(ModelInput input) => head.Logits(backbone, input);

    /// <summary>What the model writes in answer to each source: a sequence of token ids, the start token included.</summary>
    /// <param name="source">The sources; the model is put into evaluation mode.</param>
    /// <param name="options">How to write.</param>
    /// <param name="stop">Stops before the next token.</param>
    /// <exception cref="InvalidOperationException">The backbone reads and does not write.</exception>
    public IReadOnlyList<int[]> Write(TokenBatch source, GenerationOptions options, CancellationToken stop)
    {
        Training = false;
        using var decoder = new SequenceDecoder(
            backbone as ISequenceToSequence ?? throw new InvalidOperationException($"{backbone.Shape.Name} reads and does not write"), source);
        return TokenGenerator.Generate(decoder, (int)source.Ids.shape[0], options, stop);
    }

    /// <summary>Gives the backbone back until <see cref="Resume"/>, so that another model may use it; what was trained is kept.</summary>
    public void Suspend()
    {
        for (var index = attachments.Count - 1; index >= 0; index--) attachments[index].Suspend();
    }

    /// <summary>Takes the backbone again.</summary>
    public void Resume()
    {
        foreach (var attachment in attachments) attachment.Resume();
    }

    /// <summary>The positions before the tokens that prompts and prefixes take of those that the backbone reads.</summary>
    public int PositionsTaken => backbone.Layers[0].Blocks[0].Input.Length
        + backbone.Layers.Max(layer => layer.Blocks.Max(block => block.Attentions[0].PositionsTaken));

    /// <summary>What a tuned folder keeps, by name, the head's last: the trained parameters, but for what is needed to train alone. The tensors belong to the
    /// caller's dispose scope.</summary>
    public IEnumerable<(string Name, Tensor Value)> Stored =>
    [
        .. attachments.SelectMany(attachment => attachment.Stored).Select(kept => (kept.Name, kept.Value())),
        .. head.Parameters.Select(parameter => (parameter.Name, parameter.Value)),
    ];

    /// <summary>Writes what is <see cref="Stored"/>.</summary>
    /// <param name="path">The safetensors file.</param>
    public void Save(string path)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        SafetensorsWriter.Write(path, [.. Stored], new Dictionary<string, string> { ["format"] = "pt", ["backbone"] = backbone.Fingerprint });
    }

    /// <summary>Reads trained weights that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The safetensors file.</param>
    /// <exception cref="InvalidDataException">They were trained over another backbone, or do not fit.</exception>
    public void Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue("backbone", out var fingerprint) || fingerprint != backbone.Fingerprint)
            throw new InvalidDataException($"{path}: was trained over another backbone (its weights' SHA-256 is {fingerprint ?? "not recorded"}, "
                + $"this one's {backbone.Fingerprint}); name the one that it was trained over");
        var faults = new List<string>();
        foreach (var parameter in Parameters.Parameters)
        {
            if (!file.Tensors.TryGetValue(parameter.Name, out var entry)) faults.Add($"{parameter.Name} is missing");
            else if (!entry.Shape.SequenceEqual(parameter.Shape))
                faults.Add($"{parameter.Name} is [{string.Join(", ", entry.Shape)}] where the design needs [{string.Join(", ", parameter.Shape)}]");
        }
        var names = Parameters.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(file.Tensors.Keys.Where(name => !names.Contains(name)).Select(name => $"{name} is surplus"));
        if (faults.Count > 0) throw new InvalidDataException($"{path}: does not fit its design: {Faults.Join(faults)}");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var parameter in Parameters.Parameters) parameter.Value.copy_(file.Read(parameter.Name));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var index = attachments.Count - 1; index >= 0; index--) attachments[index].Dispose();
        Parameters.Dispose();
        shared.Dispose();
    }
}
