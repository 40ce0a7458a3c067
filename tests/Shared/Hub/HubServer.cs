using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Spindle.Tests.Hub;

/// <summary>The Hub's part that downloads need, on the loopback: listings, files with ranges, redirects to where large files lie, tokens, and faults on demand.</summary>
internal sealed class HubServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly ManualResetEventSlim stalled = new();
    private readonly bool isDataset;
    private readonly ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Path, string? Range, string? Token)> requests = new();

    public HubServer(string repository = "tiny/bert", bool isDataset = false)
    {
        (Repository, this.isDataset) = (repository, isDataset);
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Endpoint = new($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }
        listener.Prefixes.Add(Endpoint.ToString());
        listener.Prefixes.Add(Elsewhere);
        listener.Start();
        _ = Task.Run(Serve);
    }

    public string Repository { get; }

    public Uri Endpoint { get; }

    // large files lie on another host
    private string Elsewhere => $"http://localhost:{Endpoint.Port}/";

    public string Commit { get; set; } = new('c', 40);

    /// <summary>The token that must be shown, or null.</summary>
    public string? Token { get; set; }

    /// <summary>How often a body is cut after this many bytes.</summary>
    public int Cuts { get; set; }

    public int CutAfter { get; set; } = 1000;

    /// <summary>How often a request is answered 503 first.</summary>
    public int Busy { get; set; }

    public bool KnowsRanges { get; set; } = true;

    /// <summary>A file whose listed hash is not its own.</summary>
    public string? LiesAbout { get; set; }

    /// <summary>A file of which more is sent than was promised.</summary>
    public string? Overfills { get; set; }

    /// <summary>How often a request is left without an answer, or a body without its second half.</summary>
    public int Stalls { get; set; }

    /// <summary>Whether it is the body that stalls, of which a byte comes now and then.</summary>
    public bool Drips { get; set; }

    /// <summary>Another name under which the repository is asked for, which redirects to its own; or null.</summary>
    public string? FormerName { get; set; }

    /// <summary>Where every file redirects to, or null.</summary>
    public string? RedirectsTo { get; set; }

    /// <summary>The names that the listing holds beside those of files.</summary>
    public List<string> FurtherNames { get; } = [];

    /// <summary>The branches that it has.</summary>
    public IReadOnlyList<string> Revisions { get; set; } = ["main"];

    /// <summary>Whether the files are not on the main branch.</summary>
    public bool IsMainEmpty { get; set; }

    private string Resolve => $"/{(isDataset ? "datasets/" : "")}{Repository}/resolve/{Commit}/";

    /// <summary>What the listing is answered with instead, or null.</summary>
    public string? Listing { get; set; }

    public IReadOnlyList<(string Path, string? Range, string? Token)> Requests => [.. requests];

    public HubServer With(string name, byte[] content)
    {
        files[name] = content;
        return this;
    }

    public HubServer WithFolder(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder)) With(Path.GetFileName(path), File.ReadAllBytes(path));
        return this;
    }

    /// <summary>Whether a file is stored as a large one.</summary>
    public static bool IsLarge(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal) || name.EndsWith(".bin", StringComparison.Ordinal)
        || name.EndsWith(".parquet", StringComparison.Ordinal);

    public static string HashOf(string name, byte[] content) => Convert.ToHexStringLower(IsLarge(name)
        ? SHA256.HashData(content)
        : SHA1.HashData([.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0")), .. content]));

    public void Dispose()
    {
        stalled.Set();
        listener.Close();
    }

    private async Task Serve()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                _ = Task.Run(() => Answer(context));
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var path = request.Url!.AbsolutePath;
        requests.Enqueue((path, request.Headers["Range"], request.Headers["Authorization"]));
        try
        {
            if (Stalls > 0 && !Drips)
            {
                Stalls--;
                stalled.Wait();
                response.Abort();
            }
            else if (FormerName is not null && path.Contains($"/{FormerName}/", StringComparison.Ordinal))
            {
                response.Redirect(request.Url.PathAndQuery.Replace($"/{FormerName}/", $"/{Repository}/", StringComparison.Ordinal));
                response.Close();
            }
            else if (RedirectsTo is not null && path.StartsWith(Resolve, StringComparison.Ordinal))
            {
                response.StatusCode = 302;
                response.AddHeader("Location", RedirectsTo);
                response.Close();
            }
            else if (path.StartsWith("/cdn/", StringComparison.Ordinal)) Send(response, path["/cdn/".Length..], request.Headers["Range"]);
            else if (Token is not null && request.Headers["Authorization"] != $"Bearer {Token}") End(response, 401);
            else if (Busy > 0)
            {
                Busy--;
                End(response, 503);
            }
            else if (Revisions.Append(Commit).Any(revision => request.Url.AbsolutePath == $"/api/{(isDataset ? "datasets" : "models")}/{Repository}/revision/{Uri.EscapeDataString(revision)}"))
                Text(response, request.Url.AbsolutePath.EndsWith("/main", StringComparison.Ordinal) && IsMainEmpty ? JsonSerializer.Serialize(new { sha = Commit, siblings = Array.Empty<object>() }) : Listing ?? List());
            else if (path.StartsWith(Resolve, StringComparison.Ordinal) && path[Resolve.Length..] is var name && files.ContainsKey(name))
            {
                if (IsLarge(name)) response.Redirect($"{Elsewhere}cdn/{name}");
                else Send(response, name, request.Headers["Range"]);
                response.Close();
            }
            else End(response, 404);
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // the other side went away
        }
    }

    private string List() => JsonSerializer.Serialize(new
    {
        sha = Commit,
        siblings = files.Select(file => Entry(file.Key, file.Value)).Concat(FurtherNames.Select(name => Entry(name, [1]))).ToArray(),
    });

    private object Entry(string name, byte[] content)
    {
        var hash = name == LiesAbout ? HashOf(name, [.. content, 0]) : HashOf(name, content);
        return IsLarge(name)
            ? new { rfilename = name, size = content.Length, blobId = new string('0', 40), lfs = new { sha256 = hash, size = content.Length } }
            : new { rfilename = name, size = content.Length, blobId = hash };
    }

    private void Send(HttpListenerResponse response, string name, string? range)
    {
        var content = files[name];
        if (name == Overfills) content = [.. content, .. new byte[5000]];
        var start = KnowsRanges && range is not null ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
        if (start > 0)
        {
            response.StatusCode = 206;
            response.AddHeader("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {start}-{content.Length - 1}/{content.Length}"));
        }
        var body = content.AsSpan(start);
        response.ContentLength64 = body.Length;
        if (Stalls > 0 && Drips)
        {
            Stalls--;
            response.OutputStream.Write(body[..(body.Length / 2)]);
            for (var at = body.Length / 2; at < body.Length && !stalled.Wait(TimeSpan.FromMilliseconds(50)); at++)
            {
                response.OutputStream.Write(body.Slice(at, 1));
                response.OutputStream.Flush();
            }
            response.Abort();
            return;
        }
        if (Cuts > 0 && body.Length > CutAfter)
        {
            Cuts--;
            response.OutputStream.Write(body[..CutAfter]);
            response.OutputStream.Flush();
            response.Abort();
            return;
        }
        response.OutputStream.Write(body);
        response.Close();
    }

    private static void Text(HttpListenerResponse response, string text)
    {
        response.OutputStream.Write(Encoding.UTF8.GetBytes(text));
        response.Close();
    }

    private static void End(HttpListenerResponse response, int code)
    {
        response.StatusCode = code;
        response.Close();
    }
}
