using System.Diagnostics.CodeAnalysis;
using Spindle.Hub;

namespace Spindle.Models.Checkpoints;

/// <summary>Finds a backbone's folder by the backbone's name.</summary>
public static class BackboneFolder
{
    /// <summary>The backbone where none is named: an embedded one.</summary>
    public const string Default = "minilm-l6";

    private static readonly Dictionary<string, string> Repositories = new(StringComparer.Ordinal) { [Default] = "sentence-transformers/all-MiniLM-L6-v2" };

    /// <summary>The names of the backbones that are part of Spindle.</summary>
    public static IReadOnlyList<string> Embedded { get; } = [.. Repositories.Keys];

    /// <summary>The Hub's repository of an embedded backbone, or null if there is none of that name.</summary>
    public static string? RepositoryOf(string embedded) => Repositories.GetValueOrDefault(embedded);

    /// <summary>Whether a name can be that of a repository of the Hub (<c>organisation/name</c> or <c>name</c>).</summary>
    public static bool IsRepositoryName(string name) => HubRepository.IsName(name);

    /// <summary>The folder of an embedded backbone, the folder that was named itself, or that of a repository of the Hub in this machine's cache.</summary>
    /// <param name="nameOrFolder">An embedded backbone's name, a folder in the Hub's layout, or a repository's name.</param>
    /// <exception cref="DirectoryNotFoundException">It is none of these.</exception>
    public static string Locate(string nameOrFolder)
    {
        if (Embedded.Contains(nameOrFolder, StringComparer.Ordinal) && FindEmbedded(nameOrFolder) is { } found) return found;
        if (File.Exists(Path.Combine(nameOrFolder, "config.json"))) return nameOrFolder;
        if (Directory.Exists(nameOrFolder))
            throw new DirectoryNotFoundException($"{nameOrFolder}: is not a backbone: the folder has no config.json; name a folder in the Hugging Face Hub's layout");
        if (HubRepository.IsName(nameOrFolder))
        {
            if (HubCache.Default.Find(new(nameOrFolder)) is { } snapshot && File.Exists(Path.Combine(snapshot, "config.json"))) return snapshot;
            throw new NotDownloadedException($"there is no backbone '{nameOrFolder}' on this machine: download it from the Hub, "
                + $"or name an embedded one ({string.Join(", ", Embedded)}) or a folder with config.json", HubContent.Backbone, nameOrFolder);
        }
        throw new DirectoryNotFoundException(
            $"there is no backbone '{nameOrFolder}': name an embedded one ({string.Join(", ", Embedded)}), a repository of the Hub or a folder with config.json");
    }

    /// <summary>A backbone's name by its folder: the repository's in the Hub's cache, else the folder's own.</summary>
    public static string NameOf(string folder) =>
        HubCache.RepositoryOf(folder)?.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    // beside the program where it was published, upwards where it runs from the repository; a notebook is another program, and has both in another folder
    private static string? FindEmbedded(string name)
    {
        foreach (var start in (string[])[AppContext.BaseDirectory, OwnFolder])
            for (var folder = start.Length == 0 ? null : new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var candidate = Path.Combine(folder.FullName, "assets", name);
                if (File.Exists(Path.Combine(candidate, "config.json"))) return candidate;
            }

        return null;
    }

    private static string OwnFolder
    {
        [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "A program in a single file has the backbone beside it; the path is empty there.")]
        get => typeof(BackboneFolder).Assembly.Location is { Length: > 0 } path ? Path.GetDirectoryName(path) ?? "" : "";
    }
}
