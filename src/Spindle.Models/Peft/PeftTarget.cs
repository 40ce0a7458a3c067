using Spindle.Models.Backbones;
using static TorchSharp.torch;

namespace Spindle.Models.Peft;

/// <summary>A folder of HF peft to be written.</summary>
public sealed class PeftTarget
{
    private readonly SortedDictionary<string, object?> config = new(StringComparer.Ordinal);
    private readonly List<(string Name, Tensor Value)> tensors = [];

    private readonly bool isMergeable;

    internal PeftTarget(IBackbone backbone, string prefix, string baseModel, bool isMergeable)
    {
        this.isMergeable = isMergeable;
        (Backbone, Prefix, BaseModel) = (backbone, prefix, baseModel);
        Modules = BackboneModule.Of(backbone).ToDictionary(module => module.Name, StringComparer.Ordinal);
    }

    /// <summary>The backbone.</summary>
    public IBackbone Backbone { get; }

    /// <summary>The name by which HF peft loads the backbone.</summary>
    public string BaseModel { get; }

    /// <summary>The linear maps of its layers by module name.</summary>
    public IReadOnlyDictionary<string, BackboneModule> Modules { get; }

    /// <summary>The prefix of the head's tensors.</summary>
    public string HeadPrefix { get; set; } = "base_model.model.";

    /// <summary>The keys of the configuration.</summary>
    internal IReadOnlyDictionary<string, object?> Config => config;

    /// <summary>The tensors.</summary>
    internal IReadOnlyList<(string Name, Tensor Value)> Tensors => tensors;

    private string Prefix { get; }

    /// <summary>The full name of a module.</summary>
    /// <param name="module">Its name without a class's prefix.</param>
    public string FullName(string module) => Prefix + module;

    /// <summary>Sets a key of the configuration.</summary>
    public void Set(string key, object? value) => config[key] = value;

    /// <summary>Adds a module's tensor.</summary>
    /// <param name="module">The module's name without a class's prefix.</param>
    /// <param name="part">The part of the module (<c>lora_A.weight</c>).</param>
    /// <param name="value">The values.</param>
    public void Add(string module, string part, Tensor value) => Add($"base_model.model.{Prefix}{module}.{part}", value);

    /// <summary>Adds a tensor under its full name.</summary>
    public void Add(string name, Tensor value) => tensors.Add((name, value));

    /// <summary>An error about something that HF peft cannot express.</summary>
    public InvalidDataException Unsupported(string what) =>
        new($"HF peft cannot hold this model: {what}; export it in the format {(isMergeable ? "'merged' or 'spindle'" : "'spindle'")}");
}
