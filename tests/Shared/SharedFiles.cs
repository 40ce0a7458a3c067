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
        Environment.GetEnvironmentVariable("SPINDLE_FIXTURES") is { Length: > 0 } root ? Path.GetFullPath(root) : Path.Combine(Root, "fixtures");

    /// <summary>A file or folder below the fixtures; the test is skipped where it is absent.</summary>
    public static string Fixture(params string[] parts) => Present(Path.Combine([Fixtures, .. parts]));

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
