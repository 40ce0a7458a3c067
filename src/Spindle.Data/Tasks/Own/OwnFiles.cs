namespace Spindle.Data.Tasks.Own;

/// <summary>Finds the files that a task names.</summary>
internal static class OwnFiles
{
    /// <summary>The files: as they are named, seen from the current folder, or else below the folder of the data; several where a name holds <c>*</c>.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="names">The names.</param>
    /// <param name="dataFolder">The folder of the data, or null.</param>
    /// <exception cref="FileNotFoundException">One is not there.</exception>
    public static IReadOnlyList<string> Resolve(string task, IReadOnlyList<string> names, string? dataFolder) => [.. names.SelectMany(name => Files(task, name, dataFolder))];

    private static string[] Files(string task, string name, string? dataFolder)
    {
        string[] places = dataFolder is null || Path.IsPathRooted(name) ? [name] : [name, Path.Combine(dataFolder, name)];
        if (places.Select(Matching).FirstOrDefault(files => files.Length > 0) is { } found) return found;
        throw new FileNotFoundException(places.FirstOrDefault(Directory.Exists) is { } folder
            ? $"{folder}: is a folder; name the files of task '{task}' in it, several as {folder.TrimEnd('/')}/*.csv"
            : $"{name}: there is no such file, which task '{task}' is read from{(places.Length > 1 ? $"; {places[1]} is not there either" : "")}", name);
    }

    private static string[] Matching(string path)
    {
        var file = Path.GetFileName(path);
        if (!file.Contains('*', StringComparison.Ordinal)) return File.Exists(path) ? [path] : [];
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, file).Order(StringComparer.Ordinal)] : [];
    }
}
