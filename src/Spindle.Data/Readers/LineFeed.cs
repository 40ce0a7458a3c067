namespace Spindle.Data.Readers;

/// <summary>The lines of a file as one text with ends of lines of one kind, for a parser that reads ahead; it remembers which of the lines were no UTF-8.</summary>
/// <param name="path">The file, in UTF-8.</param>
internal sealed class LineFeed(string path) : TextReader
{
    private readonly IEnumerator<TextLine> lines = TextLines.Read(path).GetEnumerator();
    private readonly SortedSet<int> notUtf8 = [];
    private string line = "";
    private int at;
    private int record = 1;
    private long unclaimed;

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count)
    {
        while (at == line.Length)
        {
            if (!lines.MoveNext()) return 0;
            (line, at) = (lines.Current.Text + "\n", 0);
            if (!lines.Current.IsUtf8) notUtf8.Add(lines.Current.Number);
            unclaimed += line.Length;
            if (unclaimed > CsvReader.LongestRecord + line.Length)
                throw new InvalidDataException($"{path}:{record}: the record is longer than {CsvReader.LongestRecord} characters; is a closing quote missing?");
        }
        var taken = Math.Min(count, line.Length - at);
        line.CopyTo(at, buffer, index, taken);
        at += taken;
        return taken;
    }

    /// <summary>Whether lines were UTF-8.</summary>
    /// <param name="first">The first line.</param>
    /// <param name="last">The last.</param>
    public bool AreUtf8(int first, int last) => notUtf8.GetViewBetween(first, Math.Max(first, last)).Count == 0;

    /// <summary>Tells that a record ended at a line.</summary>
    public void Forget(int last)
    {
        notUtf8.RemoveWhere(number => number <= last);
        (record, unclaimed) = (last + 1, 0);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) lines.Dispose();
        base.Dispose(disposing);
    }
}
