using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Generation;
using Spindle.Models.Heads;
using Spindle.Models.Kernels;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Full;
using static TorchSharp.torch;

namespace Spindle.Models;

/// <summary>A backbone with attached strategies and a head, to be trained, saved and used for predictions. Disposing it restores the backbone bit for bit.</summary>
public sealed class TunedModel : IDisposable
{
    private readonly IBackbone backbone;
    private readonly ISequenceHead head;
    private readonly IReadOnlyList<Attachment> attachments;
    private readonly TrainingMode mode;
    private readonly TensorCache shared;
    private IBackbone reader;

    private TunedModel(IBackbone backbone, ISequenceHead head, IReadOnlyList<(string Strategy, Attachment Attachment)> attached, TrainingMode mode, TensorCache shared)
    {
        attachments = [.. attached.Select(pair => pair.Attachment)];
        (this.backbone, this.head, this.mode, this.shared) = (backbone, head, mode, shared);
        reader = backbone;
        Parameters = new([.. attachments.SelectMany(attachment => attachment.Parameters), .. head.Parameters], backbone.Device);
        Owners = [.. attached.SelectMany(pair => pair.Attachment.Parameters.Select(_ => pair.Strategy)), .. head.Parameters.Select(_ => (string?)null)];
    }

    /// <summary>Every trained parameter, the head's last.</summary>
    public ParameterBuffer Parameters { get; }

    /// <summary>The strategy of each of <see cref="Parameters"/>, in the same order: <see cref="FullTuning.Name"/> for full fine-tuning, null for the head's.</summary>
    public IReadOnlyList<string?> Owners { get; }

    /// <summary>The number of trained parameters, without the head's.</summary>
    public long Trained => attachments.Sum(attachment => attachment.Parameters.Sum(parameter => parameter.Count));

    /// <summary>The head's parameters.</summary>
    public long HeadParameters => head.Parameters.Sum(parameter => parameter.Count);

    /// <summary>The head's name.</summary>
    public string Head => head.Name;

    /// <summary>The head itself.</summary>
    internal ISequenceHead SequenceHead => head;

    /// <summary>What was attached, in order.</summary>
    internal IReadOnlyList<Attachment> Attachments => attachments;

    /// <summary>The tensors that are stored but not trained, by name.</summary>
    internal IEnumerable<(string Name, Tensor Value)> Constants => attachments.SelectMany(attachment => attachment.Constants);

    /// <summary>The device of the weights.</summary>
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
    /// <param name="seed">The seed of every initial value. The head and each strategy of a layer have a random stream each, so that models of one seed share the values of what they share.</param>
    /// <exception cref="InvalidDataException">The plan names an unknown strategy.</exception>
    public static TunedModel Create(IBackbone backbone, TuningPlan plan, StrategyRegistry registry, Func<InitialValues, ISequenceHead> makeHead, long seed)
    {
        List<InitialValues> streams = [new(seed)];
        var attached = new List<(string Strategy, Attachment Attachment)>();
        var (mode, shared) = (new TrainingMode(), new TensorCache());
        try
        {
            if (plan is not TuningPlan.Sized sized) attached.Add((FullTuning.Name, FullTuning.Attach(backbone)));
            else
            {
                foreach (var layer in sized.Layers)
                    foreach (var strategy in layer.Strategies.OrderBy(strategy => registry.OrderOf(strategy.Name)))
                    {
                        streams.Add(InitialValues.Of(seed, layer.Layer, strategy.Name));
                        attached.Add((strategy.Name, registry.Find(strategy.Name).Attach(
                            new(backbone.Layers[layer.Layer], $"layer.{layer.Layer}.{strategy.Name}", strategy.Size, streams[^1]) { Mode = mode, Shared = shared })));
                    }
            }

            return new(backbone, makeHead(streams[0]), attached, mode, shared);
        }
        catch
        {
            foreach (var (_, attachment) in attached) attachment.Dispose();
            shared.Dispose();
            throw;
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    /// <summary>The logits, float32: <c>[batch, outputs]</c>, or <c>[batch, target, vocabulary]</c> for a language-model head. They belong to the caller's dispose scope.</summary>
    public Tensor Logits(ModelInput input) => head.Logits(reader, input);

    /// <summary>Sets through what the head reads the backbone.</summary>
    /// <param name="shared">The backbone as one of several models sees it that share its passes, or null for the backbone itself.</param>
    internal void ReadThrough(IBackbone? shared) => reader = shared ?? backbone;

    /// <summary>The features that the head computes its logits from, <c>[batch, features]</c>, float32. They belong to the caller's dispose scope.</summary>
    /// <exception cref="InvalidDataException">The head cannot start from a probe.</exception>
    public Tensor Features(ModelInput input) => ProbeHead.Features(backbone, input);

    /// <summary>The values that make the head give the logits of a probe.</summary>
    /// <param name="features">The features of the training rows, <c>[rows, features]</c>.</param>
    /// <param name="solve">Solves the probe on features that a linear map of the head reads.</param>
    /// <exception cref="InvalidDataException">The head cannot start from a probe.</exception>
    public HeadValues StartOfHead(Tensor features, Func<Tensor, LinearMap> solve) => ProbeHead.Start(features, solve);

    /// <summary>Sets parameters of the head; the others keep their values.</summary>
    /// <param name="start">The values.</param>
    /// <exception cref="ArgumentException">The head has no such parameter, or one of another size.</exception>
    public void StartHead(HeadValues start)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (name, values) in start.Values)
        {
            var parameter = head.Parameters.FirstOrDefault(parameter => parameter.Name == name && parameter.Count == values.Length)
                ?? throw new ArgumentException($"the head has no parameter '{name}' of {values.Length} elements", nameof(start));
            parameter.Value.copy_(tensor(values).view([.. parameter.Shape]));
        }
    }

    private IProbeHead ProbeHead => head as IProbeHead
        ?? throw new InvalidDataException($"the head '{head.Name}' cannot start from a probe; leave out 'head-start' or write 'head-start: random'");

    /// <summary>Generates a sequence of token ids for each source, with the start token.</summary>
    /// <param name="source">The sources; the model is switched to evaluation mode.</param>
    /// <param name="options">The options of generation.</param>
    /// <param name="stop">Cancels before the next token.</param>
    /// <exception cref="InvalidOperationException">The backbone is not an encoder-decoder.</exception>
    public IReadOnlyList<int[]> Generate(TokenBatch source, GenerationOptions options, CancellationToken stop)
    {
        Training = false;
        using var decoder = new SequenceDecoder(
            backbone as ISequenceToSequence ?? throw new InvalidOperationException($"{backbone.Shape.Name} is not an encoder-decoder and cannot generate text"), source);
        return TokenGenerator.Generate(decoder, (int)source.Ids.shape[0], options, stop);
    }

    /// <summary>Releases the backbone until <see cref="Resume"/>, so that another model may use it. Trained values are kept.</summary>
    public void Suspend()
    {
        for (var index = attachments.Count - 1; index >= 0; index--) attachments[index].Suspend();
    }

    /// <summary>Attaches the strategies to the backbone again.</summary>
    public void Resume()
    {
        foreach (var attachment in attachments) attachment.Resume();
    }

    /// <summary>The number of positions that prompts and prefixes take before the tokens.</summary>
    public int PositionsTaken => backbone.Layers[0].Blocks[0].Input.Length
        + backbone.Layers.Max(layer => layer.Blocks.Max(block => block.Attentions[0].PositionsTaken));

    /// <summary>The values in a tuned folder, by name, the head's last: the trained parameters, without those needed only for training. The tensors
    /// belong to the caller's dispose scope.</summary>
    public IEnumerable<(string Name, Tensor Value)> Stored =>
    [
        .. attachments.SelectMany(attachment => attachment.Stored).Select(kept => (kept.Name, kept.Value())),
        .. head.Parameters.Select(parameter => (parameter.Name, parameter.Value)),
    ];

    /// <summary>Writes <see cref="Stored"/>.</summary>
    /// <param name="path">The safetensors file.</param>
    public void Save(string path)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        SafetensorsWriter.Write(path, [.. Stored], new Dictionary<string, string> { ["format"] = "pt", ["backbone"] = backbone.Fingerprint });
    }

    /// <summary>Reads trained values that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The safetensors file.</param>
    /// <exception cref="InvalidDataException">They belong to another backbone, or do not fit.</exception>
    public void Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue("backbone", out var fingerprint) || fingerprint != backbone.Fingerprint)
            throw new InvalidDataException($"{path}: was trained over another backbone (the SHA-256 of its weights is {fingerprint ?? "not recorded"}, "
                + $"that of this one is {backbone.Fingerprint}); name the backbone that it was trained over");
        var faults = new List<string>();
        (string Name, Tensor Value)[] targets = [.. Parameters.Parameters.Select(parameter => (parameter.Name, parameter.Value)), .. Constants];
        foreach (var (name, value) in targets)
        {
            if (!file.Tensors.TryGetValue(name, out var entry)) faults.Add($"{name} is missing");
            else if (!entry.Shape.SequenceEqual(value.shape))
                faults.Add($"{name} is [{string.Join(", ", entry.Shape)}] where the design needs [{string.Join(", ", value.shape)}]");
        }
        var names = targets.Select(target => target.Name).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(file.Tensors.Keys.Where(name => !names.Contains(name)).Select(name => $"{name} is surplus"));
        if (faults.Count > 0) throw new InvalidDataException($"{path}: does not fit its design: {Faults.Join(faults)}");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (name, value) in targets) value.copy_(file.Read(name));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var index = attachments.Count - 1; index >= 0; index--) attachments[index].Dispose();
        Parameters.Dispose();
        shared.Dispose();
        Gradients.Release();
    }
}
