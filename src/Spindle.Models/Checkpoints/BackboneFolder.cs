namespace Spindle.Models.Checkpoints;

/// <summary>Finds a backbone's folder by the backbone's name.</summary>
public static class BackboneFolder
{
    private static readonly string[] Embedded = ["minilm-l6"];

    /// <summary>The folder of an embedded backbone, or the folder that was named itself.</summary>
    /// <param name="nameOrFolder">An embedded backbone's name, or a folder in the Hub's layout.</param>
    /// <exception cref="DirectoryNotFoundException">It is neither.</exception>
    public static string Locate(string nameOrFolder)
    {
        if (Embedded.Contains(nameOrFolder, StringComparer.Ordinal) && FindEmbedded(nameOrFolder) is { } found) return found;
        if (File.Exists(Path.Combine(nameOrFolder, "config.json"))) return nameOrFolder;
        throw new DirectoryNotFoundException(Directory.Exists(nameOrFolder)
            ? $"{nameOrFolder}: no backbone: the folder has no config.json; name a folder in the Hugging Face Hub's layout"
            : $"there is no backbone '{nameOrFolder}': name an embedded one ({string.Join(", ", Embedded)}) or a folder with config.json and model.safetensors");
    }

    /// <summary>A folder's own name, which is the backbone's.</summary>
    public static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    // beside the program where it was published, upwards where it runs from the repository
    private static string? FindEmbedded(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "assets", name);
            if (File.Exists(Path.Combine(candidate, "config.json"))) return candidate;
        }
        return null;
    }
}
