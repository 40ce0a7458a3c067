namespace Spindle.Tests;

/// <summary>Finds the fixtures, models and data that stay outside the repository; what is absent is skipped, saying so.</summary>
internal static class SharedFiles
{
    /// <summary>The root of the repository: the nearest folder upwards that holds <c>Spindle.slnx</c>.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder <c>shared/</c>, beside the repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Repository, "..", "shared"));

    /// <summary>The fixtures: <c>SPINDLE_FIXTURES</c>, or <c>../shared/fixtures</c>.</summary>
    public static string Fixtures { get; } =
        Environment.GetEnvironmentVariable("SPINDLE_FIXTURES") is { Length: > 0 } root ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) : Path.Combine(Root, "fixtures");

    /// <summary>The fixtures, then those of further families of models: the folder <c>families</c> beside them, in the same layout.</summary>
    public static IReadOnlyList<string> FixtureRoots { get; } =
        [.. new[] { Fixtures, Path.Combine(Path.GetDirectoryName(Fixtures)!, "families") }.Distinct().Where(Directory.Exists)];

    /// <summary>A file or folder below the first of the <see cref="FixtureRoots"/> that has it; the test is skipped where none does.</summary>
    public static string Fixture(params string[] parts) =>
        Present(FixtureRoots.Select(root => Path.Combine([root, .. parts])).FirstOrDefault(Path.Exists, Path.Combine([Fixtures, .. parts])));

    /// <summary>The names of the folders below a folder of every root, for <see cref="Fixture"/>.</summary>
    /// <param name="folder">The folder (<c>models</c>, <c>peft</c>).</param>
    public static IEnumerable<string> FixtureNames(string folder) => FixtureRoots.Select(root => Path.Combine(root, folder)).Where(Directory.Exists)
        .SelectMany(Directory.EnumerateDirectories).Select(path => Path.GetFileName(path)!).Distinct().Order(StringComparer.Ordinal);

    /// <summary>A file or folder beside the fixtures (<c>models</c>, <c>tokenizers</c>, <c>data</c>); the test is skipped where it is absent.</summary>
    public static string BesideFixtures(params string[] parts) => Present(Path.Combine([Path.GetDirectoryName(Fixtures)!, .. parts]));

    private static string Present(string path)
    {
        Assert.SkipUnless(Path.Exists(path), $"{path} is absent");
        return path;
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Spindle.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Spindle.slnx");
    }
}
