using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly;
using Polly.Retry;

namespace Spindle.Hub;

/// <summary>Asks the Hub for listings and files. Requests that break are tried again with growing delays; a broken download is resumed.</summary>
public sealed class HubClient : IDisposable
{
    private const long LargestListing = 1 << 26;
    private const int PieceBytes = 1 << 18;
    private const int MostRedirects = 5;
    private const long LargestFile = 1L << 50;

    // an answer with one of these may be another the next time
    private static readonly HttpStatusCode[] Transient =
    [
        HttpStatusCode.RequestTimeout, HttpStatusCode.TooManyRequests, HttpStatusCode.InternalServerError,
        HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable, HttpStatusCode.GatewayTimeout,
    ];

    private readonly HubSettings settings;
    private readonly HttpClient http;
    private readonly ResiliencePipeline retries;

    /// <summary>A client.</summary>
    /// <param name="settings">Where the Hub is, and who asks.</param>
    public HubClient(HubSettings settings)
    {
        this.settings = settings;
        // redirects are followed here, since the token goes along within the Hub and nowhere else
        http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(30), AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(new("spindle", "1"));
        retries = settings.Retries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = settings.Retries,
            Delay = settings.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(error => error.StatusCode is null || Transient.Contains(error.StatusCode.Value)).Handle<IOException>(),
        }).Build();
    }

    /// <summary>The files of a repository.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="revision">A branch, a tag or a commit.</param>
    /// <param name="stop">Stops the request.</param>
    /// <exception cref="InvalidDataException">There is no such repository or revision, or it needs an access token.</exception>
    /// <exception cref="HubException">The Hub cannot be reached, or its answer makes no sense.</exception>
    public async Task<HubListing> List(HubRepository repository, string revision, CancellationToken stop = default)
    {
        if (!HubCache.IsRevision(revision)) throw new InvalidDataException($"'{revision}' is not a revision; write a branch, a tag or a commit");
        var kind = repository.Kind == HubKind.Models ? "models" : "datasets";
        return await Ask(repository, async watch =>
        {
            using var answer = await Send(new(settings.Endpoint, $"api/{kind}/{repository.Name}/revision/{Uri.EscapeDataString(revision)}?blobs=true"), null, watch);
            using var content = new MemoryStream();
            await foreach (var piece in Pieces(answer, LargestListing, watch)) content.Write(piece.Span);
            return Parse(repository, content.ToArray());
        }, stop);
    }

    /// <summary>Downloads a file, resuming after what is already there.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="file">The file.</param>
    /// <param name="path">Where to write; what it holds is the file's beginning.</param>
    /// <param name="progress">Reports the bytes downloaded so far, or null.</param>
    /// <param name="stop">Stops the request; what was written stays.</param>
    /// <exception cref="InvalidDataException">The file is not there, or needs an access token.</exception>
    /// <exception cref="HubException">The Hub cannot be reached, or sends more or less than it promised.</exception>
    public async Task Fetch(HubRepository repository, string commit, HubFile file, string path, IProgress<long>? progress, CancellationToken stop = default)
    {
        var kind = repository.Kind == HubKind.Models ? "" : "datasets/";
        var address = new Uri(settings.Endpoint, $"{kind}{repository.Name}/resolve/{commit}/{file.Name}");
        await Ask(repository, async watch =>
        {
            await using var target = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            if (target.Length > file.Size) target.SetLength(0);
            if (target.Length == file.Size) return true;
            target.Seek(0, SeekOrigin.End);
            using var answer = await Send(address, target.Length > 0 ? new RangeHeaderValue(target.Length, null) : null, watch);
            // a server that knows no ranges sends all of it again
            if (answer.StatusCode != HttpStatusCode.PartialContent || answer.Content.Headers.ContentRange?.From != target.Length)
            {
                if (answer.StatusCode == HttpStatusCode.PartialContent) throw new HubException($"{address}: the Hub sent a different part from the one requested; try again later");
                target.SetLength(0);
            }
            await foreach (var piece in Pieces(answer, file.Size - target.Length, watch))
            {
                await target.WriteAsync(piece, watch.Token);
                progress?.Report(target.Length);
            }
            if (target.Length < file.Size) throw new IOException($"{address}: ended after {target.Length} of {file.Size} bytes");
            return true;
        }, stop);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> Send(Uri address, RangeHeaderValue? range, StallWatch watch)
    {
        for (var hops = 0; ; hops++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Range = range;
            if (settings.Token is { } token && IsHub(address)) request.Headers.Authorization = new("Bearer", token);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token);
            if (!IsRedirect(answer))
            {
                if (answer.IsSuccessStatusCode) return answer;
                using (answer) throw new HttpRequestException(string.Create(CultureInfo.InvariantCulture, $"it answered {(int)answer.StatusCode}"), null, answer.StatusCode);
            }
            using (answer) address = Follow(address, answer.Headers.Location!, hops);
        }
    }

    private static bool IsRedirect(HttpResponseMessage answer) => answer.Headers.Location is not null
        && answer.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static Uri Follow(Uri from, Uri location, int hops)
    {
        if (hops == MostRedirects) throw new HubException($"{from.Host}: redirects more than {MostRedirects} times; try again later");
        var to = new Uri(from, location);
        // what is fetched in secret is not fetched in the open
        var isAllowed = to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp);
        return isAllowed ? to : throw new HubException($"{from.Host}: redirects to an address that begins with {to.Scheme}://, which is not followed; is HF_ENDPOINT right?");
    }

    private bool IsHub(Uri address) => address.Scheme == settings.Endpoint.Scheme && address.Authority == settings.Endpoint.Authority;

    private async Task<T> Ask<T>(HubRepository repository, Func<StallWatch, Task<T>> ask, CancellationToken stop)
    {
        if (settings.Offline) throw new HubException($"{repository.Name}: HF_HUB_OFFLINE disables the network; unset it to download");
        try
        {
            return await retries.ExecuteAsync(async token => await Watched(token), stop);
        }
        catch (HttpRequestException error) when (error.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            // the Hub says so of repositories that do not exist, too
            throw new InvalidDataException(settings.Token is null
                ? $"{repository.Name}: the Hub requires an access token for it, or has no such repository; check the name, or set HF_TOKEN to the token of an account that may read it"
                : $"{repository.Name}: the Hub does not allow the account of HF_TOKEN to read it; accept the terms on its page, or use the token of another account", error);
        }
        catch (HttpRequestException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            throw new InvalidDataException($"{repository.Name}: the Hub at {settings.Endpoint} has no such repository, revision or file; check the name", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException and not FileNotFoundException and not DirectoryNotFoundException)
        {
            throw new HubException($"{repository.Name}: the Hub at {settings.Endpoint} cannot be read: {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}; "
                + "what was downloaded is kept; try again later", error);
        }

        async Task<T> Watched(CancellationToken token)
        {
            using var watch = new StallWatch(settings, token);
            try
            {
                return await ask(watch);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                throw watch.Error();
            }
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(
        HttpResponseMessage answer, long most, StallWatch watch)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(watch.Token);
        var piece = new byte[PieceBytes];
        for (var total = 0L; await body.ReadAsync(piece, watch.Token) is > 0 and var read;)
        {
            watch.Arrived(read);
            total += read;
            if (total > most) throw new HubException($"{answer.RequestMessage!.RequestUri}: the Hub sent more than the expected {most} bytes; try again later");
            yield return piece.AsMemory(0, read);
        }
    }

    private static HubListing Parse(HubRepository repository, byte[] content)
    {
        try
        {
            using var json = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 32 });
            var commit = json.RootElement.GetProperty("sha").GetString() ?? "";
            if (!HubCache.IsRevision(commit) || commit.Contains('/')) throw new HubException($"{repository.Name}: the Hub does not name a commit; try again later");
            var files = new List<HubFile>();
            foreach (var entry in json.RootElement.GetProperty("siblings").EnumerateArray())
            {
                var name = entry.GetProperty("rfilename").GetString() ?? "";
                if (!HubFile.IsSafe(name)) continue;
                var isLarge = entry.TryGetProperty("lfs", out var large) && large.ValueKind == JsonValueKind.Object;
                var hash = isLarge ? large.GetProperty("sha256").GetString() : entry.GetProperty("blobId").GetString();
                var size = (isLarge ? large : entry).GetProperty("size").GetInt64();
                if (hash is null || hash.Length != (isLarge ? 64 : 40) || !hash.All(char.IsAsciiHexDigitLower) || size is < 0 or > LargestFile)
                    throw new HubException($"{repository.Name}: the Hub gives no valid hash or size for {name}; try again later");
                files.Add(new(name, size, hash, isLarge));
            }
            return new(commit, files);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new HubException($"{repository.Name}: the Hub's answer is not a list of files; is HF_ENDPOINT right?", error);
        }
    }
}
