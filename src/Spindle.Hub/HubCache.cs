namespace Spindle.Hub;

/// <summary>The Hugging Face cache on this machine, in the layout that <c>huggingface_hub</c> shares with every other program:
/// <c>models--organisation--name/</c> with <c>blobs/</c> (files by their hash), <c>snapshots/COMMIT/</c> (links by their names) and <c>refs/</c> (commits by branch).</summary>
/// <param name="root">The cache's folder; it need not be there.</param>
public sealed class HubCache(string root)
{
    private const int LongestCommit = 100;

    /// <summary>The cache that the environment names: <c>HF_HUB_CACHE</c>, else <c>HF_HOME/hub</c>, else <c>~/.cache/huggingface/hub</c>.</summary>
    public static HubCache Default => new(Set("HF_HUB_CACHE") ?? Path.Combine(Home, "hub"));

    /// <summary>The folder of the user's Hugging Face files: <c>HF_HOME</c>, else <c>huggingface</c> in <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>.</summary>
    internal static string Home => Set("HF_HOME") ?? Path.Combine(
        Set("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "huggingface");

    /// <summary>The cache's folder.</summary>
    public string Root => root;

    /// <summary>The newest snapshot of a repository that was fetched whole, or null.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="revision">A branch, a tag or a commit.</param>
    public string? Find(HubRepository repository, string revision = "main")
    {
        if (!IsRevision(revision)) return null;
        var folder = FolderOf(repository);
        var reference = Path.Combine(folder, "refs", revision);
        var commit = revision;
        if (File.Exists(reference))
        {
            if (new FileInfo(reference).Length > LongestCommit) return null;
            commit = File.ReadAllText(reference).Trim();
            if (!IsRevision(commit) || commit.Contains('/')) return null;
        }
        var snapshot = SnapshotOf(repository, commit);
        return Directory.Exists(snapshot) ? snapshot : null;
    }

    /// <summary>The repositories of a kind that have a snapshot, by name.</summary>
    public IReadOnlyList<HubRepository> Repositories(HubKind kind) => !Directory.Exists(root) ? [] :
    [
        .. Directory.EnumerateDirectories(root).Select(folder => HubRepository.FromCacheName(Path.GetFileName(folder)))
            .OfType<HubRepository>().Where(repository => repository.Kind == kind && Find(repository) is not null)
            .OrderBy(repository => repository.Name, StringComparer.Ordinal),
    ];

    /// <summary>The repository that a snapshot's folder is of, or null where the folder is not a snapshot.</summary>
    public static HubRepository? RepositoryOf(string snapshot) =>
        Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(snapshot))) is { } snapshots && Path.GetFileName(snapshots) == "snapshots"
        && Path.GetDirectoryName(snapshots) is { } folder
            ? HubRepository.FromCacheName(Path.GetFileName(folder))
            : null;

    internal string FolderOf(HubRepository repository) => Path.Combine(root, repository.CacheName);

    internal string SnapshotOf(HubRepository repository, string commit) => Path.Combine(FolderOf(repository), "snapshots", commit);

    /// <summary>Whether a text may stand for a branch, tag or commit in a path.</summary>
    internal static bool IsRevision(string text) => text.Length is > 0 and <= LongestCommit && !text.Contains("..", StringComparison.Ordinal)
        && text.Split('/').All(part => part.Length > 0 && part[0] != '.' && IsPlain(part));

    private static bool IsPlain(string text) => text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');

    private static string? Set(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
