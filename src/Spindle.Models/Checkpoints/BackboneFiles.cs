using System.Text.RegularExpressions;
using Spindle.Hub;

namespace Spindle.Models.Checkpoints;

/// <summary>Which files of a repository make a backbone.</summary>
public static partial class BackboneFiles
{
    /// <summary>The names of a tokenizer's files.</summary>
    public static IReadOnlyList<string> OfTokenizer { get; } =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt", "spiece.model",
    ];

    private static readonly string[] Small = ["config.json", "generation_config.json", .. OfTokenizer, "modules.json", "1_Pooling/config.json"];

    /// <summary>Configuration, tokenizer, and the weights in the best of the forms that are there, see <see cref="WeightFiles"/>.</summary>
    /// <param name="repository">The repository, for errors.</param>
    /// <param name="listing">Its files.</param>
    /// <exception cref="InvalidDataException">It has no configuration or no weights that can be read.</exception>
    public static IReadOnlyList<HubFile> Choose(HubRepository repository, HubListing listing)
    {
        var byName = listing.Files.DistinctBy(file => file.Name).ToDictionary(file => file.Name, StringComparer.Ordinal);
        if (!byName.ContainsKey("config.json")) throw new InvalidDataException($"{repository.Name}: has no config.json; name a repository of a model");
        if (WeightFiles.Names.FirstOrDefault(byName.ContainsKey) is not { } weights)
            throw new InvalidDataException($"{repository.Name}: has no weights in a form that is read ({string.Join(", ", WeightFiles.Names)})");
        var shards = weights.EndsWith(".index.json", StringComparison.Ordinal)
            ? listing.Files.Where(file => (weights.StartsWith("model", StringComparison.Ordinal) ? SafetensorsShard() : ArchiveShard()).IsMatch(file.Name))
            : [];
        return [.. Small.Where(byName.ContainsKey).Select(name => byName[name]), byName[weights], .. shards];
    }

    [GeneratedRegex(@"\Amodel-\d+-of-\d+\.safetensors\z")]
    private static partial Regex SafetensorsShard();

    [GeneratedRegex(@"\Apytorch_model-\d+-of-\d+\.bin\z")]
    private static partial Regex ArchiveShard();
}
