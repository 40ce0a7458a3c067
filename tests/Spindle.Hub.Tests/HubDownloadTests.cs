using Spindle.Tests.Hub;

namespace Spindle.Hub.Tests;

public sealed class HubDownloadTests : IDisposable
{
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 50_000).Select(index => (byte)(index * 7))];

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("spindle-hub-");
    private readonly HubServer server = new HubServer().With("config.json", "{}"u8.ToArray()).With("1_Pooling/config.json", "[]"u8.ToArray()).With("model.safetensors", Weights);

    private string Folder => Path.Combine(root.FullName, "models--tiny--bert");

    public void Dispose()
    {
        server.Dispose();
        root.Delete(recursive: true);
    }

    [Fact]
    public async Task Files_come_into_the_layout_that_huggingface_hub_shares()
    {
        var snapshot = await Download();
        Assert.Equal(Path.Combine(Folder, "snapshots", server.Commit), snapshot);
        Assert.Equal(server.Commit, await File.ReadAllTextAsync(Path.Combine(Folder, "refs", "main"), TestContext.Current.CancellationToken));
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(snapshot, "model.safetensors"), TestContext.Current.CancellationToken));
        Assert.Equal("[]", await File.ReadAllTextAsync(Path.Combine(snapshot, "1_Pooling", "config.json"), TestContext.Current.CancellationToken));
        Assert.Equal(
            new[] { HubServer.HashOf("config.json", "{}"u8.ToArray()), HubServer.HashOf("1_Pooling/config.json", "[]"u8.ToArray()), HubServer.HashOf("model.safetensors", Weights) }.Order(),
            Directory.EnumerateFiles(Path.Combine(Folder, "blobs")).Select(Path.GetFileName).Order());
        var link = new FileInfo(Path.Combine(snapshot, "1_Pooling", "config.json"));
        if (!OperatingSystem.IsWindows()) Assert.StartsWith("../../../blobs/", link.LinkTarget);
        var cache = new HubCache(root.FullName);
        Assert.Equal(snapshot, cache.Find(new("tiny/bert")));
        Assert.Equal(snapshot, cache.Find(new("tiny/bert"), server.Commit));
        Assert.Null(cache.Find(new("tiny/bert"), "other"));
        Assert.Equal(["tiny/bert"], cache.Repositories(HubKind.Models).Select(repository => repository.Name));
        Assert.Empty(cache.Repositories(HubKind.Datasets));
        Assert.Equal("tiny/bert", HubCache.RepositoryOf(snapshot)!.Name);
    }

    [Fact]
    public async Task What_is_there_is_not_fetched_again()
    {
        await Download();
        var before = server.Requests.Count;
        await Download();
        Assert.Equal(before + 1, server.Requests.Count);
    }

    [Fact]
    public async Task An_interrupted_download_resumes()
    {
        (server.Cuts, server.CutAfter) = (3, 10_000);
        var snapshot = await Download();
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(snapshot, "model.safetensors"), TestContext.Current.CancellationToken));
        var ranges = server.Requests.Where(request => request.Path == "/cdn/model.safetensors").Select(request => request.Range).ToArray();
        Assert.Equal(4, ranges.Length);
        Assert.Null(ranges[0]);
        // what had arrived when the connection broke may be less than was sent
        Assert.All(ranges[1..], range => Assert.Matches("^bytes=[1-9][0-9]*-$", range!));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(Folder, "blobs")), path => path.EndsWith(".incomplete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_next_download_resumes_an_abandoned_one()
    {
        (server.Cuts, server.CutAfter) = (1, 20_000);
        var error = await Assert.ThrowsAsync<HubException>(() => Download(retries: 0));
        Assert.Contains("try again later", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Null(new HubCache(root.FullName).Find(new("tiny/bert")));
        var kept = new FileInfo(Assert.Single(Directory.EnumerateFiles(Path.Combine(Folder, "blobs"), "*.incomplete"))).Length;
        Assert.InRange(kept, 1, 20_000);
        var snapshot = await Download();
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(snapshot, "model.safetensors"), TestContext.Current.CancellationToken));
        Assert.Equal($"bytes={kept}-", server.Requests.Last(request => request.Path == "/cdn/model.safetensors").Range);
    }

    [Fact]
    public async Task A_server_without_ranges_is_read_from_the_start_again()
    {
        (server.Cuts, server.KnowsRanges) = (1, false);
        var snapshot = await Download();
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(snapshot, "model.safetensors"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    public async Task A_file_of_another_checksum_is_thrown_away(string name)
    {
        server.LiesAbout = name;
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Download());
        Assert.Contains($"tiny/bert/{name}", error.Message);
        Assert.Contains("checksum", error.Message);
        Assert.Null(new HubCache(root.FullName).Find(new("tiny/bert")));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(Folder, "blobs")), path => path.EndsWith(".incomplete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_than_was_promised_is_not_written()
    {
        server.Overfills = "model.safetensors";
        await Assert.ThrowsAsync<HubException>(() => Download());
        Assert.All(Directory.EnumerateFiles(Path.Combine(Folder, "blobs")), path => Assert.InRange(new FileInfo(path).Length, 0, Weights.Length));
    }

    [Fact]
    public async Task A_busy_server_is_asked_again()
    {
        server.Busy = 2;
        await Download();
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_to_where_it_redirects()
    {
        server.Token = "hf_secret";
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Download());
        Assert.Contains("HF_TOKEN", error.Message);
        error = await Assert.ThrowsAsync<InvalidDataException>(() => Download(token: "hf_other"));
        Assert.Contains("terms", error.Message);
        Assert.DoesNotContain("hf_other", error.Message);
        await Download(token: "hf_secret");
        Assert.All(server.Requests.Where(request => request.Path.StartsWith("/cdn/", StringComparison.Ordinal)), request => Assert.Null(request.Token));
    }

    [Fact]
    public async Task A_missing_repository_is_reported()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Download("tiny/brt"));
        Assert.Contains("tiny/brt", error.Message);
        Assert.Contains("check the name", error.Message);
        Assert.Empty(root.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task An_unreachable_hub_is_reported()
    {
        server.Dispose();
        var error = await Assert.ThrowsAsync<HubException>(() => Download(retries: 1));
        Assert.Contains("cannot be read", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Offline_nothing_is_asked()
    {
        using var client = new HubClient(new() { Endpoint = server.Endpoint, Offline = true });
        var error = await Assert.ThrowsAsync<HubException>(() => client.List(new("tiny/bert"), "main", TestContext.Current.CancellationToken));
        Assert.Contains("HF_HUB_OFFLINE", error.Message);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("../outside.json")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a\\b")]
    [InlineData("a//b")]
    [InlineData(".git/config")]
    [InlineData("C:a")]
    [InlineData("a\nb")]
    [InlineData("con.")]
    public async Task Names_that_lead_elsewhere_are_left_out_of_the_listing(string name)
    {
        server.FurtherNames.Add(name);
        using var client = Client();
        var listing = await client.List(new("tiny/bert"), "main", TestContext.Current.CancellationToken);
        Assert.Equal(["1_Pooling/config.json", "config.json", "model.safetensors"], listing.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sha": "../../x", "siblings": []}""")]
    [InlineData("""{"sha": "c", "siblings": [{"rfilename": "a", "size": -1, "blobId": "0123456789012345678901234567890123456789"}]}""")]
    [InlineData("""{"sha": "c", "siblings": [{"rfilename": "a", "size": 1, "blobId": "../../../../etc/passwd"}]}""")]
    [InlineData("""{"sha": "c", "siblings": [{"rfilename": "a", "size": 1}]}""")]
    [InlineData("""{"sha": "c", "siblings": [{"rfilename": "a", "size": "1", "blobId": "0123456789012345678901234567890123456789"}]}""")]
    public async Task An_answer_that_is_not_a_listing_is_refused_in_one_line(string listing)
    {
        server.Listing = listing;
        var error = await Assert.ThrowsAsync<HubException>(() => Download());
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(root.EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("../a")]
    [InlineData("a/..")]
    [InlineData("a b")]
    [InlineData("a--b")]
    [InlineData(".a")]
    [InlineData("a/")]
    public void Names_that_no_repository_has_are_refused(string name) => Assert.Throws<InvalidDataException>(() => new HubRepository(name));

    [Theory]
    [InlineData("..")]
    [InlineData("refs/pr/1")]
    [InlineData("")]
    [InlineData("a b")]
    public async Task Revisions_that_lead_elsewhere_are_refused(string revision)
    {
        using var client = Client();
        await Assert.ThrowsAsync<InvalidDataException>(() => client.List(new("tiny/bert"), revision, TestContext.Current.CancellationToken));
        Assert.Null(new HubCache(root.FullName).Find(new("tiny/bert"), revision));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_makes_no_progress_is_tried_again(bool inTheBody)
    {
        (server.Stalls, server.Drips) = (2, inTheBody);
        var snapshot = await Download(stallTimeout: TimeSpan.FromSeconds(0.5));
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(snapshot, "model.safetensors"), TestContext.Current.CancellationToken));
        Assert.Equal(0, server.Stalls);
    }

    [Fact]
    public async Task A_hub_that_never_makes_progress_is_given_up()
    {
        server.Stalls = int.MaxValue;
        var error = await Assert.ThrowsAsync<HubException>(() => Download(retries: 1, stallTimeout: TimeSpan.FromSeconds(0.5)));
        Assert.Contains("bytes arrived within 0.5 seconds", error.Message);
    }

    [Fact]
    public async Task The_token_goes_along_with_redirects_within_the_hub()
    {
        (server.Token, server.FormerName) = ("hf_secret", "old/bert");
        var snapshot = await Download("old/bert", token: "hf_secret");
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(snapshot, "model.safetensors"), TestContext.Current.CancellationToken));
        Assert.Contains(server.Requests, request => request.Path.Contains("/old/bert/", StringComparison.Ordinal));
        Assert.All(server.Requests.Where(request => request.Path.Contains("/tiny/bert/", StringComparison.Ordinal)), request => Assert.Equal("Bearer hf_secret", request.Token));
    }

    [Theory]
    [InlineData("file:///etc/passwd", "begins with file://")]
    [InlineData("ftp://127.0.0.1/x", "begins with ftp://")]
    [InlineData("/tiny/bert/resolve/cccccccccccccccccccccccccccccccccccccccc/config.json", "redirects more than 5 times")]
    public async Task Redirects_that_lead_nowhere_are_refused(string target, string reason)
    {
        server.RedirectsTo = target;
        Assert.Contains(reason, (await Assert.ThrowsAsync<HubException>(() => Download(retries: 0))).Message);
    }

    [Theory]
    [InlineData("9223372036854775807", "no valid hash or size")]
    [InlineData("1125899906842624", "bytes more and the disk of")]
    public async Task Files_larger_than_the_disk_are_refused_before_anything_is_fetched(string size, string reason)
    {
        var hash = new string('0', 40);
        server.Listing = $$"""{"sha": "c", "siblings": [{"rfilename": "a", "size": {{size}}, "blobId": "{{hash}}"}, {"rfilename": "b", "size": {{size}}, "blobId": "{{hash.Replace('0', '1')}}"}]}""";
        Assert.Contains(reason, (await Assert.ThrowsAsync<HubException>(() => Download())).Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Progress_ends_with_all_bytes()
    {
        var steps = new List<HubProgress>();
        using var client = Client();
        await new HubDownload(client, new(root.FullName)).Run(new("tiny/bert"), "main", listing => listing.Files, new Recorder(steps), TestContext.Current.CancellationToken);
        Assert.Equal(steps.Select(step => step.Bytes).Order(), steps.Select(step => step.Bytes));
        Assert.Equal(steps[^1].Total, steps[^1].Bytes);
        Assert.Equal(Weights.Length + 4, steps[^1].Total);
    }

    private HubClient Client(string? token = null, int retries = 5, TimeSpan? stallTimeout = null) => new(new()
    {
        Endpoint = server.Endpoint,
        Token = token,
        RetryDelay = TimeSpan.FromMilliseconds(5),
        Retries = retries,
        StallTimeout = stallTimeout ?? TimeSpan.FromMinutes(1),
    });

    private async Task<string> Download(string name = "tiny/bert", string? token = null, int retries = 5, TimeSpan? stallTimeout = null)
    {
        using var client = Client(token, retries, stallTimeout);
        return await new HubDownload(client, new(root.FullName)).Run(new(name), "main", listing => listing.Files, stop: TestContext.Current.CancellationToken);
    }

    private sealed class Recorder(List<HubProgress> steps) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => steps.Add(value);
    }
}
