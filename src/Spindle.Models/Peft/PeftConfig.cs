using System.Text.Json;
using Spindle.Models.Backbones;

namespace Spindle.Models.Peft;

/// <summary>The <c>adapter_config.json</c> of a folder of HF peft. A key that is not known is passed over where it says that something is off, and refused by
/// name where it switches something on: what it would change cannot be known.</summary>
public sealed class PeftConfig
{
    /// <summary>The file's name.</summary>
    public const string FileName = "adapter_config.json";

    /// <summary>No bias is trained.</summary>
    internal const string NoBias = "none";

    /// <summary>Every bias of the model is trained.</summary>
    internal const string AllBiases = "all";

    /// <summary>The biases of the modules with LoRA are trained.</summary>
    internal const string TunedBiases = "lora_only";

    private static readonly HashSet<string> SupportedKeys = new(StringComparer.Ordinal)
    {
        // read here or by a strategy's form
        "peft_type", "task_type", "base_model_name_or_path", "modules_to_save", "target_modules", "exclude_modules", "layers_to_transform", "layers_pattern",
        "bias", "r", "lora_alpha", "lora_dropout", "rank_pattern", "alpha_pattern", "use_rslora", "use_dora", "init_lora_weights", "feedforward_modules",
        "num_virtual_tokens", "token_dim", "num_layers", "num_attention_heads", "num_transformer_submodules", "prefix_projection", "encoder_hidden_size",
        "projection_prng_key", "save_projection", "vera_dropout", "d_initial",
        // how the folder was made
        "auto_mapping", "inference_mode", "peft_version", "revision", "init_ia3_weights", "init_weights", "prompt_tuning_init", "prompt_tuning_init_text",
        "tokenizer_name_or_path", "tokenizer_kwargs", "eva_config", "corda_config", "loftq_config", "lora_ga_config", "runtime_config", "megatron_core",
        // without effect on plain linear maps
        "fan_in_fan_out", "ensure_weight_tying",
    };

    // peft lists these for every classifier, whether or not the model has them
    private static readonly string[] DefaultHeads = ["classifier", "score"];

    private readonly ModuleMatch? targets;
    private readonly ModuleMatch? excluded;
    private readonly HashSet<int>? layers;
    private readonly IReadOnlyList<string> layerLists;

    private PeftConfig(string folder, BackboneConfiguration keys)
    {
        (Folder, Keys) = (folder, keys);
        PeftType = keys.Text("peft_type", "");
        TaskType = keys.Text("task_type", "") is { Length: > 0 } task ? task : null;
        BaseModel = keys.Text("base_model_name_or_path", "") is { Length: > 0 } name ? name : null;
        (targets, excluded) = (ModuleMatch.Read(keys, "target_modules"), ModuleMatch.Read(keys, "exclude_modules"));
        (layers, layerLists) = (ReadLayers(), ReadTexts("layers_pattern"));
        HeadModules = [.. ReadTexts("modules_to_save").Distinct()];
        Bias = keys.Text("bias", NoBias);
        if (Bias != NoBias && !(PeftType == "LORA" && Bias is (AllBiases or TunedBiases))) throw keys.Unsupported("bias", Shown(Bias), $"{NoBias}, and with the method LORA {AllBiases} and {TunedBiases}");
        foreach (var entry in keys.Entries)
            if (!SupportedKeys.Contains(entry.Name) && IsOn(entry.Value))
                throw keys.Wrong(Shown(entry.Name), "is set but not supported, so its effect would be lost; save the folder again without it");
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The method (<c>LORA</c>, <c>IA3</c>, …).</summary>
    public string PeftType { get; }

    /// <summary>What it was tuned for (<c>SEQ_CLS</c>, <c>SEQ_2_SEQ_LM</c>, …), or null.</summary>
    public string? TaskType { get; }

    /// <summary>The name or folder of the backbone that was tuned, or null.</summary>
    public string? BaseModel { get; }

    /// <summary>The modules that were trained whole: the possible names of the head.</summary>
    public IReadOnlyList<string> HeadModules { get; }

    /// <summary>Which biases were trained: <see cref="NoBias"/>, <see cref="AllBiases"/> or <see cref="TunedBiases"/>.</summary>
    public string Bias { get; }

    /// <summary>Every key.</summary>
    internal BackboneConfiguration Keys { get; }

    /// <summary>Reads a folder's configuration.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or asks for what would be lost.</exception>
    public static PeftConfig Read(string folder) => File.Exists(Path.Combine(folder, FileName))
        ? new(folder, BackboneConfiguration.Read(folder, FileName))
        : throw new DirectoryNotFoundException($"{folder}: holds no {FileName}; name a folder that HF peft's save_pretrained wrote");

    /// <summary>Checks that <see cref="HeadModules"/> names only the head.</summary>
    /// <param name="head">The module name of the head.</param>
    /// <exception cref="InvalidDataException">It names another module.</exception>
    internal void RequireOnlyHead(string head)
    {
        string[] allowed = [head, .. DefaultHeads.Where(name => name != head)];
        if (HeadModules.FirstOrDefault(name => !allowed.Contains(name)) is { } other)
            throw Keys.Wrong("modules_to_save", $"names '{Shown(other)}', but only a head can be read ({string.Join(", ", allowed)})");
    }

    /// <summary>Whether the configuration tunes a module; null where it names no targets.</summary>
    /// <param name="module">The module's name in full.</param>
    public bool? IsTarget(string module) => targets is null ? null
        : targets.Matches(module) && excluded?.Matches(module) != true && (layers is null || LayerOf(module) is { } layer && layers.Contains(layer));

    private int? LayerOf(string module)
    {
        foreach (var list in layerLists.DefaultIfEmpty("[^.]*"))
        {
            // read alone first, so that no parenthesis of it closes one of these
            _ = ModuleMatch.Whole(Keys, "layers_pattern", list);
            var pattern = ModuleMatch.Whole(Keys, "layers_pattern", $@".*\.(?:{list})\.(?<layer>[0-9]{{1,6}})\..*");
            if (ModuleMatch.IsMatch(Keys, "layers_pattern", pattern, module))
                return int.TryParse(pattern.Match(module).Groups["layer"].Value, System.Globalization.CultureInfo.InvariantCulture, out var layer) ? layer : null;
        }
        return null;
    }

    private HashSet<int>? ReadLayers() => Keys.Find("layers_to_transform") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } one when one.TryGetInt32(out var layer) => [layer],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out _)) =>
            list.GetArrayLength() == 0 ? null : [.. list.EnumerateArray().Select(item => item.GetInt32())],
        _ => throw Keys.Wrong("layers_to_transform", "must be a whole number or a list of some"),
    };

    private IReadOnlyList<string> ReadTexts(string key) => Keys.Find(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } one => one.GetString() is { Length: > 0 } text ? [text] : [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw Keys.Wrong(key, "must be a text or a list of texts"),
    };

    private static bool IsOn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => false,
    };

    private static string Shown(string text) => new([.. text.Take(80).Select(character => char.IsControl(character) ? '?' : character)]);
}
