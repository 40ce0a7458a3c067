using System.Security.Cryptography;

namespace Spindle.Models.Checkpoints;

/// <summary>The SHA-256 of files' bytes, one file after the other, computed on its own thread: it takes about as long as reading the weights does.</summary>
internal sealed class FileFingerprint : IDisposable
{
    private const int PieceBytes = 1 << 20;

    private readonly CancellationTokenSource cancellation = new();
    private readonly Task<string> work;

    private FileFingerprint(IReadOnlyList<string> paths) => work = Task.Run(() => Compute(paths, cancellation.Token));

    public string Value => work.GetAwaiter().GetResult();

    public static FileFingerprint Start(IReadOnlyList<string> paths) => new(paths);

    public void Dispose()
    {
        cancellation.Cancel();
        // a file that is still open could not be removed on every system
        Task.WaitAny(work);
        cancellation.Dispose();
    }

    private static string Compute(IReadOnlyList<string> paths, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        foreach (var path in paths)
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            for (long position = 0, read; (read = RandomAccess.Read(file, piece, position)) > 0; position += read)
            {
                cancel.ThrowIfCancellationRequested();
                hash.AppendData(piece, 0, (int)read);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
