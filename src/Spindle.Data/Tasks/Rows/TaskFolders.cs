namespace Spindle.Data.Tasks.Rows;

/// <summary>Finds the folder of a task below the folder of the data.</summary>
internal static class TaskFolders
{
    /// <summary>The first folder that bears one of the names, in capitals or not, in the data's folder or in a folder <c>glue</c> of it.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="names">The names, the usual one first; a slash in one stands for folders in each other.</param>
    /// <param name="dataFolder">The folder of the data.</param>
    /// <param name="holds">The files that it should hold, for the message.</param>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Locate(string task, IReadOnlyList<string> names, string dataFolder, string holds)
    {
        if (!Directory.Exists(dataFolder))
            throw new DirectoryNotFoundException($"{dataFolder}: there is no such folder; 'data' must hold {names[0]}/ with {holds}");
        string[] places = [dataFolder, Path.Combine(dataFolder, "glue"), Path.Combine(dataFolder, "glue_data")];
        return places.Where(Directory.Exists).SelectMany(place => names.SelectMany(name => Below(place, name.Split('/')))).FirstOrDefault()
            ?? throw new DirectoryNotFoundException($"{dataFolder}: holds no folder {string.Join(" or ", names)}, which task '{task}' is read from");
    }

    private static IEnumerable<string> Below(string folder, ReadOnlySpan<string> parts)
    {
        IEnumerable<string> found = [folder];
        foreach (var part in parts)
            found = [.. found.SelectMany(Directory.EnumerateDirectories)
                .Where(inner => string.Equals(Path.GetFileName(inner), part, StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)];
        return found;
    }
}
