using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Spindle.Hub;

/// <summary>Downloads files of a repository into the cache: each beside its place, checked, then renamed; a snapshot is known by its branch when all of it is there.</summary>
/// <param name="client">The Hub.</param>
/// <param name="cache">The cache.</param>
public sealed class HubDownload(HubClient client, HubCache cache)
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Downloads what is missing.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="revision">A branch, a tag or a commit.</param>
    /// <param name="choose">Chooses the files of the listing.</param>
    /// <param name="progress">Reports the progress, or null.</param>
    /// <param name="stop">Stops; what was downloaded is kept and resumed later.</param>
    /// <returns>The snapshot's folder.</returns>
    /// <exception cref="InvalidDataException">There is no such repository, it needs an access token, or the download is not what the Hub listed.</exception>
    /// <exception cref="HubException">The Hub cannot be reached.</exception>
    public async Task<string> Run(
        HubRepository repository, string revision, Func<HubListing, IReadOnlyList<HubFile>> choose, IProgress<HubProgress>? progress = null, CancellationToken stop = default)
    {
        var listing = await client.List(repository, revision, stop);
        var files = choose(listing);
        var folder = cache.FolderOf(repository);
        var snapshot = cache.SnapshotOf(repository, listing.Commit);
        Directory.CreateDirectory(Path.Combine(folder, "blobs"));
        RequireSpace(repository, folder, files);
        var (done, total) = (0L, files.Sum(file => file.Size));
        foreach (var file in files)
        {
            var blob = Path.Combine(folder, "blobs", file.Hash);
            if (!File.Exists(blob)) await Fetch(repository, listing.Commit, file, blob, new Step(bytes => progress?.Report(new(file.Name, done + bytes, total))), stop);
            Link(blob, Path.Combine([snapshot, .. file.Name.Split('/')]), file.Name.Count(character => character == '/'));
            done += file.Size;
            progress?.Report(new(file.Name, done, total));
        }
        if (revision != listing.Commit) WriteReference(Path.Combine(folder, "refs", revision), listing.Commit);
        return snapshot;
    }

    // before anything is written: a full disk would break other programs too
    private static void RequireSpace(HubRepository repository, string folder, IReadOnlyList<HubFile> files)
    {
        var missing = (UInt128)0;
        foreach (var file in files.DistinctBy(file => file.Hash))
        {
            var blob = Path.Combine(folder, "blobs", file.Hash);
            if (File.Exists(blob)) continue;
            var part = new FileInfo($"{blob}.incomplete");
            missing += (UInt128)Math.Max(0, file.Size - (part.Exists ? part.Length : 0));
        }
        if (missing > 0 && new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace is var free && missing > (UInt128)free)
            throw new HubException($"{repository.Name}: needs {missing} bytes more and the disk of {folder} has {free} left; make room, or name another folder in HF_HUB_CACHE");
    }

    private async Task Fetch(HubRepository repository, string commit, HubFile file, string blob, IProgress<long> progress, CancellationToken stop)
    {
        var incomplete = $"{blob}.incomplete";
        await client.Fetch(repository, commit, file, incomplete, progress, stop);
        if (HashOf(incomplete, file) != file.Hash)
        {
            File.Delete(incomplete);
            throw new InvalidDataException($"{repository.Name}/{file.Name}: the downloaded file has a different checksum from the one that the Hub lists; it was deleted, download it again");
        }
        File.Move(incomplete, blob, overwrite: true);
    }

    // the SHA-256 of a large file's bytes; of others what git calls the blob
    private static string HashOf(string path, HubFile file)
    {
        using var hash = IncrementalHash.CreateHash(file.IsLarge ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (!file.IsLarge) hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {new FileInfo(path).Length}\0")));
        using var stream = File.OpenRead(path);
        var piece = new byte[PieceBytes];
        while (stream.Read(piece) is > 0 and var read) hash.AppendData(piece, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Link(string blob, string path, int depth)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (File.Exists(path)) return;
        File.Delete(path); // a link whose file is gone
        var up = string.Concat(Enumerable.Repeat("../", depth + 2));
        try
        {
            File.CreateSymbolicLink(path, $"{up}blobs/{Path.GetFileName(blob)}".Replace('/', Path.DirectorySeparatorChar));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // where links need rights that the user has not (Windows), as huggingface_hub does
            File.Copy(blob, path);
        }
    }

    private static void WriteReference(string reference, string commit)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(reference)!);
        var beside = $"{reference}.{Guid.NewGuid():N}.part";
        File.WriteAllText(beside, commit);
        File.Move(beside, reference, overwrite: true);
    }

    // called on the downloading thread, in order
    private sealed class Step(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}

/// <summary>How far a download is.</summary>
/// <param name="File">The file that is fetched.</param>
/// <param name="Bytes">The bytes of all files that are there.</param>
/// <param name="Total">The bytes of all files.</param>
public sealed record HubProgress(string File, long Bytes, long Total);
