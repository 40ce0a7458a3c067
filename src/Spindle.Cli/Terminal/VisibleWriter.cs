using System.Text;

namespace Spindle.Cli.Terminal;

/// <summary>Writes text so that nothing in it is obeyed by a terminal, see <see cref="VisibleText"/>. A terminal that is gone takes nothing more, without an error.</summary>
/// <param name="inner">The standard output or the standard error.</param>
internal sealed class VisibleWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        if (value is not null) Guarded(() => inner.Write(VisibleText.From(value)));
    }

    /// <inheritdoc/>
    public override void WriteLine() => Guarded(inner.WriteLine);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Guarded(() => inner.WriteLine(VisibleText.From(value ?? "")));

    /// <inheritdoc/>
    public override void WriteLine(ReadOnlySpan<char> buffer) => WriteLine(buffer.ToString());

    /// <inheritdoc/>
    public override void Flush() => Guarded(inner.Flush);

    // after SIGHUP; a full disk behind a redirected output is still an error
    private static void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (IOException error) when (error.HResult == NoTerminal)
        {
        }
    }

    // EIO, as Unix numbers it
    private const int NoTerminal = 5;
}
