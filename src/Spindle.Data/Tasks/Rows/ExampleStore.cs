using System.Collections;
using System.Text;

namespace Spindle.Data.Tasks.Rows;

/// <summary>Rows in order: few in memory, many in a file of the system's temporary folder that nobody else sees and that goes with the store,
/// so that memory holds eight bytes a row whatever the texts' length.</summary>
internal sealed class ExampleStore : IReadOnlyList<Example>, IDisposable
{
    /// <summary>The characters of text that are kept in memory by default: 32 MB.</summary>
    public const long DefaultCharacters = 16 << 20;

    // what a row of two short strings costs beside its characters, in characters
    private const int Overhead = 64;

    // the stream, not its handle alone, which the stream's finalizer would close
    private readonly FileStream file;
    private readonly long[] offsets;

    private ExampleStore(FileStream file, long[] offsets) => (this.file, this.offsets) = (file, offsets);

    /// <inheritdoc/>
    public int Count => offsets.Length - 1;

    /// <inheritdoc/>
    public Example this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var bytes = new byte[offsets[index + 1] - offsets[index]];
            for (var read = 0; read < bytes.Length;)
            {
                var more = RandomAccess.Read(file.SafeFileHandle, bytes.AsSpan(read), offsets[index] + read);
                if (more == 0) throw new EndOfStreamException("the file of rows in the temporary folder has become shorter");
                read += more;
            }
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            return new(reader.ReadString(), Optional(reader), reader.ReadDouble()) { Target = Optional(reader) };
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Example> GetEnumerator()
    {
        for (var index = 0; index < Count; index++) yield return this[index];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static string? Optional(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    /// <summary>Collects rows.</summary>
    /// <param name="characters">The characters of text that may stay in memory.</param>
    internal sealed class Builder(long characters = DefaultCharacters) : IDisposable
    {
        private readonly List<Example> kept = [];
        private readonly List<long> offsets = [];
        private long length;
        private FileStream? file;
        private BinaryWriter? writer;

        /// <summary>The rows so far.</summary>
        public int Count => writer is null ? kept.Count : offsets.Count;

        /// <summary>Adds a row.</summary>
        public void Add(Example example)
        {
            length += Overhead + example.First.Length + (example.Second?.Length ?? 0) + (example.Target?.Length ?? 0);
            if (writer is null && length <= characters)
            {
                kept.Add(example);
                return;
            }
            if (writer is null) Spill();
            Write(example);
        }

        /// <summary>The rows; nothing can be added after.</summary>
        public IReadOnlyList<Example> Build()
        {
            if (writer is null) return kept;
            writer.Flush();
            var store = new ExampleStore(file!, [.. offsets, file!.Position]);
            writer = null;
            return store;
        }

        /// <summary>Drops the rows that <see cref="Build"/> did not hand out.</summary>
        public void Dispose() => writer?.Dispose();

        private void Spill()
        {
            var path = Path.Combine(Path.GetTempPath(), $"spindle-rows-{Guid.NewGuid():N}");
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Delete,
                Options = FileOptions.DeleteOnClose,
                BufferSize = 1 << 16,
            };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            file = new(path, options);
            // where a file may lose its name while it is open, not even a process that is killed leaves it behind
            if (!OperatingSystem.IsWindows()) File.Delete(path);
            writer = new(file, Encoding.UTF8);
            foreach (var example in kept) Write(example);
            kept.Clear();
            kept.TrimExcess();
        }

        private void Write(Example example)
        {
            offsets.Add(file!.Position);
            writer!.Write(example.First);
            Optional(example.Second);
            writer.Write(example.Label);
            Optional(example.Target);
        }

        private void Optional(string? text)
        {
            writer!.Write(text is not null);
            if (text is not null) writer.Write(text);
        }
    }
}
