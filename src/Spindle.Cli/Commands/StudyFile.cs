using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Studies;

namespace Spindle.Cli.Commands;

/// <summary>Finds the study file of a store, so that its search can be started again.</summary>
internal static class StudyFile
{
    /// <summary>The file that lies beside the store, with its name, where a search puts its store by default; null for a store in a database.</summary>
    /// <param name="store">The store's location.</param>
    public static string? Beside(string store) => TrialStores.IsFile(store) ? Path.ChangeExtension(store, ".yaml") : null;

    /// <summary>The study file of a store: the one beside it, or one of the study's name and backbone in the store's folder or in the folder from which the search read it. Of several, the one that the last command named.</summary>
    /// <param name="store">The store's location.</param>
    /// <returns>The file; null where there is none, or several and none was named.</returns>
    public static string? Find(string store)
    {
        if (Beside(store) is { } beside && File.Exists(beside)) return beside;
        if (RecordOf(store) is not { } record) return null;
        string[] files = [.. Folders(store, record).SelectMany(FilesIn).Where(file => IsOf(record, file))];
        return files.FirstOrDefault(file => record.Runs.LastOrDefault()?.Command?.Contains(Path.GetFileName(file), StringComparison.Ordinal) == true) ?? (files is [var only] ? only : null);
    }

    /// <summary>Why no study file was found, in one sentence with the remedy.</summary>
    /// <param name="store">The store's location.</param>
    public static string Missing(string store) =>
        (RecordOf(store) is { } record
            ? Beside(store) is { } beside ? $"Neither {beside} nor one file alone of study '{record.Name}' exists in {string.Join(" or ", Folders(store, record))}" : $"No file, or not one alone, of study '{record.Name}' exists in {string.Join(" or ", Folders(store, record))}"
            : $"The study file {Beside(store) ?? "of this store"} does not exist")
        + $", so the dashboard cannot start the search; run: spindle search STUDY.yaml --store {TrialStores.NameOf(store)}";

    /// <summary>The study that a store records, or null where it cannot be read.</summary>
    /// <param name="store">The store's file.</param>
    public static StudyRecord? RecordOf(string store)
    {
        try
        {
            using var opened = TrialStores.OpenToRead(store);
            return opened.Study;
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // whoever reads the store says why
            return null;
        }
    }

    private static IEnumerable<string> Folders(string store, StudyRecord record)
    {
        string[] own = TrialStores.IsFile(store) ? [Path.GetDirectoryName(Path.GetFullPath(store))!] : [];
        return ((string[])[.. own, .. record.Folder is { } folder ? (string[])[StoredPath.Full(store, folder)] : []]).Distinct();
    }

    private static IEnumerable<string> FilesIn(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal) : [];

    private static bool IsOf(StudyRecord record, string file)
    {
        try
        {
            var study = Study.Read(file);
            return study.Name == record.Name && study.Backbone == record.Backbone;
        }
        catch (Exception other) when (other is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
