using Spindle.Tests;
using Spindle.Tests.Hub;

namespace Spindle.Cli.Tests;

/// <summary>Data sets from a Hub on the loopback, as a user fetches and trains on them.</summary>
public sealed class DataDownloadTests : IDisposable
{
    private const string Rows = "rte/validation-00000-of-00001.parquet";

    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("spindle-home-");
    private readonly HubServer server = new("nyu-mll/glue", isDataset: true);

    private string Cached => Path.Combine(home.FullName, "hub", "datasets--nyu-mll--glue");

    public void Dispose()
    {
        server.Dispose();
        home.Delete(recursive: true);
    }

    [Fact]
    public async Task A_data_set_that_was_fetched_is_trained_on_without_naming_its_folder()
    {
        ServeRte();
        var before = await Train();
        Assert.Equal(2, before.Code);
        Assert.Contains("spindle data download glue/rte", before.Errors, StringComparison.Ordinal);

        var (code, output, errors) = await Run("data", "download", "glue/rte");
        Assert.True(code == 0, errors);
        var snapshot = Path.Combine(Cached, "snapshots", server.Commit);
        Assert.Contains(snapshot, output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(snapshot, Rows)));
        Assert.False(Directory.Exists(Path.Combine(snapshot, "stsb")), "another configuration was fetched");
        Assert.Equal(server.Commit, File.ReadAllText(Path.Combine(Cached, "refs", "main")));

        var after = await Train();
        Assert.True(after.Code == 0, after.Errors);

        // what is there is not asked for again
        var fetched = server.Requests.Count(request => request.Path.Contains("cdn", StringComparison.Ordinal));
        Assert.Equal(0, (await Run("data", "download", "glue/rte")).Code);
        Assert.Equal(fetched, server.Requests.Count(request => request.Path.Contains("cdn", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_broken_download_goes_on_where_it_broke_and_what_lies_is_thrown_away()
    {
        ServeRte();
        (server.Cuts, server.CutAfter) = (1, 4000);
        Assert.Equal(0, (await Run("data", "download", "glue/rte")).Code);
        Assert.Contains(server.Requests, request => request.Range == "bytes=4000-");
        Directory.Delete(Cached, recursive: true);

        server.LiesAbout = Rows;
        var (code, _, errors) = await Run("data", "download", "glue/rte");
        Assert.Equal(2, code);
        Assert.Contains("a different checksum", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Cached, "blobs"), "*.incomplete"));
        Assert.False(File.Exists(Path.Combine(Cached, "refs", "main")));
    }

    [Fact]
    public async Task The_parquet_files_that_the_Hub_makes_are_fetched_where_the_main_branch_has_none()
    {
        ServeRte();
        (server.IsMainEmpty, server.Revisions) = (true, ["main", "refs/convert/parquet"]);
        var (code, _, errors) = await Run("data", "download", "glue/rte");
        Assert.True(code == 0, errors);
        Assert.Equal(server.Commit, File.ReadAllText(Path.Combine(Cached, "refs", "refs", "convert", "parquet")));
        Assert.Equal(0, (await Train()).Code);
    }

    [Theory]
    [InlineData("holds no rows", "glue/absent")]
    [InlineData("is not the name of a data set", "nothing")]
    [InlineData("is not the name of a configuration", "glue/..")]
    [InlineData("check the name", "nobody/nothing")]
    [InlineData("is not a revision", "glue/rte", "--revision", "../x")]
    public async Task What_cannot_be_downloaded_is_reported_in_one_line(string wanted, params string[] arguments)
    {
        ServeRte();
        var (code, _, errors) = await Run(["data", "download", .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(wanted, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(Cached));
    }

    private void ServeRte()
    {
        var rows = File.ReadAllBytes(SharedFiles.Fixture("parquet", "glue-rte", "validation-00000-of-00001.parquet"));
        server.With(Rows, rows).With("rte/train-00000-of-00001.parquet", rows).With("stsb/train-00000-of-00001.parquet", rows).With("README.md", "# GLUE"u8.ToArray());
    }

    private Task<(int Code, string Output, string Errors)> Train() =>
        Run("train", "--task", "rte", "--epochs", "1", "--train-limit", "16", "--max-length", "32", "--output", Path.Combine(home.FullName, $"tuned-{Guid.NewGuid():N}"));

    private Task<(int Code, string Output, string Errors)> Run(params string[] arguments) => BackbonesTests.Run(home.FullName, server, arguments);
}
