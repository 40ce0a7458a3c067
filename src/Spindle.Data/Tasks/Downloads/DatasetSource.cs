using Spindle.Hub;

namespace Spindle.Data.Tasks.Downloads;

/// <summary>A data set of the Hugging Face Hub, or one configuration of it.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Configuration">The configuration (<c>rte</c>, <c>ro-en</c>), or null for all that there is.</param>
public sealed record DatasetSource(HubRepository Repository, string? Configuration)
{
    /// <summary>The revisions that are looked at, first found first: the branch that the owners keep, then the Parquet files that the Hub itself makes of others.</summary>
    public static readonly IReadOnlyList<string> Revisions = ["main", "refs/convert/parquet"];

    private static readonly IReadOnlyDictionary<string, string> Repositories = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["glue"] = "nyu-mll/glue",
        ["xsum"] = "EdinburghNLP/xsum",
        ["wmt16"] = "wmt/wmt16",
    };

    private static readonly string[] Endings = [".parquet", ".jsonl", ".ndjson", ".json", ".csv", ".tsv"];

    /// <summary>The names that stand for a repository.</summary>
    public static IEnumerable<string> Names => Repositories.Keys;

    /// <summary>Reads a name: <c>glue/rte</c>, <c>xsum</c>, <c>wmt16/ro-en</c>, or <c>organisation/name</c> with a configuration or without.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static DatasetSource Parse(string name)
    {
        var parts = name.Split('/');
        if (Repositories.TryGetValue(parts[0], out var known) && parts.Length <= 2) return new(new(known, HubKind.Datasets), Checked(parts.ElementAtOrDefault(1)));
        if (parts.Length is 2 or 3) return new(new($"{parts[0]}/{parts[1]}", HubKind.Datasets), Checked(parts.ElementAtOrDefault(2)));
        throw new InvalidDataException($"'{name}' is not the name of a data set; write {string.Join(", ", Names)}, each with a configuration after a slash where it has some (glue/rte), or organisation/name");

        string? Checked(string? configuration) => configuration is null || (HubRepository.IsName(configuration) && !configuration.Contains('/'))
            ? configuration
            : throw new InvalidDataException($"'{configuration}' is not the name of a configuration in '{name}'; use letters, digits, dots, hyphens and underscores");
    }

    /// <summary>The files of rows that belong to it; none where the repository keeps them otherwise.</summary>
    public IReadOnlyList<HubFile> Choose(HubListing listing)
    {
        HubFile[] rows = [.. listing.Files.Where(file => Endings.Any(ending => file.Name.EndsWith(ending, StringComparison.Ordinal)) && !IsDescription(file.Name))];
        // one form of the rows is enough
        if (rows.Where(file => file.Name.EndsWith(Endings[0], StringComparison.Ordinal)).ToArray() is { Length: > 0 } parquet) rows = parquet;
        return Configuration is null ? rows : [.. rows.Where(file => file.Name.StartsWith($"{Configuration}/", StringComparison.Ordinal))];
    }

    /// <summary>The newest snapshot of the data set that a task's rows come from, where it was fetched; null where it was not.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="cache">Where data sets are.</param>
    public static string? FolderOf(string task, HubCache cache)
    {
        var name = task switch
        {
            "cola" or "sst2" or "mrpc" or "stsb" or "qqp" or "mnli" or "qnli" or "rte" or "wnli" => "glue",
            _ => Repositories.Keys.FirstOrDefault(known => task == known || task.StartsWith($"{known}-", StringComparison.Ordinal) || task.StartsWith($"{known}/", StringComparison.Ordinal)),
        };
        return name is null ? null : Revisions.Select(revision => cache.Find(Parse(name).Repository, revision)).FirstOrDefault(folder => folder is not null);
    }

    private static bool IsDescription(string name) => name is "dataset_infos.json" or "dataset_info.json" or "package.json";
}
