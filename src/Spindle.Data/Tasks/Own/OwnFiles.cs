namespace Spindle.Data.Tasks.Own;

/// <summary>Finds the files that a task names.</summary>
internal static class OwnFiles
{
    /// <summary>The files: as they are named, seen from the task's folder, or else below the folder of the data; several where a name holds <c>*</c>.</summary>
    /// <param name="task">The task.</param>
    /// <param name="names">The names.</param>
    /// <param name="dataFolder">The folder of the data, or null for the task's.</param>
    /// <exception cref="FileNotFoundException">One is not there.</exception>
    public static IReadOnlyList<string> Resolve(OwnTask task, IReadOnlyList<string> names, string? dataFolder) => [.. names.SelectMany(name => Files(task, name, dataFolder))];

    /// <summary>A file's name as another folder sees it. It is unchanged where it is absolute, or is not found from the task's folder and so is meant below the folder of the data.</summary>
    /// <param name="task">The task.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="folder">The other folder.</param>
    public static string SeenFrom(OwnTask task, string name, string folder)
    {
        var place = Path.Combine(task.Folder ?? "", name);
        return Path.IsPathRooted(name) || Matching(place).Length == 0 ? name : Path.GetRelativePath(folder, place);
    }

    private static string[] Files(OwnTask task, string name, string? dataFolder)
    {
        dataFolder ??= task.DataFolder;
        var own = Path.Combine(task.Folder ?? "", name);
        string[] places = dataFolder is null || Path.IsPathRooted(name) ? [own] : [own, Path.Combine(dataFolder, name)];
        if (places.Select(Matching).FirstOrDefault(files => files.Length > 0) is { } found) return found;
        throw new FileNotFoundException(places.FirstOrDefault(Directory.Exists) is { } folder
            ? $"{folder}: is a folder; name the files of task '{task.Name}' in it, several as {folder.TrimEnd('/')}/*.csv"
            : $"{own}: there is no such file, which task '{task.Name}' is read from{(places.Length > 1 ? $"; {places[1]} is not there either" : "")}", own);
    }

    private static string[] Matching(string path)
    {
        var file = Path.GetFileName(path);
        if (!file.Contains('*', StringComparison.Ordinal)) return File.Exists(path) ? [path] : [];
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, file).Order(StringComparer.Ordinal)] : [];
    }
}
